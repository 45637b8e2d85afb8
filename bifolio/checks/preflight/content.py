"""Interprets the content stream of a page: colours, image resolution, text sizes, transparency.

The operators are those of ISO 32000-1, 8 and 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from math import hypot
from typing import Any

import pikepdf
from pikepdf import Name

from bifolio.checks.preflight.colour import Colour, ColourSpace, colour_space
from bifolio.model.units import PT_PER_INCH

Matrix = tuple[float, ...]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_BLACK = Colour(ColourSpace.GREY, (0.0,))
_MAX_SYMBOL_GLYPHS = 4
"""Text of no more glyphs is taken for a symbol, such as a reference mark, and its size is not reported."""
_MAX_FORM_DEPTH = 20
_INVISIBLE = 3
"""The text rendering mode of invisible text (ISO 32000-1, table 106)."""
_STROKED = frozenset({1, 5})
"""The text rendering modes that only stroke the glyphs."""
_NO_RESOLUTION = 1e6
"""The resolution of an image that is scaled to nothing."""


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image as it is placed on a page."""

    ppi: float
    """Its effective resolution in pixels per inch, in the coarser direction."""
    space: ColourSpace


@dataclass(slots=True)
class PageContent:
    """The marks that one page paints."""

    text_colours: set[Colour] = field(default_factory=set)
    graphics_colours: set[Colour] = field(default_factory=set)
    """The colours of paths, shadings and image masks."""
    images: list[PlacedImage] = field(default_factory=list)
    text_sizes: set[float] = field(default_factory=set)
    """In pt, without those of single symbols."""
    unprintable: set[str] = field(default_factory=set)
    """Transparency and invisible text, as nouns for a message."""


@dataclass(frozen=True, slots=True)
class _GraphicsState:
    """The parameters of the graphics state that preflight needs (ISO 32000-1, 8.4.1)."""

    matrix: Matrix = _IDENTITY
    fill: Colour = _BLACK
    stroke: Colour = _BLACK
    fill_space: ColourSpace = ColourSpace.GREY
    stroke_space: ColourSpace = ColourSpace.GREY
    font_size: float = 0.0
    rendering_mode: int = 0


def read_content(page: pikepdf.Page) -> PageContent:
    """Return the marks that *page* and its forms paint. Raises PdfError for damaged content."""
    content = PageContent()
    group = page.obj.get("/Group")
    if group is not None and group.get("/S") == Name.Transparency:
        content.unprintable.add("a transparency group")
    resources = page.obj.get("/Resources") or pikepdf.Dictionary()
    _Interpreter(resources, _GraphicsState(), content, 0).run(page)
    return content


class _Interpreter:
    """Interprets one content stream, that of a page or of a form."""

    def __init__(self, resources: Any, state: _GraphicsState, content: PageContent, depth: int) -> None:
        """*depth* is the number of forms around this one."""
        self._resources, self._state, self._content, self._depth = resources, state, content, depth
        self._stack: list[_GraphicsState] = []
        self._text_matrix = _IDENTITY

    def run(self, stream: Any) -> None:
        """Interpret *stream*; operators without a handler have no effect on the result."""
        for instruction in pikepdf.parse_content_stream(stream):
            handler = _HANDLERS.get(str(instruction.operator))
            if handler is not None:
                handler(self, instruction.operands)

    def save(self, _: Any) -> None:
        self._stack.append(self._state)

    def restore(self, _: Any) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def concatenate_matrix(self, operands: Any) -> None:
        self._state = replace(self._state, matrix=_product(_numbers(operands), self._state.matrix))

    def begin_text(self, _: Any) -> None:
        self._text_matrix = _IDENTITY

    def set_text_matrix(self, operands: Any) -> None:
        self._text_matrix = _numbers(operands)

    def set_font(self, operands: Any) -> None:
        self._state = replace(self._state, font_size=float(operands[1]))

    def set_rendering_mode(self, operands: Any) -> None:
        self._state = replace(self._state, rendering_mode=int(operands[0]))

    def set_graphics_state(self, operands: Any) -> None:
        parameters = self._resource("/ExtGState", operands)
        if parameters is not None:
            self._content.unprintable |= _transparency(parameters)

    def set_fill_space(self, operands: Any) -> None:
        self._state = replace(self._state, fill_space=colour_space(operands[0], self._resources))

    def set_stroke_space(self, operands: Any) -> None:
        self._state = replace(self._state, stroke_space=colour_space(operands[0], self._resources))

    def set_fill(self, operands: Any) -> None:
        self._state = replace(self._state, fill=_colour(self._state.fill_space, operands))

    def set_stroke(self, operands: Any) -> None:
        self._state = replace(self._state, stroke=_colour(self._state.stroke_space, operands))

    def set_device_fill(self, operands: Any, space: ColourSpace) -> None:
        self._state = replace(self._state, fill=_colour(space, operands))

    def set_device_stroke(self, operands: Any, space: ColourSpace) -> None:
        self._state = replace(self._state, stroke=_colour(space, operands))

    def fill_path(self, _: Any) -> None:
        self._content.graphics_colours.add(self._state.fill)

    def stroke_path(self, _: Any) -> None:
        self._content.graphics_colours.add(self._state.stroke)

    def fill_and_stroke_path(self, _: Any) -> None:
        self._content.graphics_colours |= {self._state.fill, self._state.stroke}

    def paint_shading(self, operands: Any) -> None:
        shading = self._resource("/Shading", operands)
        space = colour_space(shading.get("/ColorSpace"), self._resources) if shading else ColourSpace.PATTERN
        self._content.graphics_colours.add(Colour(space))

    def show_text(self, operands: Any) -> None:
        state, glyphs = self._state, _glyph_count(operands[-1])
        if not glyphs:
            return
        if state.rendering_mode == _INVISIBLE:
            self._content.unprintable.add("invisible text")
            return
        self._content.text_colours.add(state.stroke if state.rendering_mode in _STROKED else state.fill)
        if glyphs > _MAX_SYMBOL_GLYPHS:
            matrix = _product(self._text_matrix, state.matrix)
            self._content.text_sizes.add(round(abs(state.font_size) * hypot(matrix[2], matrix[3]), 2))

    def paint_inline_image(self, operands: Any) -> None:
        image = operands[0]
        space = colour_space(Name(str(image.colorspace)), self._resources)
        self._add_image(image.width, image.height, space)

    def paint_object(self, operands: Any) -> None:
        xobject = self._resource("/XObject", operands)
        if xobject is None or self._depth > _MAX_FORM_DEPTH:
            return
        if xobject.get("/Subtype") == Name.Form:
            self._paint_form(xobject)
        else:
            self._paint_image(xobject)

    def _paint_form(self, form: Any) -> None:
        if "/Group" in form and form.Group.get("/S") == Name.Transparency:
            self._content.unprintable.add("a transparency group")
        matrix = _product(_numbers(form.get("/Matrix", _IDENTITY)), self._state.matrix)
        resources = form.get("/Resources") or self._resources
        state = replace(self._state, matrix=matrix)
        _Interpreter(resources, state, self._content, self._depth + 1).run(form)

    def _paint_image(self, image: Any) -> None:
        if "/SMask" in image:
            self._content.unprintable.add("an image with transparency")
        if image.get("/ImageMask", False) is True:
            self._content.graphics_colours.add(self._state.fill)
            space = ColourSpace.STENCIL
        else:
            space = colour_space(image.get("/ColorSpace"), self._resources)
        self._add_image(int(image.Width), int(image.Height), space)

    def _add_image(self, width: int, height: int, space: ColourSpace) -> None:
        self._content.images.append(PlacedImage(_ppi(width, height, self._state.matrix), space))

    def _resource(self, category: str, operands: Any) -> Any:
        """Return the resource that the first of *operands* names; None if there is none."""
        return (self._resources.get(category) or {}).get(str(operands[0]))


_HANDLERS: dict[str, Callable[[_Interpreter, Any], None]] = {
    "q": _Interpreter.save,
    "Q": _Interpreter.restore,
    "cm": _Interpreter.concatenate_matrix,
    "gs": _Interpreter.set_graphics_state,
    "BT": _Interpreter.begin_text,
    "Tm": _Interpreter.set_text_matrix,
    "Tf": _Interpreter.set_font,
    "Tr": _Interpreter.set_rendering_mode,
    **dict.fromkeys(("Tj", "TJ", "'", '"'), _Interpreter.show_text),
    "cs": _Interpreter.set_fill_space,
    "CS": _Interpreter.set_stroke_space,
    **dict.fromkeys(("sc", "scn"), _Interpreter.set_fill),
    **dict.fromkeys(("SC", "SCN"), _Interpreter.set_stroke),
    "g": partial(_Interpreter.set_device_fill, space=ColourSpace.GREY),
    "G": partial(_Interpreter.set_device_stroke, space=ColourSpace.GREY),
    "rg": partial(_Interpreter.set_device_fill, space=ColourSpace.RGB),
    "RG": partial(_Interpreter.set_device_stroke, space=ColourSpace.RGB),
    "k": partial(_Interpreter.set_device_fill, space=ColourSpace.CMYK),
    "K": partial(_Interpreter.set_device_stroke, space=ColourSpace.CMYK),
    **dict.fromkeys(("f", "F", "f*"), _Interpreter.fill_path),
    **dict.fromkeys(("S", "s"), _Interpreter.stroke_path),
    **dict.fromkeys(("B", "B*", "b", "b*"), _Interpreter.fill_and_stroke_path),
    "sh": _Interpreter.paint_shading,
    "Do": _Interpreter.paint_object,
    "INLINE IMAGE": _Interpreter.paint_inline_image,
}


def _glyph_count(operand: Any) -> int:
    """Return about how many glyphs the *operand* of a text-showing operator has: two bytes make a glyph."""
    strings = operand if isinstance(operand, pikepdf.Array) else [operand]
    return (sum(len(bytes(string)) for string in strings if isinstance(string, pikepdf.String)) + 1) // 2


def _colour(space: ColourSpace, operands: Any) -> Colour:
    return Colour(space, _numbers(operand for operand in operands if not isinstance(operand, Name)))


def _ppi(width: int, height: int, matrix: Matrix) -> float:
    """Return the pixels per inch of an image that fills the unit square of *matrix*."""
    a, b, c, d, _, _ = matrix
    across, up = hypot(a, b) / PT_PER_INCH, hypot(c, d) / PT_PER_INCH
    return min(width / across if across else _NO_RESOLUTION, height / up if up else _NO_RESOLUTION)


def _transparency(parameters: Any) -> set[str]:
    """Return the uses of transparency in a graphics state parameter dictionary (ISO 32000-1, 11.6)."""
    uses = set()
    if float(parameters.get("/ca", 1)) < 1 or float(parameters.get("/CA", 1)) < 1:
        uses.add("content that is not opaque")
    if parameters.get("/SMask", Name("/None")) != Name("/None"):
        uses.add("a soft mask")
    if parameters.get("/BM", Name.Normal) not in (Name.Normal, Name.Compatible):
        uses.add("a blend mode")
    return uses


def _numbers(operands: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(operand) for operand in operands)


def _product(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies *first*, then *second*."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
