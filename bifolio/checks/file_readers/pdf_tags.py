"""Reads the tags of a PDF in the order of a screen reader (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bifolio.checks.file_readers.pdf_pages import decode_object

_UNNUMBERED = "/None"
"""The numbering of a list whose labels are words of the text (ISO 32000-1, table 347)."""
_ADDED = frozenset(
    {"/CrossReference", "/CaptionNumber", "/Matter", "/PictureWords", "/Citation", "/Bibliography"}
)
"""Structure types of content that the edition adds to the words of its author."""
_CONTEXTUAL = _ADDED | {"/Note", "/Table", "/Caption"}
"""Structure types that change the context of their content."""
_REOPEN_AFTER = 5_000
"""How many objects are read before the file is opened again: pikepdf keeps about 4 KiB for each."""


class TagContext(NamedTuple):
    """The context of marked content, set by the structure elements around it."""

    is_in_note: bool = False
    is_added: bool = False
    """Whether the edition added it to the words of its author."""
    is_floating: bool = False
    """Whether it is the caption of a figure, or in a table with a caption."""


@dataclass(frozen=True, slots=True)
class MarkedContent:
    """Consecutive marked content of one page in one context, or a formula."""

    context: TagContext
    page: str
    """The reference of the page, such as `3 0 R`."""
    mcids: list[int]
    """The marked-content identifiers."""
    alt: str | None = None
    """The alternate description of a formula."""


def read_tags(
    path: Path, silent: Collection[str], keep: Callable[[object], None] = lambda file: None
) -> list[MarkedContent]:
    """Return the marked content of the PDF at *path* in reading order, without the structure types *silent*.

    *keep* is given the open file. A process that ends anyway may keep it: closing it takes a quarter of the
    time. Raises ValueError if the file is not a PDF or has no tags.
    """
    import pikepdf

    try:
        objects = _ObjectReader(path)
        keep(objects)
        return list(_walk(objects, silent))
    except pikepdf.PasswordError as error:
        raise ValueError("it is protected by a password") from error
    except (pikepdf.PdfError, RecursionError) as error:
        raise ValueError(f"it is damaged, or not a PDF: {error}") from error


class _OpenElement(NamedTuple):
    """A structure element whose kids are being read."""

    kids: Iterator[Any]
    """The kids that have not been read yet."""
    page: str
    context: TagContext
    has_text_labels: bool
    """Whether the labels of list items in it are words of the text."""


class _ObjectReader:
    """Reads objects of a PDF by reference, as `decode_object` returns them.

    pikepdf frees what it has read when the file is closed, so the file is opened again from time to time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        import pikepdf

        self._remaining = _REOPEN_AFTER
        self._pdf: Any = pikepdf.open(self._path, inherit_page_attributes=False)

    def structure_kids(self) -> Any:
        """Return the kids of the structure tree root. Raises ValueError if there is none."""
        if "/StructTreeRoot" not in self._pdf.Root:
            raise ValueError("it is not a tagged PDF")
        return decode_object(self._pdf.Root.StructTreeRoot).get("/K")

    def resolve(self, value: Any) -> Any:
        """Return *value*, or the object that it refers to."""
        while isinstance(value, str) and value[:1].isdigit():
            if not self._remaining:
                self._pdf = None  # otherwise both files would be in memory
                self._open()
            self._remaining -= 1
            number, generation, _ = value.split()
            value = decode_object(self._pdf.get_object(int(number), int(generation)))
        return value


def _walk(objects: _ObjectReader, silent: Collection[str]) -> Iterator[MarkedContent]:
    """Yield all marked content in reading order, without that of the structure types *silent*."""
    stack = [_OpenElement(iter([objects.structure_kids()]), "", TagContext(), False)]
    seen: set[str] = set()
    current = MarkedContent(TagContext(), "", [])
    while stack:
        parent = stack[-1]
        for item in parent.kids:
            if isinstance(item, str):
                if item in seen:
                    raise ValueError("its structure tree has a cycle")
                seen.add(item)
                item = objects.resolve(item)
            page = parent.page
            if isinstance(item, dict):
                kind = objects.resolve(item.get("/S", ""))
                if kind and (kind not in silent or (parent.has_text_labels and kind == "/Lbl")):
                    if kind != "/Formula":
                        stack.append(_open_element(item, kind, parent, objects))
                        break
                    yield current
                    alt = _decode_string(objects.resolve(item.get("/Alt", "u:")))
                    yield MarkedContent(parent.context, page, [], alt)
                    current = MarkedContent(parent.context, page, [])
                elif not kind and item.get("/Type") == "/MCR":
                    page, item = item.get("/Pg", page), objects.resolve(item.get("/MCID"))
            elif isinstance(item, list):
                stack.append(parent._replace(kids=iter(item)))
                break
            if isinstance(item, int):
                if page != current.page or parent.context != current.context:
                    yield current
                    current = MarkedContent(parent.context, page, [])
                current.mcids.append(item)
        else:
            stack.pop()
    yield current


def _open_element(
    item: dict[str, Any], kind: str, parent: _OpenElement, objects: _ObjectReader
) -> _OpenElement:
    """Return the structure element *item* of type *kind*, with the context that it gives to its kids."""
    _, page, context, has_text_labels = parent
    if kind != "/LI":  # the list of an item decides, not the item
        has_text_labels = kind == "/L" and _numbering(item, objects) == _UNNUMBERED
    if kind in _CONTEXTUAL:
        is_captioned_table = kind == "/Table" and _has_caption(item, objects)
        context = TagContext(
            is_in_note=context.is_in_note or kind == "/Note",
            is_added=context.is_added or kind in _ADDED,
            is_floating=context.is_floating or kind == "/Caption" or is_captioned_table,
        )
    kids = item.get("/K")
    kids = iter(kids if isinstance(kids, list) else [kids])
    return _OpenElement(kids, item.get("/Pg", page), context, has_text_labels)


def _decode_string(string: str) -> str:
    """Return the text of *string*, in the JSON form of qpdf."""
    import pikepdf

    return string[2:] if string.startswith("u:") else str(pikepdf.String(bytes.fromhex(string[2:])))


def _numbering(item: Any, objects: _ObjectReader) -> Any:
    """Return the `ListNumbering` attribute of the list *item*."""
    attributes = objects.resolve(item.get("/A"))
    return objects.resolve(attributes.get("/ListNumbering")) if isinstance(attributes, dict) else None


def _has_caption(item: Any, objects: _ObjectReader) -> bool:
    """Say whether the table *item* begins with a caption."""
    kids = objects.resolve(item.get("/K"))
    first = objects.resolve(kids[0]) if isinstance(kids, list) and kids else None
    return isinstance(first, dict) and objects.resolve(first.get("/S")) == "/Caption"
