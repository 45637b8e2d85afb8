"""Recto openings: the sections that start on a right-hand page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bifolio.model.publication import Publication, Section

_ANYWHERE = frozenset({"article", "colophon", "copyright-page", "epigraph", "loi", "lot"})
"""Roles that start on the next page of either side, such as the back of the title page."""


def first_numbered_section(publication: Publication) -> Section | None:
    """Return the section that starts on page 1 after front matter; None where no front matter precedes it."""
    front = [section.matter == "front" for section in publication.sections]
    return publication.sections[front.index(False)] if front[0] and not all(front) else None


def recto_sections(publication: Publication, openings: str) -> frozenset[str]:
    """Return the names of the sections that start on a right-hand page.

    With *openings* `right` these are the parts, chapters and front matter of a book, but no sections within a
    chapter and no articles of a collection. With `any` it is only the section that starts on page 1.
    """
    names = {
        section.name
        for section in _top_level_sections(publication.sections)
        if openings == "right" and publication.is_book
        if section.matter != "back" and section.role not in _ANYWHERE
    }
    first = first_numbered_section(publication)
    return frozenset(names | {first.name} if first else names)


def _top_level_sections(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield the sections that are in no other section, or only in parts."""
    above: list[Section] = []
    for section in sections:
        above = [other for other in above if other.depth < section.depth]
        if all(other.role == "part" for other in above):
            yield section
        above.append(section)
