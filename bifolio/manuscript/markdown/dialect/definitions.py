"""Definition lists in Pandoc's syntax: a term, and below it `: ` and its definition."""

from __future__ import annotations

from mdit_py_plugins.deflist import deflist_plugin

from bifolio.manuscript.markdown.dialect.construct import Construct

CONSTRUCT = Construct(tokenize=deflist_plugin)
