"""Expands includes: a line `{!file.md!}`, the syntax of markdown-include."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import (
    MARKDOWN_SUFFIXES,
    MAX_BYTES,
    SourceFile,
    read_text,
    split_front_matter,
)
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import FILE, LINE

MAX_INCLUDES = 1000
"""The limit of includes in one source; a file counts each time."""

_INCLUDE = re.compile(r"([ \t]*)\{!\s*([^!\n]+?)\s*!\}[ \t]*")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


@dataclass(slots=True)
class Expansion:
    """The state of expanding one source: the findings and the included files."""

    source: SourceFile
    findings: list[Finding] = field(default_factory=list)
    included: list[Path] = field(default_factory=list)
    size: int = 0
    """The characters included so far."""

    def finish(self, lines: Iterable[tuple[str, Where]]) -> SourceFile:
        """Return the source with *lines* as its body, each with its position in its file."""
        listed = list(lines)
        return replace(
            self.source,
            body="\n".join(line for line, _ in listed),
            origins=tuple(where for _, where in listed),
            included=tuple(self.included),
        )


def expand_includes(source: SourceFile) -> tuple[SourceFile, list[Finding]]:
    """Return *source* with its includes expanded, and the findings.

    If a file cannot be included, the line stays as typed. Raises SourceError if there are too many includes.
    """
    if source.plain or "{!" not in source.body:
        return source, []
    expansion = Expansion(source)
    lines = _expand(source.body, source.path, source.first_line, (source.path.resolve(),), expansion)
    return expansion.finish(lines), expansion.findings


def set_origins(root: Element, source: SourceFile) -> None:
    """Set the file and line of every element in *root* that was included from another file."""
    if not source.origins:
        return
    for element in root.iter():
        if LINE in element.attrib:
            where = source.where(int(element.attrib[LINE]))
            element.set(LINE, str(where.line))
            element.set(FILE, str(where.file))


def _expand(
    text: str, path: Path, first_line: int, open_files: tuple[Path, ...], expansion: Expansion
) -> Iterator[tuple[str, Where]]:
    """Yield the lines of *text* with includes expanded, each with its position in its file."""
    fence = ""
    for number, line in enumerate(text.split("\n"), start=first_line):
        where = Where(path, number)
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip() == line.strip()[0] * len(line.strip()) and mark.group(1).startswith(fence):
            fence = ""
        match = _INCLUDE.fullmatch(line)
        included = (
            _open_included(match.group(2), where, open_files, expansion, report=not fence) if match else None
        )
        if not match or not included:
            yield line, where
            continue
        real, shown, inner, start = included
        for inner_line, origin in _expand(inner, shown, start, (*open_files, real), expansion):
            yield match.group(1) + inner_line if inner_line else "", origin


def _open_included(
    name: str, where: Where, open_files: tuple[Path, ...], expansion: Expansion, *, report: bool
) -> tuple[Path, Path, str, int] | None:
    """Return the result of `open_file` without front matter, and the number of the first line."""
    opened = open_file(name, where, open_files, expansion, report=report)
    if opened is None:
        return None
    real, shown, text = opened
    line = 1
    if real.suffix.lower() in MARKDOWN_SUFFIXES:
        front, text, line = split_front_matter(text, shown)
        if front.form:
            expansion.findings.append(found("include-front", Where(shown, 1), file=name))
    return real, shown, text.rstrip("\n"), line


def open_file(
    name: str, where: Where, open_files: tuple[Path, ...], expansion: Expansion, *, report: bool
) -> tuple[Path, Path, str] | None:
    """Return the real path of the file *name*, its path for findings, and its text; None if it has failed.

    *open_files* are the files that include each other down to this one, to detect loops. *report* adds a
    finding for a missing file; it is false in code samples, which may show the syntax. Raises SourceError if
    there are too many includes.
    """
    root = expansion.source.root
    try:
        real = find_file(name, root, open_files[-1].parent).path
    except FileLookupError as error:
        if report:
            code = "include-missing" if str(error) == "missing" else "include-outside"
            expansion.findings.append(found(code, where, file=name))
        return None
    if real in open_files:
        expansion.findings.append(found("include-loop", where, file=name))
        return None
    try:
        text = read_text(real)
    except SourceError as error:
        message = error.message[:1].lower() + error.message[1:].rstrip(".")
        expansion.findings.append(found("include-unreadable", where, file=name, why=message))
        return None
    expansion.included.append(real)
    expansion.size += len(text)
    if len(expansion.included) > MAX_INCLUDES or expansion.size > MAX_BYTES:
        limits = f"{MAX_INCLUDES} files or {MAX_BYTES // 2**20} MiB"
        raise SourceError(f"The text includes more than {limits}.", where, "Include fewer files.")
    return real, expansion.source.path.parent / real.relative_to(root), text
