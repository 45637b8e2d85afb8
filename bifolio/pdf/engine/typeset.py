"""A text set: laid out by WeasyPrint, drawn, and its structure read."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import layout
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page as page_layout

from bifolio.pdf.engine.environment import LayoutEnvironment, Tree
from bifolio.pdf.engine.log import listening
from bifolio.pdf.engine.memoization import memoized_layout
from bifolio.pdf.floats.placement import FigureStyle, float_hooks
from bifolio.pdf.footnotes.hooks import footnote_hooks
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, LinkTarget, PageKind, PageStart
from bifolio.pdf.lines.code_continuation_marks import Turnover, draw_turnovers, find_turnovers
from bifolio.pdf.lines.justification_hooks import justification_hooks
from bifolio.pdf.lines.text_metrics import forget_lines
from bifolio.pdf.pages.page_number_placeholders import find_holes, pages_named
from bifolio.pdf.pages.page_starts import find_openings
from bifolio.pdf.pages.vertical_justification import vertical_justification
from bifolio.pdf.tables.column_widths import column_width_hooks
from bifolio.pdf.tables.landscape import (
    is_turned,
    landscape_hooks,
    quarter,
    turn_tables,
    turned_box,
    turned_point,
    turned_sides,
)
from bifolio.pdf.tables.overflow import cramped_tables, message
from bifolio.pdf.tables.repeated_headers import repeated_header_hooks
from bifolio.pdf.tables.row_breaks import row_break_hooks
from bifolio.pdf.tagging.structure_tree import link_words, mark_artifacts, read_tags
from bifolio.pdf.writing.content_streams import ContentRecorder, deflate
from bifolio.pdf.writing.png_passthrough import as_packed
from bifolio.runtime.patching import patched

_FRAMES = 2**16
"""How many places for values `set_text` asks for. Python takes memory for calls in small pieces: where one is
just full, each call takes one more and gives it back. The layout nests deep, and so has a large one."""


@dataclass(frozen=True, slots=True)
class TextContext:
    """What a text must know of where it will stand."""

    apart: bool = False
    """Whether running heads and folios are left for later, when the numbers of the pages are known."""
    opens: bool = True
    """Whether its first page is the first of all."""
    start: str = ""
    """The anchor where the numbers of pages start again from 1, in a text of many sections."""
    first: int = 0
    """The number of its first resource; no two texts of a file may have the same."""
    missing: frozenset[str] = frozenset()
    """The characters that no font has."""
    own: frozenset[str] = frozenset()
    """The digests of the program's own font files."""


def typeset(
    root: Element, bench: LayoutEnvironment, place: TextContext, figures: FigureStyle, even: bool
) -> LaidOutText:
    """Lay the text *root* out, with *figures* where they fit, and draw its pages, *even* at the foot."""
    with (
        listening() as messages, justification_hooks(), column_width_hooks(), repeated_header_hooks(),
        row_break_hooks(), footnote_hooks(), float_hooks(figures) as placer, landscape_hooks(placer.turns),
        memoized_layout(), as_packed(),
    ):  # fmt: skip
        pages, states, strings, cramped = _lay_out(root, bench, place, messages, even)
        mark_artifacts(pages)
        named = pages_named(root)
        openings = find_openings(pages, root)
        turnovers = find_turnovers(pages, root)
        easel = ContentRecorder(place.first, place.missing)
        above = {child: parent for parent in root.iter() for child in parent}
        spots = {box: LinkTarget(_said(box.element, above)) for page in pages for *_, box in page.links}
        marks, leaves = [], []
        for number, page in enumerate(pages):
            operators, tags = easel.draw(page, partial(_paint, page, turnovers[number]))
            operators = [quarter(page), *operators] if is_turned(page._page_box) else operators
            marks.append(tags)
            set_here = {name: texts[number + 1] for name, texts in strings.items() if number + 1 in texts}
            leaf = _leaf(page, spots, states[number], set_here, operators, openings[number])
            if named and place.apart:
                leaf = replace(leaf, holes=find_holes(easel, [b"q", *operators, b"Q"], tags))
            leaves.append(leaf)
        nodes = read_tags(pages, root, marks, spots)
        is_open = named == sum(len(leaf.holes) for leaf in leaves)
        messages.extend(message(table, word) for table, word in cramped.items())
        _break_reference_cycles(pages)
        forget_lines(bench.fonts)
        return LaidOutText(tuple(leaves), easel.resources(place.own), nodes, tuple(messages), is_open)


def _lay_out(
    root: Element, bench: LayoutEnvironment, place: TextContext, messages: list[str], even: bool
) -> Any:
    """Return the pages of *root*, their counters and named strings, and the tables that are too wide.

    *messages* are those of the layout; *even* as for `set_text`.
    """
    while True:
        states: list[dict[str, list[int]]] = []
        strings: dict[str, dict[int, list[str]]] = {}
        messages.clear()
        with _page_context_hooks(place, states, strings), vertical_justification(even):
            pages = Tree(root, bench.shelf).render(**bench.options()).pages
        cramped = dict(cramped_tables(pages))
        if not turn_tables(cramped, pages, root):
            return pages, states, strings, cramped


typeset.__code__ = typeset.__code__.replace(co_stacksize=_FRAMES)


def _break_reference_cycles(pages: Sequence[Any]) -> None:
    """Undo circles on *pages*: an area of notes holds its page, and with it every box on that."""
    for page in pages:
        for box in page._page_box.children:
            if isinstance(box, boxes.FootnoteAreaBox):
                box.page = None


def _paint(page: Any, turnovers: Sequence[Turnover], stream: Any) -> None:
    page.paint(stream)
    draw_turnovers(stream, turnovers)


def _said(element: Element, above: dict[Element, Element]) -> str:
    """Return what the link says that *element* is, or is a part of."""
    link = element
    while link.tag != "a" and link in above:
        link = above[link]
    return link_words(element) or link_words(link) or link.get("href", "")


def _leaf(
    page: Any,
    spots: dict[Any, LinkTarget],
    counters: dict[str, list[int]],
    strings: dict[str, list[str]],
    operators: list[Any],
    opening: PageStart | None,
) -> LaidOutPage:
    kind = page._page_box.page_type
    leaf = LaidOutPage(
        width=page.width,
        height=page.height,
        bleed=page.bleed,
        bookmarks=page.bookmarks,
        links=[(*link[:3], spots[link[3]]) for link in page.links],
        anchors=page.anchors,
        kind=PageKind(kind.side, kind.blank, kind.name, kind.index, tuple(kind.groups)),
        counters=counters,
        strings=strings,
        content=deflate([b"q", *operators, b"Q"]),
        opening=opening,
    )
    return _turned(leaf) if is_turned(page._page_box) else leaf


def _turned(leaf: LaidOutPage) -> LaidOutPage:
    """Return *leaf* with all places on it turned to the left; what is drawn has been turned."""
    return replace(
        leaf,
        width=leaf.height,
        height=leaf.width,
        bleed=turned_sides(leaf.bleed),
        bookmarks=[
            (level, label, turned_point(leaf, *at), state) for level, label, at, state in leaf.bookmarks
        ],
        links=[(kind, target, turned_box(leaf, place), spot) for kind, target, place, spot in leaf.links],
        anchors={name: turned_box(leaf, place) for name, place in leaf.anchors.items()},
        is_turned=True,
    )


@contextmanager
def _page_context_hooks(
    place: TextContext, states: list[Any], strings: dict[str, dict[int, list[str]]]
) -> Iterator[None]:
    """Let the layout know *place* meanwhile; keep the counters of each page, and the named strings."""
    make_margin_boxes, page_type = layout.make_margin_boxes, page_layout.PageType
    front: list[int] = []
    contexts: list[Any] = []

    def keep(context: Any, page: Any, state: Any) -> Any:
        contexts[:] = [context]
        if place.start and not front and _stands_on(page, place.start):
            front.append(len(states))
        if front:
            state[1]["page"] = [len(states) - front[0] + 1]
        states.append(copy.deepcopy(state[1]))
        for name, texts in context.string_set.items():
            strings[name] = texts
        return () if place.apart or is_turned(page) else make_margin_boxes(context, page, state)

    def later(side: str, blank: bool, name: str, index: int, groups: Any) -> Any:
        return page_type(side, blank, name, index if place.opens else index + 1, groups)

    with patched((layout, "make_margin_boxes", keep), (page_layout, "PageType", later)):
        yield
    for context in contexts:
        context.get_image_from_uri = None  # it leads back to the context, which holds all that is laid out


def _stands_on(page: Any, anchor: str) -> bool:
    return any(box.style["anchor"] == anchor for box in page.descendants())
