"""Parses Markdown text into an element tree with source lines."""

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
"""The maximum nesting of elements that both editions support."""

_WITHOUT_PLACEHOLDER_CHARACTERS = str.maketrans("", "", "\x02\x03")
"""Removes the two characters that Python-Markdown uses for placeholders."""


def parse_markdown(
    text: str, first_line: int, extensions: Sequence[str] = (), works: Set[str] | None = None
) -> tuple[Element, list[Remark]]:
    """Return the tree of *text*, a `div` in which raw HTML is parsed but not sanitised, and the remarks.

    *first_line* is the line of the file on which *text* begins; *extensions* are names of Python-Markdown
    extensions. *works* are the citation keys of the bibliography; without them nothing is a citation. Raises
    SourceError if blocks, elements or brackets are nested too deep, and UsageError if an extension fails.
    """
    md = Markdown(extensions=[Dialect()])
    parser = md.parser
    assert isinstance(parser, CommonMarkBlockParser)
    parser.first_line = first_line
    parser.environment[WORKS] = works
    lines = text.translate(_WITHOUT_PLACEHOLDER_CHARACTERS).split("\n")
    if not extensions:
        return _parse(md, parser, lines), parser.remarks
    loaded = load_extensions(md, extensions)
    parser.remarks += loaded.remarks
    try:
        preprocessed = loaded.preprocess(list(lines))
        parser.line_map = map_lines(lines, preprocessed)
        return _parse(md, parser, preprocessed, loaded.postprocess), parser.remarks
    except (BifolioError, RecursionError):
        raise
    except Exception as error:  # third-party code may raise anything
        names = ", ".join(f"`{name}`" for name in extensions)
        raise UsageError(
            f"The text cannot be read with {names}: {type(error).__name__}: {error}.",
            hint="Remove one extension at a time to find the one that fails, and report it to its authors.",
        ) from error


def _parse(
    md: Markdown,
    parser: CommonMarkBlockParser,
    lines: list[str],
    postprocess: Callable[[str], str] = lambda html: html,
) -> Element:
    with pause_garbage_collection():
        root = parser.parseDocument(lines).getroot()
        assert root is not None
        for treeprocessor in md.treeprocessors:
            changed = treeprocessor.run(root)
            root = root if changed is None else changed
        parse_raw(root, [str(piece) for piece in md.htmlStash.rawHtmlBlocks], postprocess)
    _check_depth(root)
    return root


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Disable garbage collection: a growing tree is all in use, and traversing it again and again is slow."""
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
                f"Elements are nested more than {MAX_DEPTH} deep.",
                Where(Path(), line),  # the caller fills in the file
                "Check for tags and emphasis that are never closed.",
            )
        stack.extend([(child, depth + 1, line) for child in element])
