"""Patches methods of citeproc-py 0.11.1, each listed in `PATCHES`.

`check_patches` compares the table with the installed version before anything is replaced.
"""

from __future__ import annotations

import functools
import inspect
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Any

from citeproc import model
from citeproc.source import VariableError
from citeproc.string import join

from bifolio.manuscript.citations.rich_text import NAMES_END, NAMES_START, strip_markers
from bifolio.model.errors import EditionError
from bifolio.runtime.monkeypatch import Change, patched

CITEPROC_VERSION = "0.11.1"
"""The version that the patches are written for, as pinned in pyproject.toml."""

CITEPROC_ERRORS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    UnboundLocalError, ValueError, VariableError,
)  # fmt: skip
"""The exceptions that citeproc-py raises for a style or work that it does not support."""

_TEXT = "{http://purl.org/net/xbiblio/csl}text"
_NUMBER = r"[^\W\d_]*\d+[^\W\d_]*"
_NUMERIC = re.compile(rf"{_NUMBER}(?:\s*[-–,&]\s*{_NUMBER})*")
_UNSORTED = ("Mn", "Pi", "Pf", "Ps", "Pe")
"""The Unicode categories that are ignored in sorting: accents, quotation marks and brackets."""

Method = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Patch:
    """A method of a class in `citeproc.model`, and its replacement."""

    owner: str
    """The name of the class."""
    name: str
    """The name of the method, which the class itself defines."""
    parameters: tuple[str, ...]
    """The parameters of the method in citeproc-py 0.11.1, which the replacement has too."""
    replacement: Callable[[Method], Method]
    """Takes the original method and returns the one that replaces it."""


def _mark_names(original: Method) -> Method:
    """Put markers around names, which separate them from the rest of a citation."""

    def markup(self: Any, text: Any) -> Any:
        marked = original(self, text)
        return NAMES_START + marked + NAMES_END if marked else marked

    return markup


def _raise_join_errors(_original: Method) -> Method:
    """Raise an error in joining; the original ignores it and returns an empty string."""

    def join_strings(self: Any, strings: Any, default_delimiter: str = "") -> Any:
        delimiter = self.get("delimiter", default_delimiter)
        return join((string for string in strings if string is not None), delimiter)

    return join_strings


def _sort_without_accents(original: Method) -> Method:
    """Sort without accents and punctuation; the original sorts by code point."""

    def sort_keys(self: Any, items: Any, context: Any) -> list[Any]:
        keys = original(self, items, context)
        return [key if key is None or isinstance(key, int) else _sort_text(key) for key in keys]

    return sort_keys


def _sort_text(key: object) -> str:
    """Return *key* without accents, markers, quotation marks and brackets."""
    letters = unicodedata.normalize("NFKD", strip_markers(str(key)))
    return "".join(c for c in letters if unicodedata.category(c) not in _UNSORTED and c not in "\"'")


def _show_title_once(original: Method) -> Method:
    """Suppress a title that was already shown in place of names (CSL 1.0.2, Names)."""

    def render(self: Any, item: Any, context: Any = None, **kwargs: Any) -> Any:
        text = original(self, item, context=context, **kwargs)
        title = _sort_text(item.reference.get("title") or "").casefold()
        if text and title and title in _sort_text(text).casefold():
            context.get_layout().repressed.setdefault(_TEXT, []).append("title")
        return text

    return render


def _test_numeric_locators(_original: Method) -> Method:
    """Let `is-numeric` test locators too (CSL 1.0.2, Choose)."""

    def is_numeric(self: Any, item: Any) -> list[bool]:
        results = []
        for name in self.get("is-numeric").split():
            value = item.reference.get(name.replace("-", "_"), "")
            if name == "locator" and item.has_locator:
                value = item.locator.identifier
            results.append(bool(_NUMERIC.fullmatch(str(value))))
        return results

    return is_numeric


PATCHES = (
    Patch("Names", "markup", ("self", "text"), _mark_names),
    Patch("Delimited", "join", ("self", "strings", "default_delimiter"), _raise_join_errors),
    Patch("Key", "sort_keys", ("self", "items", "context"), _sort_without_accents),
    Patch("Substitute", "render", ("self", "item", "context", "kwargs"), _show_title_once),
    Patch("If", "_is_numeric", ("self", "item"), _test_numeric_locators),
)


@functools.cache
def check_patches(module: ModuleType = model) -> tuple[Change, ...]:
    """Return the replacements for *module*, `citeproc.model`.

    Raises EditionError if a method of `PATCHES` is missing or has other parameters.
    """
    return tuple(_check(patch, getattr(module, patch.owner, None)) for patch in PATCHES)


def _check(patch: Patch, owner: Any) -> Change:
    method = vars(owner).get(patch.name) if owner is not None else None
    parameters = tuple(inspect.signature(method).parameters) if callable(method) else ()
    if not callable(method):
        problem = "is missing"
    elif parameters != patch.parameters:
        problem = f"takes ({', '.join(parameters)}), not ({', '.join(patch.parameters)})"
    else:
        return owner, patch.name, patch.replacement(method)
    raise EditionError(
        f"Bifolio needs citeproc-py {CITEPROC_VERSION}; this is {version('citeproc-py')}, in which "
        f"`{patch.owner}.{patch.name}` {problem}.",
        hint=f"Install citeproc-py {CITEPROC_VERSION}.",
    )


@contextmanager
def apply_patches() -> Iterator[None]:
    """Replace the methods while the context is active. Raises EditionError as `check_patches` does."""
    with patched(*check_patches()):
        yield
