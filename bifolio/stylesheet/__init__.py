"""The one stylesheet: found, checked, and compiled for an edition.

The author writes flat `@media print` and `@media screen` parts. Paper takes the sheet as it is, for its
layout engine knows media, nesting and variables. Screens get a compiled view that old readers can take: no
nesting, no variables, no print rules, no outside files (see docs/stylesheet.md).
"""

from __future__ import annotations

from bifolio.stylesheet.document_wide import reaches_across, sets_sides
from bifolio.stylesheet.load import Stylesheet, default_path, find_stylesheet, read_stylesheet
from bifolio.stylesheet.rules import Declaration, Rule, parse

__all__ = [
    "Declaration",
    "Rule",
    "Stylesheet",
    "default_path",
    "find_stylesheet",
    "parse",
    "reaches_across",
    "read_stylesheet",
    "sets_sides",
]
