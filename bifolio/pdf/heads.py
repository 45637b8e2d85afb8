"""Running heads and folios, drawn when it is known where each page stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import DEFAULT_OPTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.draw import draw_stacking_context
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page as page_layout
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.percent import resolve_percentages
from weasyprint.stacking import StackingContext

from bifolio.pdf.bench import Bench, Tree
from bifolio.pdf.drawing import Easel, encoded
from bifolio.pdf.haste import in_haste
from bifolio.pdf.leaves import Ink, PageKind
from bifolio.pdf.setting import Place


@dataclass(frozen=True, slots=True)
class HeadOf:
    """What the head and the folio of a page depend on."""

    kind: PageKind
    counters: Mapping[str, list[int]]
    strings: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Heads:
    """The running heads and folios of some pages, drawn."""

    operators: tuple[tuple[bytes, ...], ...]
    """By page."""
    ink: Ink


def set_heads(
    head: Element, pages: Sequence[HeadOf], carried: Mapping[str, str], bench: Bench, place: Place
) -> Heads:
    """Draw the margin boxes (CSS Paged Media 3, 5) of *pages*, which follow each other.

    *head* is a tree without text; *carried* are the named strings as the pages before have left them.
    """
    html = Tree(head, bench.shelf)
    options = DEFAULT_OPTIONS | bench.options()
    fonts = options.pop("font_config")
    context: Any = Document._build_layout_context(html, fonts, CounterStyle(), {}, options)
    context.page_bottom = 0
    for name, text in carried.items():
        context.string_set[name][1].append(text)
    easel = Easel(place.first, place.missing)
    drawn = []
    with in_haste():
        for number, page in enumerate(pages, start=2):
            context.current_page = number
            for name, texts in page.strings.items():
                context.string_set[name][number].extend(texts)
            drawn.append(_draw(easel, _page_box(context, html, page)))
    return Heads(tuple(drawn), easel.ink(place.own))


def _page_box(context: Any, html: Any, page: HeadOf) -> Any:
    """Return the box of *page* with its margin boxes and nothing else."""
    kind = page.kind
    page_type = page_layout.PageType(kind.side, kind.blank, kind.name, kind.index, kind.groups)
    page_layout.set_page_type_computed_styles(page_type, html, context.style_for)
    box = boxes.PageBox(page_type, context.style_for(page_type))
    size = box.style["size"]
    resolve_percentages(box, size)
    box.position_x = box.position_y = 0
    page_layout.page_width(box, context, size[0])
    page_layout.page_height(box, context, size[1])
    state: Any = ([0], dict(page.counters), [set(page.counters)], [])
    box.children = tuple(page_layout.make_margin_boxes(context, box, state))
    for child in box.children:
        layout_box_backgrounds(box, child, context.get_image_from_uri)
        for inner in [child, *child.descendants()]:
            inner.is_artifact = True
    return box


def _draw(easel: Easel, box: Any) -> tuple[bytes, ...]:
    """Return the operators that draw *box*, but the first: WeasyPrint turns the page itself."""
    if not box.children:
        return ()
    box.background = None
    page = SimpleNamespace(width=box.margin_width(), height=box.margin_height())
    operators, _ = easel.draw(
        page, lambda stream: draw_stacking_context(stream, StackingContext.from_page(box))
    )
    return tuple(map(encoded, operators[1:]))
