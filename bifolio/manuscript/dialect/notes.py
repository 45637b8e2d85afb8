"""Notes: `[^label]` cites one, `[^label]: text` defines it; more paragraphs are indented."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from bifolio.manuscript.dialect.construct import Construct
from bifolio.publication import NOTE_CALL

NOTE = "{bifolio}note"
"""The element that holds a note until the structure is made."""
LABEL = "label"

_CALL = re.compile(r"\[\^([^\]\s]+)\]")


def _find(finder: MarkdownIt) -> None:
    """Let *finder* find the definitions of notes, and the places that cite them."""
    finder.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    finder.inline.ruler.before("link", "note_call", _rule)


def _element(token: Token, parent: Element) -> Element:
    """Add the note that *token* opens to *parent*."""
    return SubElement(parent, NOTE, {LABEL: str(token.meta["label"])})


def _note_call(token: Token, parent: Element) -> Element:
    """Add the mark that *token* stands for to *parent*."""
    return SubElement(parent, NOTE_CALL, {LABEL: token.content})


def _rule(state: StateInline, silent: bool) -> bool:
    call = _CALL.match(state.src, state.pos, state.posMax)
    if not call:
        return False
    if not silent:
        state.push("note_call", "", 0).content = call.group(1)
    state.pos = call.end()
    return True


CONSTRUCT = Construct(find=_find, build={"footnote_reference_open": _element, "note_call": _note_call})
