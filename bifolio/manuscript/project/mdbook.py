"""Expands the directives of mdBook, such as `{{#include file.rs:anchor}}`.

They are described in its guide: https://rust-lang.github.io/mdBook/format/mdbook.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bifolio.manuscript.project.includes import Expansion, open_file
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, Where, found

_DIRECTIVE = re.compile(
    r"(\\?)\{\{\s*#(include|rustdoc_include|playground|playpen|title)\s+([^}\n]*?)\s*\}\}"
)
_ANCHOR_START = re.compile(r"ANCHOR:\s*([\w-]+)")
_ANCHOR_END = re.compile(r"ANCHOR_END:\s*([\w-]+)")
_FENCE = re.compile(r"([ \t>]*)(`{3,}|~{3,})[ \t]*(\w*)")
_HIDDEN_LINE = re.compile(r"([ \t>]*)#(.?)(.*)")
_LISTING_OPEN = re.compile(r"""[ \t>]*<Listing((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*>[ \t]*""")
_LISTING_CLOSE = re.compile(r"[ \t>]*</Listing>[ \t]*")
_ATTRIBUTE = re.compile(r"""([\w-]+)=(["'])(.*?)\2""")
_EMPHASIS = re.compile(r"([*`]+)(.+?)\1")
_INDENT = re.compile(r"[ \t>]*")

Lines = Iterator[tuple[str, Where]]


def expand_directives(source: SourceFile) -> tuple[SourceFile, list[Finding]]:
    """Return *source* with its directives expanded, and the findings.

    A directive that cannot be expanded stays as typed. Raises SourceError if there are too many includes.
    """
    if source.plain:
        return source, []
    expansion = Expansion(source)
    typed = enumerate(source.body.split("\n"), start=source.first_line)
    lines = _render(_expand(typed, source.path, (source.path.resolve(),), expansion))
    return expansion.finish(lines), expansion.findings


def select_lines(text: str, selector: str, *, once: bool) -> list[tuple[int, str]]:
    """Return the lines of *text* that *selector* selects, with their numbers from 1; an empty list if none.

    A selector is a line (`5`), a range (`2:5`, `2:`, `:5`), the name of an anchor, or empty for all lines.
    An anchor can occur several times; *once* takes the first occurrence only.
    """
    lines = list(enumerate(text.removesuffix("\n").split("\n"), start=1))
    first, colon, last = selector.partition(":")
    if first and not first.isdecimal():
        return list(_lines_of_anchor(lines, first, once))
    start = max(int(first), 1) if first else 1
    end = int(last) if last.isdecimal() else start if first and not colon else len(lines)
    return lines[start - 1 : end]


def _lines_of_anchor(lines: Iterable[tuple[int, str]], name: str, once: bool) -> Iterator[tuple[int, str]]:
    within = False
    for number, line in lines:
        end = _ANCHOR_END.search(line)
        start = None if end else _ANCHOR_START.search(line)
        if within and end and end[1] == name:
            within = False
            if once:
                return
        elif within and not (start or end):
            yield number, line
        elif start and start[1] == name:
            within = True


def _expand(
    lines: Iterable[tuple[int, str]], path: Path, open_files: tuple[Path, ...], expansion: Expansion
) -> Lines:
    """Yield *lines* of the file at *path* with directives expanded, each with its position in its file."""
    for number, line in lines:
        where = Where(path, number)
        # Text before and after a directive stays on its line, because mdBook replaces text, not lines.
        parts = [("", where)]
        end = 0
        for mark in _DIRECTIVE.finditer(line):
            _splice(parts, [(line[end : mark.start()], where)])
            _splice(
                parts,
                _expand_directive(mark, where, open_files, expansion),
                _INDENT.match(line[: mark.start()]),
            )
            end = mark.end()
        _splice(parts, [(line[end:], where)])
        yield from parts


def _splice(
    parts: list[tuple[str, Where]], more: list[tuple[str, Where]], margin: re.Match[str] | None = None
) -> None:
    """Append *more* to *parts*, its first line to the last one, and the others indented by *margin*."""
    (line, where), (first, origin) = parts[-1], more[0]
    parts[-1] = (line + first, origin if not line.strip(" \t>") and first else where)
    before = margin[0] if margin else ""
    parts += [(before + text if text else before.rstrip(" \t"), origin) for text, origin in more[1:]]


def _expand_directive(
    mark: re.Match[str], where: Where, open_files: tuple[Path, ...], expansion: Expansion
) -> list[tuple[str, Where]]:
    """Return the lines that *mark*, a match of a directive, expands to."""
    as_typed = [(mark[0].removeprefix("\\"), where)]
    escaped, kind, argument = mark.groups()
    if escaped:
        return as_typed
    if kind == "title":  # the title of a web page
        return [("", where)]
    name, _, attributes = argument.partition(" ") if kind.startswith("play") else (argument, "", "")
    file, _, selector = name.partition(":")
    opened = open_file(file, where, open_files, expansion, report=True)
    if opened is None:
        return as_typed
    real, shown, text = opened
    lines = select_lines(text, selector, once=kind == "include")
    if not lines:
        expansion.findings.append(found("include-part", where, file=file, part=selector))
        return as_typed
    inner = list(_expand(lines, shown, (*open_files, real), expansion))
    if kind.startswith("play"):
        info = ",".join(["rust", *attributes.replace(",", " ").split()])
        inner = [(f"```{info}", where), *inner, ("```", where)]
    return inner


def _render(lines: Iterable[tuple[str, Where]]) -> Lines:
    """Yield *lines* as mdBook renders them.

    In Rust code, lines that begin with `# ` are hidden, and `##` is an escaped `#`. A code block in a
    `<Listing>`, the syntax of the preprocessor trpl-listing, is given its caption.
    """
    fence, is_rust, caption = "", False, ""
    for line, where in lines:
        mark = _FENCE.match(line)
        if not fence and (listing := _LISTING_OPEN.fullmatch(line)):
            caption = _caption({key: value for key, _, value in _ATTRIBUTE.findall(listing[1])})
            continue
        if not fence and _LISTING_CLOSE.fullmatch(line):
            if caption:  # the listing has no code block
                yield line.partition("<")[0] + caption, where
            caption = ""
            continue
        if mark and not fence:
            fence, is_rust = mark[2], mark[3] == "rust"
            if caption:
                quote = "'" if '"' in caption else '"'
                line, caption = f"{line.rstrip()} title={quote}{caption.replace(quote, '’')}{quote}", ""
        elif mark and mark[2].startswith(fence) and not line[mark.end(2) :].strip():
            fence = ""
        elif fence and is_rust and (hidden := _HIDDEN_LINE.fullmatch(line)):
            if hidden[2] in ("", " "):
                continue
            if hidden[2] == "#":
                line = f"{hidden[1]}#{hidden[3]}"
        yield line, where


def _caption(attributes: dict[str, str]) -> str:
    """Return the caption of a listing with *attributes*: its number, its text and the name of its file."""
    number, words, file = (attributes.get(key, "").strip() for key in ("number", "caption", "file-name"))
    whole = ": ".join(filter(None, (f"Listing {number}" if number else "", words)))
    whole = _EMPHASIS.sub(r"\2", whole)
    return f"{whole} ({file})" if whole and file else whole or file
