"""Reads the examples of a Markdown specification, and converts trees to a form that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import Element

from tinyhtml5 import parse

from bifolio.manuscript.html.sanitise import sanitise
from bifolio.manuscript.markdown.parse import parse_markdown
from bifolio.manuscript.metadata.front_matter import FrontMatter
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.smart_punctuation.replace import remove_escapes
from bifolio.model.publication import LINE

_EXAMPLE = re.compile(
    r"^`{32} example(?P<kind>.*)\n(?P<markdown>(?s:.*?))^\.\n(?P<html>(?s:.*?))^`{32}$", re.M
)
_HEADING = re.compile(r"^#+ +(.*)$", re.M)
_SPACES = re.compile(r"[ \t\n]+")
_INLINE = frozenset("a b code del em i img span strong".split())


@dataclass(frozen=True)
class Example:
    """One example of a specification."""

    number: int
    section: str
    kind: str
    """The extension that it shows; empty for core syntax."""
    markdown: str
    html: str


def examples(specification: str) -> list[Example]:
    """Return the examples in the text of a *specification*, in order."""
    found = []
    headings = [(match.start(), match[1]) for match in _HEADING.finditer(specification)]
    for number, match in enumerate(_EXAMPLE.finditer(specification), start=1):
        section = [title for start, title in headings if start < match.start()][-1]
        markdown, html = (match[part].replace("→", "\t") for part in ("markdown", "html"))
        found.append(Example(number, section, match["kind"].strip(), markdown, html))
    return found


def listed_deviations(page: str, heading: str) -> set[int]:
    """Return the numbers in the table under *heading* of docs/commonmark.md."""
    table = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| *(\d[\d, ]*)\|", table, flags=re.M)
    return {int(number) for cell in cells for number in cell.split(",")}


def parsed_tree(markdown: str) -> list[object]:
    """Return the tree of *markdown*, limited to what an edition may contain."""
    text = markdown.replace("\0", "\N{REPLACEMENT CHARACTER}")  # as source_file.py does
    root, _ = parse_markdown(text, 1)
    remove_escapes(root)  # leave punctuation as typed
    for code in root.iter("code"):  # drop the highlighting
        code.text = "".join(code.itertext())
        del code[:]
    return _canonical(root)


def expected_tree(html: str) -> list[object]:
    """Return the tree of *html*, limited to what an edition may contain."""
    body = parse(StringIO(f"<!doctype html><body>{html}"), namespace_html_elements=False).find("body")
    for cell in body.iter():
        if "align" in cell.attrib:
            cell.set("class", cell.attrib.pop("align"))
    for parent in body.findall(".//td"):
        # The parser makes an empty paragraph of a lone closing tag.
        for stray in [p for p in parent if p.tag == "p" and not len(p) and not p.text]:
            parent.remove(stray)
    for element in list(body):
        if _is_reopened(element, body):
            body.remove(element)
    return _canonical(body)


def _is_reopened(element: Element, body: Element) -> bool:
    """Return whether *element* has no text and reopens an inline element that was never closed."""
    above = [e for e in body.iter(element.tag) if e is not element and e.attrib == element.attrib]
    return element.tag in _INLINE and bool(above) and not len(element) and not (element.text or "").strip()


def _canonical(root: Element) -> list[object]:
    """Return *root*, sanitised, as a list of tags with their attributes and texts in order.

    White space counts only within lines and in code. A figure without a caption is a paragraph.
    """
    sanitise(root, SourceFile(Path("example.md"), Path(), FrontMatter(), "", 1, plain=False))
    parts: list[object] = []
    _read(root, parts, pre=False)
    return _tidy(parts)


def _read(element: Element, parts: list[object], *, pre: bool) -> None:
    pre = pre or element.tag == "pre"
    _add(parts, element.text, pre)
    for child in element:
        attributes = {name: value for name, value in child.attrib.items() if name != LINE}
        if child.tag == "img":
            attributes.setdefault("alt", "")
        tag = "p" if child.tag == "figure" and child.find("figcaption") is None else child.tag
        parts.append(("open", tag, tuple(sorted(attributes.items()))))
        _read(child, parts, pre=pre)
        parts.append(("close", tag))
        _add(parts, child.tail, pre)


def _add(parts: list[object], text: str | None, pre: bool) -> None:
    written = (text or "") if pre else _SPACES.sub(" ", text or "")
    if parts and isinstance(parts[-1], str):
        parts[-1] += written
    elif written:
        parts.append(written)


def _tidy(parts: list[object]) -> list[object]:
    """Return *parts* without the white space next to the tags of blocks."""
    tidy: list[object] = []
    pre_depth = 0
    for index, part in enumerate(parts):
        if isinstance(part, tuple) and part[1] == "pre":
            pre_depth += 1 if part[0] == "open" else -1
        if isinstance(part, str) and not pre_depth:
            before = parts[index - 1] if index else None
            after = parts[index + 1] if index + 1 < len(parts) else None
            part = part.lstrip() if _is_block(before) else part
            part = part.rstrip() if _is_block(after) else part
        if part != "":
            tidy.append(part)
    return tidy


def _is_block(part: object) -> bool:
    return part is None or (isinstance(part, tuple) and part[1] not in _INLINE)
