"""Reads the bibliography that the front matter of a text names: its works and its CSL style."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bifolio.manuscript.citations.bibtex import Problem, read_bibtex
from bifolio.manuscript.citations.csl_items import Work, read_item
from bifolio.manuscript.metadata.front_matter import Entry, Value
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import SourceFile, read_text
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found

_KEYS = ("bibliography", "csl", "nocite", "reference-section-title")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The works that a text may cite, and the settings for citing them."""

    works: Mapping[str, Work] = field(default_factory=dict)
    """By citation key."""
    style: str = ""
    """The CSL style that the front matter names, as text; empty if it names none."""
    style_name: str = ""
    """The file of the style, as the front matter names it."""
    style_where: Where | None = None
    heading: str | None = None
    """The heading of the list of works; None for the default heading."""
    nocite: tuple[str, ...] = ()
    """The works to list without a citation, as written: keys with `@`, or `@*` for all."""
    nocite_where: Where | None = None
    language: str = "en"
    title: str = ""
    """The title of the text in its front matter; empty if there is none."""


def read_bibliography(
    entries: Iterable[Entry], source: SourceFile
) -> tuple[Bibliography | None, list[Finding]]:
    """Return the bibliography named by *entries*, the front matter of *source*, and findings.

    The bibliography is None if the front matter names none. Works that cannot be read are left out of it.
    """
    front_matter = {entry.key.lower(): entry.value for entry in entries}
    values = {
        key: [v for v in _flatten(front_matter[key]) if v.text.strip()]
        for key in _KEYS
        if key in front_matter
    }
    if source.plain or not values.get("bibliography"):
        return None, []
    findings: list[Finding] = []
    works = _read_works(values["bibliography"], source, findings)
    style = values.get("csl", [])[-1:]
    style_file = _open(style[0], "csl", source, findings) if style else None
    heading = values.get("reference-section-title")
    nocite = values.get("nocite", [])
    language = front_matter.get("language") or front_matter.get("lang")
    bibliography = Bibliography(
        works,
        style=style_file[1] if style_file else "",
        style_name=style[0].text if style else "",
        style_where=source_where(source, style[0]) if style else None,
        heading=heading[-1].text if heading else None,
        nocite=tuple(" ".join(value.text for value in nocite).replace(",", " ").split()),
        nocite_where=source_where(source, nocite[0]) if nocite else None,
        language=(language.text if language else "") or "en",
        title=" ".join(front_matter["title"].text.split()) if "title" in front_matter else "",
    )
    return bibliography, findings


def _read_works(values: Iterable[Value], source: SourceFile, findings: list[Finding]) -> dict[str, Work]:
    """Return the works of the files that *values* name; the first work of each key counts."""
    works: dict[str, Work] = {}
    for value in values:
        opened = _open(value, "bibliography", source, findings)
        for work in _works(*opened, value, source, findings) if opened else ():
            if isinstance(work, tuple):
                findings.append(found("work-unreadable", work[0], why=work[1]))
            elif work.key in works:
                findings.append(found("work-twice", work.where, key=work.key))
            else:
                works[work.key] = work
    return works


def source_where(source: SourceFile, value: Value) -> Where:
    """Return the place of *value* in the front matter of *source*."""
    return Where(source.path, value.line)


def _flatten(value: Value) -> Iterator[Value]:
    """Yield *value*, or the values of a list, recursively."""
    if value.kind == "list":
        for item in value.items:
            yield from _flatten(item)
    else:
        yield value


def _open(value: Value, key: str, source: SourceFile, findings: list[Finding]) -> tuple[Path, str] | None:
    """Return the path and text of the file that *value* names; None, with a finding, if it cannot be read."""
    named, where = value.text.strip(), source_where(source, value)
    try:
        path = find_file(named, source.root, source.root).path
    except FileLookupError as error:
        code = "bibliography-missing" if str(error) == "missing" else "bibliography-outside"
        findings.append(found(code, where, file=named, key=key))
        return None
    try:
        return path, read_text(path)
    except SourceError as error:
        why = error.message[:1].lower() + error.message[1:].rstrip(".")
        findings.append(found("bibliography-unreadable", where, file=named, key=key, why=why))
        return None


def _works(
    path: Path, text: str, value: Value, source: SourceFile, findings: list[Finding]
) -> Iterator[Work | Problem]:
    """Yield each work of *text*, the file at *path*, or the place and reason if it cannot be read."""
    shown = source.path.parent / path.relative_to(source.root)
    kind = path.suffix.lower()
    if kind in (".bib", ".bibtex", ".biblatex"):
        yield from read_bibtex(text, shown)
        return
    why, items, lines = "", list[object](), list[int]()
    try:
        if kind in (".yaml", ".yml"):
            items, lines = _read_yaml(text)
        else:
            items, lines = _read_json(text)
    except (json.JSONDecodeError, yaml.YAMLError, RecursionError) as error:
        why = _problem(error)
    except ValueError as error:
        why = str(error)
    if why:
        named = value.text.strip()
        where = source_where(source, value)
        findings.append(found("bibliography-unreadable", where, file=named, key="bibliography", why=why))
    for item, line in zip(items, lines, strict=True):
        where = Where(shown, line)
        try:
            yield read_item(item, where)
        except ValueError as error:
            yield where, str(error)


def _read_json(text: str) -> tuple[list[object], list[int]]:
    """Return the items of *text*, CSL-JSON, and the line on which each begins."""
    content = json.loads(text)
    if not isinstance(content, list):
        raise ValueError("it is not a CSL-JSON list of works")
    decoder, position, lines = json.JSONDecoder(), text.index("[") + 1, []
    for _ in content:
        while text[position] in " \t\n,":
            position += 1
        lines.append(text.count("\n", 0, position) + 1)
        _, position = decoder.raw_decode(text, position)
    return content, lines


def _read_yaml(text: str) -> tuple[list[object], list[int]]:
    """Return the items of *text*, CSL-YAML, and the line on which each begins."""
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
        raise ValueError("it has YAML aliases, which are not supported")
    root = yaml.compose(text.replace("\n---\n", "\n"), Loader=yaml.BaseLoader)
    if isinstance(root, yaml.MappingNode):
        root = next((node for key, node in root.value if key.value == "references"), root)
    if not isinstance(root, yaml.SequenceNode):
        raise ValueError("it is not a CSL-YAML list of `references`")
    items = [yaml.BaseLoader("").construct_object(node, deep=True) for node in root.value]
    return items, [node.start_mark.line + 1 for node in root.value]


def _problem(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it is nested too deep"
    return f"line {mark.line + 1} is not YAML: {problem}" if mark else str(problem)
