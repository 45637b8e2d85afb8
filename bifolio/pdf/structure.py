"""The tag tree of the PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1, ISO 14289-1).

WeasyPrint tags the boxes of each page, so that a paragraph over two pages is two, a note has no role and a
running head no place. Here the tree is made of the elements of the text: each is tagged once, wherever its
boxes fell, and what the page itself adds is an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream

from bifolio.pdf.formulas import FORMULA, SVG
from bifolio.pdf.notes import CALL_TAG
from bifolio.pdf.print_tree import ADDRESS, CALL, NOTE, NUMBER, PART
from bifolio.publication import GENERATED, text_of

_TAGS = {
    **{f"h{level}": (f"H{level}",) for level in range(1, 7)},
    "p": ("P",), "div": ("Div",), "header": ("Div",), "footer": ("Div",), "section": ("Sect",),
    "article": ("Art",), "blockquote": ("BlockQuote",), "figure": ("Div",), "img": ("Figure",),
    "{http://www.w3.org/2000/svg}svg": ("Figure",), "figcaption": ("Caption",), "caption": ("Caption",),
    "ul": ("L",), "ol": ("L",), "dl": ("L",), "li": ("LI", "LBody"), "dt": ("Lbl",),
    "dd": ("LBody",), "table": ("Table",), "thead": ("THead",), "tbody": ("TBody",),
    "tfoot": ("TFoot",), "tr": ("TR",), "th": ("TH",), "td": ("TD",), "q": ("Quote",),
    "pre": ("P",), "code": ("Code",), "aside": ("Sect",), "nav": ("Sect",), "summary": ("P",),
    "details": ("Sect",), "main": ("Div",), "address": ("P",),
}  # fmt: skip
"""The structure types of an element, outermost first (ISO 32000-1, 14.8.4)."""

_BY_PART = {NOTE: ("Note",), CALL: ("Reference", "Link"), NUMBER: ("Lbl", "Link"), ADDRESS: ("Address",)}
_BY_GENERATED = {
    "reference": ("CrossReference", "Link"), "number": ("CaptionNumber",), "page": ("PageReference",),
}  # fmt: skip
ROLE_MAP = {
    "Address": "Span", "CaptionNumber": "Lbl", "CrossReference": "Reference", "PageReference": "Span",
}  # fmt: skip
"""Our own structure types, with the standard one that each is a kind of."""

_SVG_TITLE = "{http://www.w3.org/2000/svg}title"


@dataclass(slots=True, eq=False)
class _Node:
    """A structure element in the making."""

    kind: str
    page: int
    parent: _Node | None
    element: Element | None = None
    kids: list[_Node | tuple[int, int] | tuple[int, Any]] = field(default_factory=list)
    """Nodes; marked content, as page and number; annotations, as page and dictionary."""
    extra: dict[str, Any] = field(default_factory=dict)
    made: Any = None


class _MarkedStream(Stream):  # type: ignore[misc]
    """A content stream that knows which boxes the page itself adds."""

    def marked(self, box: Any, tag: str) -> AbstractContextManager[None]:
        if getattr(box, "is_artifact", False):
            return self.artifact()  # type: ignore[no-any-return]
        return super().marked(box, tag)  # type: ignore[no-any-return]


@contextmanager
def own_tags() -> Iterator[None]:
    """Let WeasyPrint write our tag tree in the place of its own."""
    kept = weasyprint.pdf.Stream, weasyprint.pdf.add_tags
    weasyprint.pdf.Stream, weasyprint.pdf.add_tags = _MarkedStream, _add_tags
    try:
        yield
    finally:
        weasyprint.pdf.Stream, weasyprint.pdf.add_tags = kept


def mark_artifacts(document: Any) -> None:
    """Mark the boxes that are no part of the text: running heads, repeated table heads, decoration."""
    heads: set[Element] = set()
    for page in document.pages:
        seen: set[Element] = set()
        for box in _boxes(page._page_box):
            repeated = box.element in heads and getattr(box, "is_header", False)
            if isinstance(box, boxes.MarginBox) or repeated:
                for inner in _boxes(box):
                    inner.is_artifact = True
                # What is no part of the text leads nowhere either.
                page.links = [link for link in page.links if not getattr(link[3], "is_artifact", False)]
            elif getattr(box, "is_header", False):
                seen.add(box.element)
            elif (box.element_tag or "").endswith(CALL_TAG):
                for inner in _boxes(box):
                    inner.is_artifact = True
            elif isinstance(box, boxes.ReplacedBox) and not _alternative(box.element):
                box.is_artifact = True
        heads |= seen


def _boxes(top: Any) -> Iterator[Any]:
    """Give *top* and every box in it, in the order of the text."""
    stack = [top]
    while stack:
        box = stack.pop()
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        yield box
        stack.extend(reversed(list(box.all_children())))


def _alternative(element: Element) -> str:
    """Return the words that stand for a picture."""
    if element.tag == "img":
        return element.get("alt", "").strip()
    title = element.find(_SVG_TITLE)
    return (title.text or "").strip() if title is not None else ""


class _Tree:
    """The structure tree while the pages are walked."""

    def __init__(self, root: Element) -> None:
        self.top = _Node("Document", 0, None)
        self.above = {child: parent for parent in root.iter() for child in parent}
        self.nodes: dict[Element, _Node] = {}
        self.markers: dict[Element, _Node] = {}
        self.entries: dict[Element, _Node] = {}
        """The item of a term and of its meanings; in HTML they stand side by side."""

    def node(self, element: Element | None, page: int) -> _Node:
        """Return the node that the content of *element* belongs to."""
        if element is None or element not in self.above:
            return self.top
        if element in self.nodes:
            return self.nodes[element]
        outer = self.node(self.above[element], page)
        if element.tag in ("dt", "dd") and outer.kind == "L":
            outer = self._entry(element, outer, page)
        kinds = _kinds(element, outer)
        node = outer
        for kind in kinds:
            node = self._open(node, kind, page, element)
        self.nodes[element] = node
        return node

    def _entry(self, element: Element, outer: _Node, page: int) -> _Node:
        """Return the item of the list *outer* that *element*, a term or a meaning, belongs to."""
        if element not in self.entries:
            item, last = None, None
            for part in self.above[element]:
                if item is None or (part.tag == "dt" and last != "dt"):
                    item = _Node("LI", page, outer)
                self.entries[part], last = item, part.tag
        item = self.entries[element]
        if not item.kids:
            outer.kids.append(item)
            item.page = page
        return item

    def marker(self, element: Element, page: int) -> _Node:
        """Return the node for the bullet or number of a list item."""
        if element not in self.markers:
            body = self.node(element, page)
            item = body.parent if body.kind == "LBody" and body.parent else body
            label = _Node("Lbl", page, item)
            item.kids.insert(0, label)
            self.markers[element] = label
        return self.markers[element]

    def _open(self, parent: _Node, kind: str, page: int, element: Element) -> _Node:
        node = _Node(kind, page, parent, element, extra=_attributes(kind, element))
        if kind == "Code" and parent.element is not None and parent.element.tag == "pre":
            # A block of code, unlike code within a line (ISO 32000-1, 14.8.5.4.2).
            node.extra["A"] = pydyf.Dictionary({"O": "/Layout", "Placement": "/Block"})
        parent.kids.append(node)
        return node

    def set_notes(self) -> None:
        """Move each note behind the mark that cites it: it is met at the page's foot, or on the next."""
        marks: dict[str, _Node] = {}
        for element, node in self.nodes.items():
            if element.get(PART) == CALL:
                marks.setdefault(element.get("href", "")[1:], node)
        for element, note in self.nodes.items():
            mark = marks.get(element.get("id", "")) if note.kind == "Note" else None
            if mark is None or mark.parent is None or mark.parent.parent is None or note.parent is None:
                continue
            note.parent.kids.remove(note)
            note.parent = mark.parent.parent
            note.parent.kids.insert(note.parent.kids.index(mark.parent) + 1, note)


def _kinds(element: Element, outer: _Node) -> tuple[str, ...]:
    if element.tag == f"{{{SVG}}}svg" and FORMULA in element.get("class", "").split():
        return ("Formula",)
    generated = _BY_GENERATED.get(element.get(GENERATED, ""))
    if generated:
        return generated
    if element.get(PART) in _BY_PART:
        return _BY_PART[element.get(PART, "")]
    if element.tag == "a":
        return ("Link",) if "href" in element.attrib else ()
    if element.tag == "p" and outer.kind == "Caption":
        return ()
    if element.tag == "div" and outer.kind == "L":  # HTML lets a div hold a term and its meanings
        return ("LI",)
    kinds = _TAGS.get(element.tag, ())
    said = element.tag == "abbr" or "lang" in element.attrib or element.get("role") == "img"
    return kinds or (("Span",) if said else ())


def _attributes(kind: str, element: Element) -> dict[str, Any]:
    """Return the entries of a structure element besides its place and its content."""
    entries: dict[str, Any] = {}
    if "lang" in element.attrib:
        entries["Lang"] = pydyf.String(element.get("lang"))
    if kind == "Note":
        entries["ID"] = pydyf.String(element.get("id"))
    elif kind in ("Figure", "Formula"):
        entries["Alt"] = pydyf.String(_alternative(element))
    elif kind == "Span" and "aria-label" in element.attrib:
        entries["Alt"] = pydyf.String(element.get("aria-label"))
    elif kind == "Span" and element.tag == "abbr" and "title" in element.attrib:
        entries["E"] = pydyf.String(element.get("title"))  # ISO 32000-1, 14.9.5
    elif kind == "L":
        # A term is a label too, but none that is counted (ISO 32000-1, 14.8.5.5).
        numbering = {"ol": "/Decimal", "ul": "/Disc"}.get(element.tag, "/None")
        entries["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
    elif kind in ("TH", "TD"):
        cell = pydyf.Dictionary({"O": "/Table"})
        if kind == "TH":
            cell["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"
        for name, key in (("colspan", "ColSpan"), ("rowspan", "RowSpan")):
            if element.get(name, "1").isdigit() and int(element.get(name, "1")) > 1:
                cell[key] = int(element.get(name, "1"))
        if len(cell) > 1:
            entries["A"] = cell
    return entries


def _add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: list[Any]) -> None:
    """Write the structure tree of *document* into *pdf*; called by WeasyPrint."""
    tree = _Tree(document.text_root)
    for number, (page, stream) in enumerate(zip(document.pages, page_streams, strict=True)):
        _read_page(tree, page, number, stream._tags)
    tree.set_notes()
    root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(root)
    writer = _Writer(pdf, root, len(document.pages))
    root["K"] = pydyf.Array([writer.write(tree.top, root.reference)])
    writer.finish()
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _read_page(tree: _Tree, page: Any, number: int, marks: dict[Any, dict[str, Any]]) -> None:
    for box in _boxes(page._page_box):
        if getattr(box, "is_artifact", False):
            continue
        if box.link_annotation:
            node = tree.node(box.element, number)
            if node.kind != "Link":
                node = tree._open(node, "Link", number, box.element)
                tree.nodes[box.element] = node
            target = _words(box.element) or box.element.get("href", "")
            box.link_annotation["Contents"] = pydyf.String(target)
            node.kids.append((number, box.link_annotation))
        if isinstance(box, boxes.TableCellBox):
            tree.node(box.element, number)  # an empty cell is a cell
        mark = marks.get(box)
        if mark is not None:
            marker = (box.element_tag or "").endswith("::marker")
            node = tree.marker(box.element, number) if marker else tree.node(box.element, number)
            if node.kind in ("Figure", "Formula"):
                node.extra.setdefault("A", _bounds(box, page))
            node.kids.append((number, mark["mcid"]))


def _words(link: Element) -> str:
    """Return what a link says: its words, or those of its picture."""
    pictures = [_alternative(picture) for picture in link.iter("img")]
    return " ".join([*text_of(link).split(), *pictures]).strip()


def _bounds(box: Any, page: Any) -> Any:
    """Return the layout attribute that says where a picture stands, in pt from the page's foot."""
    x, y = box.content_box_x(), box.content_box_y()
    corners = (x, page.height - y - box.height, x + box.width, page.height - y)
    bounds = pydyf.Array([round(corner * 0.75, 3) for corner in corners])
    return pydyf.Dictionary({"O": "/Layout", "BBox": bounds})


class _Writer:
    """Writes nodes as objects, and keeps the tables that lead from content back to them."""

    def __init__(self, pdf: Any, root: Any, pages: int) -> None:
        self.pdf = pdf
        self.root = root
        self.content: list[dict[int, bytes]] = [{} for _ in range(pages)]
        self.annotations: list[tuple[bytes, Any]] = []
        self.names: list[tuple[str, bytes]] = []

    def write(self, node: _Node, parent: bytes) -> bytes:
        """Write *node* and all below it; return its reference."""
        page = self.pdf.page_references[node.page]
        element = pydyf.Dictionary(
            {"Type": "/StructElem", "S": f"/{node.kind}", "P": parent, "Pg": page, **node.extra}
        )
        self.pdf.add_object(element)
        reference: bytes = element.reference
        if "ID" in element:
            self.names.append((element["ID"].string, reference))
        kids = []
        for kid in node.kids:
            if isinstance(kid, _Node):
                kids.append(self.write(kid, reference))
            elif isinstance(kid[1], int):
                self.content[kid[0]][kid[1]] = reference
                kids.append(self._marked(node, kid[0], kid[1]))
            else:
                self.annotations.append((reference, kid[1]))
                kids.append(self._object(kid[0], kid[1]))
        element["K"] = pydyf.Array(kids)
        return reference

    def _marked(self, node: _Node, page: int, number: int) -> Any:
        if page == node.page:
            return number
        reference = self.pdf.page_references[page]
        return pydyf.Dictionary({"Type": "/MCR", "Pg": reference, "MCID": number})

    def _object(self, page: int, annotation: Any) -> Any:
        reference = self.pdf.page_references[page]
        return pydyf.Dictionary({"Type": "/OBJR", "Pg": reference, "Obj": annotation.reference})

    def finish(self) -> None:
        """Write the parent tree, the names and the role map into the root."""
        numbers: list[Any] = []
        for page, marks in enumerate(self.content):
            last = max(marks, default=-1)
            filled = [marks.get(number, "null") for number in range(last + 1)]
            numbers += [page, pydyf.Array(filled)]
        for key, (reference, annotation) in enumerate(self.annotations, start=len(self.content)):
            annotation["StructParent"] = key
            numbers += [key, reference]
        parents = pydyf.Dictionary({"Nums": pydyf.Array(numbers)})
        self.pdf.add_object(parents)
        self.root["ParentTree"] = parents.reference
        self.root["ParentTreeNextKey"] = len(self.content) + len(self.annotations)
        self.root["RoleMap"] = pydyf.Dictionary({k: f"/{v}" for k, v in ROLE_MAP.items()})
        if self.names:
            names = [part for name, ref in sorted(self.names) for part in (pydyf.String(name), ref)]
            self.root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(names)})
