"""Interprets the keys of front matter: entries in, Metadata and findings out."""

from __future__ import annotations

import datetime
import difflib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
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
    "short-title": "a shorter title for the running heads",
    "author": "who wrote it: a name, or a list of names",
    "date": "when it was published: `2026`, `2026-11` or `2026-11-23`",
    "modified": "when it was last changed, written as `date` is",
    "language": "the language, as a BCP 47 tag: `en-GB`, `hy`, `pt-BR`",
    "description": "one sentence that says what it is about",
    "keywords": "a list of subjects",
    "publisher": "the publisher, or a map with `name` and `edition`",
    "rights": "the copyright notice",
    "identifier": "a permanent URI, such as `urn:uuid:...` or `urn:isbn:...`",
    "certifier": "who certifies the accessibility of the EPUB",
    "bibliography": "the file, or a list of files, with the works that the text cites",
    "csl": "the file of a citation style in CSL",
    "nocite": "works that are listed without being cited: `@key`, or `@*` for all",
    "reference-section-title": "the heading of the list of works",
    "templates": "`drop` to remove the template tags of other programs",
    "smart": "`false` keeps quotation marks, hyphens and dots as they were typed",
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
"""Alternative names of keys."""

FOREIGN_KEYS = frozenset({"publishdate", "published", "pubdate", "expirydate", "data", "titles", "subject"})
"""Keys of other programs that would look like a misspelling of one of `KEYS`."""

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_TYPED_KEYS = frozenset({"date", "modified", "smart"})
"""Keys whose values are not text, so that a number or a boolean is no mistake."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[Tt ]+[\d:.]+[ ]*(?:Z|z|[+-]\d\d?(?::?\d\d)?)?)?)?)?"
)
_DATE_FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
"""English forms of dates. Dates in digits are read year first only, because other orders are ambiguous."""
_ISBN = re.compile(r"(?:urn:isbn:|isbn[: ]*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Value:
    """The value of a key: its texts and its position."""

    key: str
    """The key as the author wrote it."""
    texts: tuple[str, ...]
    where: Where


def read_metadata(
    entries: Iterable[Entry], path: Path, title: str | None, *, language: str = ""
) -> tuple[Metadata, list[Finding]]:
    """Return the metadata in *entries*, the front matter of the file at *path*, and the findings about them.

    *title* is the title in the text, if it has one; *language* is the language of the book that the file is
    a part of. Both apply if *entries* have none. Raises SourceError for an invalid value.
    """
    findings: list[Finding] = []
    entries = tuple(entries)
    values = dict(_read_values(entries, path, findings))
    findings.sort(key=lambda finding: finding.where.line if finding.where else 0)
    title = _text(values, "title") or title
    if not title:
        title = path.stem.replace("-", " ").replace("_", " ").capitalize()
        findings.append(found("title-missing", Where(path, 1), title=title))
    language = _read_language(values) or language
    if not language:
        findings.append(found("language-missing", Where(path, 1)))
    people = [entry.value for entry in entries if _canonical_key(entry) == "author"]
    authors, others = parse_contributors(people[-1:])
    identifier, pdf_identifier = _read_identifiers(entries, path)
    date = _read_date(values.get("date"))
    metadata = Metadata(
        title=title,
        language=language or "en",
        subtitle=_text(values, "subtitle"),
        short_title=_text(values, "short-title"),
        authors=authors,
        contributors=others,
        date=date,
        modified=_read_date(values.get("modified")),
        description=_text(values, "description"),
        keywords=_read_keywords(values),
        publisher=_text(values, "publisher"),
        edition=_read_edition(entries),
        rights=_text(values, "rights"),
        identifier=identifier or _content_identifier(title, authors, date),
        pdf_identifier=pdf_identifier,
        certifier=_text(values, "certifier"),
        smart=_read_smart(values),
    )
    return metadata, findings


def _text(values: Mapping[str, _Value], key: str) -> str:
    """Return the one text of *key*; empty if it is missing. Raises SourceError for a list."""
    value = values.get(key)
    if value and len(value.texts) > 1:
        raise SourceError(f"`{key}` takes one value, not a list.", value.where)
    return " ".join(value.texts[0].split()) if value and value.texts else ""


def _read_language(values: Mapping[str, _Value]) -> str:
    language = _text(values, "language")
    if language and not _LANGUAGE.fullmatch(language):
        raise SourceError(
            f"`language: {language}` is not a language tag.",
            values["language"].where,
            "Write a BCP 47 tag, such as `en-GB`.",
        )
    return language


def _read_keywords(values: Mapping[str, _Value]) -> tuple[str, ...]:
    """Return the keywords: a list, or one text with commas."""
    keywords = values["keywords"].texts if "keywords" in values else ()
    if len(keywords) != 1:
        return keywords
    return tuple(word.strip() for word in keywords[0].split(",") if word.strip())


def _read_smart(values: Mapping[str, _Value]) -> bool:
    smart = _text(values, "smart").lower() or "true"
    if smart not in _TRUE | _FALSE:
        raise SourceError(f"`smart: {smart}` is neither true nor false.", values["smart"].where)
    return smart in _TRUE


def _canonical_key(entry: Entry) -> str:
    """Return the name in `KEYS` of the key of *entry*, if it has one."""
    return ALIASES.get(entry.key.lower(), entry.key.lower())


def _read_identifiers(entries: Iterable[Entry], path: Path) -> tuple[str, str]:
    """Return the identifier of the EPUB, and that of the PDF if it differs. Raises SourceError."""
    for entry in entries:
        if _canonical_key(entry) != "identifier":
            continue
        where = Where(path, entry.value.line)
        if entry.value.kind != "map":
            return _normalize_identifier(entry.value.text, where), ""
        texts = {inner.key: inner.value.text for inner in entry.value.entries}
        if set(texts) - {"epub", "pdf"}:
            raise SourceError("`identifier` can contain only `epub` and `pdf`.", where)
        epub, pdf = (_normalize_identifier(texts.get(edition, ""), where) for edition in ("epub", "pdf"))
        return epub, pdf
    return "", ""


def _read_edition(entries: Iterable[Entry]) -> str:
    """Return the value of `edition` in the map `publisher`."""
    fields = [
        inner for entry in entries if _canonical_key(entry) == "publisher" for inner in entry.value.entries
    ]
    return next((" ".join(inner.value.text.split()) for inner in fields if inner.key == "edition"), "")


def _normalize_identifier(identifier: str, where: Where) -> str:
    """Return *identifier*, an ISBN as a URN (RFC 8254).

    Raises SourceError if the check digit of an ISBN is wrong (ISO 2108).
    """
    text = " ".join(identifier.split())
    match = _ISBN.fullmatch(text)
    if not match:
        return text
    digits = re.sub("[- ]", "", match.group(1)).upper()
    numbers = [10 if digit == "X" else int(digit) for digit in digits]
    if len(numbers) == 13:
        is_valid = sum(n * (3 if index % 2 else 1) for index, n in enumerate(numbers)) % 10 == 0
    else:
        is_valid = sum(n * (10 - index) for index, n in enumerate(numbers)) % 11 == 0
    if not is_valid:
        raise SourceError(f"`{text}` is not an ISBN: its check digit is wrong.", where, "Check the number.")
    return f"urn:isbn:{digits}"


def _content_identifier(title: str, authors: tuple[str, ...], date: str) -> str:
    """Return a UUID made from the metadata, so that the same source has the same identifier."""
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
    """Return the date in *text* in ISO 8601, without a time. Raises ValueError."""
    match = _DATE.fullmatch(text)
    if match:
        parts = [int(part) for part in match.groups() if part]
        day = datetime.date(*[*parts, 1, 1][:3])
        return day.isoformat()[: (4, 7, 10)[len(parts) - 1]]
    for date_format in _DATE_FORMATS:
        with suppress(ValueError):
            return datetime.datetime.strptime(text, date_format).date().isoformat()
    raise ValueError


def _read_values(
    entries: Iterable[Entry], path: Path, findings: list[Finding]
) -> Iterator[tuple[str, _Value]]:
    """Yield the value of each known key in *entries*; add findings about the others to *findings*."""
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
    """Return one finding with all unknown keys, at the line of the first."""
    names = list(dict.fromkeys(f"`{entry.key}`" for entry in others))
    noun, judged, verb = ("key", "is unknown", "was") if len(names) == 1 else ("keys", "are unknown", "were")
    where = Where(path, min(entry.line for entry in others))
    return found("key-unknown", where, keys=f"{noun} {', '.join(names)}", judged=judged, verb=verb)


def _read_texts(
    value: Value, key: str, entry: Entry, path: Path, findings: list[Finding], others: list[Entry]
) -> Iterator[str]:
    """Yield the text of *value*, of each item of a list, or the name in a map.

    Other keys of a map are added to *others*, as `key.inner`.
    """
    where = Where(path, value.line)
    if value.kind == "list":
        for item in value.items:
            if item.kind == "list":
                raise SourceError(f"`{key}` contains a list within a list.", where)
            yield from _read_texts(item, key, entry, path, findings, others)
    elif value.kind == "map":
        name = parse_name(value)
        if not name:
            raise SourceError(f"`{key}` needs a text, not a map.", where)
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
