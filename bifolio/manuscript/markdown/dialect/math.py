"""Formulas in TeX: `$...$` in the line, `$$...$$` and fences called `math` on lines of their own.

As in Pandoc, no space stands inside the dollars of a formula in the line and no digit behind them, so that
prices stay text; nor does a digit stand before them. Nor is it a formula where words of prose or variables
of a program stand between the dollars: `$HOME/$USER`, `"$a","$b"`, `$this or that$`.
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

_SIGN = re.compile(r"[\\^_{}=+<>|]")
"""What formulas have and prose has not."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDED = re.compile(r"[^\W\d_]|.*[\\^_+\-=<>\d(].*[\w)}\]']", re.DOTALL)
"""A formula that letters may follow at once, as in `$n$th` and `$(k+1)$st`."""
_IN_LINE = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find formulas."""
    tokenizer.inline.ruler.before("escape", "math_inline", _rule)
    block = math_block_dollar(allow_labels=False, allow_blank_lines=False)
    tokenizer.block.ruler.before("fence", "math_block", block, {"alt": ["paragraph", "blockquote"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the lifting of a formula that is alone in its paragraph, once attributes are known."""
    md.treeprocessors.register(_Lines(md), "math", 6)


def append_formula(tex: str, parent: Element, *, display: bool) -> Element:
    """Add the formula *tex* to *parent*, on a line of its own where *display* says so."""
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
    """Find a formula in the line, and the attributes behind one that is to be displayed."""
    start = state.pos
    if state.src[start] != "$" or not _IN_LINE(state, True):
        return False
    end, state.pos = state.pos, start
    if not _may_be_tex(state.src[start + 1 : end - 1], state.src[end : end + 1]):
        return False
    _IN_LINE(state, silent)
    if state.src.startswith("$$", state.pos - 2):
        place = state.pos
        while place < state.posMax and state.src[place] == " ":
            place += 1
        written = match_attributes(state, place) if place < state.posMax else None
        if written:
            state.pos = written.end()
            if not silent:
                state.tokens[-1].meta[META] = written.group(1)
    return True


def _may_be_tex(tex: str, following: str) -> bool:
    """Say whether *tex*, between dollars and with *following* behind them, may be a formula."""
    if tex.startswith("$"):  # two dollars on each side stand in no prose
        return True
    if not _SIGN.search(tex) and ('"' in tex or len(_WORD.findall(tex)) > 1):
        return False
    if following.isalpha() or following == "_":
        return bool(_ENDED.fullmatch(tex))
    return not (following and following in "({" and tex.startswith(following))


class _Lines(Treeprocessor):
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
