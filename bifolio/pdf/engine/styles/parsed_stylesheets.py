"""Sheets of style as WeasyPrint has parsed them, its own too, kept for the next build.

To parse the sheet of a book takes a twentieth of a second, and to read what came of it a hundredth of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import weasyprint
from weasyprint import html
from weasyprint.css.counters import CounterStyle

from bifolio.pdf.engine.fetcher import SCHEME, PublicationFetcher
from bifolio.pdf.engine.log import listening
from bifolio.runtime.cache import Cache, cached

_PLACE = f"{SCHEME}:style"
_OPENS = re.compile(r"@\s*(?:import|font-face|\\)", re.IGNORECASE)
"""A rule that opens files."""


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    """A sheet of style, parsed."""

    css: Any
    messages: tuple[str, ...]
    """What WeasyPrint says of it in its log."""


@lru_cache(maxsize=8)
def parsed(text: str, cache: Cache | None) -> ParsedSheet:
    """Return the sheet *text*, without the fonts that it brings; *cache* keeps it."""

    def work_out() -> ParsedSheet:
        with listening() as messages:
            return ParsedSheet(parse(text, PublicationFetcher({}), None), tuple(messages))

    return cached(cache, ("sheet for paper", text), work_out)


def parse(text: str, shelf: PublicationFetcher, fonts: Any) -> Any:
    """Return the sheet *text*, which opens files on *shelf*; its own fonts are added to *fonts*."""
    return weasyprint.CSS(
        string=text, base_url=_PLACE, url_fetcher=shelf, font_config=fonts, media_type="print"
    )


def opens_files(text: str) -> bool:
    """Say whether the sheet *text* may open files, fonts or sheets: it is parsed where those are."""
    return _OPENS.search(text) is not None


@dataclass(frozen=True, slots=True)
class OwnSheets:
    """What WeasyPrint dresses all HTML in, below the sheets of authors."""

    browser: Any
    forms: Any
    hints: Any
    """What the attributes of HTML mean."""
    counters: CounterStyle


_own: list[OwnSheets] = []


def own_sheets(cache: Cache | None = None) -> OwnSheets:
    """Return WeasyPrint's own sheets; *cache* keeps them, if they have not been asked for without it."""
    if not _own:
        texts = html.UA, html.UA_FORM, html.PH
        _own.append(cached(cache, ("WeasyPrint's own sheets", texts), _parse_own))
    return _own[0]


def _parse_own() -> OwnSheets:
    counters = CounterStyle()
    browser, forms = (weasyprint.CSS(string=text, counter_style=counters) for text in (html.UA, html.UA_FORM))
    return OwnSheets(browser, forms, weasyprint.CSS(string=html.PH), counters)


def take_own_sheets_from_here() -> None:
    """Let WeasyPrint ask here for its own sheets: it would parse them when it is imported."""

    def browser(document: Any, forms: bool = False) -> list[Any]:
        own = own_sheets()
        return [own.browser, own.forms] if forms else [own.browser]

    weasyprint.HTML._ua_stylesheets = browser
    weasyprint.HTML._ua_counter_style = lambda document: [own_sheets().counters.copy()]
    weasyprint.HTML._ph_stylesheets = lambda document: [own_sheets().hints]
