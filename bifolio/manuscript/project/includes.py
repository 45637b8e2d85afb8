"""Files included in the text: a line `{!file.md!}`, as markdown-include has it."""

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
"""How many files a text may include, each as often as it does."""

_INCLUDE = re.compile(r"([ \t]*)\{!\s*([^!\n]+?)\s*!\}[ \t]*")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


@dataclass(slots=True)
class Expansion:
    """One source on its way: what was said of it, and what was included."""

    source: SourceFile
    findings: list[Finding] = field(default_factory=list)
    included: list[Path] = field(default_factory=list)
    size: int = 0

    def done(self, lines: Iterable[tuple[str, Where]]) -> SourceFile:
        """Return the source with *lines* for its body, each with its place."""
        listed = list(lines)
        return replace(
            self.source,
            body="\n".join(line for line, _ in listed),
            origins=tuple(where for _, where in listed),
            included=tuple(self.included),
        )


def expand_includes(source: SourceFile) -> tuple[SourceFile, list[Finding]]:
    """Return *source* with the files that it includes in their places, and what there is to say of them.

    A file that cannot be included leaves its line as it was typed. Raises SourceError where the whole
    grows too large.
    """
    if source.plain or "{!" not in source.body:
        return source, []
    work = Expansion(source)
    lines = _expand(source.body, source.path, source.first_line, (source.path.resolve(),), work)
    return work.done(lines), work.findings


def set_origins(root: Element, source: SourceFile) -> None:
    """Give the elements of *root* their lines in the files that they come from, and the names of those."""
    if not source.origins:
        return
    for element in root.iter():
        if LINE in element.attrib:
            where = source.where(int(element.attrib[LINE]))
            element.set(LINE, str(where.line))
            element.set(FILE, str(where.file))


def _expand(
    text: str, path: Path, first_line: int, open_files: tuple[Path, ...], work: Expansion
) -> Iterator[tuple[str, Where]]:
    """Give the lines of *text*, included ones among them, each with its place."""
    fence = ""
    for number, line in enumerate(text.split("\n"), start=first_line):
        where = Where(path, number)
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip() == line.strip()[0] * len(line.strip()) and mark.group(1).startswith(fence):
            fence = ""
        match = _INCLUDE.fullmatch(line)
        included = _open_included(match.group(2), where, open_files, work, told=not fence) if match else None
        if not match or not included:
            yield line, where
            continue
        real, shown, inner, start = included
        for inner_line, place in _expand(inner, shown, start, (*open_files, real), work):
            yield match.group(1) + inner_line if inner_line else "", place


def _open_included(
    named: str, where: Where, open_files: tuple[Path, ...], work: Expansion, *, told: bool
) -> tuple[Path, Path, str, int] | None:
    """Return what `open_file` does, without front matter, and the line on which the text begins."""
    opened = open_file(named, where, open_files, work, told=told)
    if opened is None:
        return None
    real, shown, text = opened
    line = 1
    if real.suffix.lower() in MARKDOWN_SUFFIXES:
        front, text, line = split_front_matter(text, shown)
        if front.form:
            work.findings.append(found("include-front", Where(shown, 1), file=named))
    return real, shown, text.rstrip("\n"), line


def open_file(
    named: str, where: Where, open_files: tuple[Path, ...], work: Expansion, *, told: bool
) -> tuple[Path, Path, str] | None:
    """Return the file *named*: its real path, its path as findings show it, and its text.

    *open_files* are those that it is included in. None where it cannot be included; a finding says so if
    *told*, which a sample of code is not. Raises SourceError where the whole grows too large.
    """
    root = work.source.root
    try:
        real = find_file(named, root, open_files[-1].parent).path
    except FileLookupError as error:
        if told:
            code = "include-missing" if str(error) == "missing" else "include-outside"
            work.findings.append(found(code, where, file=named))
        return None
    if real in open_files:
        work.findings.append(found("include-loop", where, file=named))
        return None
    try:
        text = read_text(real)
    except SourceError as error:
        message = error.message[:1].lower() + error.message[1:].rstrip(".")
        work.findings.append(found("include-unreadable", where, file=named, why=message))
        return None
    work.included.append(real)
    work.size += len(text)
    if len(work.included) > MAX_INCLUDES or work.size > MAX_BYTES:
        limits = f"{MAX_INCLUDES} files or {MAX_BYTES // 2**20} MiB"
        raise SourceError(f"The text includes more than {limits}.", where, "Include less.")
    return real, work.source.path.parent / real.relative_to(root), text
