"""What the sheet tells the program by custom properties of the root: of these the page is made."""

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
_SHARE = re.compile(r"0\.[1-9]\d*|1")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)(pt|mm|px)")
_PT = {"pt": 1.0, "mm": PT_PER_MM, "px": PT_PER_PX}
_SMALLEST, _LARGEST = 5.0, 40.0


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The custom properties that the program itself reads."""

    paper: str = ""
    """The paper that the sheet wants, as `--paper` takes it; empty where it wants none."""
    type_size: float = 0.0
    """The size of the text, in pt; 0 where it follows from the paper."""
    margins: float = 1.0
    """How wide the margins are beside those that follow from the paper."""
    columns: int = 1
    addresses: str = "text"
    """Where the addresses of links are printed: in the `text`, as `notes`, or `none`."""
    openings: str = "right"
    """On which page a chapter opens: the `right` one, or `any`."""
    figures: str = "near"
    """Where a figure stands that does not fit: `near` its place, behind text that follows it, or `here`."""
    shrink: float = 0.7
    """How small the picture of a figure may become to fit, beside its own size."""
    feet: str = "even"
    """Whether the lowest lines of full pages stand at one height: `even`, or `ragged`."""


def read_page_settings(sheet: Stylesheet) -> PageSettings:
    """Return what *sheet* says on paper in its named styles. Raises UsageError for what cannot be so."""
    said: dict[str, Any] = {}
    for wanted in ("", *sheet.variants):  # a named style stands above the root, as its selector does
        said |= {item.name: item for name, item in _declarations(parse(sheet.text)) if name == wanted}

    def value(name: str, pattern: re.Pattern[str], default: str, hint: str) -> str:
        item = said.get(name)
        text = tinycss2.serialize(item.value).strip().lower() if item else default
        if item and text != default and not pattern.fullmatch(text):
            raise UsageError(f"`{name}: {text}` cannot be.", Where(sheet.path, item.source_line), hint)
        return text

    paper = value("--paper", re.compile(r"[\w.]+"), "auto", "Write a paper, such as `a5` or `6x9in`.")
    size = value("--type-size", _POINTS, "auto", "Write a length, such as `11pt`, or `auto`.")
    columns = value("--columns", re.compile("[1-4]"), "auto", "Write a number from 1 to 4, or `auto`.")
    points = 0.0
    if match := _POINTS.fullmatch(size):
        points = min(max(float(match.group(1)) * _PT[match.group(2)], _SMALLEST), _LARGEST)
    return PageSettings(
        "" if paper == "auto" else paper,
        points,
        min(float(value("--margins", _NUMBER, "1", "Write a number, such as `0.8`.")), 2.0),
        1 if columns == "auto" else int(columns),
        value("--addresses", re.compile("text|notes|none"), "text", "Write `text`, `notes` or `none`."),
        value("--openings", re.compile("right|any"), "right", "Write `right` or `any`."),
        value("--figures", re.compile("near|here"), "near", "Write `near` or `here`."),
        float(value("--shrink", _SHARE, "0.7", "Write a number from 0.1 to 1, such as `0.8`.")),
        value("--feet", re.compile("even|ragged"), "even", "Write `even` or `ragged`."),
    )


def _declarations(nodes: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Give the custom properties of the root on paper, each with the named style that it is for."""
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
