"""Lays out each whole footnote of a page once, though WeasyPrint lays all out again for each one added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine.boxes import create_anonymous_boxes
from bifolio.pdf.engine.call_signatures import Call, Result
from bifolio.pdf.footnotes.area import count_lines


class FootnoteLayouts:
    """The boxes and layouts of the footnotes of one page."""

    def __init__(self) -> None:
        self._boxes: dict[Any, Any] = {}
        self._results: dict[Any, tuple[float, Result]] = {}
        """The layout of each box below what precedes it, with the position where it was laid out."""
        self._line_counts: dict[Any, int] = {}

    def box_for(self, area: Any, footnote: Any) -> Any:
        """Return the box that lays out *footnote* in the footnote *area*, the same whenever it is called."""
        if footnote not in self._boxes:
            alone = area.copy_with_children([footnote.deepcopy()])
            (self._boxes[footnote],) = create_anonymous_boxes(alone).children
        return self._boxes[footnote]

    def has_box(self, box: Any, footnote: Any) -> bool:
        """Return whether *box* is the one that lays out *footnote*."""
        return box is self._boxes.get(footnote)

    def line_count(self, footnote: Any) -> int:
        """Return the number of lines of *footnote*; 0 before it has been laid out."""
        return self._line_counts.get(footnote, 0)

    def lay_out(self, in_flow_layout: Callable[..., Any], call: Call, footnote: Any) -> Result:
        """Lay out the box of *footnote* by *in_flow_layout*, or move its layout to the position of *call*."""
        key = call.child, bool(call.new_children), *call.adjoining_margins
        if key not in self._results:
            result = Result(*in_flow_layout(*call))
            self._line_counts[footnote] = count_lines(result.new_children[-1])
            self._results[key] = (
                call.position_y,
                result._replace(
                    new_children=result.new_children[-1:], adjoining_margins=[*result.adjoining_margins]
                ),
            )
            return result
        position_y, result = self._results[key]
        return result._replace(
            position_y=call.position_y + result.position_y - position_y,
            new_children=[*call.new_children, *result.new_children],
            adjoining_margins=[*result.adjoining_margins],
        )
