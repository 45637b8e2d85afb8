"""Computes the boxes that paths and images of a content stream paint, clipped, in page coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
Matrix = tuple[float, ...]

_FILL_OPERATORS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_PATH_OPERATORS = _FILL_OPERATORS | {"S", "s", "n"}


class PaintedArea:
    """Tracks the current transformation matrix and clip of a content stream, and collects painted boxes."""

    def __init__(self, matrix: Matrix = (1, 0, 0, 1, 0, 0)) -> None:
        self.painted: list[Box] = []
        self._matrix = matrix
        self._stack: list[tuple[Matrix, Box | None]] = []
        self._path: list[tuple[float, float]] = []
        self._is_clip_path = False
        self._clip: Box | None = None

    def process(self, name: str, operands: Sequence[Any], *, is_visible: bool) -> None:
        """Process the operator *name*; a fill counts as painted if it *is_visible*."""
        if name == "q":
            self._stack.append((self._matrix, self._clip))
        elif name == "Q" and self._stack:
            self._matrix, self._clip = self._stack.pop()
        elif name == "cm":
            self._matrix = multiply(tuple(float(part) for part in operands), self._matrix)
        elif name == "re":
            x, y, width, height = (float(part) for part in operands)
            self._path += [(x, y), (x + width, y + height), (x, y + height), (x + width, y)]
        elif name in ("m", "l", "c", "v", "y"):
            parts = [float(part) for part in operands]
            self._path += list(zip(parts[::2], parts[1::2], strict=True))
        elif name in ("W", "W*"):
            self._is_clip_path = True
        elif name in _PATH_OPERATORS:
            self._end_path(painted=is_visible and name in _FILL_OPERATORS)

    def _end_path(self, *, painted: bool) -> None:
        box = bounding_box(self._path, self._matrix) if self._path else None
        if box and painted:
            self._paint(box)
        if box and self._is_clip_path:
            self._clip = intersection(box, self._clip) if self._clip else box
        self._path, self._is_clip_path = [], False

    def add(self, boxes: Iterable[Box], matrix: Matrix = (1, 0, 0, 1, 0, 0), clip: Box | None = None) -> None:
        """Add *boxes* painted by an XObject with this *matrix* and, if it is a form, this *clip*."""
        for box in boxes:
            clipped = intersection(box, clip) if clip else box
            if clipped:
                self._paint(bounding_box(_corners(clipped), multiply(matrix, self._matrix)))

    def _paint(self, box: Box) -> None:
        clipped = intersection(box, self._clip) if self._clip else box
        if clipped:
            self.painted.append(clipped)


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies *first* and *then* the other (ISO 32000-1, 8.3.3)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def bounding_box(points: Iterable[tuple[float, float]], matrix: Matrix) -> Box:
    """Return the bounding box of *points* transformed by *matrix*."""
    a, b, c, d, e, f = matrix
    transformed = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
    xs, ys = [x for x, _ in transformed], [y for _, y in transformed]
    return min(xs), min(ys), max(xs), max(ys)


def intersection(one: Box, other: Box) -> Box | None:
    """Return the intersection of two boxes, or None if it is empty."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left < right and bottom < top else None


def _corners(box: Box) -> list[tuple[float, float]]:
    left, bottom, right, top = box
    return [(left, bottom), (right, bottom), (right, top), (left, top)]
