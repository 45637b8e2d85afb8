"""mdBook's marks: `{{#include file.rs:anchor}}` and its like put in their places.

They are as mdBook's guide describes them: https://rust-lang.github.io/mdBook/format/mdbook.html
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
    """Return *source* with what mdBook's marks stand for, and what there is to say of it.

    A mark that leads to nothing stays as it was typed. Raises SourceError where the whole grows too large.
    """
    if source.plain:
        return source, []
    work = Expansion(source)
    typed = enumerate(source.body.split("\n"), start=source.first_line)
    lines = _render(_expand(typed, source.path, (source.path.resolve(),), work))
    return work.done(lines), work.findings


def select_lines(text: str, part: str, *, once: bool) -> list[tuple[int, str]]:
    """Return the lines of *text* that *part* names, with their numbers from 1; none where it names nothing.

    A part is a line (`5`), a span of lines (`2:5`, `2:`, `:5`), an anchor, or empty for all. An anchor may
    stand in several places; *once* takes the first alone.
    """
    lines = list(enumerate(text.removesuffix("\n").split("\n"), start=1))
    first, colon, last = part.partition(":")
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
    lines: Iterable[tuple[int, str]], path: Path, open_files: tuple[Path, ...], work: Expansion
) -> Lines:
    """Give *lines* of the file at *path*, marks replaced, each with its place."""
    for number, line in lines:
        where = Where(path, number)
        # What stands before and behind a mark stays in its line: the text is replaced, as mdBook does it.
        parts = [("", where)]
        end = 0
        for mark in _DIRECTIVE.finditer(line):
            _splice(parts, [(line[end : mark.start()], where)])
            _splice(
                parts, _expand_directive(mark, where, open_files, work), _INDENT.match(line[: mark.start()])
            )
            end = mark.end()
        _splice(parts, [(line[end:], where)])
        yield from parts


def _splice(
    parts: list[tuple[str, Where]], more: list[tuple[str, Where]], margin: re.Match[str] | None = None
) -> None:
    """Add *more* to *parts*, its first line behind the last one and the others behind *margin*."""
    (line, where), (first, place) = parts[-1], more[0]
    parts[-1] = (line + first, place if not line.strip(" \t>") and first else where)
    before = margin[0] if margin else ""
    parts += [(before + text if text else before.rstrip(" \t"), place) for text, place in more[1:]]


def _expand_directive(
    mark: re.Match[str], where: Where, open_files: tuple[Path, ...], work: Expansion
) -> list[tuple[str, Where]]:
    """Return the lines that *mark* stands for."""
    as_typed = [(mark[0].removeprefix("\\"), where)]
    escaped, kind, said = mark.groups()
    if escaped:
        return as_typed
    if kind == "title":  # that of a web page
        return [("", where)]
    named, _, attributes = said.partition(" ") if kind.startswith("play") else (said, "", "")
    file, _, part = named.partition(":")
    opened = open_file(file, where, open_files, work, told=True)
    if opened is None:
        return as_typed
    real, shown, text = opened
    lines = select_lines(text, part, once=kind == "include")
    if not lines:
        work.findings.append(found("include-part", where, file=file, part=part))
        return as_typed
    inner = list(_expand(lines, shown, (*open_files, real), work))
    if kind.startswith("play"):
        info = ",".join(["rust", *attributes.replace(",", " ").split()])
        inner = [(f"```{info}", where), *inner, ("```", where)]
    return inner


def _render(lines: Iterable[tuple[str, Where]]) -> Lines:
    """Give *lines* as mdBook shows them.

    In Rust, what stands behind `# ` is hidden, and `##` is a `#`. A block of code in a `<Listing>`, as the
    preprocessor trpl-listing has it, is given its caption.
    """
    fence, is_rust, caption = "", False, ""
    for line, where in lines:
        mark = _FENCE.match(line)
        if not fence and (listing := _LISTING_OPEN.fullmatch(line)):
            caption = _caption({key: value for key, _, value in _ATTRIBUTE.findall(listing[1])})
            continue
        if not fence and _LISTING_CLOSE.fullmatch(line):
            if caption:  # there was no code
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


def _caption(said: dict[str, str]) -> str:
    """Return the caption of a listing: its number, what it shows, and the name of its file."""
    number, words, file = (said.get(key, "").strip() for key in ("number", "caption", "file-name"))
    whole = ": ".join(filter(None, (f"Listing {number}" if number else "", words)))
    whole = _EMPHASIS.sub(r"\2", whole)
    return f"{whole} ({file})" if whole and file else whole or file
