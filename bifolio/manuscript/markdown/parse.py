"""One Markdown text to one element tree, every block with its source line."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Markdown

from bifolio.manuscript.markdown.dialect import Dialect
from bifolio.manuscript.markdown.dialect.blocks import CommonMarkBlockParser
from bifolio.manuscript.markdown.dialect.citations import WORKS
from bifolio.manuscript.markdown.dialect.construct import Remark
from bifolio.manuscript.markdown.extensions.line_map import map_lines
from bifolio.manuscript.markdown.extensions.load import load_extensions
from bifolio.manuscript.markdown.raw_html import parse_raw
from bifolio.model.errors import BifolioError, SourceError, UsageError
from bifolio.model.findings import Where
from bifolio.model.publication import LINE

MAX_DEPTH = 120
"""How deep elements may stand in each other, so that both editions can carry them."""

_CONTROL = str.maketrans("", "", "\x02\x03")
"""Python-Markdown keeps these two characters for its placeholders."""


def parse_markdown(
    text: str, first_line: int, extensions: Sequence[str] = (), works: Set[str] | None = None
) -> tuple[Element, list[Remark]]:
    """Return the tree of *text*, a `div` with the author's HTML parsed but not sanitised, and remarks on it.

    *first_line* is the line of the file that *text* begins on; *extensions* are switched on. *works* are
    the keys of what it may cite; without them nothing is a citation. Raises SourceError when the text is
    nested too deep, or too tangled, to be read safely, and UsageError when an extension fails.
    """
    md = Markdown(extensions=[Dialect()])
    parser = md.parser
    assert isinstance(parser, CommonMarkBlockParser)
    parser.first_line = first_line
    parser.environment[WORKS] = works
    lines = text.translate(_CONTROL).split("\n")
    if not extensions:
        return _read(md, parser, lines), parser.remarks
    foreign = load_extensions(md, extensions)
    parser.remarks += foreign.remarks
    try:
        prepared = foreign.prepare(list(lines))
        parser.origins = map_lines(lines, prepared)
        return _read(md, parser, prepared, foreign.finish), parser.remarks
    except (BifolioError, RecursionError):
        raise
    except Exception as error:  # the program of others may fail in any way
        named = ", ".join(f"`{name}`" for name in extensions)
        raise UsageError(
            f"The text cannot be read with {named}: {type(error).__name__}: {error}.",
            hint="Leave one extension out at a time, and report the fault to its authors.",
        ) from error


def _read(
    md: Markdown,
    parser: CommonMarkBlockParser,
    lines: list[str],
    finish: Callable[[str], str] = lambda html: html,
) -> Element:
    with pause_garbage_collection():
        root = parser.parseDocument(lines).getroot()
        assert root is not None
        for treeprocessor in md.treeprocessors:
            changed = treeprocessor.run(root)
            root = root if changed is None else changed
        parse_raw(root, [str(piece) for piece in md.htmlStash.rawHtmlBlocks], finish)
    _check_depth(root)
    return root


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Keep Python from searching for rubbish: all of a growing tree is in use, and the search takes long."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _check_depth(root: Element) -> None:
    stack = [(root, 0, 0)]
    while stack:
        element, depth, line = stack.pop()
        line = int(element.get(LINE, line))
        if depth > MAX_DEPTH:
            raise SourceError(
                f"Elements stand in each other more than {MAX_DEPTH} deep.",
                Where(Path(), line),  # which file it is, the reader of the file knows
                "Look for tags and emphasis that nothing closes.",
            )
        stack.extend([(child, depth + 1, line) for child in element])
