"""The tags of a finished PDF, in the order in which a screen reader reads them (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bifolio.checks.readers.pdf_pages import decode_object

_UNCOUNTED = "/None"
"""The numbering of a list whose labels are words of the text (table 347)."""
_ADDED = frozenset(
    {"/CrossReference", "/CaptionNumber", "/Matter", "/PictureWords", "/Citation", "/Bibliography"}
)
"""What the edition adds to the words of its author."""
_TELLING = _ADDED | {"/Note", "/Table", "/Caption"}
"""What says something of all that stands in it."""
_REOPEN_AFTER = 5_000
"""How many objects are read before those read are dropped: each takes four KiB."""


class TagContext(NamedTuple):
    """What is said of a piece of content by what it stands in."""

    in_note: bool = False
    is_added: bool = False
    """Whether the edition added it."""
    is_apart: bool = False
    """Whether it is the caption of a figure, or in a table with a caption."""


@dataclass(frozen=True, slots=True)
class MarkedContent:
    """Content that is read at a stretch: marked content of a page, or a formula."""

    state: TagContext
    page: str
    """The reference of the page."""
    marks: list[int]
    words: str | None = None
    """Of a formula: what stands for it."""


def read_tags(
    path: Path, silent: Collection[str], keep: Callable[[object], None] = lambda file: None
) -> list[MarkedContent]:
    """Return all marked content of the PDF at *path* in reading order, but for that of the kinds *silent*.

    *keep* is given the open file, and may keep it, for to take it apart takes a quarter of the time. Raises
    ValueError where it is no PDF, or has no tags.
    """
    import pikepdf

    try:
        objects = _Objects(path)
        keep(objects)
        return list(_walk(objects, silent))
    except pikepdf.PasswordError as error:
        raise ValueError("it is locked by a password") from error
    except (pikepdf.PdfError, RecursionError) as error:
        raise ValueError(f"it is not a whole PDF: {error}") from error


class _Inside(NamedTuple):
    """What is in an element."""

    kids: Iterator[Any]
    """Those that have not been read yet."""
    page: str
    state: TagContext
    words: bool
    """Whether the labels in it are words of the text."""


class _Objects:
    """The objects of a PDF, as `decoded` gives them.

    The library keeps what it has read as long as the file is open, so that is opened anew now and then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        import pikepdf

        self._left = _REOPEN_AFTER
        self._pdf: Any = pikepdf.open(self._path, inherit_page_attributes=False)

    def top(self) -> Any:
        """Return what the root of the tags holds. Raises ValueError where there are none."""
        if "/StructTreeRoot" not in self._pdf.Root:
            raise ValueError("it has no tags to read it by")
        return decode_object(self._pdf.Root.StructTreeRoot).get("/K")

    def followed(self, value: Any) -> Any:
        """Return *value*, or what it refers to."""
        while isinstance(value, str) and value[:1].isdigit():
            if not self._left:
                self._pdf = None  # first, or both would be held
                self._open()
            self._left -= 1
            number, generation, _ = value.split()
            value = decode_object(self._pdf.get_object(int(number), int(generation)))
        return value


def _walk(objects: _Objects, silent: Collection[str]) -> Iterator[MarkedContent]:
    """Give all marked content in reading order, but for that of the kinds *silent*."""
    stack = [_Inside(iter([objects.top()]), "", TagContext(), False)]
    seen: set[str] = set()
    run = MarkedContent(TagContext(), "", [])
    while stack:
        inside = stack[-1]
        for item in inside.kids:
            if isinstance(item, str):
                if item in seen:
                    raise ValueError("its tags lead round in a circle")
                seen.add(item)
                item = objects.followed(item)
            page = inside.page
            if isinstance(item, dict):
                kind = objects.followed(item.get("/S", ""))
                if kind and (kind not in silent or (inside.words and kind == "/Lbl")):
                    if kind != "/Formula":
                        stack.append(_entered(item, kind, inside, objects))
                        break
                    yield run
                    yield MarkedContent(
                        inside.state, page, [], _words(objects.followed(item.get("/Alt", "u:")))
                    )
                    run = MarkedContent(inside.state, page, [])
                elif not kind and item.get("/Type") == "/MCR":
                    page, item = item.get("/Pg", page), objects.followed(item.get("/MCID"))
            elif isinstance(item, list):
                stack.append(inside._replace(kids=iter(item)))
                break
            if isinstance(item, int):
                if page != run.page or inside.state != run.state:
                    yield run
                    run = MarkedContent(inside.state, page, [])
                run.marks.append(item)
        else:
            stack.pop()
    yield run


def _entered(item: dict[str, Any], kind: str, outside: _Inside, objects: _Objects) -> _Inside:
    """Return what is in *item*, an element of that *kind*, which stands in *outside*."""
    _, page, state, words = outside
    if kind != "/LI":  # an item's labels are as its list says
        words = kind == "/L" and _numbering(item, objects) == _UNCOUNTED
    if kind in _TELLING:
        state = TagContext(
            state.in_note or kind == "/Note",
            state.is_added or kind in _ADDED,
            state.is_apart or kind == "/Caption" or (kind == "/Table" and _has_caption(item, objects)),
        )
    kids = item.get("/K")
    return _Inside(iter(kids if isinstance(kids, list) else [kids]), item.get("/Pg", page), state, words)


def _words(string: str) -> str:
    """Return what *string* says, as `json` has it."""
    import pikepdf

    return string[2:] if string.startswith("u:") else str(pikepdf.String(bytes.fromhex(string[2:])))


def _numbering(item: Any, objects: _Objects) -> Any:
    """Return how the list *item* is numbered, by its attributes."""
    attributes = objects.followed(item.get("/A"))
    return objects.followed(attributes.get("/ListNumbering")) if isinstance(attributes, dict) else None


def _has_caption(item: Any, objects: _Objects) -> bool:
    """Say whether *item*, a table, begins with a caption."""
    kids = objects.followed(item.get("/K"))
    first = objects.followed(kids[0]) if isinstance(kids, list) and kids else None
    return isinstance(first, dict) and objects.followed(first.get("/S")) == "/Caption"
