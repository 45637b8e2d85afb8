"""Extensions of Python-Markdown by other people, which the command line alone may name.

Their inline patterns, block processors, preprocessors, tree processors and, in part, postprocessors work
within our reading of CommonMark (docs/decisions/0008).
"""

from __future__ import annotations

from bifolio.manuscript.markdown.extensions.load import Foreign, load

__all__ = ["Foreign", "load"]
