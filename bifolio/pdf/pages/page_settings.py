"""Reads page settings from custom properties of the root element in the stylesheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2

from bifolio.model.errors import UsageError
from bifolio.model.findings import Where
from bifolio.model.units import PT_PER_MM, PT_PER_PX
from bifolio.stylesheet import Stylesheet, parse

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SCALE = re.compile(r"0\.[1-9]\d*|1")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(pt|mm|px)")
_PT = {"pt": 1.0, "mm": PT_PER_MM, "px": PT_PER_PX}
_SMALLEST, _LARGEST = 5.0, 40.0
"""The limits of the type size, in pt."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The values of the custom properties that Bifolio reads, under their names."""

    paper: str = ""
    """The paper size, as for the option `--paper`; empty for `auto`."""
    type_size: float = 0.0
    """The size of the text, in pt; 0 for `auto`: it depends on the paper."""
    margins: float = 1.0
    """A factor for the margins that depend on the paper."""
    columns: int = 1
    addresses: str = "text"
    """Where the URLs of links are printed: in the `text`, in `notes`, or not at all (`none`)."""
    openings: str = "right"
    """The page on which a chapter starts: a `right`-hand page, or `any`."""
    figures: str = "near"
    """Where a figure goes that does not fit: `near`, after later text, or `here`, on the next page."""
    shrink: float = 0.7
    """How far the image of a figure may be scaled down to fit, relative to its own size."""
    feet: str = "even"
    """Whether the last baselines of full pages are aligned: `even`, or not: `ragged`."""


def read_page_settings(stylesheet: Stylesheet) -> PageSettings:
    """Return the settings of *stylesheet* for print, in its named styles. Raises UsageError."""
    declarations: dict[str, Any] = {}
    for variant in ("", *stylesheet.variants):  # the selector of a named style is more specific
        declarations |= {
            item.name: item for name, item in _declarations(parse(stylesheet.text)) if name == variant
        }

    def value(name: str, pattern: re.Pattern[str], default: str, hint: str) -> str:
        item = declarations.get(name)
        text = tinycss2.serialize(item.value).strip().lower() if item else default
        if item and text != default and not pattern.fullmatch(text):
            raise UsageError(
                f"`{name}: {text}` is not valid.", Where(stylesheet.path, item.source_line), hint
            )
        return text

    paper = value("--paper", re.compile(r"[\w.]+"), "auto", "Write a paper, such as `a5` or `6x9in`.")
    size = value("--type-size", _LENGTH, "auto", "Write a length, such as `11pt`, or `auto`.")
    columns = value("--columns", re.compile("[1-4]"), "auto", "Write a number from 1 to 4, or `auto`.")
    points = 0.0
    if match := _LENGTH.fullmatch(size):
        points = min(max(float(match.group(1)) * _PT[match.group(2)], _SMALLEST), _LARGEST)
    return PageSettings(
        "" if paper == "auto" else paper,
        points,
        min(float(value("--margins", _NUMBER, "1", "Write a number, such as `0.8`.")), 2.0),
        1 if columns == "auto" else int(columns),
        value("--addresses", re.compile("text|notes|none"), "text", "Write `text`, `notes` or `none`."),
        value("--openings", re.compile("right|any"), "right", "Write `right` or `any`."),
        value("--figures", re.compile("near|here"), "near", "Write `near` or `here`."),
        float(value("--shrink", _SCALE, "0.7", "Write a number from 0.1 to 1, such as `0.8`.")),
        value("--feet", re.compile("even|ragged"), "even", "Write `even` or `ragged`."),
    )


def _declarations(nodes: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the custom properties of the root element for print, each with its named style or `""`."""
    for node in nodes:
        if node.type == "at-rule" and node.lower_at_keyword == "media" and node.content:
            if tinycss2.serialize(node.prelude).strip().lower() in ("print", "all"):
                yield from _declarations(tinycss2.parse_rule_list(node.content, True, True))
        elif node.type == "qualified-rule":
            for selector in tinycss2.serialize(node.prelude).split(","):
                root, _, name = selector.strip().partition(".")
                if root not in (":root", "html"):
                    continue
                for item in tinycss2.parse_blocks_contents(node.content, True, True):
                    if item.type == "declaration" and item.name.startswith("--"):
                        yield name, item
