"""Front matter, validated: YAML in, Metadata and findings out."""

from __future__ import annotations

import datetime
import difflib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bifolio.errors import SourceError
from bifolio.findings import Finding, Where, found
from bifolio.publication import Metadata

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
    "publisher": "who publishes it",
    "rights": "the notice of rights",
    "identifier": "a URI that names it for good, such as `urn:uuid:...` or `urn:isbn:...`",
    "certifier": "who answers for the accessibility of the EPUB",
    "smart": "`false` leaves quotation marks, hyphens and dots as they were typed",
}
"""Every key of the front matter, with its meaning."""

ALIASES = {"authors": "author", "lang": "language", "tags": "keywords", "abstract": "description"}
"""Other names that people give to a key."""

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_NOT_TEXT = frozenset({"date", "modified", "smart"})
"""Keys whose values are not words, so that no kind of value need be told of."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?)?")


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of the front matter: its texts, and where it stands."""

    key: str
    texts: tuple[str, ...]
    where: Where


def read_metadata(front: str, path: Path, title: str | None) -> tuple[Metadata, list[Finding]]:
    """Read *front*, the front matter of the file at *path*, which begins on its second line.

    *title* is the title that the text itself gives, if it does. Returns the metadata and what the
    author should know of them. Raises SourceError for YAML that does not parse and for a value that
    cannot be what its key says.
    """
    findings: list[Finding] = []
    values = {value.key: value for value in _values(front, path, findings)}

    def one(key: str) -> str:
        value = values.get(key)
        if value and len(value.texts) > 1:
            raise SourceError(f"`{key}` takes one value, not a list.", value.where)
        return " ".join(value.texts[0].split()) if value and value.texts else ""

    heading = one("title") or title
    if not heading:
        heading = path.stem.replace("-", " ").replace("_", " ").capitalize()
        findings.append(found("title-missing", Where(path, 1), title=heading))
    language = one("language")
    if not language:
        findings.append(found("language-missing", Where(path, 1)))
    elif not _LANGUAGE.fullmatch(language):
        raise SourceError(
            f"`language: {language}` is not a language tag.",
            values["language"].where,
            "Write a BCP 47 tag, such as `en-GB`.",
        )
    authors = values["author"].texts if "author" in values else ()
    keywords = values["keywords"].texts if "keywords" in values else ()
    if len(keywords) == 1:
        keywords = tuple(word.strip() for word in keywords[0].split(",") if word.strip())
    date = _date(values.get("date"))
    smart = one("smart").lower() or "true"
    if smart not in _TRUE | _FALSE:
        raise SourceError(f"`smart: {smart}` is neither true nor false.", values["smart"].where)
    metadata = Metadata(
        title=heading,
        language=language or "en",
        subtitle=one("subtitle"),
        short_title=one("short-title"),
        authors=tuple(" ".join(name.split()) for name in authors),
        date=date,
        modified=_date(values.get("modified")),
        description=one("description"),
        keywords=keywords,
        publisher=one("publisher"),
        rights=one("rights"),
        identifier=one("identifier") or _identifier(heading, authors, date),
        certifier=one("certifier"),
        smart=smart in _TRUE,
    )
    return metadata, findings


def _identifier(title: str, authors: tuple[str, ...], date: str) -> str:
    """Name the publication by its content, so that the same source keeps the same name."""
    seed = "\n".join((title, *authors, date))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}"


def _date(value: _Value | None) -> str:
    if value is None or not value.texts:
        return ""
    text = value.texts[0].strip()
    match = _DATE.fullmatch(text)
    try:
        if not match or len(value.texts) > 1:
            raise ValueError
        year, month, day = match.groups()
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise SourceError(
            f"`{value.key}: {text}` is not a date that exists.",
            value.where,
            "Write a year, a month or a day: `2026`, `2026-11`, `2026-11-23`.",
        ) from None
    return "-".join(part for part in (year, month, day) if part)


def _values(front: str, path: Path, findings: list[Finding]) -> Iterator[_Value]:
    """Give each key of *front* that we know; add a finding for each that we do not."""
    for key_node, node in _compose(front, path):
        where = Where(path, key_node.start_mark.line + 2)
        written = str(key_node.value)
        key = ALIASES.get(written.lower(), written.lower())
        if key not in KEYS:
            meant = difflib.get_close_matches(key, [*KEYS, *ALIASES], n=1, cutoff=0.75)
            if meant:
                findings.append(found("key-misspelt", where, key=written, meant=meant[0]))
            else:
                findings.append(found("key-unknown", where, key=written))
            continue
        texts = tuple(_texts(node, key, path, findings))
        yield _Value(key, texts, Where(path, node.start_mark.line + 2))


def _compose(front: str, path: Path) -> list[tuple[yaml.Node, yaml.Node]]:
    try:
        root = yaml.compose(front, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).split("\n")[0]
        line = mark.line + 2 if mark else 1
        raise SourceError(
            f"The front matter is not YAML: {problem}.",
            Where(path, line),
            "A value with a colon, a quotation mark or a bracket in it wants quotes around it.",
        ) from error
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            "The front matter is not a list of keys and values.",
            Where(path, 2),
            "Write one `key: value` a line.",
        )
    return list(root.value)


def _texts(node: yaml.Node, key: str, path: Path, findings: list[Finding]) -> Iterator[str]:
    """Give the text of a scalar, of each item of a list, or of the `name` in a mapping."""
    where = Where(path, node.start_mark.line + 2)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if isinstance(item, yaml.SequenceNode):
                raise SourceError(f"`{key}` holds a list in a list.", where)
            yield from _texts(item, key, path, findings)
    elif isinstance(node, yaml.MappingNode):
        names = [value for name, value in node.value if name.value == "name"]
        if not names or not isinstance(names[0], yaml.ScalarNode):
            raise SourceError(f"`{key}` holds keys where a text is wanted.", where)
        yield from _texts(names[0], key, path, findings)
    elif node.tag != "tag:yaml.org,2002:null" and str(node.value).strip():
        kind = node.tag.rpartition(":")[2]
        if kind in ("int", "float", "bool") and key not in _NOT_TEXT:
            findings.append(found("value-not-text", where, key=key, value=node.value, kind=kind))
        yield str(node.value)
