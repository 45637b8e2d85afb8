"""Converts the TeX of bibliography fields to text, with pylatexenc."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

MAX_CHARACTERS, MAX_BRACES = 20_000, 150
"""The limits for the TeX of one field."""

_EMPHASIS = re.compile(r"\\(?:emph|textit|mkbibemph)\s*\{|\{\\(?:em|it|itshape)\s")
_TEX = re.compile(r"[\\{}$~^&%#`]|''|--")
"""A character or ligature that needs conversion."""
_AMPERSAND = re.compile(r"(?<!\\)&")
_PROTECTED = re.compile(
    r"(?:[^\s{}\\]|(?<!\\)\{[^{}\\]*\}){0,80}(?<![\\\w}^])\{[^{}\\]+\}(?:[^\s{}\\]|\{[^{}\\]*\}){0,80}"
)


@lru_cache(maxsize=4096)
def latex_to_text(latex: str) -> str:
    """Return *latex* as text with CSL tags: `<i>` for emphasis, `<span class="nocase">` for words in braces.

    Raises ValueError if it exceeds `MAX_CHARACTERS` or `MAX_BRACES`.
    """
    if not _TEX.search(latex):
        return " ".join(latex.split())
    if len(latex) > MAX_CHARACTERS or latex.count("{") > MAX_BRACES:
        raise ValueError(f"a field has more than {MAX_CHARACTERS} characters or {MAX_BRACES} braces")
    text = _PROTECTED.sub(lambda word: f"\ufdd1{word[0].replace('{', '').replace('}', '')}\ufdd2", latex)
    text = _AMPERSAND.sub(r"\\&", _mark_emphasis(text))
    converter, commands = _converter()
    text = converter.latex_to_text(text, tolerant_parsing=True, latex_context=commands)
    text = " ".join(text.split())
    tags = ('<span class="nocase">', "</span>", "<i>", "</i>")
    for mark, tag in zip("\ufdd1\ufdd2\ufdd3\ufdd4", tags, strict=True):
        text = text.replace(mark, tag)
    return text


@lru_cache(maxsize=1)
def _converter() -> tuple[Any, Any]:
    """Return the converter and its command definitions."""
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import get_default_latex_context_db

    return LatexNodes2Text(math_mode="text", keep_comments=True), get_default_latex_context_db()


def _mark_emphasis(latex: str) -> str:
    """Return *latex* with markers instead of its emphasis commands."""
    while found := _EMPHASIS.search(latex):
        depth, end = 1, found.end()
        while end < len(latex) and depth:
            depth += {"{": 1, "}": -1}.get(latex[end], 0) if latex[end - 1] != "\\" else 0
            end += 1
        inner = latex[found.end() : end - 1 if not depth else end]
        latex = f"{latex[: found.start()]}\ufdd3{inner}\ufdd4{latex[end:]}"
    return latex
