"""Abbreviations: `*[HTML]: Hyper Text` says what `HTML` means wherever it stands as a whole word."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from bifolio.manuscript.html.tree import replace_element
from bifolio.manuscript.markdown.dialect.construct import Construct, remark

_DEFINITION = "{bifolio}abbreviation"
"""The element that holds a definition until the text is read."""
_LINE = re.compile(r"\*\[([^\]]+)\]:[ \t]+(\S.*)")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find definitions, a line each."""
    tokenizer.block.ruler.before("reference", "abbreviation", _rule, {"alt": ["paragraph", "reference"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the marking of abbreviations, once all text is read."""
    md.treeprocessors.register(_Abbreviations(md), "abbr", 7.5)


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("*[", first) or state.is_code_block(start):
        return False
    written = _LINE.fullmatch(state.src[first : state.eMarks[start]].strip())
    if not written:
        return False
    if not silent:
        token = state.push("abbreviation", "", 0)
        token.info, token.content = written.group(1).strip(), written.group(2)
        if state.env.setdefault(_DEFINITION, {}).setdefault(token.info, token.content) != token.content:
            remark(state.env, "abbreviation-twice", start, short=token.info)
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _render_definition(token: Token, parent: Element) -> Element:
    """Add what *token* says of an abbreviation to *parent*."""
    return SubElement(parent, _DEFINITION, {"short": token.info, "long": token.content})


class _Abbreviations(AbbrTreeprocessor):
    """Python-Markdown's marking of abbreviations, with the definitions that stand in the tree."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()) if root.find(f".//{_DEFINITION}") is not None else ():
            for child in [child for child in parent if child.tag == _DEFINITION]:
                self.abbrs[child.get("short", "")] = child.get("long", "")
                replace_element(parent, child, [], "\n" if child.tail else "")
        if self.abbrs:
            longest_first = sorted(self.abbrs, key=len, reverse=True)
            # An abbreviation may end in a mark, as `C++` does, where no word ends.
            self.RE = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
            self.iter_element(root)


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"abbreviation": _render_definition}, treeprocess=_register_treeprocessor
)
