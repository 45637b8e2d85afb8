"""Parses a Markdown source with markdown-it; shares no code with the parser of the build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin
from yaml import YAMLError

from bifolio.checks.source_parser.front_matter import FrontMatter, read_front_matter
from bifolio.checks.source_parser.includes import expand_includes
from bifolio.checks.source_parser.marks import is_plain_dollars, remove_hidden
from bifolio.checks.source_parser.template_marks import (
    escape_template_marks,
    remove_template_marks,
    to_commonmark,
)

_math_inline = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A Markdown source with its included files."""

    front_matter: FrontMatter
    tokens: list[Token]


def source_text(path: Path) -> str:
    """Return the text of the file at *path*. Raises ValueError if it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error


def parse_source(path: Path, parser: MarkdownIt, environment: dict[str, Any] | None = None) -> ParsedSource:
    """Parse the Markdown file at *path*; *environment* is that of the *parser*, which collects the notes.

    Raises ValueError if the file cannot be read.
    """
    text = source_text(path)
    try:
        front_matter, text = read_front_matter(text)
    except (YAMLError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError("its front matter cannot be read") from error
    text = to_commonmark(expand_includes(text, path, path.resolve().parent))
    text = remove_template_marks(text) if front_matter.drops_templates else escape_template_marks(text)
    return ParsedSource(front_matter, parser.parse(remove_hidden(text), environment))


def markdown_parser() -> MarkdownIt:
    """Return a parser for the Markdown dialect."""
    parser = MarkdownIt("commonmark", {"alerts": True, "tasklists": True})
    # Without text_join, escaped characters remain tokens of their own.
    parser.enable(["table", "strikethrough"]).disable("text_join").use(deflist_plugin).use(admon_plugin)
    parser.use(footnote_plugin).use(attrs_plugin, spans=True)
    parser.inline.ruler.at("image", _parse_image)
    container_plugin(parser, "div", validate=lambda parameters, *_: bool(parameters.strip(": ")))
    dollarmath_plugin(
        parser, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False,
        double_inline=True,
    )  # fmt: skip
    parser.inline.ruler.at("math_inline", _parse_math)
    return parser


def _parse_math(state: StateInline, silent: bool) -> bool:
    """Parse inline maths, unless the dollars belong to variables of a program or to prose."""
    start = state.pos
    if not _math_inline(state, True):
        return False
    end, state.pos = state.pos, start
    return not is_plain_dollars(state.src[start : end + 1], end - start) and _math_inline(state, silent)


def _parse_image(state: StateInline, silent: bool) -> bool:
    """Parse an image without setting `alt`, so that an `alt` in its attribute list can be recognised."""
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].attrs.pop("alt", None)
    return True


def is_single_image(children: Sequence[Token]) -> bool:
    """Say whether the *children* of a block are one image and no text."""
    others = [child for child in children if child.type != "image"]
    return len(children) - len(others) == 1 and not any(child.content.strip() for child in others)
