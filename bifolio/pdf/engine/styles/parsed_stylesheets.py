"""Parsed stylesheets, cached for the next build.

Parsing the stylesheet of a book takes a twentieth of a second; reading the result takes a hundredth of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import weasyprint

from bifolio.pdf.engine.fetcher import SCHEME, PublicationFetcher
from bifolio.pdf.engine.log import log_messages
from bifolio.pdf.engine.styles.lazy_selectors import lazy_selectors
from bifolio.runtime.cache import Cache, cached

_BASE_URL = f"{SCHEME}:style"
_OPENS_FILES = re.compile(r"@\s*(?:import|font-face|\\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedStylesheet:
    """A stylesheet, parsed."""

    css: Any
    messages: tuple[str, ...]
    """WeasyPrint's log messages about it."""


@lru_cache(maxsize=8)
def parsed_stylesheet(text: str, cache: Cache | None) -> ParsedStylesheet:
    """Return the stylesheet *text* parsed without its `@font-face` fonts, from *cache* if possible."""

    def parse_alone() -> ParsedStylesheet:
        with log_messages() as messages:
            return ParsedStylesheet(parse(text, PublicationFetcher({}), None), tuple(messages))

    return cached(cache, ("stylesheet for paper", text), parse_alone)


def parse(text: str, fetcher: PublicationFetcher, fonts: Any) -> Any:
    """Return the stylesheet *text* parsed; *fetcher* opens its files, and its fonts are added to *fonts*."""
    with lazy_selectors():
        return weasyprint.CSS(
            string=text, base_url=_BASE_URL, url_fetcher=fetcher, font_config=fonts, media_type="print"
        )


def opens_files(text: str) -> bool:
    """Return whether the stylesheet *text* may open files, so that it cannot be cached."""
    return _OPENS_FILES.search(text) is not None
