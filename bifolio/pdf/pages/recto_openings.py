"""Which sections open on a right-hand page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bifolio.model.publication import Publication, Section

_ANYWHERE = frozenset({"article", "colophon", "copyright-page", "epigraph", "loi", "lot"})
"""What stands on the next page, whichever side that is: the back of the title page or of the dedication."""


def first_numbered_section(publication: Publication) -> Section | None:
    """Return the section whose first page is page 1 though others stand before it, on a right-hand page."""
    front = [section.matter == "front" for section in publication.sections]
    return publication.sections[front.index(False)] if front[0] and not all(front) else None


def recto_sections(publication: Publication, openings: str) -> frozenset[str]:
    """Return the names of the sections that open on a right-hand page.

    With *openings* `right` these are the parts and chapters of a book, and what stands before them; not what
    stands within a chapter, nor the articles of a collection. With `any` it is page 1 alone.
    """
    named = {
        section.name
        for section in _top_level_sections(publication.sections)
        if openings == "right" and publication.is_book
        if section.matter != "back" and section.role not in _ANYWHERE
    }
    first = first_numbered_section(publication)
    return frozenset(named | {first.name} if first else named)


def _top_level_sections(sections: Iterable[Section]) -> Iterator[Section]:
    """Give the sections that stand in no other but a part."""
    above: list[Section] = []
    for section in sections:
        above = [other for other in above if other.depth < section.depth]
        if all(other.role == "part" for other in above):
            yield section
        above.append(section)
