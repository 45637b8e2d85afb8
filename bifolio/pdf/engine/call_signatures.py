"""Named tuples for the arguments and the result of WeasyPrint's `_in_flow_layout`."""

from __future__ import annotations

from typing import Any, NamedTuple

from bifolio.pdf.engine.layout import find_last_in_flow_child

UNBOUNDED_SPACE = -(2.0**20)
"""In CSS px: a bottom space that leaves a page more room than any content needs."""


class Call(NamedTuple):
    """The arguments of `_in_flow_layout`: a box, its child, and the children laid out so far."""

    context: Any
    box: Any
    child_index: int
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

    def is_first_child(self) -> bool:
        """Return whether the box has no child on the page yet."""
        return find_last_in_flow_child(self.new_children) is None

    def skip_child(self) -> Result:
        """Return the result of a child that takes no space."""
        return Result(
            False, False, None, self.position_y, self.adjoining_margins, self.next_page, self.new_children,
            self.max_lines,
        )  # fmt: skip

    def end_page(self, index: int, skip_stack: Any = None) -> Result:
        """Return the result that ends the page here; the next page resumes at the child *index*."""
        return self.skip_child()._replace(stop=True, resume_at={index: skip_stack})

    def after(self, result: Result) -> Call:
        """Return the call that lays out the same child after *result*."""
        self.child.position_y = result.position_y
        return self._replace(
            new_children=result.new_children, adjoining_margins=result.adjoining_margins,
            position_y=result.position_y, next_page=result.next_page, max_lines=result.max_lines,
        )  # fmt: skip


class Result(NamedTuple):
    """The result of `_in_flow_layout`."""

    abort: bool
    stop: bool
    resume_at: Any
    position_y: float
    adjoining_margins: list[Any]
    next_page: Any
    new_children: list[Any]
    max_lines: Any
