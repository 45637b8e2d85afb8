"""Punctuation that hangs in the margin, so that the edges of justified text look straight.

A full stop has little ink: set flush with the letters above and below it, it leaves a hole at the edge. So a
part of its width stands beyond, as in the books of the first printers and in pdfTeX.
"""

from __future__ import annotations

_QUOTES = dict.fromkeys("‘’“”‚„", 0.5)
_GUILLEMETS = dict.fromkeys("«»‹›", 0.2)
_DASHES = {"\N{EN DASH}": 0.2, "\N{EM DASH}": 0.15}
LEFT_PROTRUSION = _QUOTES | _GUILLEMETS | _DASHES | {"(": 0.1}
"""Which share of its width a character hangs where it begins a line."""
RIGHT_PROTRUSION = (
    _QUOTES
    | _GUILLEMETS
    | _DASHES
    | dict.fromkeys("-\N{HYPHEN}", 0.6)
    | {".": 0.7, ",": 0.6, ":": 0.4, ";": 0.4, "!": 0.1, "?": 0.1, ")": 0.1, "…": 0.2}
)
"""The same where it ends one."""
