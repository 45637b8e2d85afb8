"""Pages that a press binds into a book: the margin at the fold, and what keeps clear of the knife."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.model.units import MM_PER_PT
from bifolio.pdf.pages.page_size import PageLayout

_MEASURE = 34.0
"""The longest line, in em."""
_HUNG = 2.1
"""How far a folio of three figures stands out from the text, in em."""
_HEAD = 10.0
"""What a running head takes, with the room below it, in mm."""
_PLACES = ("left-corner", "left", "center", "right", "right-corner")
PRESS_OVERRIDES = "@page { marks: none !important; bleed: 9pt !important }\n"
"""What no sheet can overrule: what is painted reaches beyond the edge, and nothing says where that is."""


@dataclass(frozen=True, slots=True)
class Binding:
    """How a book is bound and trimmed."""

    fold: float
    """The least inner margin, in mm, as all lengths here."""
    edge: float
    """How near to the other three edges anything may stand."""

    def margins(self, page: PageLayout) -> tuple[float, float]:
        """Return the inner and the outer margin of *page*.

        Each is at least a ninth of the width, and no line is longer than 34 em.
        """
        width, type_size = page.paper.width, page.type_size
        measure = _MEASURE * type_size * MM_PER_PT * page.columns
        # The folio hangs in the outer margin, and that has to be printed, too.
        least = max(width / 9, self.edge + _HUNG * type_size * MM_PER_PT)
        inner = max(least, self.fold, (width - measure) / 2)
        return inner, max(least, width - measure - inner)

    def shift(self, page: PageLayout) -> float:
        """Return how far *page* is to be moved away from the fold, as left and right pages are set alike."""
        inner, outer = self.margins(page)
        return (inner - outer) / 2

    def style(self, page: PageLayout) -> str:
        """Return the rules that set the margins of *page*, and keep heads and folios away from its edges.

        Left and right pages have half of both margins on each side: a page is moved when it is known on
        which side it stands.
        """
        side = sum(self.margins(page)) / 2
        head = max(page.head, self.edge + _HEAD)
        foot = max(page.foot, self.edge + _HEAD)
        furniture = "".join(
            f" @{edge}-{place} {{ margin-{edge}: {self.edge:.2f}mm }}"
            for edge in ("top", "bottom")
            for place in _PLACES
        )
        return f"@page {{ margin: {head:.2f}mm {side:.2f}mm {foot:.2f}mm;{furniture} }}\n"
