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
from bifolio.pdf.engine.patching import Layer, apply_layers
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
    """Lay out the text *root*, with figures placed as *figures* says, and draw its pages.

    With *vertical* justification, the last baselines of full pages are aligned.
    """
    record = _PageRecord(context)
    with log_messages() as messages, apply_layers(*layers(record, figures, vertical=vertical)):
        pages, narrow_tables = _lay_out_pages(root, environment, record, messages)
        mark_artifacts(pages)
        page_starts = find_page_starts(pages, root)
        continuation_marks = find_continuation_marks(pages, root)
        placeholder_count = count_placeholders(root)
        recorder = ContentRecorder(context.first_resource, context.missing)
        link_boxes = _link_boxes(pages, root)
        marked_content, laid_out_pages = [], []
        for index, page in enumerate(pages):
            operators, marked = recorder.draw(page, partial(_paint, page, continuation_marks[index]))
            if is_landscape(boxes.page_box_of(page)):
                operators = [rotation_operator(page), *operators]
            operators = [b"q", *operators, b"Q"]
            laid_out = _laid_out_page(page, link_boxes, record, index, operators, page_starts[index])
            if placeholder_count and context.is_separate:
                placeholders = find_placeholders(recorder, operators, marked)
                laid_out = replace(laid_out, number_placeholders=placeholders)
            marked_content.append(marked)
            laid_out_pages.append(laid_out)
        result = LaidOutText(
            tuple(laid_out_pages),
            recorder.resources(context.own_fonts),
            build_structure(pages, root, marked_content, link_boxes),
            tuple(messages),
            tuple(to_narrow_table(table, word) for table, word in narrow_tables.items()),
            placeholder_count == sum(len(page.number_placeholders) for page in laid_out_pages),
        )
        _break_reference_cycles(pages)
        discard_shaped_lines(environment.fonts)
        return result


typeset.__code__ = typeset.__code__.replace(co_stacksize=_STACK_SIZE)


def layers(record: _PageRecord, figures: FigureStyle, *, vertical: bool) -> list[Layer]:
    """Return the layers of hooks that a text is laid out with, to be ordered by `patches.LAYERS`."""
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
    """Hooks that give the layout the context of its text, and record counters and strings of each page."""

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
        """Break the reference cycle of the layout context, which refers to all boxes."""
        if self.layout_context is not None:
            self.layout_context.get_image_from_uri = None

    def make_margin_boxes(self, following: Callable[..., Any], context: Any, page: Any, state: Any) -> Any:
        """Record *page*, then make its margin boxes unless they are drawn later."""
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
        """Return the type of a page; `:first` matches only the first page of the publication."""
        return following(side, blank, name, index if self.context.is_first else index + 1, groups)


def _lay_out_pages(
    root: Element, environment: LayoutEnvironment, record: _PageRecord, messages: list[str]
) -> tuple[list[Any], dict[Element, str]]:
    """Return the pages of *root*, and each narrow table with a word that does not fit.

    *messages* are the log messages of the last layout.
    """
    while True:
        messages.clear()
        record.begin()
        pages = TreeDocument(root, environment.fetcher).render(**environment.options()).pages
        record.end()
        narrow_tables = dict(find_narrow_tables(pages))
        if not mark_landscape_tables(narrow_tables, pages, root):
            return pages, narrow_tables


def _has_anchor(page: Any, anchor: str) -> bool:
    return any(box.style["anchor"] == anchor for box in page.descendants())


def _break_reference_cycles(pages: Sequence[Any]) -> None:
    """Break reference cycles on *pages*: a footnote area refers to its page, and so to every box."""
    for page in pages:
        for box in boxes.page_box_of(page).children:
            if isinstance(box, boxes.FootnoteAreaBox):
                box.page = None


def _paint(page: Any, continuation_marks: Sequence[ContinuationMark], stream: Any) -> None:
    page.paint(stream)
    draw_continuation_marks(stream, continuation_marks)


def _link_boxes(pages: Sequence[Any], root: Element) -> dict[Any, LinkBox]:
    """Return the replacement of each box of a link on *pages*."""
    parents = {child: parent for parent in root.iter() for child in parent}
    return {box: LinkBox(_link_description(box.element, parents)) for page in pages for *_, box in page.links}


def _link_description(element: Element, parents: dict[Element, Element]) -> str:
    """Return the text of the link that *element* is, or is part of; its URL where it has no text."""
    link = element
    while link.tag != "a" and link in parents:
        link = parents[link]
    return link_description(element) or link_description(link) or link.get("href", "")


def _laid_out_page(
    page: Any,
    link_boxes: dict[Any, LinkBox],
    record: _PageRecord,
    index: int,
    operators: list[Any],
    start: PageStart | None,
) -> LaidOutPage:
    """Return WeasyPrint's *page*, which *operators* draw, as plain data."""
    box = boxes.page_box_of(page)
    page_type = box.page_type
    number = index + 1
    laid_out = LaidOutPage(
        width=page.width,
        height=page.height,
        bleed=page.bleed,
        bookmarks=page.bookmarks,
        links=[(*link[:3], link_boxes[link[3]]) for link in page.links],
        anchors=page.anchors,
        page_type=PageType(
            page_type.side, page_type.blank, page_type.name, page_type.index, tuple(page_type.groups)
        ),
        counters=record.counters[index],
        strings={name: texts[number] for name, texts in record.strings.items() if number in texts},
        content=deflate(operators),
        start=start,
    )
    return _rotate_page(laid_out) if is_landscape(box) else laid_out


def _rotate_page(page: LaidOutPage) -> LaidOutPage:
    """Return *page* with all positions on it rotated to the left; its content is rotated already."""
    return replace(
        page,
        width=page.height,
        height=page.width,
        bleed=rotate_sides(page.bleed),
        bookmarks=[
            (level, label, rotate_point(page, *at), state) for level, label, at, state in page.bookmarks
        ],
        links=[(kind, target, rotate_box(page, corners), box) for kind, target, corners, box in page.links],
        anchors={name: rotate_box(page, corners) for name, corners in page.anchors.items()},
        is_landscape=True,
    )
