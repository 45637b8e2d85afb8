"""Texts set until every page that they name is the right one."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bifolio.model.publication import Section
from bifolio.pdf.document.html_tree import UNKNOWN_NUMBER, page_reference_targets, section_anchor
from bifolio.pdf.job import LayoutJob, TextContext, TextTask
from bifolio.pdf.laid_out import LaidOutText, PageResources
from bifolio.pdf.pages.page_number_placeholders import fill_placeholders
from bifolio.pdf.pages.page_numbers import Numbering, blank_page, guess_labels, label_anchors, number_pages
from bifolio.pdf.pages.recto_openings import first_numbered_section

_ROUNDS = 8
"""How often texts are set again until every page that they name is right."""
_LISTS = frozenset({"toc", "loi", "lot"})
"""The roles of contents, and of lists of figures and tables."""
RunTasks = Callable[[Sequence[Any]], list[Any]]
"""What does tasks, and returns what they make, in their order."""


def lay_out_texts(
    order: LayoutJob, work: RunTasks, whole: bool, full: float
) -> tuple[list[LaidOutText], Numbering]:
    """Set all texts of *order*, by *work*, until every page that they name is the right one.

    All are set as one if *whole*; *full* characters fill a page. Returns the texts and the numbers of pages.
    """
    publication = order.publication
    count = len(publication.sections)
    groups = [tuple(range(count))] if whole else [(number,) for number in range(count)]
    named = [
        sorted({a for n in group for a in page_reference_targets(publication.sections[n])})
        for group in groups
    ]
    opening = first_numbered_section(publication)
    start = section_anchor(opening) if opening else ""
    texts: dict[int, LaidOutText] = {}
    used: dict[int, TextTask] = {}
    closed: set[int] = set()  # those in which no numbers can be put afterwards
    pages: Mapping[str, str] = guess_labels(publication, start, frozenset().union(*named), full)
    # What does little but name pages waits until it is known how many digits these have.
    late = () if whole else [place for place in range(count) if publication.sections[place].role in _LISTS]
    for turn in range(_ROUNDS):
        tasks = {
            place: TextTask(
                group,
                _numbers(named[place], pages, waiting=not whole and place not in closed),
                TextContext(apart=not whole, opens=place == 0, start=start if whole else ""),
            )
            for place, group in enumerate(groups)
            if turn or place not in late
        }
        stale = [place for place, task in tasks.items() if used.get(place) != task]
        if turn and not stale:
            break
        texts |= zip(stale, work([tasks[place] for place in stale]), strict=True)
        used = tasks
        closed |= {place for place in stale if not texts[place].open}
        row = [texts[place] for place in sorted(texts)]
        if not whole:
            row = _with_blanks([publication.sections[place] for place in sorted(texts)], row, order.rectos)
        leaves = [leaf for text in row for leaf in text.leaves]
        numbering = number_pages(leaves, start)
        pages = label_anchors(leaves, numbering)
    if not whole:
        row = [
            replace(text, leaves=tuple(fill_placeholders(leaf, pages) for leaf in text.leaves))
            for text in row
        ]
    return row, numbering


def _numbers(
    anchors: Sequence[str], pages: Mapping[str, str], *, waiting: bool
) -> tuple[tuple[str, str], ...]:
    """Return the numbers of *pages* that a text is set with; zeros in their place where it is to wait."""
    numbers = ((anchor, pages.get(anchor, UNKNOWN_NUMBER)) for anchor in anchors)
    return tuple(
        (anchor, "0" * len(number) if waiting and number.isdecimal() else number)
        for anchor, number in numbers
    )


def _with_blanks(
    sections: Sequence[Section], texts: Sequence[LaidOutText], right: Container[str]
) -> list[LaidOutText]:
    """Return *texts*, each of a section, with a blank page before those in *right* where one is wanted."""
    row: list[LaidOutText] = []
    count = 0
    for section, text in zip(sections, texts, strict=True):
        if section.name in right and count % 2:
            row.append(LaidOutText((blank_page(text.leaves[0]),), PageResources((), {}, {}, {}), (), ()))
            count += 1
        row.append(text)
        count += len(text.leaves)
    return row
