"""Reading a source as its author does: by an independent CommonMark parse, not by ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from bifolio.proofing.reading import Reading

_CAPTION = re.compile(r"(?:Table)?:\s+(?=\S)")
_WORDS = frozenset({"text", "text_special", "code_inline"})
_ATTRIBUTES = re.compile(r"\s*\{:?\s*(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}\s*$")


def read_source(path: Path) -> Reading:
    """Return the words of the Markdown or plain-text file at *path*.

    Raises ValueError where it cannot be read.
    """
    text = source_text(path)
    if path.suffix.lower() in (".txt", ".text"):
        title, _, rest = text.strip().partition("\n")
        return Reading(path.name, rest, "", title)
    tokens = markdown_reader().parse(text)
    heading = front_lines(tokens)
    parts = _Parts()
    parts.read(tokens)
    body = "\n".join(parts.text)
    first = parts.title
    if first and (not heading or " ".join(heading[0].split()) == " ".join(first.split())):
        heading = [first, *heading[1:]]
        body = body.removeprefix(first)
    return Reading(path.name, body, "\n".join(parts.notes), "\n".join(heading))


def source_text(path: Path) -> str:
    """Return the text of the file at *path*; raise ValueError where it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error


def markdown_reader() -> MarkdownIt:
    """Return a parser of the dialect that shares nothing with the one that editions are made by."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    reader.use(front_matter_plugin).use(footnote_plugin).use(attrs_plugin, spans=True)
    reader.inline.ruler.at("image", _image)
    container_plugin(reader, "div", validate=lambda parameters, *_: bool(parameters.strip(": ")))
    return reader


def _image(state: StateInline, silent: bool) -> bool:
    """Read a picture, its `alt` left open: what attributes behind it say can then be told from nothing."""
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].attrs.pop("alt", None)
    return True


def front_lines(tokens: list[Token]) -> list[str]:
    """Return title, subtitle and authors from the front matter, the title first."""
    if not tokens or tokens[0].type != "front_matter":
        return []
    values = yaml.load(tokens[0].content, Loader=yaml.BaseLoader) or {}
    authors = values.get("author", values.get("authors", []))
    people = authors if isinstance(authors, list) else [authors]
    names = [person.get("name", "") if isinstance(person, dict) else person for person in people]
    return [str(part) for part in (values.get("title", ""), values.get("subtitle", ""), *names)]


class _Parts:
    """The text and the notes of a token stream, a block a string."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.notes: list[str] = []
        self.title = ""
        self.table_at = -1
        """Where the last table begins in the text, while nothing has followed it."""

    def read(self, tokens: list[Token]) -> None:
        """Take in *tokens*."""
        out = self.text
        for place, token in enumerate(tokens):
            if token.type in ("footnote_block_open", "footnote_block_close"):
                out = self.notes if token.nesting > 0 else self.text
            elif token.type == "table_open":
                self.table_at = len(out)
            elif token.type in ("fence", "code_block"):
                out.append(token.content)
            elif token.type == "html_block":
                out.append(_html_text(token.content))
            elif token.type == "inline":
                self._block(token, tokens[place - 1], out)

    def _block(self, token: Token, opened: Token, out: list[str]) -> None:
        words = _inline(token)
        last = words.rpartition("\n")[2]
        if opened.type == "heading_open" or _ATTRIBUTES.fullmatch(last):
            words = _ATTRIBUTES.sub("", words)
        if opened.type == "heading_open" and opened.tag == "h1" and not out:
            self.title = words
        caption = _CAPTION.match(words) if opened.type == "paragraph_open" else None
        if caption and self.table_at >= 0:
            # An edition sets the caption above its table.
            out.insert(self.table_at, _ATTRIBUTES.sub("", words[caption.end() :]))
            self.table_at = -1
            return
        if opened.type not in ("th_open", "td_open"):
            self.table_at = -1
        out.append(words)


def _inline(token: Token) -> str:
    children = token.children or []
    alone = is_alone(children)
    words = []
    for child in children:
        if child.type == "image":
            words.append(_picture(child) if alone else "")
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type in _WORDS:
            words.append(child.content)
    return "".join(words)


def is_alone(children: Sequence[Token]) -> bool:
    """Say whether the *children* of a block are one picture and nothing else."""
    others = [child for child in children if child.type != "image"]
    return len(children) - len(others) == 1 and not any(child.content.strip() for child in others)


def _picture(token: Token) -> str:
    """Return what stands under a figure: its caption and its credit."""
    explicit = token.attrGet("alt")
    words = "".join(child.content for child in token.children or [] if child.type in _WORDS)
    caption = words if explicit is not None else str(token.attrGet("title") or "")
    return f"{caption} {token.attrGet('credit') or ''}"


def _html_text(html: str) -> str:
    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.words: list[str] = []
            self.silent = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.silent += tag in ("script", "style", "svg", "template")

        def handle_endtag(self, tag: str) -> None:
            self.silent -= tag in ("script", "style", "svg", "template")

        def handle_data(self, data: str) -> None:
            if not self.silent:
                self.words.append(data)

    parser = Words()
    parser.feed(html)
    return " ".join(parser.words)
