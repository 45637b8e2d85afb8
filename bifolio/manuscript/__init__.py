"""Source files to a Publication."""

from __future__ import annotations

from bifolio.manuscript.read_source import read, read_with

__all__ = ["read", "read_with"]
