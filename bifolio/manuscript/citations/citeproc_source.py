"""Converts works to citeproc-py's `Reference` objects."""

from __future__ import annotations

from typing import Any

from bifolio.manuscript.citations.csl_items import Date, Work
from bifolio.manuscript.citations.rich_text import CLOSE, FOREIGN, encode_tags

_TITLES = ("title", "title-short", "container-title")
"""The variables in the language of the work."""


def to_reference(work: Work, language: str) -> Any:
    """Return *work* as citeproc-py needs it, for a text in *language*, a BCP 47 tag."""
    from citeproc.source import Name, Reference

    own = work.texts.get("language") or language
    foreign = own[:2].lower() != language[:2].lower()
    values: dict[str, Any] = {
        name: _text(f"{FOREIGN}{text}{CLOSE}" if foreign and name in _TITLES else text)
        for name, text in work.texts.items()
    }
    for role, people in work.names.items():
        values[role] = [Name(**person) for person in people if any(person.values())]
    for name, date in work.dates.items():
        values[name] = _date(date)
    # The language decides whether titles are put in title case.
    values["language"] = own
    values = {name: value for name, value in values.items() if value is not None and value != []}
    # citeproc-py asks for some variables by their hyphenated name, for others with underscores.
    return Reference(work.key, work.kind, **{n.replace("-", "_"): v for n, v in values.items()}, **{
        name: value for name, value in values.items() if "-" in name
    })  # fmt: skip


def _text(text: str) -> Any:
    from citeproc.string import MixedString, NoCase, String

    parts = text.split('<span class="nocase">')
    whole = MixedString([String(encode_tags(parts[0]))] if parts[0] else [])
    for part in parts[1:]:
        protected, _, rest = part.partition("</span>")
        whole.append(NoCase(encode_tags(protected)))
        if rest:
            whole.append(String(encode_tags(rest)))
    return whole if len(whole) > 1 or parts[1:] else String(encode_tags(text))


def _date(date: Date) -> Any:
    from citeproc.source import Date as Day
    from citeproc.source import LiteralDate

    def day(numbers: tuple[int, ...]) -> Any:
        parts: dict[str, Any] = dict(zip(("year", "month", "day"), numbers, strict=False))
        return Day(**parts, **({"season": date.season} if date.season and "month" not in parts else {}))

    if not date.start:
        return LiteralDate(date.literal) if date.literal else None
    if date.end:

        class Range(LiteralDate):  # type: ignore[misc]
            """A date range, of which citeproc-py would lose parts, sorted by its start."""

            def sort_key(self) -> str:
                return str(day(date.start).sort_key())

        start, end = ("-".join(f"{number:02}" for number in numbers) for numbers in (date.start, date.end))
        return Range(f"{start}–{end}", circa=date.circa)
    single = day(date.start)
    single["circa"] = date.circa
    return single
