"""TeX formulas: inline `$...$`; display `$$...$$` and fenced code blocks with the language `math`.

As in Pandoc, an inline formula has no space inside its dollar signs and no digit after them, so that prices
stay text; here no digit may precede them either. Words of prose or shell variables between dollar signs are
not a formula: `$HOME/$USER`, `"$a","$b"`, `$this or that$`.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

from bifolio.manuscript.markdown.dialect.attributes import META, match_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.model.publication import MATH

_MATH_CHARACTER = re.compile(r"[\\^_{}=+<>|]")
"""Characters of formulas that prose does not have."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_BEFORE_LETTER = re.compile(r"[^\W\d_]|.*[\\^_+\-=<>\d(].*[\w)}\]']", re.DOTALL)
"""A formula that a letter may follow directly, as in `$n$th` and `$(k+1)$st`."""
_INLINE_RULE = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline and block rules for formulas."""
    tokenizer.inline.ruler.before("escape", "math_inline", _rule)
    block = math_block_dollar(allow_labels=False, allow_blank_lines=False)
    tokenizer.block.ruler.before("fence", "math_block", block, {"alt": ["paragraph", "blockquote"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor for display formulas alone in a paragraph, after attribute lists."""
    md.treeprocessors.register(_DisplayFormulas(md), "math", 6)


def append_formula(tex: str, parent: Element, *, display: bool) -> Element:
    """Append the formula *tex* to *parent*, as a display formula if *display* is true."""
    element = SubElement(parent, MATH)
    element.text = AtomicString(tex.strip())
    if display:
        element.set("display", "block")
    return element


def _render_display(token: Token, parent: Element) -> Element:
    return append_formula(token.content, parent, display=True)


def _render_inline(token: Token, parent: Element) -> Element:
    return append_formula(token.content, parent, display=False)


def _rule(state: StateInline, silent: bool) -> bool:
    """Match a formula between dollar signs, and the attribute list after a display formula."""
    start = state.pos
    if state.src[start] != "$" or not _INLINE_RULE(state, True):
        return False
    end, state.pos = state.pos, start
    if not _may_be_tex(state.src[start + 1 : end - 1], state.src[end : end + 1]):
        return False
    _INLINE_RULE(state, silent)
    if state.src.startswith("$$", state.pos - 2):
        position = state.pos
        while position < state.posMax and state.src[position] == " ":
            position += 1
        attributes = match_attributes(state, position) if position < state.posMax else None
        if attributes:
            state.pos = attributes.end()
            if not silent:
                state.tokens[-1].meta[META] = attributes.group(1)
    return True


def _may_be_tex(tex: str, following: str) -> bool:
    """Return whether *tex*, between dollar signs and before the character *following*, may be a formula."""
    if tex.startswith("$"):  # prose has no `$$`
        return True
    if not _MATH_CHARACTER.search(tex) and ('"' in tex or len(_WORD.findall(tex)) > 1):
        return False
    if following.isalpha() or following == "_":
        return bool(_BEFORE_LETTER.fullmatch(tex))
    return not (following and following in "({" and tex.startswith(following))


class _DisplayFormulas(Treeprocessor):
    def run(self, root: Element) -> None:
        for paragraph in root.iter("p"):
            alone = len(paragraph) == 1 and not (paragraph.text or "").strip()
            inner = paragraph[0] if alone else None
            if inner is None or inner.tag != MATH or (inner.tail or "").strip():
                continue
            if inner.get("display") == "block":
                paragraph.remove(inner)
                paragraph.tag, paragraph.text = MATH, inner.text
                paragraph.attrib.update(inner.attrib)


CONSTRUCT = Construct(
    tokenize=_register_rules,
    render={
        "math_inline": _render_inline,
        "math_inline_double": _render_display,
        "math_block": _render_display,
    },
    treeprocess=_register_treeprocessor,
)
