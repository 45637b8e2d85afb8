"""Imposition of a finished PDF for printing at home: as a booklet, or n-up.

In: any PDF file. Out: a PDF whose pages are sheets of paper, and the data needed to explain how to print and
fold it. Nothing here depends on how the input was made.
"""

from __future__ import annotations

from bifolio.imposition.impose import Imposed, impose_booklet, impose_n_up

__all__ = ["Imposed", "impose_booklet", "impose_n_up"]
