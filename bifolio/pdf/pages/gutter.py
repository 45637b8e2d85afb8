"""Margins of pages that are bound and trimmed: the gutter at the fold, and a safe distance from the edges."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.model.units import MM_PER_PT
from bifolio.pdf.pages.page_size import PageLayout

_MEASURE = 34.0
"""The longest line, in em."""
_FOLIO_WIDTH = 2.1
"""How far a folio of three digits protrudes into the outer margin, in em."""
_MARGIN_BOX_HEIGHT = 10.0
"""The height of a running head or a footer with the space to the text, in mm."""
_MARGIN_BOXES = ("left-corner", "left", "center", "right", "right-corner")
PRESS_OVERRIDES = "@page { marks: none !important; bleed: 9pt !important }\n"
"""Declarations that no stylesheet can override: content may bleed, and there are no printer's marks."""


@dataclass(frozen=True, slots=True)
class Binding:
    """How a book is bound and trimmed."""

    fold: float
    """The least inner margin (gutter), in mm, as all lengths here."""
    edge: float
    """The least distance of content from the other three edges."""

    def margins(self, page: PageLayout) -> tuple[float, float]:
        """Return the inner and the outer margin of *page*.

        Each is at least a ninth of the width, and no line is longer than 34 em.
        """
        width, type_size = page.paper.width, page.type_size
        measure = _MEASURE * type_size * MM_PER_PT * page.columns
        # The folio protrudes into the outer margin, and must be printed, too.
        least = max(width / 9, self.edge + _FOLIO_WIDTH * type_size * MM_PER_PT)
        inner = max(least, self.fold, (width - measure) / 2)
        return inner, max(least, width - measure - inner)

    def shift(self, page: PageLayout) -> float:
        """Return by how much *page* is moved away from the fold after layout, in mm."""
        inner, outer = self.margins(page)
        return (inner - outer) / 2

    def style(self, page: PageLayout) -> str:
        """Return the `@page` rules for the margins and the margin boxes of *page*.

        Inner and outer margin are laid out equally wide; a page is moved (`shift`) when its side is known.
        """
        side = sum(self.margins(page)) / 2
        top = max(page.top, self.edge + _MARGIN_BOX_HEIGHT)
        bottom = max(page.bottom, self.edge + _MARGIN_BOX_HEIGHT)
        margin_boxes = "".join(
            f" @{edge}-{name} {{ margin-{edge}: {self.edge:.2f}mm }}"
            for edge in ("top", "bottom")
            for name in _MARGIN_BOXES
        )
        return f"@page {{ margin: {top:.2f}mm {side:.2f}mm {bottom:.2f}mm;{margin_boxes} }}\n"
