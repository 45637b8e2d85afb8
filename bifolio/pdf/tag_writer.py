"""Writing a structure tree into a PDF (ISO 32000-1, 14.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import pydyf

from bifolio.pdf.tags import ROLE_MAP


@dataclass(slots=True, eq=False)
class Node:
    """A structure element in the making."""

    kind: str
    page: int
    parent: Node | None
    element: Element | None = None
    kids: list[Node | tuple[int, int] | tuple[int, Any]] = field(default_factory=list)
    """Nodes; marked content, as page and number; links, as page and `Spot`."""
    extra: dict[str, Any] = field(default_factory=dict)


class TreeWriter:
    """Writes nodes as objects, and keeps the tables that lead from content back to them."""

    def __init__(self, pdf: Any, root: Any, pages: int) -> None:
        self.pdf = pdf
        self.root = root
        self.pages: tuple[bytes, ...] = pdf.page_references
        self.content: list[dict[int, bytes]] = [{} for _ in range(pages)]
        self.annotations: list[tuple[bytes, Any]] = []
        self.names: list[tuple[str, bytes]] = []

    def write(self, node: Node, parent: bytes, first: int = 0) -> bytes:
        """Write *node* and all below it; return its reference. Its page 0 is page *first* of the file."""
        element = pydyf.Dictionary(
            {"Type": "/StructElem", "S": f"/{node.kind}", "P": parent, "Pg": self.pages[first + node.page]}
        )
        element |= node.extra
        self.pdf.add_object(element)
        reference: bytes = element.reference
        if "ID" in element:
            self.names.append((element["ID"].string, reference))
        kids = []
        for kid in node.kids:
            if isinstance(kid, Node):
                kids.append(self.write(kid, reference, first))
            elif isinstance(kid[1], int):
                self.content[first + kid[0]][kid[1]] = reference
                kids.append(self._marked(node, kid[0], kid[1], first))
            elif kid[1].link_annotation is not None:  # a link that leads nowhere has none
                kid[1].link_annotation["Contents"] = pydyf.String(kid[1].words)
                self.annotations.append((reference, kid[1].link_annotation))
                kids.append(self._object(first + kid[0], kid[1].link_annotation))
        element["K"] = pydyf.Array(kids)
        return reference

    def _marked(self, node: Node, page: int, number: int, first: int) -> Any:
        if page == node.page:
            return number
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self.pages[first + page], "MCID": number})

    def _object(self, page: int, annotation: Any) -> Any:
        return pydyf.Dictionary({"Type": "/OBJR", "Pg": self.pages[page], "Obj": annotation.reference})

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
