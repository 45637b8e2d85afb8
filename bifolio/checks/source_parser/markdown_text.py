"""Extracts the text of a source in reading order: title, text, notes."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from bifolio.checks.file_readers.extracted_text import ExtractedText
from bifolio.checks.source_parser.citations import read_citation_keys, remove_citations
from bifolio.checks.source_parser.html import html_text, silent_depth_change
from bifolio.checks.source_parser.marks import (
    admonition_title,
    div_language,
    escape_marks,
    remove_marks,
    replace_callout_mark,
)
from bifolio.checks.source_parser.parser import is_single_image, markdown_parser, parse_source, source_text

_CAPTION = re.compile(r"(?:Table)?:\s+(?=\S)")
_ATTRIBUTE_LIST_AFTER = re.compile(r"^ *\{:? *(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}")
_TAKE_ATTRIBUTES = frozenset({"em_close", "strong_close", "s_close", "math_inline_double"})
"""The tokens that may be followed by an attribute list in the dialect, but not for markdown-it."""
_TITLE_ATTRIBUTE = re.compile(
    r"""(?<![\w.-])(title|caption|filename|file|lst-cap)=("[^"]*"|'[^']*'|[^\s{},]+)""", re.IGNORECASE
)
_TITLE_KEYS = ("title", "caption", "filename", "file", "lst-cap")
"""The attributes of `_TITLE_ATTRIBUTE`, in the order in which an edition shows them."""
_FILE_NAME = re.compile(r"\s*[^\s,:{=]+:([^\s,{]+)")
_TRAILING_ATTRIBUTES = re.compile(r"\s*\{:?\s*(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}\s*$")


def extract_source(path: Path) -> ExtractedText:
    """Return the text of the Markdown or plain-text file at *path*.

    Raises ValueError if it cannot be read.
    """
    text = source_text(path)
    if path.suffix.lower() in (".txt", ".text"):
        title, _, rest = text.strip().partition("\n")
        return ExtractedText(path.name, rest, "", title)
    parsed = parse_source(path, markdown_parser())
    front_matter = parsed.front_matter
    keys = read_citation_keys(front_matter.bibliography, path.resolve().parent)
    collector = _TextCollector(front_matter.language, keys)
    collector.read(parsed.tokens)
    body = "\n".join(collector.text)
    title, *others = front_matter.heading or ("",)
    first = collector.title()
    if first and (not title or " ".join(title.split()) == " ".join(first.split())):
        title = first
        body = body.removeprefix(first)
    if not title:  # the title of the edition is then the name of its file
        title = path.stem.replace("-", " ").replace("_", " ")
    return ExtractedText(path.name, body, "\n".join(collector.notes), "\n".join([title, *others]))


class _TextCollector:
    """Collects text and notes from a token stream, one string for each block."""

    def __init__(self, language: str, citation_keys: frozenset[str]) -> None:
        self.text: list[str] = []
        self.notes: list[str] = []
        self._citation_keys = citation_keys
        self._languages = [language]
        """Of the whole text, and of each open div."""
        self._leading_heading = ""
        """The heading at the very beginning."""
        self._heading_tags: list[str] = []
        self._table_index = -1
        """Where the last table begins in the text, as long as no other block has followed it."""

    def title(self) -> str:
        """Return the heading that an edition takes for its title; empty if there is none."""
        top, *others = self._heading_tags or ["h1"]
        return self._leading_heading if top == "h1" or all(tag > top for tag in others) else ""

    def read(self, tokens: list[Token]) -> None:
        """Add the text of *tokens*."""
        out = self.text
        for index, token in enumerate(tokens):
            if token.type in ("footnote_block_open", "footnote_block_close"):
                out = self.notes if token.nesting > 0 else self.text
            elif token.type == "table_open":
                self._table_index = len(out)
            elif token.type == "math_block":
                out.append(token.content)
            elif token.type in ("fence", "code_block"):
                out += [_code_title(token.info), token.content]
            elif token.type == "html_block":
                out.append(html_text(token.content))
            elif token.type == "container_div_open":
                self._languages.append(div_language(token.info, self._languages[-1]))
            elif token.type == "container_div_close":
                self._languages.pop()
            elif token.type == "list_item_open" and "checked" in token.meta:
                out.append("\N{BALLOT BOX WITH CHECK}" if token.meta["checked"] else "\N{BALLOT BOX}")
            elif token.type == "inline":
                self._read_inline(tokens, index, out)

    def _read_inline(self, tokens: list[Token], index: int, out: list[str]) -> None:
        """Add the block whose content is the token at *index*: an admonition title, or text."""
        title = None
        if tokens[index - 1].type in ("admonition_title_open", "alert_title_open"):
            title = admonition_title(tokens[index - 2], self._languages[-1])
        if title is None:
            self._read_block(tokens, index, out)
        else:
            out.append(title)

    def _read_block(self, tokens: list[Token], index: int, out: list[str]) -> None:
        token, opening = tokens[index], tokens[index - 1]
        text = remove_marks(remove_citations(_inline_text(token), self._citation_keys))
        text = replace_callout_mark(text, tokens[max(index - 2, 0)], self._languages[-1])
        last_line = text.rpartition("\n")[2]
        if opening.type in ("heading_open", "dt_open") or _TRAILING_ATTRIBUTES.fullmatch(last_line):
            text = _TRAILING_ATTRIBUTES.sub("", text)
        if opening.type == "heading_open":
            if not self._leading_heading and not self._heading_tags and not any(out):
                self._leading_heading = text
            self._heading_tags.append(opening.tag)
        caption = _CAPTION.match(text) if opening.type == "paragraph_open" else None
        if caption and self._table_index >= 0:
            # An edition puts the caption above its table.
            out.insert(self._table_index, _TRAILING_ATTRIBUTES.sub("", text[caption.end() :]))
            self._table_index = -1
            return
        if caption and _is_before_table(tokens, index):
            text = _TRAILING_ATTRIBUTES.sub("", text[caption.end() :])
        if opening.type not in ("th_open", "td_open"):
            self._table_index = -1
        out.append(text)


def _is_before_table(tokens: list[Token], index: int) -> bool:
    """Say whether the paragraph with its content at *index* is the caption of a table that follows it."""
    if [token.type for token in tokens[index + 1 : index + 3]] != ["paragraph_close", "table_open"]:
        return False
    end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
    after = tokens[end + 1 : end + 3]
    return not (after and after[0].type == "paragraph_open" and _CAPTION.match(after[1].content))


def _code_title(info: str) -> str:
    """Return the title in *info*, the info string of a fence."""
    file = _FILE_NAME.match(info)
    attributes = {key.lower(): value.strip("\"'") for key, value in _TITLE_ATTRIBUTE.findall(info)}
    titles = [attributes[key] for key in _TITLE_KEYS if key in attributes]
    return unescapeAll(" ".join(dict.fromkeys(([file.group(1)] if file else []) + titles)))


def _inline_text(token: Token) -> str:
    """Return the text of an inline *token*, without that of silent HTML elements."""
    children = token.children or []
    is_figure = is_single_image(children)
    words: list[str] = []
    silent_depth = 0
    for before, child in zip([None, *children], children, strict=False):
        if child.type == "html_inline":
            silent_depth += silent_depth_change(child.content)
        elif silent_depth:
            continue
        elif before and before.type in _TAKE_ATTRIBUTES and child.type == "text":
            is_apart = before.nesting < 0 and child.content.startswith(" ")
            words.append(child.content if is_apart else _ATTRIBUTE_LIST_AFTER.sub("", child.content))
        elif child.type == "image":
            words.append(_figure_text(child) if is_figure else "")
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type == "text":
            words.append(child.content)
        elif child.type in ("text_special", "code_inline", "math_inline", "math_inline_double"):
            words.append(escape_marks(child.content))
    return "".join(words)


def _figure_text(image: Token) -> str:
    """Return the caption and the credit of a figure."""
    has_alt = image.attrGet("alt") is not None
    caption = _inline_text(image) if has_alt else str(image.attrGet("title") or "")
    return f"{caption} {image.attrGet('credit') or ''}"
