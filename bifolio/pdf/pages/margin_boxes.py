"""Draws margin boxes (CSS Paged Media 3, 5) once page numbers are known."""

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
from bifolio.pdf.engine.patching import apply_layers
from bifolio.pdf.job import MarginBoxPage, TextContext
from bifolio.pdf.laid_out import PageResources, PageType
from bifolio.pdf.pages.margin_box_reuse import find_template
from bifolio.pdf.writing.content_streams import ContentRecorder, encode

_TEMPLATE_MINIMUM = 4
"""The number of similar pages from which a template takes less time than drawing each page."""


@dataclass(frozen=True, slots=True)
class DrawnMarginBoxes:
    """The margin boxes of consecutive pages, drawn."""

    operators: tuple[bytes, ...]
    """By page."""
    resources: PageResources


def draw_margin_boxes(
    root: Element,
    pages: Sequence[MarginBoxPage],
    strings_before: Mapping[str, str],
    environment: LayoutEnvironment,
    context: TextContext,
) -> DrawnMarginBoxes:
    """Draw the margin boxes of *pages*, which are consecutive.

    *root* is a tree without text; *strings_before* are the named strings at the start of the first page.
    """
    html = TreeDocument(root, environment.fetcher)
    layout_state = layout_context(html, environment.options())
    layout_state.page_bottom = 0
    for name, text in strings_before.items():
        layout_state.string_set[name][1].append(text)
    strings = dict(strings_before)
    groups: dict[object, list[int]] = {}
    for index, page in enumerate(pages):
        for name, texts in page.strings.items():
            layout_state.string_set[name][index + 2].extend(texts)
        groups.setdefault(_template_key(layout_state, page, strings), []).append(index)
        strings |= {name: texts[-1] for name, texts in page.strings.items()}
    recorder = ContentRecorder(context.first_resource, context.missing)
    drawn: dict[int, bytes] = {}
    with apply_layers(memoization()):
        for indices in groups.values():
            drawn |= _draw_similar(layout_state, html, recorder, {index: pages[index] for index in indices})
    operators = tuple(drawn[index] for index in range(len(pages)))
    return DrawnMarginBoxes(operators, recorder.resources(context.own_fonts))


def _template_key(context: Any, page: MarginBoxPage, strings: Mapping[str, str]) -> object:
    """Return a key that is equal for pages whose margin boxes differ only in the page number.

    It consists of the `@page` rules that apply, the named strings, the other counters, and the number of
    digits of the page number. *strings* are the named strings at the start of the page.
    """
    page_type = _page_type(page.page_type)
    rules = [
        context.style_for._page_type_match(selector[2], page_type)
        for sheet, *_ in context.style_for._sheets
        for _, selectors, _ in sheet.page_rules
        for selector in selectors
    ]
    return repr((rules, page.strings, sorted(strings.items()), page.counters, len(str(page.number))))


def _draw_similar(
    context: Any, html: Any, recorder: ContentRecorder, pages: Mapping[int, MarginBoxPage]
) -> dict[int, bytes]:
    """Return the operators for *pages*, whose margin boxes differ only in the page number, by index."""
    first_index, first = next(iter(pages.items()))
    context.current_page = first_index + 2

    def draw(number: int) -> tuple[list[Any], bytes]:
        box = _page_box(context, html, first, number)
        return [*box.descendants()], _draw(recorder, box)

    template = None
    if len(pages) >= _TEMPLATE_MINIMUM:
        template = find_template(draw, len(str(first.number)), recorder)
    return {
        index: template.fill(page.number) if template else draw(page.number)[1]
        for index, page in pages.items()
    }


def _page_box(context: Any, html: Any, page: MarginBoxPage, number: int) -> Any:
    """Return the box of *page* with page number *number*, which holds its margin boxes and nothing else."""
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
        for descendant in [child, *child.descendants()]:
            mark_artifact(descendant)
    return box


def _page_type(page_type: PageType) -> Any:
    """Return *page_type* as WeasyPrint's class."""
    return layout.PageType(page_type.side, page_type.blank, page_type.name, page_type.index, page_type.groups)


def _draw(recorder: ContentRecorder, box: Any) -> bytes:
    """Return the operators that draw *box*, without the first: WeasyPrint transforms the page itself."""
    if not box.children:
        return b""
    box.background = None
    page = SimpleNamespace(width=box.margin_width(), height=box.margin_height())
    operators, _ = recorder.draw(
        page, lambda stream: draw_stacking_context(stream, StackingContext.from_page(box))
    )
    return b"\n".join(map(encode, operators[1:]))
