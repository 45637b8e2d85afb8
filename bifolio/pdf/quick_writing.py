"""What WeasyPrint works out over and over while it writes a file, at less cost. Nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.matrix import Matrix

from bifolio.pdf.haste import product


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """Return the references of the pages, which are asked for with each bookmark."""
    kept: tuple[bytes, ...] = pdf.__dict__.get("references", ())
    if len(kept) != pdf.pages["Count"]:
        kept = pdf.references = tuple(b"%d 0 R" % number for number in pdf.pages["Kids"][::3])
    return kept


@contextmanager
def quickly() -> Iterator[None]:
    """Let WeasyPrint write in less time meanwhile."""
    references, multiply = pydyf.PDF.page_references, Matrix.__matmul__
    pydyf.PDF.page_references, Matrix.__matmul__ = property(_page_references), product
    try:
        yield
    finally:
        pydyf.PDF.page_references, Matrix.__matmul__ = references, multiply
