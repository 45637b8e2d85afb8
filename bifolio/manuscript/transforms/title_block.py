"""Builds the title block of an article or chapter: title, subtitle, authors and date."""

from __future__ import annotations

import datetime
from xml.etree.ElementTree import Element, SubElement

from bifolio.model.publication import Metadata


def title_block(metadata: Metadata, heading: Element | None) -> Element:
    """Return the title block for *metadata*.

    *heading* is the title heading of the text, whose markup and note calls are kept, if there is one.
    """
    header = Element("header", {"class": "title-block"})
    title = SubElement(header, "h1", dict(heading.attrib) if heading is not None else {})
    if heading is None:
        title.text = metadata.title
    else:
        title.text = heading.text
        title.extend(heading)
    if metadata.subtitle:
        SubElement(header, "p", {"class": "subtitle"}).text = metadata.subtitle
    if metadata.authors or metadata.date:
        byline = SubElement(header, "p", {"class": "byline"})
        for index, author in enumerate(metadata.authors):
            name = SubElement(byline, "span", {"class": "author"})
            name.text = author
            name.tail = ", " if index + 1 < len(metadata.authors) else ""
        if metadata.date:
            if metadata.authors:
                byline[-1].tail = " "
            when = SubElement(byline, "time", {"class": "date", "datetime": metadata.date})
            when.text = written_date(metadata.date, metadata.language)
    return header


def written_date(date: str, language: str) -> str:
    """Return *date*, in ISO 8601 with or without month and day, in the long form of *language* (CLDR)."""
    from babel.core import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton

    numbers = [int(part) for part in date.split("-")]
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return date
    year, month, day_number = [*numbers, 1, 1][:3]
    day = datetime.date(year, month, day_number)
    if len(numbers) == 3:
        return str(format_date(day, "long", locale=locale))
    if len(numbers) == 2:
        return str(format_skeleton("yMMMM", day, locale=locale))
    return date
