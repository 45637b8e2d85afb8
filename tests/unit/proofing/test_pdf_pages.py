from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from bifolio.proofing import pdf_pages
from bifolio.proofing.pdf_pages import of_pages, resources


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A PDF of five pages: one, two in a node, whose resources they share, and two more."""
    path = tmp_path / "pages.pdf"
    with pikepdf.new() as pdf:
        top = pdf.Root.Pages
        inner = pdf.make_indirect(
            Dictionary(Type=Name.Pages, Parent=top, Resources=Dictionary(Font=Dictionary()), Count=2)
        )

        def page(parent: pikepdf.Object, width: int) -> pikepdf.Object:
            box = Array([0, 0, width, 9])
            return pdf.make_indirect(Dictionary(Type=Name.Page, Parent=parent, MediaBox=box))

        inner.Kids = Array([page(inner, 2), page(inner, 3)])
        top.Kids = Array([page(top, 1), inner, page(top, 4), page(top, 5)])
        top.Count = 5
        pdf.save(path)
    return path


@pytest.mark.parametrize("kept", [1, 2, 1000])
def test_pages_come_in_order_with_the_resources_that_they_share(
    kept: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pages, "_KEPT", kept)
    seen = of_pages(path, lambda page: (int(page.MediaBox[2]), "/Font" in resources(page)))
    assert seen == [(1, False), (2, True), (3, True), (4, False), (5, False)]


def test_pages_in_a_circle_are_refused(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        inner = pdf.Root.Pages.Kids[1]
        inner.Kids.append(inner)
        pdf.save(path)
    with pytest.raises(ValueError, match="circle"):
        of_pages(path, lambda page: None)
