"""Images without a caption, or several in a figure, that shrink to fit their page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.editions.pdf.a5 import LONG, BuildA5, lines, text


def test_two_images_of_a_figure_shrink_by_the_same_factor(a5: BuildA5, tmp_path: Path) -> None:
    pictures = '<img src="field.png" alt="One"/><br/><img src="field.png" alt="Two" width="150"/>'
    figure = f"<figure>{pictures}<figcaption>Both.</figcaption></figure>"
    a5(text("# Begin", lines(9), figure, LONG))
    page = pypdfium2.PdfDocument(tmp_path / "build" / "text.pdf")[0]
    widths = sorted(
        right - left for left, _, right, _ in (item.get_bounds() for item in page.get_objects([3]))
    )
    assert widths[1] < 0.95 * 225 and widths[1] / widths[0] == pytest.approx(2, rel=0.01)


def test_an_image_without_a_figure_shrinks_and_keeps_the_lines_after_it(a5: BuildA5, tmp_path: Path) -> None:
    first, *_ = a5(
        text("# Begin", lines(13), '<img src="field.png" alt="Field"/>', "Figure 1: A field.", LONG)
    )
    page = pypdfium2.PdfDocument(tmp_path / "build" / "text.pdf")[0]
    ((left, _, right, _),) = [item.get_bounds() for item in page.get_objects([3])]
    assert 0.7 * 225 <= right - left < 0.98 * 225
    assert "Line 13. Figure 1: A field." in first
