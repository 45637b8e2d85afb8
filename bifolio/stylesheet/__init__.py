"""Finds, checks and compiles the author's stylesheet, which serves both editions.

In: a CSS file with `@media print` and `@media screen` parts. Out: the file as it is for the PDF, whose layout
engine handles media, nesting and variables; and CSS for the EPUB that old e-readers can parse, without
nesting, variables, print rules or external files (docs/stylesheet.md).
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
