"""What the layout says in its log, as findings: most of its failures never raise."""

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
"""What is written for one program, and not for this."""
_CHECKED = frozenset({"css-invalid", "css-unknown"})
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
    """Collect what WeasyPrint logs at level warning and above in this context, and print none of it."""
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
    messages: Iterable[str], publication: Publication, reported: frozenset[str]
) -> Iterator[Finding]:
    """Turn *messages* into findings; *reported* are the characters already known to be missing."""
    source = Where(publication.source)
    messages = list(messages)
    if any(message.startswith(_SUBSETTER) for message in messages):
        yield found("subsetter-missing", None)  # said for each font, and of the machine, not of the text
    for message in dict.fromkeys(messages):
        glyph = _GLYPH.match(message)
        picture = _IMAGE.match(message)
        if glyph:
            character = chr(int(glyph.group(1), 16))
            if character not in reported:
                code = f"U+{ord(character):04X}"
                yield found("glyph-missing", source, character=character, code=code, name="set by the layout")
        elif picture:
            why = picture.group(2).strip(": ") or "its drawing cannot be set"
            yield found("picture-unreadable", source, picture=picture.group(1), why=why)
        elif message.startswith(_SUBSETTER):
            continue
        elif _URL in message:
            continue  # the stylesheet's own check has reported it, with its line
        else:
            yield found("layout-warning", source, text=message)


def stylesheet_findings(messages: Iterable[str], stylesheet: Stylesheet) -> Iterator[Finding]:
    """Turn *messages* on *stylesheet*, as it was parsed, into findings; its own check has told of some."""
    told = {
        finding.where.line for finding in stylesheet.findings if finding.where and finding.code in _CHECKED
    }
    for message in dict.fromkeys(messages):
        place, selector = _POSITION.search(message), _SELECTOR.match(message)
        line = int(place.group(1)) if place else 0
        text = _RULE.sub(r"`\1`", _POSITION.sub("", message)).replace(" `,", "`,").rstrip(".")
        if selector:
            written = selector.group(1)
            before = stylesheet.text.partition(written)[0]
            line = before.count("\n") + 1 if before != stylesheet.text else 0
            text = f"Ignored `{written}`, no selector that is known{selector.group(2)}"
        if line not in told and _URL not in message and not _PREFIXED.match(message):
            yield found("css-ignored", Where(stylesheet.path, line), text=text)
