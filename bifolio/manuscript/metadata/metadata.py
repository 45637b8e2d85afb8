"""What the keys of the front matter mean: keys in, Metadata and findings out."""

from __future__ import annotations

import datetime
import difflib
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bifolio.manuscript.metadata.contributors import NAME_KEYS, parse_contributors, parse_name
from bifolio.manuscript.metadata.front_matter import Entry, Value
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Metadata

KEYS = {
    "title": "the title",
    "subtitle": "the subtitle",
    "short-title": "the title as running heads give it, where it is long",
    "author": "who wrote it: a name, or a list of names",
    "date": "when it was published: `2026`, `2026-11` or `2026-11-23`",
    "modified": "when it was last changed, written as `date` is",
    "language": "the language, as a BCP 47 tag: `en-GB`, `hy`, `pt-BR`",
    "description": "one sentence that says what it is about",
    "keywords": "a list of subjects",
    "publisher": "who publishes it; or a map, `name` and `edition`, that says which edition it is",
    "rights": "the notice of rights",
    "identifier": "a URI that names it for good, such as `urn:uuid:...` or `urn:isbn:...`",
    "certifier": "who answers for the accessibility of the EPUB",
    "bibliography": "the file, or a list of the files, that the works stand in which the text cites",
    "csl": "the file of a citation style, as CSL has it",
    "nocite": "works that are listed without being cited: `@key`, or `@*` for all",
    "reference-section-title": "the heading of the list of works",
    "templates": "`drop` to leave the marks of other programs' templates out",
    "smart": "`false` leaves quotation marks, hyphens and dots as they were typed",
}
"""Every key of the front matter, with its meaning."""

ALIASES = {
    "authors": "author",
    "creator": "author",
    "lang": "language",
    "tags": "keywords",
    "abstract": "description",
    "lastmod": "modified",
    "updated": "modified",
    "last_modified_at": "modified",
}
"""Other names that people give to a key."""

FOREIGN_KEYS = frozenset({"publishdate", "published", "pubdate", "expirydate", "data", "titles", "subject"})
"""Keys of other programs that look like a misspelling of ours."""

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_TYPED_KEYS = frozenset({"date", "modified", "smart"})
"""Keys whose values are not words, so that no kind of value need be told of."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[Tt ]+[\d:.]+[ ]*(?:Z|z|[+-]\d\d?(?::?\d\d)?)?)?)?)?"
)
_DATE_FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
"""How English writes a day; dates in figures alone are read year first, for others are ambiguous."""
_ISBN = re.compile(r"(?:urn:isbn:|isbn[: ]*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of the front matter: its texts, and where it stands."""

    key: str
    """As the author wrote it."""
    texts: tuple[str, ...]
    where: Where


def read_metadata(
    entries: Iterable[Entry], path: Path, title: str | None, *, language: str = ""
) -> tuple[Metadata, list[Finding]]:
    """Return what *entries*, the front matter of the file at *path*, say of the publication.

    *title* is the title that the text itself gives, if it does, and *language* that of the book which the
    file is a part of. The second part is what the author should know of them. Raises SourceError for a value
    that cannot be what its key says.
    """
    findings: list[Finding] = []
    entries = tuple(entries)
    values = dict(_read_values(entries, path, findings))
    findings.sort(key=lambda finding: finding.where.line if finding.where else 0)

    def one(key: str) -> str:
        value = values.get(key)
        if value and len(value.texts) > 1:
            raise SourceError(f"`{key}` takes one value, not a list.", value.where)
        return " ".join(value.texts[0].split()) if value and value.texts else ""

    heading = one("title") or title
    if not heading:
        heading = path.stem.replace("-", " ").replace("_", " ").capitalize()
        findings.append(found("title-missing", Where(path, 1), title=heading))
    language = one("language") or language
    if not language:
        findings.append(found("language-missing", Where(path, 1)))
    elif not _LANGUAGE.fullmatch(language):
        raise SourceError(
            f"`language: {language}` is not a language tag.",
            values["language"].where,
            "Write a BCP 47 tag, such as `en-GB`.",
        )
    authors, others = parse_contributors(
        [entry.value for entry in entries if _canonical_key(entry) == "author"][-1:]
    )
    identifier, pdf_identifier = _read_identifiers(entries, path)
    keywords = values["keywords"].texts if "keywords" in values else ()
    if len(keywords) == 1:
        keywords = tuple(word.strip() for word in keywords[0].split(",") if word.strip())
    date = _read_date(values.get("date"))
    smart = one("smart").lower() or "true"
    if smart not in _TRUE | _FALSE:
        raise SourceError(f"`smart: {smart}` is neither true nor false.", values["smart"].where)
    metadata = Metadata(
        title=heading,
        language=language or "en",
        subtitle=one("subtitle"),
        short_title=one("short-title"),
        authors=authors,
        contributors=others,
        date=date,
        modified=_read_date(values.get("modified")),
        description=one("description"),
        keywords=keywords,
        publisher=one("publisher"),
        edition=_read_edition(entries),
        rights=one("rights"),
        identifier=identifier or _content_identifier(heading, authors, date),
        pdf_identifier=pdf_identifier,
        certifier=one("certifier"),
        smart=smart in _TRUE,
    )
    return metadata, findings


def _canonical_key(entry: Entry) -> str:
    return ALIASES.get(entry.key.lower(), entry.key.lower())


def _read_identifiers(entries: Iterable[Entry], path: Path) -> tuple[str, str]:
    """Return what names the EPUB and, where that is another, the PDF. Raises SourceError."""
    for entry in entries:
        if _canonical_key(entry) != "identifier":
            continue
        where = Where(path, entry.value.line)
        if entry.value.kind != "map":
            return _normalize_identifier(entry.value.text, where), ""
        said = {inner.key: inner.value.text for inner in entry.value.entries}
        if set(said) - {"epub", "pdf"}:
            raise SourceError("`identifier` holds `epub` and `pdf` alone.", where)
        return _normalize_identifier(said.get("epub", ""), where), _normalize_identifier(
            said.get("pdf", ""), where
        )
    return "", ""


def _read_edition(entries: Iterable[Entry]) -> str:
    """Return what the map of the publisher says of the edition."""
    said = [
        inner for entry in entries if _canonical_key(entry) == "publisher" for inner in entry.value.entries
    ]
    return next((" ".join(inner.value.text.split()) for inner in said if inner.key == "edition"), "")


def _normalize_identifier(written: str, where: Where) -> str:
    """Return *written* as a URI; an ISBN must add up (ISO 2108). Raises SourceError."""
    text = " ".join(written.split())
    match = _ISBN.fullmatch(text)
    if not match:
        return text
    digits = re.sub("[- ]", "", match.group(1)).upper()
    numbers = [10 if digit == "X" else int(digit) for digit in digits]
    if len(numbers) == 13:
        fits = sum(n * (3 if place % 2 else 1) for place, n in enumerate(numbers)) % 10 == 0
    else:
        fits = sum(n * (10 - place) for place, n in enumerate(numbers)) % 11 == 0
    if not fits:
        raise SourceError(f"`{text}` is no ISBN: its last digit does not fit.", where, "Check the number.")
    return f"urn:isbn:{digits}"


def _content_identifier(title: str, authors: tuple[str, ...], date: str) -> str:
    """Name the publication by its content, so that the same source keeps the same name."""
    seed = "\n".join((title, *authors, date))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}"


def _read_date(value: _Value | None) -> str:
    if value is None or not value.texts:
        return ""
    text = value.texts[0].strip()
    try:
        if len(value.texts) > 1:
            raise ValueError
        return _parse_date(text)
    except ValueError:
        raise SourceError(
            f"`{value.key}: {text}` is not a date that exists.",
            value.where,
            "Write a year, a month or a day: `2026`, `2026-11`, `2026-11-23`.",
        ) from None


def _parse_date(text: str) -> str:
    """Return *text* as ISO 8601 writes it, without a time of day. Raises ValueError."""
    match = _DATE.fullmatch(text)
    if match:
        parts = [int(part) for part in match.groups() if part]
        day = datetime.date(*[*parts, 1, 1][:3])
        return day.isoformat()[: (4, 7, 10)[len(parts) - 1]]
    for form in _DATE_FORMATS:
        with suppress(ValueError):
            return datetime.datetime.strptime(text, form).date().isoformat()
    raise ValueError


def _read_values(
    entries: Iterable[Entry], path: Path, findings: list[Finding]
) -> Iterator[tuple[str, _Value]]:
    """Give each of *entries* that we know, by its key; add what there is to say of the others."""
    others: list[Entry] = []
    seen: set[str] = set()
    for entry in entries:
        where = Where(path, entry.line)
        key = _canonical_key(entry)
        if key == "identifier":
            seen.add(key)
            continue
        if key in KEYS:
            if key in seen:
                findings.append(found("key-twice", where, key=entry.key))
            seen.add(key)
            texts = tuple(_read_texts(entry.value, key, entry, path, findings, others))
            yield key, _Value(entry.key, texts, Where(path, entry.value.line))
            continue
        meant = difflib.get_close_matches(key, [*KEYS, *ALIASES], n=1, cutoff=0.75)
        if meant and key not in FOREIGN_KEYS:
            findings.append(found("key-misspelt", where, key=entry.key, meant=meant[0]))
        else:
            others.append(entry)
    if others:
        findings.append(_unknown_keys(others, path))


def _unknown_keys(others: list[Entry], path: Path) -> Finding:
    """Name all keys that are not ours, at the line of the first."""
    names = ", ".join(dict.fromkeys(f"`{entry.key}`" for entry in others))
    fields = ("key", "is unknown", "was") if "," not in names else ("keys", "are unknown", "were")
    noun, judged, verb = fields
    where = Where(path, min(entry.line for entry in others))
    return found("key-unknown", where, keys=f"{noun} {names}", judged=judged, verb=verb)


def _read_texts(
    value: Value, key: str, entry: Entry, path: Path, findings: list[Finding], others: list[Entry]
) -> Iterator[str]:
    """Give the text of *value*, of each item of a list, or of the name in a map.

    What else a map says goes to *others*, its key behind that of *entry*.
    """
    where = Where(path, value.line)
    if value.kind == "list":
        for item in value.items:
            if item.kind == "list":
                raise SourceError(f"`{key}` holds a list in a list.", where)
            yield from _read_texts(item, key, entry, path, findings, others)
    elif value.kind == "map":
        name = parse_name(value)
        if not name:
            raise SourceError(f"`{key}` holds keys where a text is wanted.", where)
        others += [
            Entry(f"{entry.key}.{inner.key}", inner.line, inner.value)
            for inner in value.entries
            if inner.key.lower() not in NAME_KEYS | {"role"} and (key, inner.key) != ("publisher", "edition")
        ]
        yield name
    elif value.kind != "null" and value.text.strip():
        if value.kind in ("int", "float", "bool") and key not in _TYPED_KEYS:
            fields = {"key": entry.key, "value": value.text, "kind": value.kind}
            findings.append(found("value-not-text", where, **fields))
        yield value.text
