"""Recognises the keys of front matter, and reads the texts of their values."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bifolio.manuscript.metadata.contributors import NAME_KEYS, parse_name
from bifolio.manuscript.metadata.front_matter import Entry, Value
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found

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

_TYPED_KEYS = frozenset({"date", "modified", "smart"})
"""Keys whose values are not text, so that a number or a boolean is no mistake."""


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The value of a key: its texts and its position."""

    key: str
    """The key as the author wrote it."""
    texts: tuple[str, ...]
    where: Where


def canonical_key(entry: Entry) -> str:
    """Return the name in `KEYS` of the key of *entry*, if it has one."""
    return ALIASES.get(entry.key.lower(), entry.key.lower())


def read_values(
    entries: Iterable[Entry], path: Path, findings: list[Finding]
) -> Iterator[tuple[str, KeyValue]]:
    """Yield the value of each known key in *entries*; add findings about the others to *findings*."""
    others: list[Entry] = []
    seen: set[str] = set()
    for entry in entries:
        where = Where(path, entry.line)
        key = canonical_key(entry)
        if key == "identifier":
            seen.add(key)
            continue
        if key in KEYS:
            if key in seen:
                findings.append(found("key-twice", where, key=entry.key))
            seen.add(key)
            texts = tuple(_read_texts(entry.value, key, entry, path, findings, others))
            yield key, KeyValue(entry.key, texts, Where(path, entry.value.line))
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
