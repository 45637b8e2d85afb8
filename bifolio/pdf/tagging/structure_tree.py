"""The tag tree of the PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1, ISO 14289-1).

WeasyPrint tags the boxes of each page, so that a paragraph over two pages is two, a note has no role and a
running head no place. Here the tree is made of the elements of the text: each is tagged once, wherever its
boxes fell, and what the page itself adds is an artifact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.model.publication import text_of
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
    """The structure tree while the pages are walked."""

    def __init__(self, root: Element) -> None:
        self.top = StructureElement("Document", 0, None)
        self.above = {child: parent for parent in root.iter() for child in parent}
        self.nodes: dict[Element, StructureElement] = {}
        self.markers: dict[Element, StructureElement] = {}
        self.entries: dict[Element, StructureElement] = {}
        """The item of a term and of its meanings; in HTML they stand side by side."""

    def element_for(self, element: Element | None, page: int) -> StructureElement:
        """Return the node that the content of *element* belongs to."""
        if element is None or element not in self.above:
            return self.top
        if element in self.nodes:
            return self.nodes[element]
        outer = self.element_for(self.above[element], page)
        if element.tag in ("dt", "dd") and outer.structure_type == "L":
            outer = self._description_item(element, outer, page)
        kinds = structure_types(element, outer.structure_type)
        node = outer
        for kind in kinds:
            node = self.append(node, kind, page, element)
        self.nodes[element] = node
        return node

    def _description_item(self, element: Element, outer: StructureElement, page: int) -> StructureElement:
        """Return the item of the list *outer* that *element*, a term or a meaning, belongs to."""
        if element not in self.entries:
            item, last = None, None
            for part in self.above[element]:
                if item is None or (part.tag == "dt" and last != "dt"):
                    item = StructureElement("LI", page, outer)
                self.entries[part], last = item, part.tag
        item = self.entries[element]
        if not item.kids:
            outer.kids.append(item)
            item.page_index = page
        return item

    def label_for(self, element: Element, page: int) -> StructureElement:
        """Return the node for the bullet or number of a list item."""
        if element not in self.markers:
            body = self.element_for(element, page)
            item = body.parent if body.structure_type == "LBody" and body.parent else body
            label = StructureElement("Lbl", page, item)
            item.kids.insert(0, label)
            self.markers[element] = label
        return self.markers[element]

    def append(self, parent: StructureElement, kind: str, page: int, element: Element) -> StructureElement:
        node = StructureElement(kind, page, parent, element, entries=structure_entries(kind, element))
        if kind == "Code" and parent.element is not None and parent.element.tag == "pre":
            # A block of code, unlike code within a line (ISO 32000-1, 14.8.5.4.2).
            node.entries["A"] = pdf_objects.Dictionary({"O": "/Layout", "Placement": "/Block"})
        parent.kids.append(node)
        return node

    def reorder_figures(self) -> None:
        """Move each figure and table before what follows it in the text: it may stand behind that."""
        for element, figure in self.nodes.items():
            if element.tag not in ("figure", "table") or figure.parent is None:
                continue
            kids, parts = figure.parent.kids, list(self.above[element])
            behind = set(parts[parts.index(element) + 1 :])
            here = kids.index(figure)
            for place, kid in enumerate(kids[:here]):
                if isinstance(kid, StructureElement) and kid.element in behind:
                    kids.insert(place, kids.pop(here))
                    break

    def reorder_notes(self) -> None:
        """Move each note behind the mark that cites it: it is met at the page's foot, or on the next.

        One that is cited in a note comes behind that.
        """
        marks: dict[str, StructureElement] = {}
        lasts: dict[StructureElement, StructureElement] = {}
        for element, node in self.nodes.items():
            if element.get(ROLE) == CALL:
                marks.setdefault(element.get("href", "")[1:], node)
        for element, note in self.nodes.items():
            mark = marks.get(element.get("id", "")) if note.structure_type in NOTE_TYPES else None
            if mark is None or mark.parent is None or mark.parent.parent is None or note.parent is None:
                continue
            behind = _enclosing_note(mark) or mark.parent
            if behind.parent is None:
                continue
            last = behind
            while last in lasts:
                last = lasts[last]
            lasts[behind] = note
            note.parent.kids.remove(note)
            note.parent = behind.parent
            note.parent.kids.insert(note.parent.kids.index(last) + 1, note)


def _enclosing_note(node: StructureElement) -> StructureElement | None:
    """Return the note that *node* stands in; None where it stands in none."""
    above = node.parent
    while above is not None and above.structure_type not in NOTE_TYPES:
        above = above.parent
    return above


def build_structure(
    pages: Sequence[Any],
    root: Element,
    marks: Sequence[dict[Any, dict[str, Any]]],
    spots: Mapping[Any, LinkBox],
) -> tuple[StructureElement, ...]:
    """Return the structure of the text *root*, laid out on *pages*; its nodes count the pages from 0.

    *marks* is the marked content of each page, by box; *spots* are the links, by box.
    """
    tree = _StructureTree(root)
    for number, (page, marked) in enumerate(zip(pages, marks, strict=True)):
        _add_page(tree, page, number, marked, spots)
    tree.reorder_figures()
    tree.reorder_notes()
    stack = [tree.top]
    while stack:
        node = stack.pop()
        node.element = node.parent = None  # the tree of the text is not needed any more
        stack.extend(kid for kid in node.kids if isinstance(kid, StructureElement))
    return tuple(kid for kid in tree.top.kids if isinstance(kid, StructureElement))


def _add_page(
    tree: _StructureTree,
    page: Any,
    number: int,
    marks: dict[Any, dict[str, Any]],
    spots: Mapping[Any, LinkBox],
) -> None:
    for box in boxes.descendants_in_order(boxes.page_box_of(page)):
        if box_facts(box).is_artifact:
            continue
        if box in spots:
            node = tree.element_for(box.element, number)
            if node.structure_type != "Link":
                node = tree.append(node, "Link", number, box.element)
                tree.nodes[box.element] = node
            node.kids.append((number, spots[box]))
        if isinstance(box, boxes.TableCellBox):
            tree.element_for(box.element, number)  # an empty cell is a cell
        mark = marks.get(box)
        if mark is not None:
            marker = (box.element_tag or "").endswith("::marker")
            node = tree.label_for(box.element, number) if marker else tree.element_for(box.element, number)
            if node.structure_type in ("Figure", "Formula"):
                node.entries.setdefault("A", _bounding_box(box, page))
            node.kids.append((number, mark["mcid"]))


def link_description(link: Element) -> str:
    """Return what a link says: its words, or those of its picture."""
    pictures = [alternative_text(picture) for picture in link.iter("img")]
    return " ".join([*text_of(link).split(), *pictures]).strip()


def _bounding_box(box: Any, page: Any) -> Any:
    """Return the layout attribute that says where a picture stands, in pt from the page's foot."""
    x, y = box.content_box_x(), box.content_box_y()
    corners, height = (x, y, x + box.width, y + box.height), page.height
    if is_landscape(boxes.page_box_of(page)):
        corners, height = rotate_box(page, corners), page.width
    left, top, right, bottom = corners
    corners = (left, height - bottom, right, height - top)
    bounds = pdf_objects.Array([round(corner * 0.75, 3) for corner in corners])
    return pdf_objects.Dictionary({"O": "/Layout", "BBox": bounds})
