"""The drawing of pages, drawn again with the inks of a press (ISO 32000-1, 8 and 9)."""

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

_FILLS = {"rg": 3, "g": 1, "k": 4}
_STROKES = {"RG": 3, "G": 1, "K": 4}
_WRITES = {1: ("g", "G"), 3: ("rg", "RG"), 4: ("k", "K")}
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_SHOWN = _SHOWS | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
_MARKS = frozenset({"BMC", "BDC", "EMC", "MP", "DP"})


@dataclass(frozen=True, slots=True)
class _State:
    """What of the graphics state decides the ink."""

    fill: Ink | None = BLACK
    """None where it is a pattern or of a colour space that is left as it is."""
    stroke: Ink | None = BLACK
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    spaces: tuple[str, str] = ("", "")
    written: tuple[Ink | None, Ink | None] = (BLACK, BLACK)
    """The inks that the new drawing has set, for fills and for strokes."""


@dataclass(frozen=True, slots=True)
class RecolouredPage:
    """What a page has become."""

    painted: tuple[Box, ...]
    """What its paths and pictures cover, in pt."""
    is_blank: bool


@dataclass(slots=True, eq=False)
class Recolourer:
    """Draws pages of one file anew, each shared form and picture once."""

    pdf: pikepdf.Pdf
    process: Process
    left: set[str] = field(default_factory=set)
    """What could not be put into inks, in a few words each."""
    _forms: dict[tuple[Any, float], tuple[Any, list[Box]]] = field(default_factory=dict)
    _pictures: dict[tuple[Any, float], Any] = field(default_factory=dict)
    _made: set[Any] = field(default_factory=set)
    _used: dict[Any, tuple[Any, set[str], set[str]]] = field(default_factory=dict)

    def page(self, page: pikepdf.Page) -> RecolouredPage:
        """Redraw *page*."""
        resources = page.obj.get("/Resources") or pikepdf.Dictionary()
        drawn = _Drawing(self, resources, PaintedArea(), _State(), 1.0)
        drawn.run(pikepdf.parse_content_stream(page))
        page.obj.Contents = self.pdf.make_stream(pikepdf.unparse_content_stream(drawn.out))
        shown = any(str(instruction.operator) in _SHOWN for instruction in drawn.out)
        return RecolouredPage(tuple(drawn.frame.painted), not shown)

    def form(self, form: Any, opacity: float) -> tuple[Any, list[Box]]:
        """Return *form* redrawn, with what it covers in its own space."""
        key = (form.objgen, opacity)
        if form.objgen in self._made:
            return form, []
        if key not in self._forms:
            self._forms[key] = form, []
            # It is drawn with the colours of its place, which have been written there.
            state = _State(None, None, opacity, opacity, written=(None, None))
            group = opacity if "/Group" in form else 1.0
            drawn = _Drawing(
                self, form.get("/Resources") or pikepdf.Dictionary(), PaintedArea(), state, group
            )
            drawn.run(pikepdf.parse_content_stream(form))
            new = self.pdf.make_stream(pikepdf.unparse_content_stream(drawn.out))
            for name in form:
                if name not in ("/Length", "/Filter", "/DecodeParms", "/Group", "/StructParents"):
                    new[name] = form[name]
            self._forms[key] = new, drawn.frame.painted
            self._made.add(new.objgen)
        return self._forms[key]

    def picture(self, picture: Any, opacity: float) -> Any:
        """Return *picture* in inks."""
        key = (picture.objgen, opacity)
        if key not in self._pictures:
            new = convert_image(self.pdf, picture, self.process, opacity)
            if new is None:
                self.left.add("a picture of an unusual kind")
            self._pictures[key] = new if new is not None else picture
        return self._pictures[key]

    def visit(self, resources: Any) -> tuple[set[str], set[str]]:
        """Return the names of the forms and pictures, and of the colour spaces, that are used."""
        return self._used.setdefault(resources.objgen, (resources, set(), set()))[1:]

    def tidy(self) -> None:
        """Take out of the resources that pages share what nothing is drawn with any more."""
        for objgen, (resources, objects, spaces) in self._used.items():
            for kind, used in (("/XObject", objects), ("/ColorSpace", spaces)):
                named = resources.get(kind) or {}
                for name in set(named.keys()) - used if objgen != (0, 0) else ():
                    del named[name]
            states = resources.get("/ExtGState") or {}
            for name in set(states.keys()):
                if has_only_opacity(states[name]):
                    del states[name]


class _Drawing:
    """One content stream on its way to being another."""

    def __init__(
        self, whole: Recolourer, resources: Any, frame: PaintedArea, state: _State, opacity: float
    ) -> None:
        """*opacity* is that of the group as a whole."""
        self.whole, self.resources, self.frame, self.state = whole, resources, frame, state
        self._opacity = opacity
        self._objects, self._spaces = whole.visit(resources)
        self.out: list[Any] = []
        self._stack: list[_State] = []

    def run(self, instructions: Iterable[Any]) -> None:
        """Redraw all of *instructions*."""
        for instruction in instructions:
            name = str(instruction.operator)
            if name in _MARKS:
                continue  # tags lead to a structure tree, and paper has none
            self._follow(name, instruction)
            if name in _FILLS or name in _STROKES:
                self._colour(name, tuple(float(part) for part in instruction.operands))
            elif name in ("cs", "CS", "sc", "scn", "SC", "SCN"):
                self._space(name, instruction)
            elif name == "gs":
                self._graphics_state(instruction)
            elif name == "Do":
                self._object(instruction)
            else:
                if name in _SHOWS:
                    self._ink(is_type=True)
                elif name in ("m", "re"):
                    self._ink(is_type=False)
                elif name == "sh":
                    self.whole.left.add("a gradient")
                self.out.append(instruction)

    def _follow(self, name: str, instruction: Any) -> None:
        """Keep the stack, and tell the frame where things are."""
        if name == "q":
            self._stack.append(self.state)
        elif name == "Q" and self._stack:
            self.state = self._stack.pop()
        seen = self.state.fill is None or blend_with_paper(self.state.fill, self.state.fill_opacity) != WHITE
        self.frame.follow(name, instruction.operands, seen=seen)

    def _colour(self, name: str, colour: Ink) -> None:
        if name in _FILLS:
            self.state = replace(self.state, fill=colour)
        else:
            self.state = replace(self.state, stroke=colour)

    def _space(self, name: str, instruction: Any) -> None:
        """Take a colour of a space that is grey, RGB or CMYK at heart; leave any other as it is."""
        side = int(name.isupper())
        if name in ("cs", "CS"):
            spaces = list(self.state.spaces)
            spaces[side] = str(instruction.operands[0])
            self.state = replace(self.state, spaces=(spaces[0], spaces[1]))
            self._set(side, BLACK)
            return
        space, operands = self.state.spaces[side], list(instruction.operands)
        plain = len(operands) in _WRITES and all(not isinstance(part, Name) for part in operands)
        if plain and component_count(self.resources, space) == len(operands):
            self._set(side, tuple(float(part) for part in operands))
            return
        if operands and isinstance(operands[-1], Name):
            self._pattern(operands[-1])
        else:
            self.whole.left.add("a colour of an unusual kind")
        self._spaces.add(space)
        self.out += [
            ContentStreamInstruction([Name(space)], Operator("CS" if side else "cs")),
            ContentStreamInstruction(operands, Operator(name)),
        ]
        self._set(side, None)
        written = list(self.state.written)
        written[side] = None
        self.state = replace(self.state, written=(written[0], written[1]))

    def _set(self, side: int, ink: Ink | None) -> None:
        self.state = replace(self.state, stroke=ink) if side else replace(self.state, fill=ink)

    def _pattern(self, name: Any) -> None:
        """Redraw a tile; a gradient is left as it is."""
        patterns = self.resources.get("/Pattern") or {}
        pattern = patterns.get(str(name))
        if pattern is not None and pattern.get("/PatternType") == 1:
            patterns[str(name)] = self.whole.form(pattern, 1.0)[0]
        else:
            self.whole.left.add("a gradient")

    def _graphics_state(self, instruction: Any) -> None:
        """Take opacity as a lighter ink; leave what else a graphics state asks for."""
        asked = (self.resources.get("/ExtGState") or {}).get(str(instruction.operands[0]))
        if asked is None:
            return
        if "/ca" in asked:
            self.state = replace(self.state, fill_opacity=float(asked["/ca"]) * self._opacity)
        if "/CA" in asked:
            self.state = replace(self.state, stroke_opacity=float(asked["/CA"]) * self._opacity)
        if not has_only_opacity(asked):
            self.whole.left.add("transparency that is not the same all over")
            self.out.append(instruction)

    def _object(self, instruction: Any) -> None:
        """Redraw a form, or print a picture."""
        objects = self.resources.get("/XObject") or {}
        name, opacity = str(instruction.operands[0]), self.state.fill_opacity
        thing = objects.get(name)
        if thing is None:
            return
        self._ink(is_type=False)
        if thing.get("/Subtype") == "/Form":
            new, painted = self.whole.form(thing, opacity)
            matrix = tuple(float(part) for part in thing.get("/Matrix", (1, 0, 0, 1, 0, 0)))
            left, bottom, right, top = (float(part) for part in thing.BBox)
            self.frame.add(painted, matrix, (left, bottom, right, top))
        else:
            new = self.whole.picture(thing, opacity)
            self.frame.add([(0.0, 0.0, 1.0, 1.0)])
        if opacity != 1:
            name = f"{name}-{opacity:.3f}"
        # Another name, for the resources are shared with pages that are still to be drawn.
        if new.objgen != thing.objgen:
            name = f"{name}-ink"
        objects[name] = new
        self._objects.add(name)
        self.out.append(ContentStreamInstruction([Name(name)], Operator("Do")))

    def _ink(self, *, is_type: bool) -> None:
        """Set the inks for what is drawn next, where they are not set."""
        state = self.state
        written = list(state.written)
        sides = ((state.fill, state.fill_opacity), (state.stroke, state.stroke_opacity))
        for side, (colour, opacity) in enumerate(sides):
            if colour is None:
                continue
            ink = ink_for(blend_with_paper(colour, opacity), self.whole.process, is_type=is_type)
            if ink != written[side]:
                written[side] = ink
                self.out.append(ContentStreamInstruction(list(ink), Operator(_WRITES[len(ink)][side])))
        self.state = replace(state, written=(written[0], written[1]))
