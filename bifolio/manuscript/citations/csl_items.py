"""Reads CSL-JSON items, in the variants in use (CSL 1.0.2, appendix IV), as works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bifolio.model.findings import Where

NAME_VARIABLES = frozenset(
    "author chair collection-editor compiler composer container-author contributor curator director editor "
    "editorial-director executive-producer guest host illustrator interviewer narrator organizer "
    "original-author performer producer recipient reviewed-author script-writer series-creator "
    "translator".split()
)
"""The name variables."""
DATE_VARIABLES = frozenset(
    "accessed available-date container event-date issued original-date submitted".split()
)
"""The date variables."""

_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
_ALIASES = {"shortTitle": "title-short", "journalAbbreviation": "container-title-short"}
_NOT_VARIABLES = frozenset({"id", "type", "key", "self", "custom", "categories", "citation-key"})
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ISO = re.compile(r"\s*(-?\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T[\d:.Z+-]*)?([~?%]?)\s*")
_MARKERS = re.compile("[\ufdd0-\ufdef]")
"""Noncharacters, which `rich_text` uses as markers."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date, a date range, or a literal such as `in press`."""

    start: tuple[int, ...] = ()
    """Year, month and day, as far as they are known."""
    end: tuple[int, ...] = ()
    literal: str = ""
    circa: bool = False
    season: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """One work that can be cited."""

    key: str
    kind: str
    """The CSL `type`."""
    where: Where
    texts: Mapping[str, str] = field(default_factory=dict)
    """Text variables by their CSL names; values may contain tags such as `<i>`."""
    names: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    dates: Mapping[str, Date] = field(default_factory=dict)


def read_item(item: object, where: Where) -> Work:
    """Return the work in *item*, a CSL-JSON object at *where*.

    Raises ValueError, with the reason, if it is not a work.
    """
    if not isinstance(item, dict):
        raise ValueError("it is not an object")
    key = item.get("id", "")
    if not isinstance(key, str | int) or not str(key).strip():
        raise ValueError("it has no `id`")
    texts: dict[str, str] = {}
    names: dict[str, tuple[Mapping[str, str], ...]] = {}
    dates: dict[str, Date] = {}
    for original, value in item.items():
        name = _ALIASES.get(str(original), str(original))
        if name in _NOT_VARIABLES or value in (None, "", [], {}):
            continue
        if name in NAME_VARIABLES:
            names[name] = tuple(read_name(one) for one in (value if isinstance(value, list) else [value]))
        elif name in DATE_VARIABLES:
            dates[name] = read_date(value)
        else:
            texts[name] = _text(value)
    if not _LANGUAGE.fullmatch(texts.get("language", "en")):
        del texts["language"]
    kind = _text(item.get("type") or "document").lower()
    return Work(str(key).strip(), kind, where, texts, names, dates)


def read_name(value: object) -> dict[str, str]:
    """Return the parts of a name variable's *value*: `family`, `given` and so on, or `literal`."""
    if not isinstance(value, dict):
        return {"literal": _text(value)}
    parts = {part: _text(value[part]) for part in _PARTS if value.get(part)}
    if "literal" in parts or not parts:
        return {"literal": parts.get("literal", "")}
    if "family" not in parts:
        return {"literal": " ".join(parts.values())}
    return parts


def read_date(value: object) -> Date:
    """Return the date in *value*: `date-parts`, `raw`, `literal`, or a string."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        # Pandoc's YAML: one or two dates, each with a key for every part.
        dates = [[one.get(part) for part in ("year", "month", "day")] for one in value]
        value = {**value[0], "date-parts": dates}
    if not isinstance(value, dict):
        return parse_date(_text(value))
    circa = str(value.get("circa", "")).lower() not in ("", "0", "false")
    parts = value.get("date-parts")
    ends = [_numbers(part) for part in parts if isinstance(part, list)] if isinstance(parts, list) else []
    if ends and ends[0]:
        season = str(value.get("season", ""))
        number = int(season) if season in ("1", "2", "3", "4") else 0
        return Date(ends[0], ends[1] if len(ends) > 1 else (), circa=circa, season=number)
    date = parse_date(_text(value.get("literal") or value.get("raw") or _joined(parts)))
    return Date(date.start, date.end, date.literal, circa or date.circa)


def parse_date(text: str) -> Date:
    """Return the ISO 8601 date or date range *text*, or *text* as a literal."""
    first, _, last = text.partition("/")
    start, end = _ISO.fullmatch(first), _ISO.fullmatch(last)
    if not start or (last.strip(" .") and not end):
        return Date(literal=text)
    return Date(_numbers(start.groups()[:3]), _numbers(end.groups()[:3]) if end else (), circa=bool(start[4]))


def _numbers(parts: object) -> tuple[int, ...]:
    """Return year, month and day, as far as they are valid numbers."""
    numbers: list[int] = []
    for part, (low, high) in zip(parts if isinstance(parts, list | tuple) else (),
                                 ((-9999, 9999), (1, 12), (1, 31)), strict=False):  # fmt: skip
        text = str(part if part is not None else "").strip()
        if not re.fullmatch(r"-?\d{1,4}", text) or not low <= int(text) <= high:
            break
        numbers.append(int(text))
    return tuple(numbers)


def _joined(parts: object) -> str:
    return " ".join(str(part) for one in parts for part in one) if isinstance(parts, list) else ""


def _text(value: Any) -> str:
    """Return *value* as one line of text, without noncharacters."""
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return " ".join(_text(one) for one in value.values())
    return " ".join(_MARKERS.sub("", str(value)).split())
