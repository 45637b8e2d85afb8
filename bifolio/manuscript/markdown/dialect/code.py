"""Code blocks: fenced, with language, title and marked lines, or indented (CommonMark 0.31.2, 4.4, 4.5)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it.token import Token

from bifolio.manuscript.markdown.code_info import parse_info
from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.manuscript.markdown.dialect.math import append_formula
from bifolio.manuscript.markdown.highlight import highlight

LISTING = "listing"
"""The class of the figure for a code block with a title."""

NUMBERED = "numbered"
"""The class of a code block with line numbers."""

_FIRST = "{bifolio}first-line"
"""A temporary attribute: the number of the first line."""
_MARKED = "{bifolio}marked"
"""A temporary attribute: the numbers of the marked lines, separated by spaces."""


def _register_treeprocessor(md: Markdown) -> None:
    """Register syntax highlighting, after attribute lists: code may hold braces that look like one."""
    md.treeprocessors.register(_Highlighter(md), "code", 5)


def _render(token: Token, parent: Element) -> Element:
    """Append the code block in *token* to *parent*, or a display formula if its language is `math`."""
    info = parse_info(token.info)
    if info.language == "math":
        return append_formula(token.content, parent, display=True)
    top = SubElement(parent, "figure" if info.title else "pre")
    names = (
        *((LISTING,) if info.title else ()),
        *info.classes,
        *((NUMBERED,) if info.first is not None else ()),
    )
    if names:
        top.set("class", " ".join(names))
    if info.anchor:
        top.set("id", info.anchor)
    if info.title:
        SubElement(top, "figcaption").text = AtomicString(info.title)
    code = SubElement(SubElement(top, "pre") if info.title else top, "code")
    code.text = AtomicString(token.content)
    if info.language:
        code.set("class", f"language-{info.language}")
    if info.first is not None:
        code.set(_FIRST, str(info.first))
    if info.marked:
        code.set(_MARKED, " ".join(str(number) for number in sorted(info.marked)))
    return top


class _Highlighter(Treeprocessor):
    def run(self, root: Element) -> None:
        for pre in root.iter("pre"):
            for code in pre.findall("code"):
                language = code.get("class", "").removeprefix("language-")
                marked = frozenset(map(int, code.attrib.pop(_MARKED, "").split()))
                first = code.attrib.pop(_FIRST, None)
                highlight(code, language, marked, None if first is None else int(first))


CONSTRUCT = Construct(render={"fence": _render, "code_block": _render}, treeprocess=_register_treeprocessor)
