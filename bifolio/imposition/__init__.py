"""A finished PDF laid on sheets of paper for printing at home; it knows nothing of how the PDF was made."""

from __future__ import annotations

from bifolio.imposition.impose import Imposed, impose_booklet, impose_n_up

__all__ = ["Imposed", "impose_booklet", "impose_n_up"]
