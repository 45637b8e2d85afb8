"""Footnotes: `[^label]` is the call, `[^label]: text` the note, with further paragraphs indented.

`^[text]` is an inline note: call and note in one.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.model.publication import LINE, NOTE_CALL

NOTE = "{bifolio}note"
"""The element that holds a note until the section is assembled."""
LABEL = "label"

_COUNT = "inline notes"
"""The environment's entry for the number of inline notes."""
_CALL = re.compile(r"\[\^([^\]\s]{1,999})\]")
"""A call; the label has the length limit of a link label (CommonMark 0.31.2, 6.3)."""


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the rules for notes, calls and inline notes."""
    tokenizer.block.ruler.before(
        "reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]}
    )
    tokenizer.inline.ruler.before("link", "note_call", _call_rule)
    # Before superscript, which also begins with `^`.
    tokenizer.inline.ruler.before("emphasis", "note_inline", _inline_rule)


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor that moves inline notes, after the inline parser."""
    md.treeprocessors.register(_InlineNotes(md), "inline_notes", 19)


def _render_note(token: Token, parent: Element) -> Element:
    """Append the note that *token* opens to *parent*."""
    return SubElement(parent, NOTE, {LABEL: str(token.meta["label"])})


def _render_call(token: Token, parent: Element) -> Element:
    """Append the call in *token* to *parent*."""
    return SubElement(parent, NOTE_CALL, {LABEL: token.content})


def _render_inline_note(token: Token, parent: Element) -> Element:
    """Append a call that contains its note to *parent*; return the paragraph of the note."""
    # A label in the source cannot contain a space.
    label = {LABEL: f"inline note {token.content}"}
    return SubElement(SubElement(SubElement(parent, NOTE_CALL, label), NOTE, label), "p")


def _call_rule(state: StateInline, silent: bool) -> bool:
    call = _CALL.match(state.src, state.pos, state.posMax)
    if not call:
        return False
    if not silent:
        state.push("note_call", "", 0).content = call.group(1)
    state.pos = call.end()
    return True


def _inline_rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("^[", state.pos):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    text = state.src[state.pos + 2 : max(end, 0)]
    if not text.strip():
        return False
    if not silent:
        token = state.push("note_inline", "", 0)
        state.env[_COUNT] = state.env.get(_COUNT, 0) + 1
        token.content, token.children = str(state.env[_COUNT]), []
        state.md.inline.parse(text.strip(), state.md, state.env, token.children)
    state.pos = end + 1
    return True


class _InlineNotes(Treeprocessor):
    """Moves inline notes to the end of the text."""

    def run(self, root: Element) -> None:
        line = "0"
        for element in list(root.iter()):
            line = element.get(LINE, line)
            if element.tag == NOTE_CALL:
                for note in list(element):
                    element.remove(note)
                    note.set(LINE, line)
                    root.append(note)


CONSTRUCT = Construct(
    tokenize=_register_rules,
    render={
        "footnote_reference_open": _render_note,
        "note_call": _render_call,
        "note_inline": _render_inline_note,
    },
    treeprocess=_register_treeprocessor,
)
