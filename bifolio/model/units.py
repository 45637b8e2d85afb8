"""Ratios between units of length: millimetres, inches, points and CSS pixels (CSS Values 4, 6.2)."""

from __future__ import annotations

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
PT_PER_MM = 72 / 25.4
MM_PER_PT = 25.4 / 72
PX_PER_INCH = 96.0
PX_PER_PT = 96 / 72
PT_PER_PX = 72 / 96
