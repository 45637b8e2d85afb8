"""WeasyPrint's own stylesheets, for HTML and its presentational hints: parsed when first used, or cached.

WeasyPrint parses them when it is imported, which takes a sixth of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint import html
from weasyprint.css.counters import CounterStyle

from bifolio.pdf.engine.styles.lazy_selectors import lazy_selectors
from bifolio.runtime.cache import Cache, cached


@dataclass(frozen=True, slots=True)
class UserAgentStylesheets:
    """WeasyPrint's user-agent stylesheets and counter styles."""

    html: weasyprint.CSS
    forms: weasyprint.CSS
    hints: weasyprint.CSS
    """Presentational hints (HTML, 15.1)."""
    counters: CounterStyle


class _DeferredCSS(weasyprint.CSS):  # type: ignore[misc]
    """A stylesheet that is parsed at the first access to an attribute."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        user_agent_stylesheets()
        return getattr(self, name)


class _DeferredCounters(CounterStyle):  # type: ignore[misc]
    """Counter styles that are parsed when they are first copied."""

    def copy(self) -> Any:
        user_agent_stylesheets()
        return CounterStyle.copy(self)


_deferred: list[_DeferredCSS] = []


def defer_parsing() -> None:
    """Defer the parsing of WeasyPrint's stylesheets, which were replaced by empty ones during its import."""
    for stylesheet in _constants():
        vars(stylesheet).clear()
        stylesheet.__class__ = _DeferredCSS
        _deferred.append(stylesheet)
    html.UA_COUNTER_STYLE.__class__ = _DeferredCounters


def user_agent_stylesheets(cache: Cache | None = None) -> None:
    """Load WeasyPrint's stylesheets from *cache*, or parse them, if that has not been done."""
    if not _deferred:
        return
    _deferred.clear()
    texts = html.UA, html.UA_FORM, html.PH
    parsed = cached(cache, ("WeasyPrint's own stylesheets", texts), _parse)
    for stylesheet, source in zip(_constants(), (parsed.html, parsed.forms, parsed.hints), strict=True):
        stylesheet.__class__ = weasyprint.CSS
        vars(stylesheet).update(vars(source))
    html.UA_COUNTER_STYLE.__class__ = CounterStyle
    html.UA_COUNTER_STYLE.update(parsed.counters)


def _constants() -> tuple[Any, ...]:
    return html.UA_STYLESHEET, html.UA_FORM_STYLESHEET, html.PH_STYLESHEET


def _parse() -> UserAgentStylesheets:
    counters = CounterStyle()
    with lazy_selectors():
        page, forms = (
            weasyprint.CSS(string=text, counter_style=counters) for text in (html.UA, html.UA_FORM)
        )
        return UserAgentStylesheets(page, forms, weasyprint.CSS(string=html.PH), counters)
