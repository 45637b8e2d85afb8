"""Finished files to findings. This room knows no Publication and nothing of how an edition is made."""

from __future__ import annotations

from bifolio.proofing.judging import proof_files
from bifolio.proofing.meter import measure

__all__ = ["measure", "proof_files"]
