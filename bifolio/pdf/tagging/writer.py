"""Writing a structure tree into a PDF (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.laid_out import StructureElement
from bifolio.pdf.tagging.structure_types import ROLE_MAP


class _SerializedObject(pdf_objects.Object):  # type: ignore[misc]
    """An object that is written once, at once: there are thousands."""

    data = b""
    compressible = True


class StructureTreeWriter:
    """Writes nodes as objects, and keeps the tables that lead from content back to them."""

    def __init__(self, pdf: Any, root: Any, pages: int) -> None:
        self.pdf = pdf
        self.root = root
        self.pages: tuple[bytes, ...] = pdf.page_references
        self.content: list[dict[int, bytes]] = [{} for _ in range(pages)]
        self.annotations: list[tuple[bytes, Any]] = []
        self.names: list[tuple[str, bytes]] = []

    def write(self, node: StructureElement, parent: bytes, first: int = 0) -> bytes:
        """Write *node* and all below it; return its reference. Its page 0 is page *first* of the file."""
        element = _SerializedObject()
        self.pdf.add_object(element)
        reference: bytes = element.reference
        if "ID" in node.entries:
            self.names.append((node.entries["ID"].string, reference))
        kids = b" ".join(self._kids(node, reference, first))
        extra = pdf_objects.Dictionary(node.entries).data[2:-2] if node.entries else b""
        element.data = b"<</Type/StructElem/S/%s/P %s/Pg %s%s/K [%s]>>" % (
            node.structure_type.encode(), parent, self.pages[first + node.page_index], extra, kids,
        )  # fmt: skip
        return reference

    def _kids(self, node: StructureElement, reference: bytes, first: int) -> Iterator[bytes]:
        """Write what is below *node*, and give how it is named there."""
        for kid in node.kids:
            if isinstance(kid, StructureElement):
                yield self.write(kid, reference, first)
                continue
            page, mark = kid
            if isinstance(mark, int):
                self.content[first + page][mark] = reference
                inside = page == node.page_index
                number = b"%d" % mark
                yield (
                    number if inside else b"<</Type/MCR/Pg %s/MCID %s>>" % (self.pages[first + page], number)
                )
            elif mark.link_annotation is not None:  # a link that leads nowhere has none
                mark.link_annotation["Contents"] = pdf_objects.String(mark.description)
                self.annotations.append((reference, mark.link_annotation))
                yield b"<</Type/OBJR/Pg %s/Obj %s>>" % (
                    self.pages[first + page],
                    mark.link_annotation.reference,
                )

    def finish(self) -> None:
        """Write the parent tree, the names and the role map into the root."""
        numbers: list[Any] = []
        for page, marks in enumerate(self.content):
            last = max(marks, default=-1)
            filled = (marks.get(number, b"null") for number in range(last + 1))
            numbers += [page, b"[%s]" % b" ".join(filled)]
        for key, (reference, annotation) in enumerate(self.annotations, start=len(self.content)):
            annotation["StructParent"] = key
            numbers += [key, reference]
        parents = pdf_objects.Dictionary({"Nums": pdf_objects.Array(numbers)})
        self.pdf.add_object(parents)
        self.root["ParentTree"] = parents.reference
        self.root["ParentTreeNextKey"] = len(self.content) + len(self.annotations)
        self.root["RoleMap"] = pdf_objects.Dictionary({k: f"/{v}" for k, v in ROLE_MAP.items()})
        if self.names:
            names = [part for name, ref in sorted(self.names) for part in (pdf_objects.String(name), ref)]
            self.root["IDTree"] = pdf_objects.Dictionary({"Names": pdf_objects.Array(names)})
