"""Interprets the values of front matter: entries in, Metadata and findings out."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from bifolio.manuscript.metadata.contributors import parse_contributors
from bifolio.manuscript.metadata.front_matter import Entry
from bifolio.manuscript.metadata.keys import KeyValue, canonical_key, read_values
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Metadata

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[Tt ]+[\d:.]+[ ]*(?:Z|z|[+-]\d\d?(?::?\d\d)?)?)?)?)?"
)
_DATE_FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
"""English forms of dates. Dates in digits are read year first only, because other orders are ambiguous."""
_ISBN = re.compile(r"(?:urn:isbn:|isbn[: ]*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])", re.IGNORECASE)


def read_metadata(
    entries: Iterable[Entry], path: Path, title: str | None, *, language: str = ""
) -> tuple[Metadata, list[Finding]]:
    """Return the metadata in *entries*, the front matter of the file at *path*, and the findings about them.

    *title* is the title in the text, if it has one; *language* is the language of the book that the file is
    a part of. Both apply if *entries* have none. Raises SourceError for an invalid value.
    """
    findings: list[Finding] = []
    entries = tuple(entries)
    values = dict(read_values(entries, path, findings))
    findings.sort(key=lambda finding: finding.where.line if finding.where else 0)
    title = _text(values, "title") or title
    if not title:
        title = path.stem.replace("-", " ").replace("_", " ").capitalize()
        findings.append(found("title-missing", Where(path, 1), title=title))
    language = _read_language(values) or language
    if not language:
        findings.append(found("language-missing", Where(path, 1)))
    people = [entry.value for entry in entries if canonical_key(entry) == "author"]
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


def _text(values: Mapping[str, KeyValue], key: str) -> str:
    """Return the one text of *key*; empty if it is missing. Raises SourceError for a list."""
    value = values.get(key)
    if value and len(value.texts) > 1:
        raise SourceError(f"`{key}` takes one value, not a list.", value.where)
    return " ".join(value.texts[0].split()) if value and value.texts else ""


def _read_language(values: Mapping[str, KeyValue]) -> str:
    language = _text(values, "language")
    if language and not _LANGUAGE.fullmatch(language):
        raise SourceError(
            f"`language: {language}` is not a language tag.",
            values["language"].where,
            "Write a BCP 47 tag, such as `en-GB`.",
        )
    return language


def _read_keywords(values: Mapping[str, KeyValue]) -> tuple[str, ...]:
    """Return the keywords: a list, or one text with commas."""
    keywords = values["keywords"].texts if "keywords" in values else ()
    if len(keywords) != 1:
        return keywords
    return tuple(word.strip() for word in keywords[0].split(",") if word.strip())


def _read_smart(values: Mapping[str, KeyValue]) -> bool:
    smart = _text(values, "smart").lower() or "true"
    if smart not in _TRUE | _FALSE:
        raise SourceError(f"`smart: {smart}` is neither true nor false.", values["smart"].where)
    return smart in _TRUE


def _read_identifiers(entries: Iterable[Entry], path: Path) -> tuple[str, str]:
    """Return the identifier of the EPUB, and that of the PDF if it differs. Raises SourceError."""
    for entry in entries:
        if canonical_key(entry) != "identifier":
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
        inner for entry in entries if canonical_key(entry) == "publisher" for inner in entry.value.entries
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


def _read_date(value: KeyValue | None) -> str:
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
