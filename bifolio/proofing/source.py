"""Reading a source as its author does: by an independent CommonMark parse, not by ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from bifolio.proofing.reading import Reading

_CAPTION = re.compile(r"(?:Table)?:\s+(?=\S)")
_BEHIND = re.compile(r"^ *\{:? *(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}")
_TITLE = re.compile(
    r"""(?<![\w.-])(title|caption|filename|file|lst-cap)=("[^"]*"|'[^']*'|[^\s{},]+)""", re.IGNORECASE
)
_FILE = re.compile(r"\s*[^\s,:{=]+:([^\s,{]+)")
_ATTRIBUTES = re.compile(r"\s*\{:?\s*(?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*\}\s*$")


def read_source(path: Path) -> Reading:
    """Return the words of the Markdown or plain-text file at *path*.

    Raises ValueError where it cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error
    if path.suffix.lower() in (".txt", ".text"):
        title, _, rest = text.strip().partition("\n")
        return Reading(path.name, rest, "", title)
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    reader.use(front_matter_plugin).use(footnote_plugin).use(attrs_plugin, spans=True)
    container_plugin(reader, "div", validate=lambda parameters, *_: bool(parameters.strip(": ")))
    dollarmath_plugin(
        reader, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False,
        double_inline=True,
    )  # fmt: skip
    tokens = reader.parse(text)
    heading = _front(tokens)
    parts = _Parts()
    parts.read(tokens)
    body = "\n".join(parts.text)
    first = parts.title
    if first and (not heading or " ".join(heading[0].split()) == " ".join(first.split())):
        heading = [first, *heading[1:]]
        body = body.removeprefix(first)
    return Reading(path.name, body, "\n".join(parts.notes), "\n".join(heading))


def _front(tokens: list[Token]) -> list[str]:
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
            elif token.type == "math_block":
                out.append(token.content)
            elif token.type in ("fence", "code_block"):
                out += [_code_title(token.info), token.content]
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


def _code_title(info: str) -> str:
    """Return the title in *info*, what stands behind the backticks of a fence."""
    file = _FILE.match(info)
    said = {key.lower(): value.strip("\"'") for key, value in _TITLE.findall(info)}
    named = [said[key] for key in ("title", "caption", "filename", "file", "lst-cap") if key in said]
    return unescapeAll(" ".join(dict.fromkeys(([file.group(1)] if file else []) + named)))


def _inline(token: Token) -> str:
    children = token.children or []
    pictures = [child for child in children if child.type == "image"]
    alone = len(pictures) == 1 and not any(
        child.content.strip() for child in children if child.type != "image"
    )
    words: list[str] = []
    for before, child in zip([None, *children], children, strict=False):
        if before and before.type == "math_inline_double" and child.type == "text":
            words.append(_BEHIND.sub("", child.content))
        elif child.type == "image":
            words.append(_picture(child) if alone else "")
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type in ("text", "text_special", "code_inline", "math_inline", "math_inline_double"):
            words.append(child.content)
    return "".join(words)


def _picture(token: Token) -> str:
    """Return what stands under a figure: its caption and its credit."""
    explicit = token.attrGet("alt")
    caption = token.content if explicit else str(token.attrGet("title") or "")
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
