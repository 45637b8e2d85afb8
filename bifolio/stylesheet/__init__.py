"""The one stylesheet: found, checked, and compiled for an edition.

The author writes flat `@media print` and `@media screen` parts. Paper takes the sheet as it is, for its
layout engine knows media, nesting and variables. Screens get a compiled view that old readers can take: no
nesting, no variables, no print rules, no outside files (see docs/stylesheet.md).
"""

from __future__ import annotations

from bifolio.stylesheet.document_wide import has_facing_pages, needs_whole_document
from bifolio.stylesheet.load import Stylesheet, default_path, find_stylesheet, read_stylesheet
from bifolio.stylesheet.rules import Declaration, Rule, parse

__all__ = [
    "Declaration",
    "Rule",
    "Stylesheet",
    "default_path",
    "find_stylesheet",
    "has_facing_pages",
    "needs_whole_document",
    "parse",
    "read_stylesheet",
]
