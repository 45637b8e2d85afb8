from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from bifolio.checks.file_readers import pdf_pages
from bifolio.checks.file_readers.pdf_pages import map_pages, resources

Change = Callable[[pikepdf.Pdf], object]


def page(pdf: pikepdf.Pdf, parent: pikepdf.Object, width: int) -> pikepdf.Object:
    box = Array([0, 0, width, 9])
    return pdf.make_indirect(Dictionary(Type=Name.Page, Parent=parent, MediaBox=box))


def in_a_row(pdf: pikepdf.Pdf) -> None:
    """Put five pages into one node, which has the resources of all."""
    top = pdf.Root.Pages
    top.Resources = Dictionary(Font=Dictionary())
    top.Kids = Array([page(pdf, top, width) for width in range(1, 6)])
    top.Count = 5


def in_a_tree(pdf: pikepdf.Pdf) -> None:
    """Put two of the pages into a node of their own."""
    in_a_row(pdf)
    top = pdf.Root.Pages
    inner = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=top, Count=2))
    inner.Kids = Array([page(pdf, inner, 2), page(pdf, inner, 3)])
    top.Kids = Array([top.Kids[0], inner, top.Kids[3], top.Kids[4]])


def elsewhere(pdf: pikepdf.Pdf) -> None:
    """Let the list of the kids be an object of its own."""
    in_a_row(pdf)
    pdf.Root.Pages.Kids = pdf.make_indirect(pdf.Root.Pages.Kids)


def with_a_hole(pdf: pikepdf.Pdf) -> None:
    """Let one of the kids be nothing."""
    in_a_row(pdf)
    pdf.Root.Pages.Kids.append(pdf.get_object(9999, 0))


@pytest.mark.parametrize("kept", [1, 2, 1000])
@pytest.mark.parametrize("change", [in_a_row, in_a_tree, elsewhere, with_a_hole])
def test_pages_come_in_order_with_the_resources_that_they_share(
    change: Change, kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, change)
    monkeypatch.setattr(pdf_pages, "_REOPEN_AFTER", kept)
    seen = map_pages(path, lambda page: (int(page.MediaBox[2]), "/Font" in resources(page)))
    assert seen == [(number, True) for number in range(1, 6)]


def no_kids(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Pages.Kids


def a_number_of_kids(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = 5


def test_a_file_whose_pages_are_no_list_has_none(tmp_path: Path) -> None:
    assert map_pages(write(tmp_path, a_number_of_kids), lambda page: page) == []
    with pytest.raises(pikepdf.PdfError):
        map_pages(write(tmp_path, no_kids), lambda page: page)


def write(folder: Path, change: Change) -> Path:
    """Write a PDF with pages as *change* makes them; return its path."""
    with pikepdf.new() as pdf:
        change(pdf)
        pdf.save(folder / "pages.pdf")
    return folder / "pages.pdf"
