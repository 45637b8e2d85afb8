"""Running heads and folios, drawn when it is known where each page stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.engine import boxes, layout
from bifolio.pdf.engine.box_facts import mark_artifact
from bifolio.pdf.engine.documents import TreeDocument, layout_context
from bifolio.pdf.engine.drawing import StackingContext, draw_stacking_context
from bifolio.pdf.engine.layout_environment import LayoutEnvironment
from bifolio.pdf.engine.memoization import memoization
from bifolio.pdf.engine.patching import applied
from bifolio.pdf.job import MarginBoxPage, TextContext
from bifolio.pdf.laid_out import PageResources, PageType
from bifolio.pdf.pages.margin_box_reuse import find_template
from bifolio.pdf.writing.content_streams import ContentRecorder, encode

_TEMPLATE_MINIMUM = 4
"""Of how many pages that are alike it is quicker to draw the head for two numbers, and put the others in."""


@dataclass(frozen=True, slots=True)
class DrawnMarginBoxes:
    """The running heads and folios of some pages, drawn."""

    operators: tuple[bytes, ...]
    """By page."""
    resources: PageResources


def draw_margin_boxes(
    head: Element,
    pages: Sequence[MarginBoxPage],
    carried: Mapping[str, str],
    bench: LayoutEnvironment,
    place: TextContext,
) -> DrawnMarginBoxes:
    """Draw the margin boxes (CSS Paged Media 3, 5) of *pages*, which follow each other.

    *head* is a tree without text; *carried* are the named strings as the pages before have left them.
    """
    html = TreeDocument(head, bench.fetcher)
    context = layout_context(html, bench.options())
    context.page_bottom = 0
    for name, text in carried.items():
        context.string_set[name][1].append(text)
    strings = dict(carried)
    groups: dict[object, list[int]] = {}
    for number, page in enumerate(pages):
        for name, texts in page.strings.items():
            context.string_set[name][number + 2].extend(texts)
        groups.setdefault(_template_key(context, page, strings), []).append(number)
        strings |= {name: texts[-1] for name, texts in page.strings.items()}
    easel = ContentRecorder(place.first_resource, place.missing)
    drawn: dict[int, bytes] = {}
    with applied(memoization()):
        for alike in groups.values():
            drawn |= _draw_alike(context, html, easel, {number: pages[number] for number in alike})
    return DrawnMarginBoxes(
        tuple(drawn[number] for number in range(len(pages))), easel.resources(place.own_fonts)
    )


def _template_key(context: Any, page: MarginBoxPage, strings: Mapping[str, str]) -> object:
    """Return what is the same of all pages whose heads differ in nothing but their numbers.

    That is which rules they obey, which named strings they show, their other counters, and how many digits
    the number has; *strings* are the named strings as they stand before the page.
    """
    kind = _page_type(page.page_type)
    rules = [
        context.style_for._page_type_match(selector[2], kind)
        for sheet, *_ in context.style_for._sheets
        for _, selectors, _ in sheet.page_rules
        for selector in selectors
    ]
    return repr((rules, page.strings, sorted(strings.items()), page.counters, len(str(page.number))))


def _draw_alike(
    context: Any, html: Any, easel: ContentRecorder, pages: Mapping[int, MarginBoxPage]
) -> dict[int, bytes]:
    """Return the operators of the heads of *pages*, which are alike in all but the number of the page."""
    first, page = next(iter(pages.items()))
    context.current_page = first + 2

    def draw(number: int) -> tuple[list[Any], bytes]:
        box = _page_box(context, html, page, number)
        return [*box.descendants()], _draw(easel, box)

    folio = find_template(draw, len(str(page.number)), easel) if len(pages) >= _TEMPLATE_MINIMUM else None
    return {place: folio.of(page.number) if folio else draw(page.number)[1] for place, page in pages.items()}


def _page_box(context: Any, html: Any, page: MarginBoxPage, number: int) -> Any:
    """Return the box of *page*, as if it had the *number*, with its margin boxes and nothing else."""
    page_type = _page_type(page.page_type)
    layout.set_page_type_computed_styles(page_type, html, context.style_for)
    box = boxes.PageBox(page_type, context.style_for(page_type))
    size = box.style["size"]
    layout.resolve_percentages(box, size)
    box.position_x = box.position_y = 0
    layout.page_width(box, context, size[0])
    layout.page_height(box, context, size[1])
    state: Any = ([0], {**page.counters, "page": [number]}, [{*page.counters, "page"}], [])
    box.children = tuple(layout.make_margin_boxes(context, box, state))
    for child in box.children:
        layout.layout_box_backgrounds(box, child, context.get_image_from_uri)
        for inner in [child, *child.descendants()]:
            mark_artifact(inner)
    return box


def _page_type(kind: PageType) -> Any:
    return layout.PageType(kind.side, kind.blank, kind.name, kind.index, kind.groups)


def _draw(easel: ContentRecorder, box: Any) -> bytes:
    """Return the operators that draw *box*, but the first: WeasyPrint turns the page itself."""
    if not box.children:
        return b""
    box.background = None
    page = SimpleNamespace(width=box.margin_width(), height=box.margin_height())
    operators, _ = easel.draw(
        page, lambda stream: draw_stacking_context(stream, StackingContext.from_page(box))
    )
    return b"\n".join(map(encode, operators[1:]))
