"""Rewrites content streams in the inks of a press, without transparency (ISO 32000-1, 8 and 9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import ContentStreamInstruction, Name, Operator

from bifolio.prepress.bleed_boxes import Box, PaintedArea
from bifolio.prepress.images import convert_image
from bifolio.prepress.inks import BLACK, WHITE, Ink, Process, blend_with_paper, ink_for
from bifolio.prepress.resources import component_count, has_only_opacity

_FILL_COLOUR = frozenset({"rg", "g", "k"})
_STROKE_COLOUR = frozenset({"RG", "G", "K"})
_COLOUR_OPERATORS = {1: ("g", "G"), 3: ("rg", "RG"), 4: ("k", "K")}
"""The operators for fills and strokes by number of components."""
_SHOW_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_PAINT = _SHOW_TEXT | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
_MARKED_CONTENT = frozenset({"BMC", "BDC", "EMC", "MP", "DP"})


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that determines the ink."""

    fill: Ink | None = BLACK
    """None for a pattern, or for a colour space that is not converted."""
    stroke: Ink | None = BLACK
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    spaces: tuple[str, str] = ("", "")
    written: tuple[Ink | None, Ink | None] = (BLACK, BLACK)
    """The inks that the new content stream has set, for fills and for strokes."""


@dataclass(frozen=True, slots=True)
class RecolouredPage:
    """The result of rewriting a page."""

    painted: tuple[Box, ...]
    """The boxes of its fills and images, in pt."""
    is_blank: bool


@dataclass(slots=True, eq=False)
class Recolourer:
    """Rewrites the pages of one file; forms and images that they share are rewritten once."""

    pdf: pikepdf.Pdf
    process: Process
    unconverted: set[str] = field(default_factory=set)
    """Objects that could not be converted, each as a phrase for a message."""
    _forms: dict[tuple[Any, float], tuple[Any, list[Box]]] = field(default_factory=dict)
    _images: dict[tuple[Any, float], Any] = field(default_factory=dict)
    _new_forms: set[Any] = field(default_factory=set)
    _used: dict[Any, tuple[Any, set[str], set[str]]] = field(default_factory=dict)

    def recolour_page(self, page: pikepdf.Page) -> RecolouredPage:
        """Rewrite the content stream of *page*."""
        resources = page.obj.get("/Resources") or pikepdf.Dictionary()
        rewriter = _StreamRewriter(self, resources, _State(), 1.0)
        rewriter.run(pikepdf.parse_content_stream(page))
        page.obj.Contents = self.pdf.make_stream(pikepdf.unparse_content_stream(rewriter.out))
        is_blank = not any(str(instruction.operator) in _PAINT for instruction in rewriter.out)
        return RecolouredPage(tuple(rewriter.area.painted), is_blank)

    def recolour_form(self, form: Any, opacity: float) -> tuple[Any, list[Box]]:
        """Return the form XObject *form* rewritten, and the boxes that it paints in its own coordinates."""
        key = (form.objgen, opacity)
        if form.objgen in self._new_forms:
            return form, []
        if key not in self._forms:
            self._forms[key] = form, []
            # A form inherits the colours at its `Do`, which have been written there.
            state = _State(None, None, opacity, opacity, written=(None, None))
            group_opacity = opacity if "/Group" in form else 1.0
            resources = form.get("/Resources") or pikepdf.Dictionary()
            rewriter = _StreamRewriter(self, resources, state, group_opacity)
            rewriter.run(pikepdf.parse_content_stream(form))
            new = self.pdf.make_stream(pikepdf.unparse_content_stream(rewriter.out))
            for name in form:
                if name not in ("/Length", "/Filter", "/DecodeParms", "/Group", "/StructParents"):
                    new[name] = form[name]
            self._forms[key] = new, rewriter.area.painted
            self._new_forms.add(new.objgen)
        return self._forms[key]

    def recolour_image(self, image: Any, opacity: float) -> Any:
        """Return the image XObject *image* in the inks of the process."""
        key = (image.objgen, opacity)
        if key not in self._images:
            new = convert_image(self.pdf, image, self.process, opacity)
            if new is None:
                self.unconverted.add("a picture of an unusual kind")
            self._images[key] = new if new is not None else image
        return self._images[key]

    def used_names(self, resources: Any) -> tuple[set[str], set[str]]:
        """Return the names in use of XObjects and of colour spaces in *resources*, to be added to."""
        return self._used.setdefault(resources.objgen, (resources, set(), set()))[1:]

    def remove_unused(self) -> None:
        """Remove XObjects, colour spaces and graphics states that are no longer used from the resources."""
        for objgen, (resources, objects, spaces) in self._used.items():
            for kind, used in (("/XObject", objects), ("/ColorSpace", spaces)):
                named = resources.get(kind) or {}
                for name in set(named.keys()) - used if objgen != (0, 0) else ():
                    del named[name]
            states = resources.get("/ExtGState") or {}
            for name in set(states.keys()):
                if has_only_opacity(states[name]):
                    del states[name]


class _StreamRewriter:
    """Rewrites one content stream."""

    def __init__(self, recolourer: Recolourer, resources: Any, state: _State, group_opacity: float) -> None:
        self.recolourer, self.resources, self.state = recolourer, resources, state
        self.area = PaintedArea()
        self._group_opacity = group_opacity
        self._objects, self._spaces = recolourer.used_names(resources)
        self.out: list[Any] = []
        self._stack: list[_State] = []

    def run(self, instructions: Iterable[Any]) -> None:
        """Rewrite *instructions* into `out`."""
        for instruction in instructions:
            name = str(instruction.operator)
            if name in _MARKED_CONTENT:
                continue  # there is no structure tree
            self._track(name, instruction)
            if name in _FILL_COLOUR or name in _STROKE_COLOUR:
                self._set_ink(int(name.isupper()), tuple(float(part) for part in instruction.operands))
            elif name in ("cs", "CS"):
                self._set_space(int(name.isupper()), str(instruction.operands[0]))
            elif name in ("sc", "scn", "SC", "SCN"):
                self._set_space_colour(name, instruction)
            elif name == "gs":
                self._set_graphics_state(instruction)
            elif name == "Do":
                self._paint_xobject(instruction)
            else:
                if name in _SHOW_TEXT:
                    self._write_inks(is_type=True)
                elif name in ("m", "re"):
                    self._write_inks(is_type=False)
                elif name == "sh":
                    self.recolourer.unconverted.add("a gradient")
                self.out.append(instruction)

    def _track(self, name: str, instruction: Any) -> None:
        """Update the graphics state stack and the painted area."""
        if name == "q":
            self._stack.append(self.state)
        elif name == "Q" and self._stack:
            self.state = self._stack.pop()
        is_visible = (
            self.state.fill is None or blend_with_paper(self.state.fill, self.state.fill_opacity) != WHITE
        )
        self.area.process(name, instruction.operands, is_visible=is_visible)

    def _set_space(self, side: int, space: str) -> None:
        """Set the colour space for fills (*side* 0) or strokes (1), and its initial colour."""
        spaces = list(self.state.spaces)
        spaces[side] = space
        self.state = replace(self.state, spaces=(spaces[0], spaces[1]))
        self._set_ink(side, BLACK)

    def _set_space_colour(self, name: str, instruction: Any) -> None:
        """Set a colour of the current colour space; unless it is grey, RGB or CMYK, write it unchanged."""
        side = int(name.isupper())
        space, operands = self.state.spaces[side], list(instruction.operands)
        is_plain = len(operands) in _COLOUR_OPERATORS and all(not isinstance(o, Name) for o in operands)
        if is_plain and component_count(self.resources, space) == len(operands):
            self._set_ink(side, tuple(float(part) for part in operands))
            return
        if operands and isinstance(operands[-1], Name):
            self._recolour_pattern(operands[-1])
        else:
            self.recolourer.unconverted.add("a colour of an unusual kind")
        self._spaces.add(space)
        self.out += [
            ContentStreamInstruction([Name(space)], Operator("CS" if side else "cs")),
            ContentStreamInstruction(operands, Operator(name)),
        ]
        self._set_ink(side, None)
        written = list(self.state.written)
        written[side] = None
        self.state = replace(self.state, written=(written[0], written[1]))

    def _set_ink(self, side: int, ink: Ink | None) -> None:
        self.state = replace(self.state, stroke=ink) if side else replace(self.state, fill=ink)

    def _recolour_pattern(self, name: Any) -> None:
        """Rewrite a tiling pattern; a shading is left as it is."""
        patterns = self.resources.get("/Pattern") or {}
        pattern = patterns.get(str(name))
        if pattern is not None and pattern.get("/PatternType") == 1:
            patterns[str(name)] = self.recolourer.recolour_form(pattern, 1.0)[0]
        else:
            self.recolourer.unconverted.add("a gradient")

    def _set_graphics_state(self, instruction: Any) -> None:
        """Take opacity into the state, to be printed as a lighter ink; write other parameters unchanged."""
        parameters = (self.resources.get("/ExtGState") or {}).get(str(instruction.operands[0]))
        if parameters is None:
            return
        if "/ca" in parameters:
            self.state = replace(self.state, fill_opacity=float(parameters["/ca"]) * self._group_opacity)
        if "/CA" in parameters:
            self.state = replace(self.state, stroke_opacity=float(parameters["/CA"]) * self._group_opacity)
        if not has_only_opacity(parameters):
            self.recolourer.unconverted.add("transparency that is not the same all over")
            self.out.append(instruction)

    def _paint_xobject(self, instruction: Any) -> None:
        """Paint a form or an image, rewritten."""
        objects = self.resources.get("/XObject") or {}
        name, opacity = str(instruction.operands[0]), self.state.fill_opacity
        xobject = objects.get(name)
        if xobject is None:
            return
        self._write_inks(is_type=False)
        if xobject.get("/Subtype") == "/Form":
            new, painted = self.recolourer.recolour_form(xobject, opacity)
            matrix = tuple(float(part) for part in xobject.get("/Matrix", (1, 0, 0, 1, 0, 0)))
            left, bottom, right, top = (float(part) for part in xobject.BBox)
            self.area.add(painted, matrix, (left, bottom, right, top))
        else:
            new = self.recolourer.recolour_image(xobject, opacity)
            self.area.add([(0.0, 0.0, 1.0, 1.0)])
        if opacity != 1:
            name = f"{name}-{opacity:.3f}"
        # A new name, as pages that are not yet rewritten share the resources.
        if new.objgen != xobject.objgen:
            name = f"{name}-ink"
        objects[name] = new
        self._objects.add(name)
        self.out.append(ContentStreamInstruction([Name(name)], Operator("Do")))

    def _write_inks(self, *, is_type: bool) -> None:
        """Write the operators for the current inks, unless they are set already."""
        state = self.state
        written = list(state.written)
        sides = ((state.fill, state.fill_opacity), (state.stroke, state.stroke_opacity))
        for side, (colour, opacity) in enumerate(sides):
            if colour is None:
                continue
            ink = ink_for(blend_with_paper(colour, opacity), self.recolourer.process, is_type=is_type)
            if ink != written[side]:
                written[side] = ink
                self.out.append(
                    ContentStreamInstruction(list(ink), Operator(_COLOUR_OPERATORS[len(ink)][side]))
                )
        self.state = replace(state, written=(written[0], written[1]))
