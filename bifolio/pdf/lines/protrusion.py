"""Character protrusion: the shares of punctuation that protrude into the margins of justified text.

A full stop that is flush with the letters above and below it leaves a gap at the edge of the text. So a part
of its width protrudes into the margin, as in pdfTeX and microtype, and the edges of the text look straight.
"""

from __future__ import annotations

_QUOTES = dict.fromkeys("‘’“”‚„", 0.5)
_GUILLEMETS = dict.fromkeys("«»‹›", 0.2)
_DASHES = {"\N{EN DASH}": 0.2, "\N{EM DASH}": 0.15}
LEFT_PROTRUSION = _QUOTES | _GUILLEMETS | _DASHES | {"(": 0.1}
"""The share of its width by which a character protrudes at the start of a line."""
RIGHT_PROTRUSION = (
    _QUOTES
    | _GUILLEMETS
    | _DASHES
    | dict.fromkeys("-\N{HYPHEN}", 0.6)
    | {".": 0.7, ",": 0.6, ":": 0.4, ";": 0.4, "!": 0.1, "?": 0.1, ")": 0.1, "…": 0.2}
)
"""The share of its width by which a character protrudes at the end of a line."""
