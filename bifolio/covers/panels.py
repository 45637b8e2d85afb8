"""The panels of a wraparound cover, and the fonts for its text."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import Face

UNITS_PER_PT = 10.0
"""`fit_text` measures in px; here one px is a tenth of a point."""


@dataclass(frozen=True, slots=True)
class Panels:
    """The positions of back, spine and front, in pt from the left edge."""

    width: float
    """The width and the height of a trimmed page."""
    height: float
    spine: float
    bleed: float
    mirrored: bool
    """Whether the front is on the left, as in a book that is read from right to left."""

    @property
    def sheet_size(self) -> tuple[float, float]:
        """The width and the height of the cover with its bleed."""
        return 2 * (self.width + self.bleed) + self.spine, self.height + 2 * self.bleed

    @property
    def spine_left(self) -> float:
        """The left edge of the spine."""
        return self.bleed + self.width

    @property
    def front(self) -> float:
        """The left edge of the trimmed front."""
        return self.bleed if self.mirrored else self.spine_left + self.spine

    @property
    def back(self) -> float:
        """The left edge of the trimmed back."""
        return self.spine_left + self.spine if self.mirrored else self.bleed


def select_fonts(text: str, face: Face, fallbacks: tuple[Fallback, ...]) -> tuple[tuple[str, ...], int]:
    """Return the families of *face* and of the fallbacks that *text* needs, and the weight of most of it."""
    needed = [fallback for fallback in fallbacks if not fallback.characters.isdisjoint(text)]
    families = (face.family, *(fallback.face.family for fallback in needed))
    for fallback in needed:
        count = sum(character in fallback.characters for character in text)
        if 2 * count > len(text.replace(" ", "")):
            return families, fallback.face.weight
    return families, face.weight
