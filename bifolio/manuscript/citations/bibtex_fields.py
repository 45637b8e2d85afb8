"""Maps entry types and fields of BibTeX and BibLaTeX to CSL, by the BibLaTeX manual (3.20, chapter 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

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
"""The CSL type of each entry type; all others are `book`."""
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
"""The CSL variable of a field in every entry type; of two fields for one variable, the later one counts."""
_SUBTITLES = {
    "title": "subtitle",
    "booktitle": "booksubtitle",
    "journaltitle": "journalsubtitle",
    "maintitle": "mainsubtitle",
}
_CONTAINERS = ("maintitle", "booktitle", "journal", "journaltitle")
_NAMES = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "bookauthor": "container-author",
}
_DATES = {"date": "issued", "urldate": "accessed", "origdate": "original-date", "eventdate": "event-date"}
_PARTS_OF_BOOKS = frozenset(kind for kind, csl in _TYPES.items() if csl in ("chapter", "paper-conference"))
_VERBATIM = frozenset({"doi", "url", "isbn", "issn", "crossref", "xdata"})
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
"""The genre of an entry type whose field `type` is missing."""
_NAMED_TYPES = {"phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "techreport": "Technical report"}
"""The localisation keys that BibLaTeX allows in the field `type`."""

_LANGUAGE_ALIASES = {
    "american": "english",
    "british": "english",
    "ngerman": "german",
    "brazilian": "portuguese",
}
"""BibLaTeX's own names for some languages."""


def to_work(key: str, entry_type: str, fields: Mapping[str, str], where: Where) -> Work:
    """Return the CSL work of an entry. Raises ValueError if a field is too complex to read."""
    titled = _join_subtitles(fields)
    return Work(
        key,
        _csl_type(entry_type, fields),
        where,
        texts=_texts(entry_type, titled),
        names={_NAMES[name]: tuple(_people(fields[name])) for name in _NAMES if name in fields},
        dates=_dates(fields),
    )


def _join_subtitles(fields: Mapping[str, str]) -> dict[str, str]:
    """Return *fields* with each subtitle appended to its title."""
    titles = {
        name: f"{fields[name]}: {fields[subtitle]}"
        for name, subtitle in _SUBTITLES.items()
        if name in fields and fields.get(subtitle)
    }
    return {**fields, **titles}


def _csl_type(entry_type: str, fields: Mapping[str, str]) -> str:
    subtype = fields.get("entrysubtype")
    if entry_type == "article" and subtype in ("magazine", "newspaper"):
        return f"article-{subtype}"
    return _TYPES.get(entry_type, "book")


def _texts(entry_type: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the text variables of an entry, without empty ones."""
    texts = {_FIELDS[name]: _read(name, fields[name]) for name in _FIELDS if name in fields}
    texts |= _container_title(entry_type, fields)
    texts |= _number(entry_type, fields)
    genre = _NAMED_TYPES.get(fields.get("type", "")) or texts.get("genre") or _GENRES.get(entry_type, "")
    archive = fields.get("eprinttype", fields.get("archiveprefix", "")).lower()
    if archive == "arxiv" and "eprint" in fields:
        texts.setdefault("URL", f"https://arxiv.org/abs/{fields['eprint'].strip()}")
    language = _language(fields.get("langid") or fields.get("language") or "")
    texts |= {"genre": genre, "language": language}
    return {name: value for name, value in texts.items() if value}


def _container_title(entry_type: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the container title; `maintitle` counts only for parts of books."""
    names = [name for name in _CONTAINERS if name in fields]
    if entry_type not in _PARTS_OF_BOOKS:
        names = [name for name in names if name != "maintitle"]
    return {"container-title": latex_to_text(fields[names[-1]])} if names else {}


def _number(entry_type: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the field `number` as the variable that it is for *entry_type*."""
    if "number" not in fields:
        return {}
    variable = "collection-number" if "series" in fields else "number"
    if entry_type in ("article", "periodical"):
        variable = "issue"
    return {variable: latex_to_text(fields["number"])}


def _dates(fields: Mapping[str, str]) -> dict[str, Date]:
    dates = {csl: parse_date(_plain_text([fields[name]])) for name, csl in _DATES.items() if name in fields}
    if "issued" not in dates and "year" in fields:
        dates["issued"] = _date_of_year(fields)
    return dates


def _date_of_year(fields: Mapping[str, str]) -> Date:
    """Return the date in the fields `year`, `month` and `day`."""
    date = parse_date(_plain_text([fields["year"]]))
    month = fields.get("month", "").strip().lower()
    named = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else 0
    number = int(month) if re.fullmatch("[0-9]{1,2}", month) else named
    if len(date.start) != 1 or not 1 <= number <= 12:
        return date
    day = fields.get("day", "").strip()
    days = (int(day),) if re.fullmatch("[0-9]{1,2}", day) and 1 <= int(day) <= 31 else ()
    return Date((date.start[0], number, *days))


def _people(names: str) -> Iterator[dict[str, str]]:
    """Yield the names in *names*; `and others` becomes `ET_AL`."""
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    for person in split_multiple_persons_names(names):
        try:
            parts = parse_single_name_into_parts(person)
        except InvalidNameError:
            yield {"literal": _plain_text([person])}
            continue
        parsed = {
            "family": _plain_text(parts.last),
            "given": _plain_text(parts.first),
            "suffix": _plain_text(parts.jr),
            "non-dropping-particle": _plain_text(parts.von),
        }
        if person.strip() == "others":
            yield {"literal": ET_AL}
        elif not parsed["given"] and not parts.von:
            yield {"literal": parsed["family"]}
        else:
            yield {part: text for part, text in parsed.items() if text}


def _plain_text(parts: list[str]) -> str:
    """Return *parts*, joined, without TeX and tags."""
    return re.sub("<[^<>]*>", "", latex_to_text(" ".join(parts)))


def _read(name: str, value: str) -> str:
    """Return the text of the field *name*."""
    if name in _VERBATIM:
        return re.sub(r"\\([_%&#~])", r"\1", " ".join(value.split())).strip("{}")
    text = latex_to_text(value)
    return re.sub(r"\s*[-–—]+\s*", "-", text) if name == "pages" else text


def _language(name: str) -> str:
    """Return the BCP 47 tag of the language with BibLaTeX's *name*; empty if it is unknown."""
    from babel.core import Locale

    name = name.strip().lower()
    if re.fullmatch("[a-z]{2,3}(-[a-z]{2})?", name):
        return name
    name = _LANGUAGE_ALIASES.get(name, name)
    languages = sorted(Locale("en").languages.items())
    return next((tag for tag, english in languages if english.lower() == name and tag.isalpha()), "")
