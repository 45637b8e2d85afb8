"""What is to be set, and its key in the cache: a digest of all that decides what is made."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from importlib.metadata import version
from typing import Any

from bifolio.model.publication import FILE, LINE, Publication, Section
from bifolio.pdf.document.math import Drawings
from bifolio.pdf.laid_out import PageType
from bifolio.runtime.environment import font_fingerprint, program


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """What becomes of a figure that does not fit on its page."""

    follow: bool = True
    """Whether it may come after the text that follows it, if it has a caption."""
    shrink: float = 0.7
    """The least size of its image, relative to its own."""


@dataclass(frozen=True, slots=True)
class TextContext:
    """The place of a text in its publication."""

    apart: bool = False
    """Whether margin boxes are left for later, when the page numbers are known."""
    opens: bool = True
    """Whether its first page is the first of the publication."""
    start: str = ""
    """The anchor at which page numbers start again from 1, in a text of many sections."""
    first: int = 0
    """The number of its first resource; no two texts of a file may have the same."""
    missing: frozenset[str] = frozenset()
    """The characters that no font has."""
    own: frozenset[str] = frozenset()
    """The digests of the program's own font files."""


@dataclass(frozen=True, slots=True)
class MarginBoxPage:
    """What the margin boxes of a page depend on (CSS Paged Media 3, 5)."""

    kind: PageType
    number: int
    counters: Mapping[str, list[int]]
    """All counters but `page`."""
    strings: Mapping[str, list[str]]
    """The named strings that the page sets (CSS GCPM 3, 1.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class LayoutJob:
    """What all texts of a publication are set with."""

    publication: Publication
    drawings: Drawings
    styles: tuple[str, ...]
    """The sheets, in the order of the cascade."""
    missing: frozenset[str]
    own: frozenset[str]
    """The digests of the program's own font files."""
    variants: tuple[str, ...] = ()
    """The named styles of the sheet."""
    rectos: frozenset[str] = frozenset()
    """The names of the sections that open on a right-hand page."""
    addresses: str = "text"
    """Where those of links are printed."""
    figures: FigureStyle = field(default_factory=FigureStyle)
    even: bool = True
    """Whether the lowest lines of full pages stand at one height."""


@dataclass(frozen=True, slots=True)
class TextTask:
    """Set the text of some sections."""

    sections: tuple[int, ...]
    pages: tuple[tuple[str, str], ...]
    """The anchors of which they show the page, with its number."""
    place: TextContext


@dataclass(frozen=True, slots=True)
class MarginBoxTask:
    """Set the running heads and folios of some pages."""

    pages: tuple[MarginBoxPage, ...]
    carried: tuple[tuple[str, str], ...]
    """The named strings as the pages before have left them."""
    place: TextContext


Task = TextTask | MarginBoxTask


def job_digest(order: LayoutJob) -> Any:
    """Return the digest of what every task depends on."""
    metadata = order.publication.metadata
    digest = hashlib.sha256()
    for part in (
        version("weasyprint"), version("pydyf"), version("ziamath"), sys.version, program(),
        font_fingerprint(), order.styles, order.variants, sorted(order.missing), metadata.language,
        metadata.title, metadata.short_title, len(order.publication.sections) > 1, sorted(order.own),
        order.figures, order.even,
    ):  # fmt: skip
        digest.update(repr(part).encode())
    return digest


NAMING_DIGITS = 12
"""How many hexadecimal digits at the beginning of a key depend on the content of the task alone.

The resources of a text are named by them, so that another version of the program writes the same names.
"""


def task_key(base: Any, order: LayoutJob, task: Task) -> str:
    """Return the key of *task*: the digest of its content, then of everything that decides its result."""
    content = hashlib.sha256(repr(astuple(task.place)).encode())
    if isinstance(task, MarginBoxTask):
        content.update(repr(astuple(task)).encode())
    else:
        content.update(repr(task.pages).encode())
        pictures = {picture.name: picture for picture in order.publication.pictures}
        for number in task.sections:
            for part in _content(order.publication.sections[number], pictures):
                content.update(part.encode())
    digest = base.copy()
    digest.update(content.digest())
    return content.hexdigest()[:NAMING_DIGITS] + str(digest.hexdigest())[NAMING_DIGITS:]


def _content(section: Section, pictures: dict[str, Any]) -> Iterator[str]:
    """Give all that *section* is made of, but where it stands in its file."""
    yield repr((section.name, section.role, section.matter, section.depth, section.language))
    yield repr([(note.number, note.sign) for note in section.notes])
    for tree in section.trees():
        stack: list[Any] = [tree]
        while stack:
            element = stack.pop()
            if element is None:
                yield ")"
                continue
            marks = [mark for mark in element.attrib.items() if mark[0] not in (LINE, FILE)]
            yield repr((element.tag, marks, element.text, element.tail))
            if element.tag == "img" and element.get("src") in pictures:
                yield hashlib.sha256(pictures[element.get("src")].data).hexdigest()
            stack.append(None)
            stack.extend(reversed(element))
