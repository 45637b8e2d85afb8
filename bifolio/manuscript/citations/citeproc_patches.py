"""citeproc-py, put right while it is at work.

It does not mark names, sorts by code points, drops what it cannot join, shows a title twice that stands in
the place of names, and does not know that the place in a work can be a number (CSL 1.0.2, names, choose).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from citeproc import model
from citeproc.source import VariableError
from citeproc.string import join

from bifolio.manuscript.citations.rich_text import NAMES_END, NAMES_START, strip_markers
from bifolio.runtime.patching import Change, patched

CITEPROC_ERRORS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    UnboundLocalError, ValueError, VariableError,
)  # fmt: skip
"""What it raises where a style or a work is other than it thinks."""

_TEXT = "{http://purl.org/net/xbiblio/csl}text"
_ONE = r"[^\W\d_]*\d+[^\W\d_]*"
_UNSORTED = ("Mn", "Pi", "Pf", "Ps", "Pe")
"""The categories of characters that do not count in an alphabetical order."""
_NUMERIC = re.compile(rf"{_ONE}(?:\s*[-–,&]\s*{_ONE})*")
_markup, _sort_keys, _substitute = model.Names.markup, model.Key.sort_keys, model.Substitute.render


def _mark(self: Any, text: Any) -> Any:
    marked = _markup(self, text)
    return NAMES_START + marked + NAMES_END if marked else marked


def _join(self: Any, strings: Any, default_delimiter: str = "") -> Any:
    return join((one for one in strings if one is not None), self.get("delimiter", default_delimiter))


def _fold(self: Any, items: Any, context: Any) -> list[Any]:
    keys = _sort_keys(self, items, context)
    return [key if key is None or isinstance(key, int) else _sortable(key) for key in keys]


def _sortable(key: object) -> str:
    """Return *key* without accents, marks, quotation marks and brackets."""
    letters = unicodedata.normalize("NFKD", strip_markers(str(key)))
    return "".join(c for c in letters if unicodedata.category(c) not in _UNSORTED and c not in "\"'")


def _show_once(self: Any, item: Any, context: Any = None, **others: Any) -> Any:
    text = _substitute(self, item, context=context, **others)
    title = _sortable(item.reference.get("title") or "").casefold()
    if text and title and title in _sortable(text).casefold():
        context.get_layout().repressed.setdefault(_TEXT, []).append("title")
    return text


def _is_numeric(self: Any, item: Any) -> list[bool]:
    results = []
    for name in self.get("is-numeric").split():
        value = item.reference.get(name.replace("-", "_"), "")
        if name == "locator" and item.has_locator:
            value = item.locator.identifier
        results.append(bool(_NUMERIC.fullmatch(str(value))))
    return results


_OURS: tuple[Change, ...] = (
    (model.Names, "markup", _mark),
    (model.Delimited, "join", _join),
    (model.Key, "sort_keys", _fold),
    (model.Substitute, "render", _show_once),
    (model.If, "_is_numeric", _is_numeric),
)


@contextmanager
def apply_patches() -> Iterator[None]:
    """Let it do these things in our way meanwhile."""
    with patched(*_OURS):
        yield
