"""Converts TeX formulas to MathML by latex2mathml, for both editions.

latex2mathml copies much that it does not know into its result. Here that is an error: half a formula is worse
than none.
"""

from __future__ import annotations

import functools
import re
from html import unescape
from xml.etree.ElementTree import Element, SubElement, tostring

MATHML = "http://www.w3.org/1998/Math/MathML"
MAX_LENGTH = 10_000
"""The maximum length of a formula, in characters."""

MAX_DEPTH = 60
"""The maximum nesting depth of a formula."""

_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n|$)")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_NEAREST = {"aligned": "align*", "alignedat": "align*", "gather": "displaylines", "gather*": "displaylines",
         "gathered": "displaylines", "dcases": "cases", "eqnarray": "align*"}  # fmt: skip
"""Environments that latex2mathml lacks, each with the nearest that it has."""
_PLAIN = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math)\*?\}|\\(?:nonumber|notag)\b")
"""Commands without meaning in a single formula."""
_LETTER = re.compile(r"\\mathrm\s*\{")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_UNSAFE = frozenset({"href", "style", "class", "id"})


class FormulaError(ValueError):
    """TeX that cannot be converted; the message is the end of a sentence for the author."""


@functools.lru_cache(maxsize=4096)
def to_mathml(tex: str, display: bool) -> str:
    """Return *tex* as MathML 3, a `<math>` with `alttext`; *display* makes it a block.

    Raises FormulaError if any part of it cannot be converted.
    """
    root = _convert(plain_tex(tex), display)
    _check(root, has_ampersand=r"\&" in tex)
    root.tag = "math"
    root.attrib.clear()
    root.set("xmlns", MATHML)
    root.set("alttext", " ".join(tex.split()))
    if display:
        root.set("display", "block")
    return tostring(root, "unicode")


def replace_with_code(element: Element, *, block: bool) -> None:
    """Turn *element*, a formula, into the TeX that its author wrote, as *block* or inline code."""
    element.tag = "pre" if block else "code"
    if block:
        code = SubElement(element, "code", {"class": "language-latex"})
        code.text, element.text = element.text, None


def plain_tex(tex: str) -> str:
    """Return *tex* in the commands that latex2mathml knows.

    Raises FormulaError if braces or environments do not match, or an environment is unknown.
    """
    if len(tex) > MAX_LENGTH:
        raise FormulaError(f"it is longer than {MAX_LENGTH} characters")
    text = _LABEL.sub("", _PLAIN.sub("", _COMMENT.sub(r"\1", tex)))
    _check_braces(text)
    tags = _TAG.findall(text)
    text = _TAG.sub("", text) + "".join(rf"\qquad\text{{({tag})}}" for tag in tags)
    _check_environments(text)
    text = _ENVIRONMENT.sub(lambda m: f"\\{m[1]}{{{_NEAREST.get(m[2], m[2])}}}", text)
    # Without the space latex2mathml makes a single letter italic.
    return _LETTER.sub(r"\\mathrm {", text).strip()


def _check_braces(tex: str) -> None:
    depth = 0
    for character in _COMMAND.sub("", tex):
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    if depth:
        raise FormulaError("its braces do not match")


def _check_environments(tex: str) -> None:
    from latex2mathml.commands import MATRICES

    open_environments: list[str] = []
    for command, name in _ENVIRONMENT.findall(tex):
        if name not in _NEAREST and f"\\{name}" not in MATRICES:
            raise FormulaError(f"the environment `{name}` is not known")
        if command == "begin":
            open_environments.append(name)
        elif not open_environments or open_environments.pop() != name:
            raise FormulaError(f"`\\end{{{name}}}` has no `\\begin`")
    if open_environments:
        raise FormulaError(f"`\\begin{{{open_environments[-1]}}}` has no `\\end`")


def _convert(tex: str, display: bool) -> Element:
    from latex2mathml.converter import convert_to_element

    try:
        root: Element = convert_to_element(tex, display="block" if display else "inline")
    except RecursionError:
        raise FormulaError("it is nested too deep") from None
    except Exception as error:  # its errors have no common base class
        reason = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        raise FormulaError(str(error).strip() or reason) from error
    for element in root.iter():
        element.text = element.text and unescape(element.text)
    return root


def _check(root: Element, *, has_ampersand: bool) -> None:
    """Raise FormulaError for what latex2mathml has copied without knowing it.

    *has_ampersand* states that the author wrote `\\&`.
    """
    if not "".join(root.itertext()).strip() and root.find(".//mspace") is None:
        raise FormulaError("it is empty")
    if _depth(root) > MAX_DEPTH:
        raise FormulaError("it is nested too deep")
    for element in root.iter():
        text = element.text or ""
        if element.tag != "mtext" and _COMMAND.match(text) and len(text) > 1:
            raise FormulaError(f"the command `{text}` is not known")
        if element.tag == "mi" and text == "&" and not has_ampersand:
            raise FormulaError("`&` is used outside of rows")
        if _UNSAFE & element.attrib.keys():
            raise FormulaError("links and styles are not permitted in a formula")


def _depth(root: Element) -> int:
    """Return the nesting depth of *root*."""
    deepest, level = 0, [root]
    while level:
        deepest, level = deepest + 1, [child for element in level for child in element]
    return deepest
