"""Abbreviations: `*[HTML]: Hyper Text` expands every whole word `HTML`."""

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
"""The element that holds a definition until the inline parser has run."""
_LINE = re.compile(r"\*\[([^\]]+)\]:[ \t]+(\S.*)")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the block rule for definitions, one line each."""
    tokenizer.block.ruler.before("reference", "abbreviation", _rule, {"alt": ["paragraph", "reference"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor that marks abbreviations, after the inline parser."""
    md.treeprocessors.register(_Abbreviations(md), "abbr", 7.5)


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("*[", first) or state.is_code_block(start):
        return False
    match = _LINE.fullmatch(state.src[first : state.eMarks[start]].strip())
    if not match:
        return False
    if not silent:
        token = state.push("abbreviation", "", 0)
        token.info, token.content = match.group(1).strip(), match.group(2)
        if state.env.setdefault(_DEFINITION, {}).setdefault(token.info, token.content) != token.content:
            remark(state.env, "abbreviation-twice", start, short=token.info)
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _render_definition(token: Token, parent: Element) -> Element:
    """Append the definition in *token* to *parent*."""
    return SubElement(parent, _DEFINITION, {"short": token.info, "long": token.content})


class _Abbreviations(AbbrTreeprocessor):
    """Python-Markdown's `abbr` tree processor, with the definitions taken from the tree."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()) if root.find(f".//{_DEFINITION}") is not None else ():
            for child in [child for child in parent if child.tag == _DEFINITION]:
                self.abbrs[child.get("short", "")] = child.get("long", "")
                replace_element(parent, child, [], "\n" if child.tail else "")
        if self.abbrs:
            longest_first = sorted(self.abbrs, key=len, reverse=True)
            # `\b` would not match after an abbreviation such as `C++`.
            self.RE = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
            self.iter_element(root)


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"abbreviation": _render_definition}, treeprocess=_register_treeprocessor
)
