"""Notes: `[^label]` cites one, `[^label]: text` defines it; more paragraphs are indented."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from bifolio.publication import NOTE_CALL

TOKENS = frozenset({"footnote_reference_open"})
NOTE = "{bifolio}note"
"""The element that holds a note until the structure is made."""
LABEL = "label"

_CALL = r"\[\^([^\]\s]+)\](?!:)"


def find(finder: MarkdownIt) -> None:
    """Let *finder* find the definitions of notes."""
    finder.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})


def extend(md: Markdown) -> None:
    """Register the citing of notes, before links are looked for."""
    md.inlinePatterns.register(_NoteCall(_CALL, md), "note_call", 175)


def element(token: Token, parent: Element) -> Element:
    """Add the note that *token* opens to *parent*."""
    return SubElement(parent, NOTE, {LABEL: str(token.meta["label"])})


class _NoteCall(InlineProcessor):
    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        return Element(NOTE_CALL, {LABEL: m.group(1)}), m.start(0), m.end(0)
