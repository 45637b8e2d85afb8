"""The works that a text may cite: the files that its front matter names, found, read and checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bifolio.manuscript.citations.bibtex import read_bibtex
from bifolio.manuscript.citations.csl_items import Work, read_item
from bifolio.manuscript.metadata.front_matter import Entry, Value
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import SourceFile, read_text
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found

_KEYS = ("bibliography", "csl", "nocite", "reference-section-title")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What a text may cite, and how."""

    works: Mapping[str, Work] = field(default_factory=dict)
    """By their keys."""
    style: str = ""
    """The author's own style, as CSL; empty where there is none."""
    style_name: str = ""
    """How the author calls its file."""
    style_where: Where | None = None
    heading: str | None = None
    """What the author calls the list of works."""
    uncited: tuple[str, ...] = ()
    """What is listed without being cited, as it is written: keys behind `@`, or `@*` for all."""
    uncited_where: Where | None = None
    language: str = "en"
    title: str = ""
    """The title of the text, where the front matter gives it."""


def read_bibliography(
    entries: Iterable[Entry], source: SourceFile
) -> tuple[Bibliography | None, list[Finding]]:
    """Return what *source* may cite, by its front matter, *entries*; None where that names no bibliography.

    Also returned is what the author should know. What cannot be read is left out of the library.
    """
    written = {entry.key.lower(): entry.value for entry in entries}
    values = {key: [v for v in _flat(written[key]) if v.text.strip()] for key in _KEYS if key in written}
    if source.plain or not values.get("bibliography"):
        return None, []
    findings: list[Finding] = []
    works: dict[str, Work] = {}
    for value in values["bibliography"]:
        opened = _open(value, "bibliography", source, findings)
        for one in _works(*opened, value, source, findings) if opened else ():
            if isinstance(one, tuple):
                findings.append(found("work-unreadable", one[0], why=one[1]))
            elif one.key in works:
                findings.append(found("work-twice", one.where, key=one.key))
            else:
                works[one.key] = one
    style = values.get("csl", [])[-1:]
    sheet = _open(style[0], "csl", source, findings) if style else None
    heading = values.get("reference-section-title")
    language = written.get("language") or written.get("lang")
    library = Bibliography(
        works,
        style=sheet[1] if sheet else "",
        style_name=style[0].text if style else "",
        style_where=source_where(source, style[0]) if style else None,
        heading=heading[-1].text if heading else None,
        uncited=tuple(" ".join(value.text for value in values.get("nocite", [])).replace(",", " ").split()),
        uncited_where=source_where(source, values["nocite"][0]) if values.get("nocite") else None,
        language=(language.text if language else "") or "en",
        title=" ".join(written["title"].text.split()) if "title" in written else "",
    )
    return library, findings


def source_where(source: SourceFile, value: Value) -> Where:
    """Return the place of *value* in the front matter of *source*."""
    return Where(source.path, value.line)


def _flat(value: Value) -> Iterator[Value]:
    """Give the texts in *value*, one or a list of them."""
    if value.kind == "list":
        for item in value.items:
            yield from _flat(item)
    else:
        yield value


def _open(value: Value, key: str, source: SourceFile, findings: list[Finding]) -> tuple[Path, str] | None:
    """Return the path and the text of the file that *value* names; None, with a finding, if it has none."""
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
) -> Iterator[Work | tuple[Where, str]]:
    """Give each work of *text*, the file at *path*; a finding says where it is no bibliography at all."""
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
    """Return the objects of CSL-JSON in *text*, with the line that each begins on."""
    content = json.loads(text)
    if not isinstance(content, list):
        raise ValueError("it is not a list of works as CSL-JSON has it")
    decoder, place, lines = json.JSONDecoder(), text.index("[") + 1, []
    for _ in content:
        while text[place] in " \t\n,":
            place += 1
        lines.append(text.count("\n", 0, place) + 1)
        _, place = decoder.raw_decode(text, place)
    return content, lines


def _read_yaml(text: str) -> tuple[list[object], list[int]]:
    """Return the works of CSL-YAML in *text*, with the line that each begins on."""
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
        raise ValueError("it has aliases, which may stand for more than was written")
    root = yaml.compose(text.replace("\n---\n", "\n"), Loader=yaml.BaseLoader)
    if isinstance(root, yaml.MappingNode):
        root = next((node for key, node in root.value if key.value == "references"), root)
    if not isinstance(root, yaml.SequenceNode):
        raise ValueError("it is not a list of `references` as CSL-YAML has it")
    items = [yaml.BaseLoader("").construct_object(node, deep=True) for node in root.value]
    return items, [node.start_mark.line + 1 for node in root.value]


def _problem(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it is nested too deep"
    return f"line {mark.line + 1} is not YAML: {problem}" if mark else str(problem)
