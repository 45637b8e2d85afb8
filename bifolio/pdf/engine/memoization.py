"""What WeasyPrint works out over and over, worked out once while a text is laid out. Nothing else changes.

- Each element with an `id`, and each page, has a style of its own (`shared_styles.py`).
- A Pango layout is set up for each line anew, though those of a style begin alike. One is kept and copied.
- Lengths in px are resolved as if they were percentages, and an empty line is measured, for each box anew.
- Floats are looked for where there are none, and backgrounds and round corners of boxes that have none.
- Matrices are multiplied by loops in loops.
- Patterns of hyphens are read one by one (`hyphenation.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyphen
from weasyprint.css import StyleFor
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import Box, LineBox, PageBox
from weasyprint.layout import background, percent
from weasyprint.layout import float as floats
from weasyprint.matrix import Matrix
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango

from bifolio.pdf.engine.hyphenation import QuickDictionary
from bifolio.pdf.engine.styles.shared_styles import model_of, sharing
from bifolio.runtime.patching import Change, patched

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


@contextmanager
def memoized_layout() -> Iterator[None]:
    """Let WeasyPrint work out less meanwhile."""
    with (
        patched(
            (StyleFor, "set_computed_styles", sharing(StyleFor.set_computed_styles)),
            (line_break.Layout, "setup", _copying(line_break.Layout.setup)),
            (Box, "is_in_normal_flow", _asking(Box.is_in_normal_flow)),
            (Matrix, "__matmul__", product),
            (pyphen, "HyphDict", QuickDictionary),
            *_everywhere(percent.resolve_percentages, _resolving),
            *_everywhere(line_break.strut, _keeping),
            *_everywhere(floats.avoid_collisions, _avoiding),
            *_everywhere(background.layout_box_backgrounds, _leaving_bare),
        ),
    ):
        yield


def _everywhere(function: Any, changed: Callable[[Any], Any]) -> Iterator[Change]:
    """Give what puts *changed* of *function* in its place in all modules of WeasyPrint."""
    name, other = function.__name__, changed(function)
    for path, module in list(sys.modules.items()):
        if path.startswith("weasyprint.") and getattr(module, name, None) is function:
            yield module, name, other


def product(one: Any, other: Any) -> Any:
    """Return the product of two matrices, which have three columns."""
    (a, b, c), (d, e, f), (g, h, i) = other
    return Matrix(
        matrix=[[x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i] for x, y, z in one]
    )


def _copying(setup: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return *setup*, which prepares a Pango layout for a style, so that it does so once a style."""

    def copy(self: Any, style: Any) -> None:
        model = model_of(style)
        kept = model.__dict__.get("first_layout")
        if kept is None:
            setup(self, style)
            if style["text_decoration_line"] == "none":
                model.first_layout = _copied(self.layout), self.language
            return
        layout, self.language = kept
        self.style, self.first_line_direction = style, 0
        self.ascent = self.underline_position = self.strikethrough_position = None
        self.layout = _copied(layout)

    return copy


def _copied(layout: Any) -> Any:
    return ffi.gc(pango.pango_layout_copy(layout), gobject.g_object_unref)


def _keeping(strut: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return *strut*, which measures an empty line, so that it does so once a style."""

    def kept(style: Any) -> Any:
        model = model_of(style)
        if "strut" not in model.__dict__:
            model.strut = strut(model)
        return model.strut

    return kept


def _asking(in_flow: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return *in_flow*, which asks five questions of a box, so that two are enough for most."""

    def ask(box: Any) -> bool:
        style = box.style
        return (style["float"] == "none" and style["position"] in _IN_FLOW) or in_flow(box)

    return ask


def _avoiding(avoid: Callable[..., Any]) -> Callable[..., Any]:
    """Return *avoid*, which finds room between boxes that float, so that lines beside none get it at once."""

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


def _leaving_bare(lay_out: Callable[..., None]) -> Callable[..., None]:
    """Return *lay_out*, which gives boxes their backgrounds, so that it asks once a style for any."""

    def quick(page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None) -> None:
        own = model_of(box.style)
        if "is_bare" not in own.__dict__:
            own.is_bare = _is_bare(own)
        if not own.is_bare or box is page or style is not None:
            lay_out(page, box, get_image, layout_children, style)
            return
        box.__dict__.update(_SHARP)
        box.background = None
        if layout_children:
            for child in box.all_children():
                quick(page, child, get_image)

    return quick


def _is_bare(style: Any) -> bool:
    """Say whether a box in *style* has no background, no shadow, no border of pictures, and sharp corners."""
    return (
        all((0, "px") in style[corner] for corner in _CORNERS)
        and style["border_image_source"][0] == style["mask_border_source"][0] == "none"
        and all(kind == "none" for kind, _ in style["background_image"])
        and get_color(style, "background_color").alpha == 0
        and not style["box_shadow"]
    )


def _resolving(resolve: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return *resolve*, which gives a box its lengths, so that those of a style in px are made once."""

    def quick(box: Any, containing_block: Any) -> None:
        style = box.style
        sizes = [style[name] for name in _SIZES]
        kept = style.__dict__.get("lengths")
        # A style is changed after all where boxes are put in rows or grids.
        if kept is None or any(one is not other for one, other in zip(kept[0], sizes, strict=True)):
            kept = style.lengths = sizes, _fixed(style)
        if kept[1] is None or isinstance(box, PageBox):
            resolve(box, containing_block)
        else:
            box.__dict__.update(kept[1])

    return quick


def _fixed(style: Any) -> dict[str, Any] | None:
    """Return the lengths of a box in *style*, or None where they depend on what it stands in."""
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
