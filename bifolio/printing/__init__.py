"""Finished pages made ready for a press. It knows nothing of how they were set."""

from __future__ import annotations

from bifolio.printing.finishing import Finished, finish_cover, finish_interior

__all__ = ["Finished", "finish_cover", "finish_interior"]
