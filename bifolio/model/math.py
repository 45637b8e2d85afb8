"""Formulas: TeX to MathML, once, by latex2mathml; both editions are made from what it reads.

latex2mathml passes much that it does not know into its result. Here that is an error, for half a formula is
worse than none.
"""

from __future__ import annotations

import functools
import re
from html import unescape
from xml.etree.ElementTree import Element, SubElement, tostring

MATHML = "http://www.w3.org/1998/Math/MathML"
LONGEST = 10_000
"""A formula of more characters is not read."""

DEEPEST = 60
"""How deep the parts of a formula may stand in each other."""

_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n|$)")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_SAME = {"aligned": "align*", "alignedat": "align*", "gather": "displaylines", "gather*": "displaylines",
         "gathered": "displaylines", "dcases": "cases", "eqnarray": "align*"}  # fmt: skip
"""Environments that latex2mathml does not know, and the nearest of those that it does."""
_PLAIN = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math)\*?\}|\\(?:nonumber|notag)\b")
"""What says nothing in a formula of its own."""
_LETTER = re.compile(r"\\mathrm\s*\{")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_UNSAFE = frozenset({"href", "style", "class", "id"})


class FormulaError(ValueError):
    """TeX that cannot be read; its text says why."""


@functools.lru_cache(maxsize=4096)
def to_mathml(tex: str, display: bool) -> str:
    """Return *tex* as MathML 3, a `<math>` with `alttext`; *display* sets it on a line of its own.

    Raises FormulaError where it cannot be read whole.
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


def as_code(element: Element, *, block: bool) -> None:
    """Turn *element*, a formula, into the code that its author wrote, a *block* or within the line."""
    element.tag = "pre" if block else "code"
    if block:
        code = SubElement(element, "code", {"class": "language-latex"})
        code.text, element.text = element.text, None


def plain_tex(tex: str) -> str:
    """Return *tex* in the words that latex2mathml knows.

    Raises FormulaError where its braces or environments do not match, or one of them is unknown.
    """
    if len(tex) > LONGEST:
        raise FormulaError(f"it is longer than {LONGEST} characters")
    text = _LABEL.sub("", _PLAIN.sub("", _COMMENT.sub(r"\1", tex)))
    _check_braces(text)
    tags = _TAG.findall(text)
    text = _TAG.sub("", text) + "".join(rf"\qquad\text{{({tag})}}" for tag in tags)
    _check_environments(text)
    text = _ENVIRONMENT.sub(lambda m: f"\\{m[1]}{{{_SAME.get(m[2], m[2])}}}", text)
    # Without the space latex2mathml sets a single letter in italics.
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

    open_ones: list[str] = []
    for verb, name in _ENVIRONMENT.findall(tex):
        if name not in _SAME and f"\\{name}" not in MATRICES:
            raise FormulaError(f"the environment `{name}` is not known")
        if verb == "begin":
            open_ones.append(name)
        elif not open_ones or open_ones.pop() != name:
            raise FormulaError(f"`\\end{{{name}}}` has no beginning")
    if open_ones:
        raise FormulaError(f"`\\begin{{{open_ones[-1]}}}` has no end")


def _convert(tex: str, display: bool) -> Element:
    from latex2mathml.converter import convert_to_element

    try:
        root: Element = convert_to_element(tex, display="block" if display else "inline")
    except RecursionError:
        raise FormulaError("it is nested too deep") from None
    except Exception as error:  # its errors have no class in common, and some are Python's own
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        raise FormulaError(str(error).strip() or words) from error
    for element in root.iter():
        element.text = element.text and unescape(element.text)
    return root


def _check(root: Element, *, has_ampersand: bool) -> None:
    """Raise FormulaError for what latex2mathml passed on without knowing it.

    *has_ampersand* says that the author wrote one to be read.
    """
    if not "".join(root.itertext()).strip() and root.find(".//mspace") is None:
        raise FormulaError("it is empty")
    if _depth(root) > DEEPEST:
        raise FormulaError("it is nested too deep")
    for element in root.iter():
        text = element.text or ""
        if element.tag != "mtext" and _COMMAND.match(text) and len(text) > 1:
            raise FormulaError(f"the command `{text}` is not known")
        if element.tag == "mi" and text == "&" and not has_ampersand:
            raise FormulaError("`&` stands outside of rows")
        if _UNSAFE & element.attrib.keys():
            raise FormulaError("links and styles cannot stand in a formula")


def _depth(root: Element) -> int:
    """Return how many elements stand in each other in *root*."""
    deepest, level = 0, [root]
    while level:
        deepest, level = deepest + 1, [child for element in level for child in element]
    return deepest
