"""Lays out one text with WeasyPrint, draws its pages and reads its structure."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.documents import TreeDocument
from bifolio.pdf.engine.layout_environment import LayoutEnvironment
from bifolio.pdf.engine.log import log_messages
from bifolio.pdf.engine.memoization import memoization
from bifolio.pdf.engine.patching import Layer, applied
from bifolio.pdf.floats.placement import FloatPlacer
from bifolio.pdf.footnotes.layout import footnotes
from bifolio.pdf.job import FigureStyle, TextContext
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, LinkBox, PageStart, PageType
from bifolio.pdf.lines.code_continuation_marks import (
    ContinuationMark,
    draw_continuation_marks,
    find_continuation_marks,
)
from bifolio.pdf.lines.justification import justification
from bifolio.pdf.lines.text_metrics import discard_shaped_lines
from bifolio.pdf.pages.page_number_placeholders import count_placeholders, find_placeholders
from bifolio.pdf.pages.page_starts import find_page_starts
from bifolio.pdf.pages.vertical_justification import vertical_justification
from bifolio.pdf.tables.column_widths import column_widths
from bifolio.pdf.tables.landscape import (
    is_landscape,
    landscape,
    mark_landscape_tables,
    rotate_box,
    rotate_point,
    rotate_sides,
    rotation_operator,
)
from bifolio.pdf.tables.overflow import find_narrow_tables, to_narrow_table
from bifolio.pdf.tables.repeated_headers import repeated_headers
from bifolio.pdf.tables.row_breaks import row_breaks
from bifolio.pdf.tagging.artifacts import mark_artifacts
from bifolio.pdf.tagging.structure_tree import build_structure, link_description
from bifolio.pdf.writing.content_streams import ContentRecorder, deflate
from bifolio.pdf.writing.png_passthrough import png_passthrough

_STACK_SIZE = 2**16
"""Stack size for `typeset`: one large frame avoids allocating 16 KiB chunks repeatedly in deep recursion."""


def typeset(
    root: Element,
    environment: LayoutEnvironment,
    context: TextContext,
    figures: FigureStyle,
    *,
    vertical: bool,
) -> LaidOutText:
    """Lay out the text *root* with *figures* where they fit, and draw its pages.

    With *vertical* justification the last lines of full pages are aligned.
    """
    record = _PageRecord(context)
    with log_messages() as messages, applied(*layers(record, figures, vertical=vertical)):
        pages, cramped = _lay_out_pages(root, environment, record, messages)
        mark_artifacts(pages)
        named = count_placeholders(root)
        starts = find_page_starts(pages, root)
        continuation_marks = find_continuation_marks(pages, root)
        recorder = ContentRecorder(context.first_resource, context.missing)
        above = {child: parent for parent in root.iter() for child in parent}
        targets = {
            box: LinkBox(_link_description(box.element, above)) for page in pages for *_, box in page.links
        }
        marks, drawn = [], []
        for index, page in enumerate(pages):
            operators, tags = recorder.draw(page, partial(_paint, page, continuation_marks[index]))
            operators = (
                [rotation_operator(page), *operators] if is_landscape(boxes.page_box_of(page)) else operators
            )
            marks.append(tags)
            one = _laid_out_page(page, targets, record, index, operators, starts[index])
            if named and context.is_separate:
                one = replace(
                    one, number_placeholders=find_placeholders(recorder, [b"q", *operators, b"Q"], tags)
                )
            drawn.append(one)
        nodes = build_structure(pages, root, marks, targets)
        is_open = named == sum(len(page.number_placeholders) for page in drawn)
        narrow = tuple(to_narrow_table(table, word) for table, word in cramped.items())
        _break_reference_cycles(pages)
        discard_shaped_lines(environment.fonts)
        resources = recorder.resources(context.own_fonts)
        return LaidOutText(tuple(drawn), resources, nodes, tuple(messages), narrow, is_open)


typeset.__code__ = typeset.__code__.replace(co_stacksize=_STACK_SIZE)


def layers(record: _PageRecord, figures: FigureStyle, *, vertical: bool) -> list[Layer]:
    """Return the layers of hooks that a text is laid out with; `patches.LAYERS` says in which order."""
    placer = FloatPlacer(figures)
    return [
        png_passthrough(),
        memoization(),
        justification(),
        column_widths(),
        repeated_headers(),
        row_breaks(),
        footnotes(),
        placer.layer(),
        landscape(placer.has_deferred_table),
        record.layer(),
        *([vertical_justification()] if vertical else []),
    ]


@dataclass(slots=True)
class _PageRecord:
    """Tells the layout the place of its text, and records the state of each page."""

    context: TextContext
    counters: list[dict[str, list[int]]] = field(default_factory=list)
    """The counters at the end of each page."""
    strings: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    """The values of each named string, by the number of the page."""
    layout_context: Any = None
    _pages_before: int | None = None
    """How many pages precede the one that restarts page numbers; None until that is laid out."""

    def layer(self) -> Layer:
        """Return the layer of hooks that record."""
        return Layer(
            "page_context",
            {
                "weasyprint.layout.make_margin_boxes": self.make_margin_boxes,
                "weasyprint.layout.page.PageType": self.page_type,
            },
        )

    def begin(self) -> None:
        """Forget the pages of an earlier layout of the text."""
        self.counters.clear()
        self.strings.clear()
        self._pages_before = None

    def end(self) -> None:
        """Break the reference cycle of the layout's context, which holds everything that is laid out."""
        if self.layout_context is not None:
            self.layout_context.get_image_from_uri = None

    def make_margin_boxes(self, following: Callable[..., Any], context: Any, page: Any, state: Any) -> Any:
        """Record *page*, then make its margin boxes unless they come later."""
        self.layout_context = context
        start = self.context.numbering_start
        if start and self._pages_before is None and _has_anchor(page, start):
            self._pages_before = len(self.counters)
        if self._pages_before is not None:
            state[1]["page"] = [len(self.counters) - self._pages_before + 1]
        self.counters.append(copy.deepcopy(state[1]))
        for name, texts in context.string_set.items():
            self.strings[name] = texts
        return () if self.context.is_separate or is_landscape(page) else following(context, page, state)

    def page_type(
        self, following: Callable[..., Any], side: str, blank: bool, name: str, index: int, groups: Any
    ) -> Any:
        """Return the type of a page, which is not the first of all unless the text opens the publication."""
        return following(side, blank, name, index if self.context.is_first else index + 1, groups)


def _lay_out_pages(
    root: Element, environment: LayoutEnvironment, record: _PageRecord, messages: list[str]
) -> tuple[list[Any], dict[Element, str]]:
    """Return the pages of *root*, and the tables in which a word has no room; *messages* are logged."""
    while True:
        messages.clear()
        record.begin()
        pages = TreeDocument(root, environment.fetcher).render(**environment.options()).pages
        record.end()
        cramped = dict(find_narrow_tables(pages))
        if not mark_landscape_tables(cramped, pages, root):
            return pages, cramped


def _has_anchor(page: Any, anchor: str) -> bool:
    return any(box.style["anchor"] == anchor for box in page.descendants())


def _break_reference_cycles(pages: Sequence[Any]) -> None:
    """Break reference cycles on *pages*: a footnote area holds its page, and with it every box."""
    for page in pages:
        for box in boxes.page_box_of(page).children:
            if isinstance(box, boxes.FootnoteAreaBox):
                box.page = None


def _paint(page: Any, continuation_marks: Sequence[ContinuationMark], stream: Any) -> None:
    page.paint(stream)
    draw_continuation_marks(stream, continuation_marks)


def _link_description(element: Element, above: dict[Element, Element]) -> str:
    """Return the words of the link that *element* is, or is part of."""
    link = element
    while link.tag != "a" and link in above:
        link = above[link]
    return link_description(element) or link_description(link) or link.get("href", "")


def _laid_out_page(
    page: Any,
    targets: dict[Any, LinkBox],
    record: _PageRecord,
    index: int,
    operators: list[Any],
    start: PageStart | None,
) -> LaidOutPage:
    """Return WeasyPrint's *page*, drawn by *operators*, as plain data."""
    box = boxes.page_box_of(page)
    kind = box.page_type
    number = index + 1
    laid_out = LaidOutPage(
        width=page.width,
        height=page.height,
        bleed=page.bleed,
        bookmarks=page.bookmarks,
        links=[(*link[:3], targets[link[3]]) for link in page.links],
        anchors=page.anchors,
        page_type=PageType(kind.side, kind.blank, kind.name, kind.index, tuple(kind.groups)),
        counters=record.counters[index],
        strings={name: texts[number] for name, texts in record.strings.items() if number in texts},
        content=deflate([b"q", *operators, b"Q"]),
        start=start,
    )
    return _rotate_page(laid_out) if is_landscape(box) else laid_out


def _rotate_page(page: LaidOutPage) -> LaidOutPage:
    """Return *page* with all places on it rotated to the left; its content has been rotated."""
    return replace(
        page,
        width=page.height,
        height=page.width,
        bleed=rotate_sides(page.bleed),
        bookmarks=[
            (level, label, rotate_point(page, *at), state) for level, label, at, state in page.bookmarks
        ],
        links=[(kind, target, rotate_box(page, place), spot) for kind, target, place, spot in page.links],
        anchors={name: rotate_box(page, place) for name, place in page.anchors.items()},
        is_landscape=True,
    )
