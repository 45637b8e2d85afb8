"""What a press has to print on a page: inks, pictures, type, and what it cannot print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any

import pikepdf
from pikepdf import Name

from bifolio.model.units import PT_PER_INCH

Matrix = tuple[float, ...]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
DEVICES = {"/DeviceGray": "grey", "/DeviceRGB": "RGB", "/DeviceCMYK": "CMYK", "/CalGray": "grey",
           "/CalRGB": "RGB", "/Lab": "Lab", "/Separation": "spot", "/DeviceN": "spot"}  # fmt: skip
_SETS = {"g": ("grey", 0), "rg": ("RGB", 0), "k": ("CMYK", 0), "G": ("grey", 1), "RG": ("RGB", 1),
         "K": ("CMYK", 1)}  # fmt: skip
_SIGN = 4
"""How many glyphs may be a sign and no word."""
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_FILLS, _STROKES = frozenset("f F f* B B* b b*".split()), frozenset("S s B B* b b*".split())


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as the file has it."""

    space: str
    """`grey`, `RGB`, `CMYK`, `Lab`, `spot` or `pattern`."""
    parts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """A picture on a page."""

    ppi: float
    """Its pixels in an inch, in the coarser direction."""
    space: str


@dataclass(slots=True)
class PageContent:
    """All that one page prints."""

    type: set[Colour] = field(default_factory=set)
    lines: set[Colour] = field(default_factory=set)
    """The colours of all else that is drawn."""
    pictures: list[PlacedImage] = field(default_factory=list)
    sizes: set[float] = field(default_factory=set)
    """The sizes of type, in pt, those of the signs of notes and the like left out."""
    unprintable: set[str] = field(default_factory=set)
    """Transparency and the like, in a few words each."""


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Matrix = IDENTITY
    fill: Colour = Colour("grey", (0.0,))
    stroke: Colour = Colour("grey", (0.0,))
    spaces: tuple[str, str] = ("grey", "grey")
    size: float = 0.0
    mode: int = 0


def read_content(page: pikepdf.Page) -> PageContent:
    """Return what *page* prints, its forms among it. Raises PdfError where it is damaged."""
    drawn = PageContent()
    group = page.obj.get("/Group")
    if group is not None and group.get("/S") == Name.Transparency:
        drawn.unprintable.add("a transparent page")
    _read(page, page.obj.get("/Resources") or pikepdf.Dictionary(), _State(), drawn, 0)
    return drawn


def _read(stream: Any, resources: Any, state: _State, drawn: PageContent, depth: int) -> None:
    stack: list[_State] = []
    text: Matrix = IDENTITY
    for instruction in pikepdf.parse_content_stream(stream):
        name, operands = str(instruction.operator), instruction.operands
        if name == "q":
            stack.append(state)
        elif name == "Q":
            state = stack.pop() if stack else state
        elif name == "cm":
            state = replace(state, matrix=_times(_numbers(operands), state.matrix))
        elif name in ("BT", "Tm"):
            text = _numbers(operands) if name == "Tm" else IDENTITY
        elif name == "Tf":
            state = replace(state, size=float(operands[1]))
        elif name == "Tr":
            state = replace(state, mode=int(operands[0]))
        elif name == "Do":
            _object(resources, str(operands[0]), state, drawn, depth)
        elif name == "gs":
            drawn.unprintable |= _transparency((resources.get("/ExtGState") or {}).get(str(operands[0])))
        elif name == "INLINE IMAGE":
            drawn.pictures.append(_inline(instruction, state, resources))
        elif name == "sh":
            shading = (resources.get("/Shading") or {}).get(str(operands[0]))
            drawn.lines.add(
                Colour(colour_space(shading.get("/ColorSpace"), resources) if shading else "pattern")
            )
        elif name in _SHOWS and (glyphs := _glyphs(operands)):
            _show(state, text, drawn, glyphs)
        elif name in _FILLS | _STROKES:
            drawn.lines |= {state.fill} if name in _FILLS else set()
            drawn.lines |= {state.stroke} if name in _STROKES else set()
        else:
            state = _colour(name, operands, resources, state)


def _glyphs(operands: Any) -> int:
    """Return about how many glyphs a text operator shows: half as many as bytes."""
    parts = operands[-1]
    strings = parts if isinstance(parts, pikepdf.Array) else [parts]
    return (sum(len(bytes(part)) for part in strings if isinstance(part, pikepdf.String)) + 1) // 2


def _show(state: _State, text: Matrix, drawn: PageContent, glyphs: int) -> None:
    if state.mode == 3:
        drawn.unprintable.add("type that is not seen")
        return
    drawn.type.add(state.stroke if state.mode in (1, 5) else state.fill)
    whole = _times(text, state.matrix)
    if glyphs > _SIGN:
        drawn.sizes.add(round(abs(state.size) * hypot(whole[2], whole[3]), 2))


def _colour(name: str, operands: Any, resources: Any, state: _State) -> _State:
    """Return *state* with the colour that an operator sets, if it sets one."""
    if name in _SETS:
        space, side = _SETS[name]
        colour = Colour(space, _numbers(operands))
        return replace(state, stroke=colour) if side else replace(state, fill=colour)
    if name in ("cs", "CS"):
        space, side = colour_space(operands[0], resources), int(name == "CS")
        spaces = (space, state.spaces[1]) if not side else (state.spaces[0], space)
        return replace(state, spaces=spaces)
    if name in ("sc", "scn", "SC", "SCN"):
        side = int(name.isupper())
        numbers = tuple(float(part) for part in operands if not isinstance(part, Name))
        colour = Colour(state.spaces[side], numbers)
        return replace(state, stroke=colour) if side else replace(state, fill=colour)
    return state


def _object(resources: Any, name: str, state: _State, drawn: PageContent, depth: int) -> None:
    thing = (resources.get("/XObject") or {}).get(name)
    if thing is None or depth > 20:
        return
    if thing.get("/Subtype") == Name.Form:
        if "/Group" in thing and thing.Group.get("/S") == Name.Transparency:
            drawn.unprintable.add("a transparent group")
        matrix = _times(_numbers(thing.get("/Matrix", IDENTITY)), state.matrix)
        inner = thing.get("/Resources") or resources
        _read(thing, inner, replace(state, matrix=matrix), drawn, depth + 1)
        return
    if "/SMask" in thing:
        drawn.unprintable.add("a picture with transparency")
    if thing.get("/ImageMask", False) is True:
        drawn.lines.add(state.fill)
        space = "stencil"
    else:
        space = colour_space(thing.get("/ColorSpace"), resources)
    drawn.pictures.append(PlacedImage(_ppi(int(thing.Width), int(thing.Height), state.matrix), space))


def _inline(instruction: Any, state: _State, resources: Any) -> PlacedImage:
    image = instruction.iimage
    return PlacedImage(
        _ppi(image.width, image.height, state.matrix), colour_space(Name(str(image.colorspace)), resources)
    )


def _ppi(width: int, height: int, matrix: Matrix) -> float:
    """Return the pixels in an inch of a picture that fills the unit square of *matrix*."""
    a, b, c, d, _, _ = matrix
    across, up = hypot(a, b) / PT_PER_INCH, hypot(c, d) / PT_PER_INCH
    return min(width / across if across else 1e6, height / up if up else 1e6)


def _transparency(asked: Any) -> set[str]:
    """Return what is not opaque of a graphics state (ISO 32000-1, 11.6)."""
    if asked is None:
        return set()
    said = set()
    if float(asked.get("/ca", 1)) < 1 or float(asked.get("/CA", 1)) < 1:
        said.add("something that is not opaque")
    if asked.get("/SMask", Name("/None")) != Name("/None"):
        said.add("something behind a soft mask")
    if asked.get("/BM", Name.Normal) not in (Name.Normal, Name.Compatible):
        said.add("colours that blend")
    return said


def colour_space(space: Any, resources: Any) -> str:
    """Return what kind of colours *space* has, as `Colour` calls it."""
    if isinstance(space, Name):
        text = str(space)
        if text == "/Pattern":
            return "pattern"
        if text in DEVICES:
            return DEVICES[text]
        known = (resources.get("/ColorSpace") or {}).get(text)
        return colour_space(known, resources) if known is not None else "unknown"
    if not isinstance(space, pikepdf.Array) or not len(space):
        return "unknown"
    kind = str(space[0])
    if kind == "/ICCBased":
        return {1: "grey", 3: "RGB", 4: "CMYK"}.get(int(space[1].get("/N", 0)), "unknown")
    if kind in ("/Indexed", "/Pattern") and len(space) > 1:
        return colour_space(space[1], resources)
    return "pattern" if kind == "/Pattern" else DEVICES.get(kind, "unknown")


def _numbers(operands: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(part) for part in operands)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
