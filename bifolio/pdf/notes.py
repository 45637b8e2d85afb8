"""Notes at the foot of the page: two places where the layout would lose one.

- A mark of its own (`::footnote-call`) without content is an empty box, and an empty box between two lines
  is dropped, its note with it. So the mark is a word joiner, which shows nothing and breaks nowhere.
- When a line fits only because notes are moved to the next page, the notes of that very line are forgotten.
  So a line that has been set takes its notes along, to the next page if need be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import block

STYLE = """
aside.note::footnote-call { content: "\\2060" !important; font-size: 1px; line-height: 0 }
aside.note::footnote-marker { content: none !important }
"""
CALL_TAG = "::footnote-call"


@contextmanager
def kept() -> Iterator[None]:
    """Let the layout keep every note meanwhile."""
    lay_out = block._linebox_layout

    def keep(context: Any, box: Any, index: int, child: Any, lines: list[Any], *rest: Any) -> Any:
        result = lay_out(context, box, index, child, lines, *rest)
        aborted, notes = result[0], result[4]
        if context.footnotes and not aborted:
            for line in lines:
                for part in line.descendants():
                    if part.footnote in context.footnotes:
                        notes.append(part.footnote)
                        context.layout_footnote(part.footnote)
                        context.report_footnote(part.footnote)
        return result

    block._linebox_layout = keep
    try:
        yield
    finally:
        block._linebox_layout = lay_out
