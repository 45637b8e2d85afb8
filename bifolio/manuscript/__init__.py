"""Source files to a Publication."""

from __future__ import annotations

from bifolio.manuscript.reading import read

__all__ = ["read"]
