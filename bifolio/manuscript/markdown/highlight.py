"""Highlights code with Pygments: token types become a few classes; the text is unchanged.

| Class | Tokens |
| --- | --- |
| `k` | keywords, tags and constants of the language |
| `s` | strings |
| `c` | comments |
| `n` | numbers |
| `f` | definitions: functions, classes, selectors |
| `m` | metadata: decorators, directives, prompts, attributes |
| `d` | deleted lines |
| `i` | inserted lines |
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

if TYPE_CHECKING:
    from pygments.lexer import Lexer

CLASSES = {
    "Keyword": "k",
    "Operator.Word": "k",
    "Name.Tag": "k",
    "Name.Builtin.Pseudo": "k",
    "Literal.String": "s",
    "Comment": "c",
    "Comment.Preproc": "m",
    "Comment.PreprocFile": "m",
    "Literal.Number": "n",
    "Literal.Date": "n",
    "Name.Function": "f",
    "Name.Class": "f",
    "Generic.Heading": "f",
    "Generic.Subheading": "m",
    "Generic.Prompt": "m",
    "Name.Attribute": "m",
    "Name.Decorator": "m",
    "Name.Entity": "m",
    "Generic.Output": "",
    "Generic.Deleted": "d",
    "Generic.Inserted": "i",
}
"""By Pygments token type, which includes its subtypes: the class of the span."""
MAX_CHARACTERS = 60_000
"""Longer code, over some 1,500 lines, is not highlighted: every span costs layout time."""

LINE_NUMBER = "data-line-number"
"""The attribute for the number of a line, which is not part of the text."""

_MARKED = "marked"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_Run = tuple[str, str]
"""A class, or an empty string, and a text."""


def highlight(code: Element, language: str, marked: frozenset[int], first: int | None = None) -> None:
    """Split the text of *code* into spans if *language* is known, and mark the lines *marked*, from 1.

    With *first*, the number of the first line, each line becomes a span with its number.
    """
    text = code.text or ""
    runs = list(_runs(text, language)) or [("", text)]
    code.text = None
    if not marked and first is None:
        _append(code, runs)
        return
    for number, line in enumerate(_lines(runs), start=1):
        holder = SubElement(code, "mark", {"class": _MARKED}) if number in marked else code
        if first is not None:
            holder = SubElement(holder, "span", {LINE_NUMBER: str(first + number - 1)})
        _append(holder, line)


def _runs(text: str, language: str) -> Iterator[_Run]:
    """Yield *text* as runs of one class each; nothing if the lexer is unknown or would change the text."""
    if not language or len(text) > MAX_CHARACTERS:
        return
    lexer = _lexer(language.lower())
    if lexer is None:
        return
    tokens = [(kind, value) for _, kind, value in lexer.get_tokens_unprocessed(text) if value]
    if "".join(value for _, value in tokens) == text:
        yield from _merge((_class(kind), value) for kind, value in tokens)


def _merge(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Merge adjacent runs of one class and the whitespace between them."""
    last, text, space = "", "", ""
    for name, value in runs:
        if value.isspace():
            space += value
        elif name == last:
            text, space = text + space + value, ""
        else:
            if text:
                yield last, text
            if space:
                yield "", space
            last, text, space = name, value, ""
    if text:
        yield last, text
    if space:
        yield "", space


def _lines(runs: Iterable[_Run]) -> Iterator[list[_Run]]:
    """Yield *runs* line by line, each with its line break."""
    line: list[_Run] = []
    for name, text in runs:
        for piece in _LINE.findall(text):
            line.append((name, piece))
            if piece.endswith("\n"):
                yield line
                line = []
    if line:
        yield line


def _append(element: Element, runs: Iterable[_Run]) -> None:
    """Append *runs* to *element*: a span for each class, plain text without one."""
    for name, text in runs:
        if name:
            SubElement(element, "span", {"class": name}).text = AtomicString(text)
        elif len(element):
            element[-1].tail = AtomicString((element[-1].tail or "") + text)
        else:
            element.text = AtomicString((element.text or "") + text)


@functools.cache
def _class(kind: Any) -> str:
    """Return the class of the Pygments token type *kind*, or of its nearest supertype."""
    name = str(kind).removeprefix("Token.")
    while name:
        if name in CLASSES:
            return CLASSES[name]
        name = name.rpartition(".")[0]
    return ""


@functools.cache
def _lexer_names() -> dict[str, str]:
    """Return the lexer name for every alias, plug-ins excluded."""
    from pygments.lexers import get_all_lexers

    return {alias.lower(): name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}


@functools.cache
def _lexer(language: str) -> Lexer | None:
    """Return the lexer for *language*, in lower case; None if there is none."""
    name = _lexer_names().get(language)
    if name is None:
        return None
    from pygments.lexers import find_lexer_class

    kind = find_lexer_class(name)
    return kind(stripnl=False, ensurenl=False) if kind else None
