"""Writes a structure tree into a PDF (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.laid_out import StructureElement
from bifolio.pdf.tagging.structure_types import ROLE_MAP


class _SerializedObject(pdf_objects.Object):  # type: ignore[misc]
    """A structure element as its serialized bytes: there are thousands."""

    data = b""
    compressible = True


class StructureTreeWriter:
    """Writes structure elements as objects, and records the content of each for the parent tree."""

    def __init__(self, pdf: Any, root: Any, page_count: int) -> None:
        self.pdf = pdf
        self.root = root
        self.pages: tuple[bytes, ...] = pdf.page_references
        self.content: list[dict[int, bytes]] = [{} for _ in range(page_count)]
        """By page, the structure element of each marked-content identifier."""
        self.annotations: list[tuple[bytes, Any]] = []
        """The annotations of links, with their structure elements."""
        self.names: list[tuple[str, bytes]] = []
        """The structure elements with an ID."""

    def write(self, node: StructureElement, parent: bytes, first_page: int = 0) -> bytes:
        """Write *node* and its descendants below the reference *parent*; return its reference.

        The pages of its text begin at the index *first_page* in the file.
        """
        element = _SerializedObject()
        self.pdf.add_object(element)
        reference: bytes = element.reference
        if "ID" in node.entries:
            self.names.append((node.entries["ID"].string, reference))
        kids = b" ".join(self._kids(node, reference, first_page))
        extra = pdf_objects.Dictionary(node.entries).data[2:-2] if node.entries else b""
        element.data = b"<</Type/StructElem/S/%s/P %s/Pg %s%s/K [%s]>>" % (
            node.structure_type.encode(), parent, self.pages[first_page + node.page_index], extra, kids,
        )  # fmt: skip
        return reference

    def _kids(self, node: StructureElement, reference: bytes, first_page: int) -> Iterator[bytes]:
        """Write the kids of *node*; yield the entries for them in its `K` array."""
        for kid in node.kids:
            if isinstance(kid, StructureElement):
                yield self.write(kid, reference, first_page)
                continue
            page_index, item = kid
            page = self.pages[first_page + page_index]
            if isinstance(item, int):
                self.content[first_page + page_index][item] = reference
                mcid = b"%d" % item
                is_same_page = page_index == node.page_index
                yield mcid if is_same_page else b"<</Type/MCR/Pg %s/MCID %s>>" % (page, mcid)
            elif item.link_annotation is not None:  # a link without a destination has none
                item.link_annotation["Contents"] = pdf_objects.String(item.description)
                self.annotations.append((reference, item.link_annotation))
                yield b"<</Type/OBJR/Pg %s/Obj %s>>" % (page, item.link_annotation.reference)

    def finish(self) -> None:
        """Write the parent tree, the ID tree and the role map into the root."""
        numbers: list[Any] = []
        for page_index, owners in enumerate(self.content):
            last = max(owners, default=-1)
            references = (owners.get(mcid, b"null") for mcid in range(last + 1))
            numbers += [page_index, b"[%s]" % b" ".join(references)]
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
