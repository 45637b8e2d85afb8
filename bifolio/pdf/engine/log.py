"""Turns WeasyPrint's log messages into findings: most failures of a layout raise nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Publication
from bifolio.stylesheet import Stylesheet

_LOGGER = logging.getLogger("weasyprint")
_POSITION = re.compile(r" at (\d+):\d+")
_GLYPH = re.compile(r"\.notdef glyph .*\(U\+([0-9A-F]+)\)")
_IMAGE = re.compile(
    r"(?:Failed to load image at|Failed to render SVG image) '?bifolio:picture/([^':]+)'?(.*)"
)
_SELECTOR = re.compile(r"Invalid or unsupported selector, '(.*?)\s*'(.*)", re.DOTALL)
_RULE = re.compile(r"<AtRule (@\S+) [^>]*>")
_PREFIXED = re.compile(r"Ignored `-(?!weasy-)")
"""A vendor-prefixed property of another program."""
_CHECKED = frozenset({"css-invalid", "css-unknown"})
"""The findings of the stylesheet's own check that WeasyPrint reports again."""
_SUBSETTER = "Using fontTools instead of HarfBuzz-Subset"
_URL = "an edition opens no file of its own accord"


class _Handler(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def log_messages() -> Iterator[list[str]]:
    """Collect WeasyPrint's warnings and errors in this context, instead of printing them."""
    handler = _Handler()
    propagate, handlers, level = _LOGGER.propagate, _LOGGER.handlers[:], _LOGGER.level
    _LOGGER.handlers, _LOGGER.propagate = [handler], False
    _LOGGER.setLevel(logging.WARNING)
    try:
        yield handler.messages
    finally:
        _LOGGER.handlers, _LOGGER.propagate = handlers, propagate
        _LOGGER.setLevel(level)


def layout_findings(
    messages: Iterable[str], publication: Publication, known_missing: frozenset[str]
) -> Iterator[Finding]:
    """Turn *messages* into findings; *known_missing* are the characters already known to be in no font."""
    source = Where(publication.source)
    messages = list(messages)
    if any(message.startswith(_SUBSETTER) for message in messages):
        yield found("subsetter-missing", None)  # logged for each font; about the machine, not the text
    for message in dict.fromkeys(messages):
        glyph = _GLYPH.match(message)
        image = _IMAGE.match(message)
        if glyph:
            character = chr(int(glyph.group(1), 16))
            if character not in known_missing:
                code = f"U+{ord(character):04X}"
                yield found(
                    "glyph-missing", source, character=character, code=code, name="inserted by the layout"
                )
        elif image:
            why = image.group(2).strip(": ") or "it cannot be drawn"
            yield found("picture-unreadable", source, picture=image.group(1), why=why)
        elif message.startswith(_SUBSETTER):
            continue
        elif _URL in message:
            continue  # the stylesheet's own check has reported it, with its line
        else:
            yield found("layout-warning", source, text=message)


def stylesheet_findings(messages: Iterable[str], stylesheet: Stylesheet) -> Iterator[Finding]:
    """Turn *messages* from the parsing of *stylesheet* into findings, except what its own check reported."""
    reported_lines = {
        finding.where.line for finding in stylesheet.findings if finding.where and finding.code in _CHECKED
    }
    for message in dict.fromkeys(messages):
        position, selector = _POSITION.search(message), _SELECTOR.match(message)
        line = int(position.group(1)) if position else 0
        text = _RULE.sub(r"`\1`", _POSITION.sub("", message)).replace(" `,", "`,").rstrip(".")
        if selector:
            written = selector.group(1)
            before = stylesheet.text.partition(written)[0]
            line = before.count("\n") + 1 if before != stylesheet.text else 0
            text = f"Ignored `{written}`, which is not a known selector{selector.group(2)}"
        if line not in reported_lines and _URL not in message and not _PREFIXED.match(message):
            yield found("css-ignored", Where(stylesheet.path, line), text=text)
