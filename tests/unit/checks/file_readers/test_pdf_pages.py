"""Page objects of a PDF: their order and their inherited resources, in page trees of several shapes."""

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


def flat(pdf: pikepdf.Pdf) -> None:
    """Put five pages into one node, from which they inherit their resources."""
    top = pdf.Root.Pages
    top.Resources = Dictionary(Font=Dictionary())
    top.Kids = Array([page(pdf, top, width) for width in range(1, 6)])
    top.Count = 5


def nested(pdf: pikepdf.Pdf) -> None:
    """Put two of the pages into an intermediate node."""
    flat(pdf)
    top = pdf.Root.Pages
    inner = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=top, Count=2))
    inner.Kids = Array([page(pdf, inner, 2), page(pdf, inner, 3)])
    top.Kids = Array([top.Kids[0], inner, top.Kids[3], top.Kids[4]])


def indirect_kids(pdf: pikepdf.Pdf) -> None:
    """Make the array of kids an indirect object."""
    flat(pdf)
    pdf.Root.Pages.Kids = pdf.make_indirect(pdf.Root.Pages.Kids)


def with_a_missing_kid(pdf: pikepdf.Pdf) -> None:
    """Add a kid that does not exist."""
    flat(pdf)
    pdf.Root.Pages.Kids.append(pdf.get_object(9999, 0))


@pytest.mark.parametrize("reopen_after", [1, 2, 1000])
@pytest.mark.parametrize("change", [flat, nested, indirect_kids, with_a_missing_kid])
def test_pages_are_in_order_and_inherit_resources(
    change: Change, reopen_after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, change)
    monkeypatch.setattr(pdf_pages, "_REOPEN_AFTER", reopen_after)
    pages = map_pages(path, lambda page: (int(page.MediaBox[2]), "/Font" in resources(page)))
    assert pages == [(number, True) for number in range(1, 6)]


def without_kids(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Pages.Kids


def with_a_number_for_kids(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = 5


def test_a_page_tree_whose_kids_are_not_an_array_has_no_pages(tmp_path: Path) -> None:
    assert map_pages(write(tmp_path, with_a_number_for_kids), lambda page: page) == []
    with pytest.raises(pikepdf.PdfError):
        map_pages(write(tmp_path, without_kids), lambda page: page)


def write(folder: Path, change: Change) -> Path:
    """Write a PDF whose page tree *change* makes; return its path."""
    with pikepdf.new() as pdf:
        change(pdf)
        pdf.save(folder / "pages.pdf")
    return folder / "pages.pdf"
