"""Works as BibTeX and BibLaTeX have them, made into those of CSL.

bibtexparser parts the file into entries and fields, pylatexenc reads the TeX in them. What a type or a field
is in CSL follows the manual of BibLaTeX (3.20, chapter 2).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from bifolio.manuscript.citations.csl_items import Date, Work, parse_date
from bifolio.manuscript.citations.latex_text import latex_to_text
from bifolio.manuscript.citations.rich_text import ET_AL
from bifolio.model.findings import Where

_TYPES = {
    "article": "article-journal", "artwork": "graphic", "audio": "song", "bookinbook": "chapter",
    "booklet": "pamphlet", "conference": "paper-conference", "dataset": "dataset", "electronic": "webpage",
    "image": "graphic", "inbook": "chapter", "incollection": "chapter", "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia", "jurisdiction": "legal_case", "legislation": "legislation",
    "letter": "personal_communication", "mastersthesis": "thesis", "misc": "document",
    "movie": "motion_picture",
    "music": "song", "newspaper": "article-newspaper", "online": "webpage", "patent": "patent",
    "performance": "speech", "phdthesis": "thesis", "report": "report", "review": "review",
    "software": "software",
    "standard": "legislation", "suppbook": "chapter", "techreport": "report", "thesis": "thesis",
    "unpublished": "manuscript", "video": "motion_picture", "www": "webpage",
}  # fmt: skip
"""What entries are in CSL; all others are books."""
_FIELDS = {
    "annotation": "annote", "annote": "annote", "addendum": "note",
    "chapter": "chapter-number", "doi": "DOI", "edition": "edition", "eventtitle": "event",
    "howpublished": "publisher", "institution": "publisher", "organization": "publisher",
    "school": "publisher",
    "publisher": "publisher", "address": "publisher-place", "location": "publisher-place", "isbn": "ISBN",
    "issn": "ISSN", "issue": "issue", "note": "note", "pages": "page",
    "pagetotal": "number-of-pages", "part": "part-number", "series": "collection-title",
    "shortjournal": "container-title-short", "shorttitle": "title-short", "title": "title", "type": "genre",
    "url": "URL", "venue": "event-place", "version": "version", "volume": "volume",
    "volumes": "number-of-volumes",
}  # fmt: skip
"""What fields are in CSL, where that is the same in every entry; the later ones of a kind count."""
_CONTAINERS = ("maintitle", "booktitle", "journal", "journaltitle")
_NAMES = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "bookauthor": "container-author",
}
_DATES = {"date": "issued", "urldate": "accessed", "origdate": "original-date", "eventdate": "event-date"}
_WITHIN = frozenset(kind for kind, csl in _TYPES.items() if csl in ("chapter", "paper-conference"))
_VERBATIM = frozenset({"doi", "url", "isbn", "issn", "crossref", "xdata"})
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_KINDS = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
_THESES = {"phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "techreport": "Technical report"}
"""What BibLaTeX's `type` calls by a name of its own."""

_SAME = {"american": "english", "british": "english", "ngerman": "german", "brazilian": "portuguese"}
"""What BibLaTeX calls some languages."""


def read_bibtex(text: str, path: Path) -> Iterator[Work | tuple[Where, str]]:
    """Give each work of *text*, a BibTeX file at *path*; for what cannot be read, its place and why."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry

    # What it logs is told by findings.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    logging.getLogger("bibtexparser").propagate = False
    unclosing = RemoveEnclosingMiddleware(True)
    library = parse_string(text, parse_stack=[ResolveStringReferencesMiddleware(True), unclosing])
    twice = DuplicateBlockKeyBlock | DuplicateFieldKeyBlock
    doubled = [block.ignore_error_block for block in library.failed_blocks if isinstance(block, twice)]
    late = [unclosing.transform_entry(block, library) for block in doubled if isinstance(block, Entry)]
    entries = [*library.entries, *(block for block in late if isinstance(block, Entry))]
    entries.sort(key=lambda entry: entry.start_line or 0)
    fields: dict[str, dict[str, str]] = {}
    for entry in entries:
        fields.setdefault(entry.key.lower(), {f.key.lower(): str(f.value) for f in entry.fields})
    for entry in entries:
        if entry.entry_type.lower() != "xdata":
            where = Where(path, (entry.start_line or 0) + 1)
            try:
                yield _work(entry.key, entry.entry_type.lower(), _inherit(entry.key.lower(), fields), where)
            except ValueError as error:
                yield where, str(error)
    for block in library.failed_blocks:
        where = Where(path, (block.start_line or 0) + 1)
        if isinstance(block, DuplicateFieldKeyBlock):
            names = ", ".join(sorted(block.duplicate_keys))
            yield where, f"it has a field twice, of which the last counts: {names}"
        elif not isinstance(block, DuplicateBlockKeyBlock):
            why = " ".join((getattr(block.error, "abort_reason", "") or str(block.error)).split())
            yield where, why[:1].lower() + why[1:].rstrip(".")


def _inherit(key: str, fields: dict[str, dict[str, str]], depth: int = 3) -> dict[str, str]:
    """Return the fields of the entry *key*, with those of the entries that it refers to."""
    own = dict(fields.get(key, {}))
    others = [own.get("crossref", ""), *own.get("xdata", "").split(",")]
    for other in (name.strip().lower() for name in others if depth):
        inherited = _inherit(other, fields, depth - 1) if other in fields else {}
        if other == own.get("crossref", "").strip().lower() and "title" in inherited:
            inherited = {"booktitle": inherited["title"], **inherited}
            del inherited["title"]
        own = {**inherited, **own}
    return own


def _work(key: str, kind: str, fields: dict[str, str], where: Where) -> Work:
    texts = {_FIELDS[name]: _read(name, fields[name]) for name in _FIELDS if name in fields}
    for name in ("title", "booktitle", "journaltitle", "maintitle"):
        subtitle = fields.get(name.replace("title", "subtitle"))
        if subtitle and name in fields:
            fields[name] = f"{fields[name]}: {subtitle}"
    if "title" in fields:
        texts["title"] = latex_to_text(fields["title"])
    for name in _CONTAINERS:
        if name in fields and (name != "maintitle" or kind in _WITHIN):
            texts["container-title"] = latex_to_text(fields[name])
    if "number" in fields:
        called = "collection-number" if "series" in fields else "number"
        called = "issue" if kind in ("article", "periodical") else called
        texts[called] = latex_to_text(fields["number"])
    if kind in _KINDS or "type" in fields:
        texts["genre"] = _THESES.get(fields.get("type", ""), texts.get("genre") or _KINDS.get(kind, ""))
    if fields.get("eprinttype", fields.get("archiveprefix", "")).lower() == "arxiv" and "eprint" in fields:
        texts.setdefault("URL", f"https://arxiv.org/abs/{fields['eprint'].strip()}")
    if "page" in texts:
        texts["page"] = re.sub(r"\s*[-–—]+\s*", "-", texts["page"])
    language = _language(fields.get("langid") or fields.get("language") or "")
    if language:
        texts["language"] = language
    csl = _TYPES.get(kind, "book")
    if kind == "article" and fields.get("entrysubtype") in ("magazine", "newspaper"):
        csl = f"article-{fields['entrysubtype']}"
    names = {_NAMES[name]: tuple(_people(fields[name])) for name in _NAMES if name in fields}
    texts = {name: value for name, value in texts.items() if value}
    return Work(key, csl, where, texts, names, _dates(fields))


def _dates(fields: dict[str, str]) -> dict[str, Date]:
    dates = {csl: parse_date(_word([fields[name]])) for name, csl in _DATES.items() if name in fields}
    if "issued" not in dates and "year" in fields:
        date = parse_date(_word([fields["year"]]))
        month = fields.get("month", "").strip().lower()
        named = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else 0
        number = int(month) if re.fullmatch("[0-9]{1,2}", month) else named
        if len(date.first) == 1 and 1 <= number <= 12:
            day = fields.get("day", "").strip()
            days = (int(day),) if re.fullmatch("[0-9]{1,2}", day) and 1 <= int(day) <= 31 else ()
            date = Date((date.first[0], number, *days))
        dates["issued"] = date
    return dates


def _people(written: str) -> Iterator[dict[str, str]]:
    """Give the names in *written*; `others` stands for those who are not named."""
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    for person in split_multiple_persons_names(written):
        try:
            parts = parse_single_name_into_parts(person)
        except InvalidNameError:
            yield {"literal": _word([person])}
            continue
        named = {"family": _word(parts.last), "given": _word(parts.first), "suffix": _word(parts.jr),
                 "non-dropping-particle": _word(parts.von)}  # fmt: skip
        if person.strip() == "others":
            yield {"literal": ET_AL}
        elif not named["given"] and not parts.von:
            yield {"literal": named["family"]}
        else:
            yield {part: text for part, text in named.items() if text}


def _word(parts: list[str]) -> str:
    return re.sub("<[^<>]*>", "", latex_to_text(" ".join(parts)))


def _read(name: str, value: str) -> str:
    if name in _VERBATIM:
        return re.sub(r"\\([_%&#~])", r"\1", " ".join(value.split())).strip("{}")
    return latex_to_text(value)


def _language(name: str) -> str:
    """Return the tag of a language that BibLaTeX calls *name*; empty where that is not known."""
    from babel.core import Locale

    name = name.strip().lower()
    if re.fullmatch("[a-z]{2,3}(-[a-z]{2})?", name):
        return name
    name = _SAME.get(name, name)
    languages = sorted(Locale("en").languages.items())
    return next((tag for tag, called in languages if called.lower() == name and tag.isalpha()), "")
