"""Records the content streams and resources of pages, to be written into a file later."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.engine.box_facts import box_facts
from bifolio.pdf.laid_out import FontUse, PageResources
from bifolio.pdf.tagging.to_unicode import SPLIT_CHARACTERS, GlyphStream

SCALE = 0.75
"""Points in a CSS px."""
OUTPUT_INTENT = "srgb"
_CATEGORIES = ("ExtGState", "XObject", "Pattern", "Shading")
LINE_BREAKS = (b"\r", b"\n")
_LEVEL = 7
"""The compression level of content; level 9 takes three times as long for a thirtieth of the size."""


class _ResourceNames(pdf_objects.Dictionary):  # type: ignore[misc]
    """A resource dictionary whose names count from *first*: WeasyPrint names the next by the length."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self._first = first

    def __len__(self) -> int:
        return self._first + dict.__len__(self)


class _MarkedStream(GlyphStream):
    """A content stream that marks artifacts, and numbers missing characters."""

    missing_indices: dict[int, int]
    """The index of each missing character, by code point."""

    @contextmanager
    def marked(self, box: Any, tag: str) -> Iterator[None]:
        if box_facts(box).is_artifact:
            with self.artifact():
                yield
            return
        with super().marked(box, tag):
            text = getattr(box, "text", "")
            if SPLIT_CHARACTERS.search(text):
                properties = next(
                    part for part in reversed(self.stream) if isinstance(part, pdf_objects.Dictionary)
                )
                properties["ActualText"] = pdf_objects.String(text)  # ISO 32000-1, 14.9.4
            yield

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        font, size = super().add_font(pango_font)
        if not font.missing and self.missing_indices:
            # The same glyph number in every section, so that sections can share the font.
            for codepoint, index in self.missing_indices.items():
                font.missing.setdefault(codepoint, min(font.glyph_count + index, 0xFFFF))
        return font, size


class ContentRecorder:
    """Draws pages as WeasyPrint's `generate_pdf` does, and records their resources."""

    def __init__(self, first_resource: int, missing: frozenset[str]) -> None:
        """Number resources from *first_resource*; *missing* are the characters that no font has."""
        pdf = pdf_objects.PDF()
        profile, spaces = pdf_objects.Dictionary(), pdf_objects.Dictionary()
        # The first two objects of every file that WeasyPrint writes with a colour profile.
        pdf.add_object(profile)
        pdf.add_object(spaces)
        self._profiles = {OUTPUT_INTENT: SimpleNamespace(pdf_reference=profile.reference)}
        self._resources = pdf_objects.Dictionary(
            {kind: _ResourceNames(first_resource) for kind in _CATEGORIES}
        )
        self._resources["ColorSpace"] = spaces.reference
        self._fonts: dict[Any, Any] = {}
        self._images: dict[str, Any] = {}
        self._missing_indices = {ord(character): index for index, character in enumerate(sorted(missing))}

    def draw(self, page: Any, paint: Callable[[Any], None]) -> tuple[list[Any], dict[Any, dict[str, Any]]]:
        """Return the operators with which *paint* draws *page*, and its marked content by box."""
        bleed = {side: getattr(page, "bleed", {}).get(side, 0) for side in ("left", "top", "right", "bottom")}
        area = (
            -bleed["left"], -bleed["top"],
            page.width + bleed["left"] + bleed["right"], page.height + bleed["top"] + bleed["bottom"],
        )  # fmt: skip
        stream = _MarkedStream(
            self._fonts, area, self._resources, self._images, {}, self._profiles, OUTPUT_INTENT, compress=True
        )
        stream.missing_indices = self._missing_indices
        stream.transform(d=-1, f=page.height * SCALE)
        with stream.stacked():
            stream.transform(a=SCALE, d=SCALE)
            paint(stream)
        return stream.stream, stream._tags

    def have_equal_widths(self, glyphs: list[int]) -> bool:
        """Return whether all *glyphs* have the same width in a font that has drawn them."""
        widths = ([font.widths.get(glyph) for glyph in glyphs] for font in self._fonts.values())
        return any(None not in row and len(set(row)) == 1 for row in widths)

    def resources(self, own_fonts: frozenset[str]) -> PageResources:
        """Return the resources of all pages drawn; *own_fonts* are the digests of the program's own fonts."""
        uses, files = [], {}
        for font in self._fonts.values():
            digest = hashlib.sha256(font.file_content).hexdigest()
            if digest not in own_fonts:
                files[digest] = font.file_content
            excluded = {"hb_font", "hb_face", "file_content", "widths", "to_unicode", "missing"}
            attributes = {key: value for key, value in vars(font).items() if key not in excluded}
            used = {code: glyph for code, glyph in font.missing.items() if glyph in font.to_unicode}
            uses.append(FontUse(font.hash, digest, attributes, font.widths, dict(font.to_unicode), used))
        images = {
            # Without interpolation, which PDF/A forbids (ISO 19005-2, 6.2.8).
            name: image["image"].get_x_object(False, max(image["dpi_ratios"]))
            for name, image in self._images.items()
        }
        resources = {kind: dict(self._resources[kind]) for kind in _CATEGORIES}
        return PageResources(tuple(uses), files, _picklable(images), _picklable(resources))


def _picklable(value: Any) -> Any:
    """Return a copy of *value* that can be pickled, with every stream in it as bytes."""
    copies: dict[int, Any] = {}

    def copy(item: Any) -> Any:
        if id(item) in copies:
            return copies[id(item)]
        if isinstance(item, pdf_objects.Stream):
            parts = [getattr(part, "data", part) for part in item.stream]
            new: Any = pdf_objects.Stream(parts, None, item.compress)
            copies[id(item)] = new
            new.extra = copy(item.extra)
        elif isinstance(item, dict):
            new = pdf_objects.Dictionary() if isinstance(item, pdf_objects.Dictionary) else {}
            copies[id(item)] = new
            for key, inner in item.items():
                new[key] = copy(inner)
        elif isinstance(item, pdf_objects.Array):
            new = pdf_objects.Array([copy(inner) for inner in item])
        else:
            return item
        return new

    return copy(value)


def encode(part: Any) -> bytes:
    """Return *part* of a content stream as bytes."""
    return part if isinstance(part, bytes) else getattr(part, "data", None) or str(part).encode()


def deflate(operators: list[Any], tail: bytes = b"") -> bytes:
    """Return the compressed stream of drawing *operators*; no line break ends it (`conformance.compress`)."""
    data = b"\n".join(map(encode, operators))
    result = zlib.compress(data, _LEVEL)
    return zlib.compress(data + b" ", _LEVEL) if result[-1:] in LINE_BREAKS else result
