"""Builds the structure tree of a text (ISO 32000-1, 14.7 and 14.8; PDF/UA-1, ISO 14289-1).

WeasyPrint tags the boxes of each page: a paragraph on two pages becomes two, and a footnote has no structure
type. This tree is built from the elements of the text: each is tagged once, on however many pages its boxes
are, and boxes that the page adds are artifacts (`artifacts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.model.publication import text_of
from bifolio.model.units import PT_PER_PX
from bifolio.pdf.engine import boxes, pdf_objects
from bifolio.pdf.engine.box_facts import box_facts
from bifolio.pdf.laid_out import LinkBox, StructureElement
from bifolio.pdf.print_html.roles import CALL, ROLE
from bifolio.pdf.tables.landscape import is_landscape, rotate_box
from bifolio.pdf.tagging.structure_types import (
    NOTE_TYPES,
    alternative_text,
    structure_entries,
    structure_types,
)


class _StructureTree:
    """The structure tree while pages are added to it."""

    def __init__(self, root: Element) -> None:
        self.top = StructureElement("Document", 0, None)
        self.parents = {child: parent for parent in root.iter() for child in parent}
        self.nodes: dict[Element, StructureElement] = {}
        self.labels: dict[Element, StructureElement] = {}
        self.items: dict[Element, StructureElement] = {}
        """The list item of each term and description, which are siblings in HTML."""

    def element_for(self, element: Element | None, page_index: int) -> StructureElement:
        """Return the structure element for the content of *element*; a new one begins on *page_index*."""
        if element is None or element not in self.parents:
            return self.top
        if element in self.nodes:
            return self.nodes[element]
        outer = self.element_for(self.parents[element], page_index)
        if element.tag in ("dt", "dd") and outer.structure_type == "L":
            outer = self._description_item(element, outer, page_index)
        node = outer
        for kind in structure_types(element, outer.structure_type):
            node = self.append(node, kind, page_index, element)
        self.nodes[element] = node
        return node

    def _description_item(
        self, element: Element, outer: StructureElement, page_index: int
    ) -> StructureElement:
        """Return the item of the list *outer* for *element*, a term or a description."""
        if element not in self.items:
            item, last = None, None
            for part in self.parents[element]:
                if item is None or (part.tag == "dt" and last != "dt"):
                    item = StructureElement("LI", page_index, outer)
                self.items[part], last = item, part.tag
        item = self.items[element]
        if not item.kids:
            outer.kids.append(item)
            item.page_index = page_index
        return item

    def label_for(self, element: Element, page_index: int) -> StructureElement:
        """Return the `Lbl` for the marker of the list item *element*."""
        if element not in self.labels:
            body = self.element_for(element, page_index)
            item = body.parent if body.structure_type == "LBody" and body.parent else body
            label = StructureElement("Lbl", page_index, item)
            item.kids.insert(0, label)
            self.labels[element] = label
        return self.labels[element]

    def append(
        self, parent: StructureElement, kind: str, page_index: int, element: Element
    ) -> StructureElement:
        """Append a structure element of the type *kind* for *element* to *parent*; return it."""
        node = StructureElement(kind, page_index, parent, element, entries=structure_entries(kind, element))
        if kind == "Code" and parent.element is not None and parent.element.tag == "pre":
            # Block-level code (ISO 32000-1, 14.8.5.4.2).
            node.entries["A"] = pdf_objects.Dictionary({"O": "/Layout", "Placement": "/Block"})
        parent.kids.append(node)
        return node

    def reorder_figures(self) -> None:
        """Move each figure and table before the text that follows it: it may have floated behind that."""
        for element, figure in self.nodes.items():
            if element.tag not in ("figure", "table") or figure.parent is None:
                continue
            kids, siblings = figure.parent.kids, list(self.parents[element])
            following = set(siblings[siblings.index(element) + 1 :])
            figure_index = kids.index(figure)
            for index, kid in enumerate(kids[:figure_index]):
                if isinstance(kid, StructureElement) and kid.element in following:
                    kids.insert(index, kids.pop(figure_index))
                    break

    def reorder_notes(self) -> None:
        """Move each footnote after the paragraph or other parent of its call.

        A footnote that is called in another footnote is moved after that.
        """
        calls: dict[str, StructureElement] = {}
        note_after: dict[StructureElement, StructureElement] = {}
        for element, node in self.nodes.items():
            if element.get(ROLE) == CALL:
                calls.setdefault(element.get("href", "")[1:], node)
        for element, note in self.nodes.items():
            call = calls.get(element.get("id", "")) if note.structure_type in NOTE_TYPES else None
            if call is None or call.parent is None or call.parent.parent is None or note.parent is None:
                continue
            caller = _enclosing_note(call) or call.parent
            if caller.parent is None:
                continue
            last = caller
            while last in note_after:
                last = note_after[last]
            note_after[caller] = note
            note.parent.kids.remove(note)
            note.parent = caller.parent
            note.parent.kids.insert(note.parent.kids.index(last) + 1, note)


def _enclosing_note(node: StructureElement) -> StructureElement | None:
    """Return the footnote that contains *node*; None where there is none."""
    ancestor = node.parent
    while ancestor is not None and ancestor.structure_type not in NOTE_TYPES:
        ancestor = ancestor.parent
    return ancestor


def build_structure(
    pages: Sequence[Any],
    root: Element,
    marked_content: Sequence[dict[Any, dict[str, Any]]],
    link_boxes: Mapping[Any, LinkBox],
) -> tuple[StructureElement, ...]:
    """Return the structure elements of the text *root*, laid out on WeasyPrint's *pages*.

    *marked_content* is that of each page, by box; *link_boxes* replace the boxes of links.
    """
    tree = _StructureTree(root)
    for page_index, (page, marked) in enumerate(zip(pages, marked_content, strict=True)):
        _add_page(tree, page, page_index, marked, link_boxes)
    tree.reorder_figures()
    tree.reorder_notes()
    stack = [tree.top]
    while stack:
        node = stack.pop()
        node.element = node.parent = None  # so that the result can be pickled without the text
        stack.extend(kid for kid in node.kids if isinstance(kid, StructureElement))
    return tuple(kid for kid in tree.top.kids if isinstance(kid, StructureElement))


def _add_page(
    tree: _StructureTree,
    page: Any,
    page_index: int,
    marked_content: dict[Any, dict[str, Any]],
    link_boxes: Mapping[Any, LinkBox],
) -> None:
    """Add the content of *page* to *tree*."""
    for box in boxes.descendants_in_order(boxes.page_box_of(page)):
        if box_facts(box).is_artifact:
            continue
        if box in link_boxes:
            node = tree.element_for(box.element, page_index)
            if node.structure_type != "Link":
                node = tree.append(node, "Link", page_index, box.element)
                tree.nodes[box.element] = node
            node.kids.append((page_index, link_boxes[box]))
        if isinstance(box, boxes.TableCellBox):
            tree.element_for(box.element, page_index)  # an empty cell is a cell
        properties = marked_content.get(box)
        if properties is not None:
            is_marker = (box.element_tag or "").endswith("::marker")
            node = (tree.label_for if is_marker else tree.element_for)(box.element, page_index)
            if node.structure_type in ("Figure", "Formula"):
                node.entries.setdefault("A", _bounding_box(box, page))
            node.kids.append((page_index, properties["mcid"]))


def link_description(link: Element) -> str:
    """Return the text of *link*, with the alternative texts of its images."""
    alternatives = [alternative_text(image) for image in link.iter("img")]
    return " ".join([*text_of(link).split(), *alternatives]).strip()


def _bounding_box(box: Any, page: Any) -> Any:
    """Return the layout attribute with the bounding box of an image, in pt from the bottom left."""
    x, y = box.content_box_x(), box.content_box_y()
    corners, height = (x, y, x + box.width, y + box.height), page.height
    if is_landscape(boxes.page_box_of(page)):
        corners, height = rotate_box(page, corners), page.width
    left, top, right, bottom = corners
    corners = (left, height - bottom, right, height - top)
    bounds = pdf_objects.Array([round(corner * PT_PER_PX, 3) for corner in corners])
    return pdf_objects.Dictionary({"O": "/Layout", "BBox": bounds})
