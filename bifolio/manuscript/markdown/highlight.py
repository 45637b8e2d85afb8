"""Code in colour: its words sorted into a few classes by Pygments, the text itself untouched.

| Class | What |
| --- | --- |
| `k` | keywords, tags and constants of the language |
| `s` | strings |
| `c` | comments |
| `n` | numbers |
| `f` | names that are defined: functions, classes, selectors |
| `m` | what speaks about the code: decorators, directives, prompts, attributes |
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
"""By Pygments' type of token, which stands for all types below it: our class."""
MAX_CHARACTERS = 60_000
"""Code of more characters, some 1,500 lines, stays plain: each word in colour costs the layout time."""

LINE_NUMBER = "data-line-number"
"""The attribute of a numbered line that holds its number, which is no part of the text."""

_MARKED = "marked"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_Run = tuple[str, str]
"""A class, perhaps empty, and a text."""


def highlight(code: Element, language: str, marked: frozenset[int], first: int | None = None) -> None:
    """Sort the text of *code* into spans, where *language* is known, and mark the lines *marked*.

    With *first*, the number of the first line, each line is a span with its number.
    """
    text = code.text or ""
    runs = list(_runs(text, language)) or [("", text)]
    code.text = None
    if not marked and first is None:
        _fill(code, runs)
        return
    for number, line in enumerate(_lines(runs), start=1):
        holder = SubElement(code, "mark", {"class": _MARKED}) if number in marked else code
        if first is not None:
            holder = SubElement(holder, "span", {LINE_NUMBER: str(first + number - 1)})
        _fill(holder, line)


def _runs(text: str, language: str) -> Iterator[_Run]:
    """Give *text* in runs of one class each; nothing where it cannot be sorted without loss."""
    if not language or len(text) > MAX_CHARACTERS:
        return
    lexer = _lexer(language.lower())
    if lexer is None:
        return
    found = [(kind, value) for _, kind, value in lexer.get_tokens_unprocessed(text) if value]
    if "".join(value for _, value in found) == text:
        yield from _merge((_class(kind), value) for kind, value in found)


def _merge(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join neighbours of one class; blanks between two of them belong to both."""
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
    """Give *runs* line by line, each with the line break at its end."""
    line: list[_Run] = []
    for name, text in runs:
        for piece in _LINE.findall(text):
            line.append((name, piece))
            if piece.endswith("\n"):
                yield line
                line = []
    if line:
        yield line


def _fill(element: Element, runs: Iterable[_Run]) -> None:
    """Put *runs* at the end of *element*; what has no class is bare text."""
    for name, text in runs:
        if name:
            SubElement(element, "span", {"class": name}).text = AtomicString(text)
        elif len(element):
            element[-1].tail = AtomicString((element[-1].tail or "") + text)
        else:
            element.text = AtomicString((element.text or "") + text)


@functools.cache
def _class(kind: Any) -> str:
    """Return the class for *kind*, a type of token: its own, or that of the nearest type above it."""
    name = str(kind).removeprefix("Token.")
    while name:
        if name in CLASSES:
            return CLASSES[name]
        name = name.rpartition(".")[0]
    return ""


@functools.cache
def _names() -> dict[str, str]:
    """Return the name of Pygments' lexer for every short name; its plug-ins are left out."""
    from pygments.lexers import get_all_lexers

    return {alias.lower(): name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}


@functools.cache
def _lexer(language: str) -> Lexer | None:
    """Return Pygments' lexer for *language*, which is in small letters; None where it has none."""
    name = _names().get(language)
    if name is None:
        return None
    from pygments.lexers import find_lexer_class

    kind = find_lexer_class(name)
    return kind(stripnl=False, ensurenl=False) if kind else None
