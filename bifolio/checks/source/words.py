"""Reading a source as its author does: by an independent CommonMark parse, not by ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
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

from bifolio.checks.readers.extracted_text import ExtractedText
from bifolio.checks.source.citations import read_work_keys, remove_citations
from bifolio.checks.source.front_matter import read_front_matter
from bifolio.checks.source.html import html_text, silent_depth_change
from bifolio.checks.source.includes import expand_includes
from bifolio.checks.source.marks import (
    admonition_title,
    div_language,
    escape_marks,
    is_plain_dollars,
    remove_hidden,
    remove_marks,
    replace_callout_mark,
)
from bifolio.checks.source.template_marks import escape_template_marks, remove_template_marks, to_commonmark

_DOLLARS = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
_CAPTION = re.compile(r"(?:Table)?:\s+(?=\S)")
_BEHIND = re.compile(r"^ *\{:? *(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}")
_TAKES = frozenset({"em_close", "strong_close", "s_close", "math_inline_double"})
"""What attributes may stand behind that the parser itself does not know them behind."""
_TITLE = re.compile(
    r"""(?<![\w.-])(title|caption|filename|file|lst-cap)=("[^"]*"|'[^']*'|[^\s{},]+)""", re.IGNORECASE
)
_FILE = re.compile(r"\s*[^\s,:{=]+:([^\s,{]+)")
_ATTRIBUTES = re.compile(r"\s*\{:?\s*(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}\s*$")


def extract_source(path: Path) -> ExtractedText:
    """Return the words of the Markdown or plain-text file at *path*.

    Raises ValueError where it cannot be read.
    """
    text = source_text(path)
    if path.suffix.lower() in (".txt", ".text"):
        title, _, rest = text.strip().partition("\n")
        return ExtractedText(path.name, rest, "", title)
    heading, language, named, tokens = read_tokens(path, markdown_parser())
    parts = _Parts(language, read_work_keys(named, path.resolve().parent))
    parts.read(tokens)
    body = "\n".join(parts.text)
    first = parts.title()
    if first and (not any(heading[:1]) or " ".join(heading[0].split()) == " ".join(first.split())):
        heading = [first, *heading[1:]]
        body = body.removeprefix(first)
    if not any(heading[:1]):  # an edition is called by the name of its file
        heading = [path.stem.replace("-", " ").replace("_", " "), *heading[1:]]
    return ExtractedText(path.name, body, "\n".join(parts.notes), "\n".join(heading))


def source_text(path: Path) -> str:
    """Return the text of the file at *path*; raise ValueError where it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error


def read_tokens(
    path: Path, reader: MarkdownIt, environment: dict[str, Any] | None = None
) -> tuple[list[str], str, list[str], list[Token]]:
    """Return heading, language, files of the bibliography and tokens of the Markdown file at *path*.

    The heading is a list of lines.

    Raises ValueError where it cannot be read.
    """
    text = source_text(path)
    try:
        heading, drop, language, named, text = read_front_matter(text)
    except (YAMLError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError("its front matter cannot be read") from error
    text = to_commonmark(expand_includes(text, path, path.resolve().parent))
    text = remove_template_marks(text) if drop else escape_template_marks(text)
    return heading, language, named, reader.parse(remove_hidden(text), environment)


def markdown_parser() -> MarkdownIt:
    """Return a parser of the dialect that shares nothing with the one that editions are made by."""
    reader = MarkdownIt("commonmark", {"alerts": True, "tasklists": True})
    # What is escaped stays apart from the text around it.
    reader.enable(["table", "strikethrough"]).disable("text_join").use(deflist_plugin).use(admon_plugin)
    reader.use(footnote_plugin).use(attrs_plugin, spans=True)
    reader.inline.ruler.at("image", _image)
    container_plugin(reader, "div", validate=lambda parameters, *_: bool(parameters.strip(": ")))
    dollarmath_plugin(
        reader, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False,
        double_inline=True,
    )  # fmt: skip
    reader.inline.ruler.at("math_inline", _formula)
    return reader


def _formula(state: StateInline, silent: bool) -> bool:
    """Read a formula, but none where the dollars are those of a program's variables or of prose."""
    start = state.pos
    if not _DOLLARS(state, True):
        return False
    end, state.pos = state.pos, start
    return not is_plain_dollars(state.src[start : end + 1], end - start) and _DOLLARS(state, silent)


def _image(state: StateInline, silent: bool) -> bool:
    """Read a picture, its `alt` left open: what attributes behind it say can then be told from nothing."""
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].attrs.pop("alt", None)
    return True


class _Parts:
    """The text and the notes of a token stream, a block a string."""

    def __init__(self, language: str, works: frozenset[str]) -> None:
        self.works = works
        """The keys of what may be cited."""
        self.languages = [language]
        """Of the whole text, and of each div that is open."""
        self.text: list[str] = []
        self.notes: list[str] = []
        self.leading = ""
        """The heading that stands at the very beginning."""
        self.levels: list[str] = []
        """The tags of the headings."""
        self.table_at = -1
        """Where the last table begins in the text, while nothing has followed it."""

    def title(self) -> str:
        """Return the heading that an edition takes for its title; nothing where there is none."""
        top, *others = self.levels or ["h1"]
        return self.leading if top == "h1" or all(level > top for level in others) else ""

    def read(self, tokens: list[Token]) -> None:
        """Take in *tokens*."""
        out = self.text
        for place, token in enumerate(tokens):
            if token.type in ("footnote_block_open", "footnote_block_close"):
                out = self.notes if token.nesting > 0 else self.text
            elif token.type == "table_open":
                self.table_at = len(out)
            elif token.type == "math_block":
                out.append(token.content)
            elif token.type in ("fence", "code_block"):
                out += [_code_title(token.info), token.content]
            elif token.type == "html_block":
                out.append(html_text(token.content))
            elif token.type == "container_div_open":
                self.languages.append(div_language(token.info, self.languages[-1]))
            elif token.type == "container_div_close":
                self.languages.pop()
            elif token.type == "list_item_open" and "checked" in token.meta:
                out.append("\N{BALLOT BOX WITH CHECK}" if token.meta["checked"] else "\N{BALLOT BOX}")
            elif token.type == "inline":
                title = None
                if tokens[place - 1].type in ("admonition_title_open", "alert_title_open"):
                    title = admonition_title(tokens[place - 2], self.languages[-1])
                if title is None:
                    self._block(tokens, place, out)
                else:
                    out.append(title)

    def _block(self, tokens: list[Token], place: int, out: list[str]) -> None:
        token, opened = tokens[place], tokens[place - 1]
        words = remove_marks(remove_citations(_inline(token), self.works))
        words = replace_callout_mark(words, tokens[max(place - 2, 0)], self.languages[-1])
        last = words.rpartition("\n")[2]
        if opened.type in ("heading_open", "dt_open") or _ATTRIBUTES.fullmatch(last):
            words = _ATTRIBUTES.sub("", words)
        if opened.type == "heading_open":
            self.leading = self.leading or ("" if self.levels or any(out) else words)
            self.levels.append(opened.tag)
        caption = _CAPTION.match(words) if opened.type == "paragraph_open" else None
        if caption and self.table_at >= 0:
            # An edition sets the caption above its table.
            out.insert(self.table_at, _ATTRIBUTES.sub("", words[caption.end() :]))
            self.table_at = -1
            return
        if caption and _is_before_table(tokens, place):
            words = _ATTRIBUTES.sub("", words[caption.end() :])
        if opened.type not in ("th_open", "td_open"):
            self.table_at = -1
        out.append(words)


def _is_before_table(tokens: list[Token], place: int) -> bool:
    """Say whether the paragraph with its words at *place* is the caption of a table that follows it."""
    if [token.type for token in tokens[place + 1 : place + 3]] != ["paragraph_close", "table_open"]:
        return False
    end = next(n for n in range(place, len(tokens)) if tokens[n].type == "table_close")
    behind = tokens[end + 1 : end + 3]
    return not (behind and behind[0].type == "paragraph_open" and _CAPTION.match(behind[1].content))


def _code_title(info: str) -> str:
    """Return the title in *info*, what stands behind the backticks of a fence."""
    file = _FILE.match(info)
    said = {key.lower(): value.strip("\"'") for key, value in _TITLE.findall(info)}
    named = [said[key] for key in ("title", "caption", "filename", "file", "lst-cap") if key in said]
    return unescapeAll(" ".join(dict.fromkeys(([file.group(1)] if file else []) + named)))


def _inline(token: Token) -> str:
    children = token.children or []
    alone = is_single_image(children)
    words: list[str] = []
    silent = 0
    for before, child in zip([None, *children], children, strict=False):
        if child.type == "html_inline":
            silent += silent_depth_change(child.content)
        elif silent:
            continue
        elif before and before.type in _TAKES and child.type == "text":
            apart = before.nesting < 0 and child.content.startswith(" ")
            words.append(child.content if apart else _BEHIND.sub("", child.content))
        elif child.type == "image":
            words.append(_picture(child) if alone else "")
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type == "text":
            words.append(child.content)
        elif child.type in ("text_special", "code_inline", "math_inline", "math_inline_double"):
            words.append(escape_marks(child.content))
    return "".join(words)


def is_single_image(children: Sequence[Token]) -> bool:
    """Say whether the *children* of a block are one picture and nothing else."""
    others = [child for child in children if child.type != "image"]
    return len(children) - len(others) == 1 and not any(child.content.strip() for child in others)


def _picture(token: Token) -> str:
    """Return what stands under a figure: its caption and its credit."""
    explicit = token.attrGet("alt")
    caption = _inline(token) if explicit is not None else str(token.attrGet("title") or "")
    return f"{caption} {token.attrGet('credit') or ''}"
