"""Task lists: an item that begins with `[ ]` or `[x]` gets a box (GitHub Flavored Markdown 0.29, 5.3).

The box is a character, not a form control.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bifolio.manuscript.html.tree import parent_map, replace_element
from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.model.publication import CHECKED, TASK_BOX, UNCHECKED

_TASK = "task"


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Enable task lists."""
    tokenizer.options["tasklists"] = True


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor that inserts the boxes, after the inline parser."""
    md.treeprocessors.register(_Boxes(md), "task_boxes", 19)


def _render_item(token: Token, parent: Element) -> Element:
    """Append the list item that *token* opens to *parent*."""
    item = SubElement(parent, "li")
    if "checked" in token.meta:
        item.set("class", f"{_TASK} done" if token.meta["checked"] else _TASK)
    return item


class _Boxes(Treeprocessor):
    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            classes = item.get("class", "").split()
            if classes[:1] == [_TASK]:
                first = item[0] if len(item) and item[0].tag == "p" and not item.text else item
                _insert_box(first, CHECKED if "done" in classes else UNCHECKED)


def replace_checkboxes(root: Element) -> None:
    """Replace the checkboxes of raw HTML by boxes; a list item that begins with one becomes a task."""
    parent_of = parent_map(root)
    for box in [element for element in root.iter("input") if element.get("type", "").lower() == "checkbox"]:
        done = "checked" in box.attrib
        parent = parent_of[box]
        item = parent_of.get(parent) if parent.tag == "p" else parent
        is_first = parent[0] is box and not (parent.text or "").strip()
        if item is None or item.tag != "li" or not is_first or item[0] not in (box, parent):
            replace_element(parent, box, [], CHECKED if done else UNCHECKED)
            continue
        item.set("class", f"{_TASK} done" if done else _TASK)
        parent.text, parent[0] = None, _box(CHECKED if done else UNCHECKED, box.tail)


def _box(character: str, tail: str | None) -> Element:
    box = Element("span", {"class": TASK_BOX})
    box.text, box.tail = AtomicString(character), f" {(tail or '').lstrip()}"
    return box


def _insert_box(block: Element, character: str) -> None:
    """Insert a box at the beginning of *block*."""
    box = _box(character, block.text)
    block.text = None
    block.insert(0, box)


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"list_item_open": _render_item}, treeprocess=_register_treeprocessor
)
