"""What WeasyPrint's function that lays out a child of a block takes and returns, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from weasyprint.layout import block

BOUNDLESS = -(2.0**20)
"""In px: how much room a page has where it is to have enough."""


class Call(NamedTuple):
    """What `_in_flow_layout` is called with: a box, its child, and what stands in the box by now."""

    context: Any
    box: Any
    number: int
    child: Any
    new_children: list[Any]
    page_is_empty: bool
    absolute_boxes: list[Any]
    fixed_boxes: list[Any]
    adjoining_margins: list[Any]
    bottom_space: float
    position_y: float
    skip_stack: Any
    first_letter_style: Any
    first_line_style: Any
    discard: bool
    next_page: Any
    max_lines: Any

    def opens(self) -> bool:
        """Say whether nothing of the box stands on the page yet."""
        return block.find_last_in_flow_child(self.new_children) is None

    def unchanged(self) -> Result:
        """Return that the child takes no room."""
        return Result(
            False, False, None, self.position_y, self.adjoining_margins, self.next_page, self.new_children,
            self.max_lines,
        )  # fmt: skip

    def ended(self, index: int, skip_stack: Any = None) -> Result:
        """Return that the page ends here, and the next goes on with the child *index*."""
        return self.unchanged()._replace(stop=True, resume_at={index: skip_stack})

    def after(self, result: Result) -> Call:
        """Return the call for the same child when *result* stands above it."""
        self.child.position_y = result.position_y
        return self._replace(
            new_children=result.new_children, adjoining_margins=result.adjoining_margins,
            position_y=result.position_y, next_page=result.next_page, max_lines=result.max_lines,
        )  # fmt: skip


class Result(NamedTuple):
    """What `_in_flow_layout` returns."""

    abort: bool
    stop: bool
    resume_at: Any
    position_y: float
    adjoining_margins: list[Any]
    next_page: Any
    new_children: list[Any]
    max_lines: Any
