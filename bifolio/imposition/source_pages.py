"""Reads the pages of a finished PDF as form XObjects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from math import isfinite
from pathlib import Path

import pikepdf

from bifolio.model.errors import SourceError
from bifolio.model.findings import Where

_SMALLEST, _LARGEST = 1.0, 1_000_000.0
"""The range of page sides, in pt, that can be scaled to a sheet."""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page as a form XObject (ISO 32000-1, 8.10)."""

    form: pikepdf.Object
    left: float
    """The left edge in the form's own coordinates; this and the following are in pt."""
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The pages of a PDF file."""

    pdf: pikepdf.Pdf
    pages: tuple[SourcePage, ...]
    title: str
    right_to_left: bool
    """Whether the file declares a right-to-left reading direction."""

    @property
    def size(self) -> tuple[float, float]:
        """The most common width and height of the pages, in pt."""
        sizes = Counter((round(page.width), round(page.height)) for page in self.pages)
        usual = sizes.most_common(1)[0][0]
        return next((p.width, p.height) for p in self.pages if (round(p.width), round(p.height)) == usual)


def read_document(path: Path) -> SourceDocument:
    """Return the pages of the PDF at *path*, cut to their trim boxes, with their printable annotations.

    Raises SourceError if the file cannot be read, is not a PDF, is encrypted or damaged, or has no pages.
    """
    try:
        pdf = pikepdf.open(BytesIO(path.read_bytes()))
        if pdf.is_encrypted:
            raise _encrypted(path)
        if not pdf.pages:
            raise SourceError("The PDF has no pages.", Where(path))
        pdf.flatten_annotations("print")
        pages = tuple(_read_page(page) for page in pdf.pages)
        return SourceDocument(pdf, pages, _title(pdf) or path.stem, _reads_right_to_left(pdf))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"The file cannot be read: {reason}.", Where(path), "Check the name.") from error
    except pikepdf.PasswordError as error:
        raise _encrypted(path) from error
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RecursionError, RuntimeError) as error:
        raise SourceError("The file is not a whole PDF.", Where(path), "Make it again.") from error


def _read_page(page: pikepdf.Page) -> SourcePage:
    """Return *page* in the rotation in which it is shown. Raises ValueError if its size is unusable."""
    form = page.as_form_xobject()
    a, b, c, d, e, f = (float(number) for number in form.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    left, bottom, right, top = (float(number) for number in form.BBox)
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if not all(isfinite(side) and _SMALLEST <= side <= _LARGEST for side in (width, height)):
        raise ValueError(f"a page of {width} x {height} pt")
    return SourcePage(form, min(xs), min(ys), width, height)


def _title(pdf: pikepdf.Pdf) -> str:
    """Return the title of *pdf*, or an empty string."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        titles = [str(pdf.docinfo.get("/Title", "")), str(metadata.get("dc:title", ""))]
    return next((clean for title in titles if (clean := " ".join(title.split()))), "")


def _reads_right_to_left(pdf: pikepdf.Pdf) -> bool:
    preferences = pdf.Root.get("/ViewerPreferences")
    return isinstance(preferences, pikepdf.Dictionary) and preferences.get("/Direction") == pikepdf.Name.R2L


def _encrypted(path: Path) -> SourceError:
    return SourceError("The PDF is encrypted.", Where(path), "Save it without a password first.")
