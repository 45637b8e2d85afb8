"""Caches results that WeasyPrint computes again and again during a layout. Its output is unchanged.

- A Pango layout is set up for each line, although those of one style begin alike. One is cached and copied.
- For each box, lengths in px are resolved as if they were percentages, and an empty line is measured.
- Floats are avoided where there are none; backgrounds and round corners are laid out for boxes without any.
- Matrices are multiplied in nested loops.
- All hyphenation patterns are parsed before the first word (`hyphenation_patterns.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine.box_facts import style_facts
from bifolio.pdf.engine.boxes import LineBox, PageBox
from bifolio.pdf.engine.drawing import Matrix, get_color
from bifolio.pdf.engine.hyphenation_patterns import LazyHyphenationDictionary
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.text import ffi, gobject, pango

_LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom",
    "padding_left", "padding_right", "padding_top", "padding_bottom",
)  # fmt: skip
_SIZES = ("width", "min_width", "max_width", "height", "min_height", "max_height")
_BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
_CORNERS = tuple(
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
)
_SHARP = dict.fromkeys(_CORNERS, (0, 0))
_IN_FLOW = ("static", "relative")


def memoization() -> Layer:
    """Return the layer that caches results during a layout."""
    return Layer(
        "memoization",
        replacements={
            "weasyprint.text.line_break:Layout.setup": _copy_first_layout,
            "weasyprint.formatting_structure.boxes:Box.is_in_normal_flow": _check_flow_quickly,
            "weasyprint.matrix:Matrix.__matmul__": lambda own: product,
            "pyphen.HyphDict": lambda own: LazyHyphenationDictionary,
            "weasyprint.layout.percent.resolve_percentages": _resolve_once,
            "weasyprint.text.line_break.strut": _measure_strut_once,
            "weasyprint.layout.float.avoid_collisions": _skip_absent_floats,
            "weasyprint.layout.background.layout_box_backgrounds": _skip_backgrounds,
        },
    )


def product(one: Any, other: Any) -> Any:
    """Return the product of two matrices of three columns."""
    (a, b, c), (d, e, f), (g, h, i) = other
    return Matrix(
        matrix=[[x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i] for x, y, z in one]
    )


def _copy_first_layout(setup: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return *setup*, which prepares a Pango layout for a style, so that it does so once a style."""

    def copy(self: Any, style: Any) -> None:
        facts = style_facts(style)
        if facts.pango_layout is None:
            setup(self, style)
            if style["text_decoration_line"] == "none":
                facts.pango_layout = _copy_layout(self.layout), self.language
            return
        layout, self.language = facts.pango_layout
        self.style, self.first_line_direction = style, 0
        self.ascent = self.underline_position = self.strikethrough_position = None
        self.layout = _copy_layout(layout)

    return copy


def _copy_layout(layout: Any) -> Any:
    return ffi.gc(pango.pango_layout_copy(layout), gobject.g_object_unref)


def _measure_strut_once(strut: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return *strut*, which measures an empty line, so that it does so once a style."""

    def measured(style: Any) -> Any:
        facts = style_facts(style)
        if facts.strut is None:
            facts.strut = strut(style)
        return facts.strut

    return measured


def _check_flow_quickly(is_in_flow: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return *is_in_flow*, which makes five checks of a box, so that it makes two for most."""

    def quick(box: Any) -> bool:
        style = box.style
        return (style["float"] == "none" and style["position"] in _IN_FLOW) or is_in_flow(box)

    return quick


def _skip_absent_floats(avoid: Callable[..., Any]) -> Callable[..., Any]:
    """Return *avoid*, which finds space beside floats, so that it is fast for lines beside none."""

    def quick(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
        if context.excluded_shapes or outer or not isinstance(box, LineBox) or box.is_floated():
            return avoid(context, box, containing_block, outer)
        if containing_block.style["direction"] != "ltr":
            return avoid(context, box, containing_block, outer)
        left = containing_block.content_box_x()
        right = left + containing_block.width - box.margin_right
        left += box.margin_left
        return left - box.margin_left, box.border_box_y() - box.margin_top, right - left

    return quick


def _skip_backgrounds(lay_out: Callable[..., None]) -> Callable[..., None]:
    """Return *lay_out*, which lays out backgrounds, so that it checks once a style whether there are any."""

    def quick(page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None) -> None:
        facts = style_facts(box.style)
        if facts.has_no_background is None:
            facts.has_no_background = _has_no_background(box.style)
        if not facts.has_no_background or box is page or style is not None:
            lay_out(page, box, get_image, layout_children, style)
            return
        box.__dict__.update(_SHARP)
        box.background = None
        if layout_children:
            for child in box.all_children():
                quick(page, child, get_image)

    return quick


def _has_no_background(style: Any) -> bool:
    """Return whether *style* has no background, shadow or border image, and sharp corners."""
    return (
        all((0, "px") in style[corner] for corner in _CORNERS)
        and style["border_image_source"][0] == style["mask_border_source"][0] == "none"
        and all(kind == "none" for kind, _ in style["background_image"])
        and get_color(style, "background_color").alpha == 0
        and not style["box_shadow"]
    )


def _resolve_once(resolve: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return *resolve*, which gives a box its used lengths, so that those in px are computed once a style."""

    def quick(box: Any, containing_block: Any) -> None:
        style = box.style
        sizes = [style[name] for name in _SIZES]
        facts = style_facts(style)
        cached = facts.lengths
        # Flex and grid layout change the sizes of a style.
        if cached is None or any(one is not other for one, other in zip(cached[0], sizes, strict=True)):
            cached = facts.lengths = sizes, _absolute_lengths(style)
        if cached[1] is None or isinstance(box, PageBox):
            resolve(box, containing_block)
        else:
            box.__dict__.update(cached[1])

    return quick


def _absolute_lengths(style: Any) -> dict[str, Any] | None:
    """Return the used lengths of a box in *style*; None where they depend on its containing block."""
    if style["border_collapse"] == "collapse" or style["box_sizing"] != "content-box":
        return None
    lengths: dict[str, Any] = {}
    for name in (*_LENGTHS, *_SIZES):
        value = style[name]
        if value is None or value == "auto":
            lengths[name] = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            lengths[name] = value.value
        else:
            return None
    return lengths | {name: style[name] for name in _BORDERS}
