"""Repeats layout until page references are stable."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Section
from bifolio.pdf.job import LayoutJob, TextContext, TextTask
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, PageResources
from bifolio.pdf.pages.page_number_placeholders import fill_placeholders
from bifolio.pdf.pages.page_numbers import Numbering, blank_page, guess_labels, label_anchors, number_pages
from bifolio.pdf.pages.recto_openings import first_numbered_section
from bifolio.pdf.print_html.page_references import UNKNOWN_NUMBER, page_reference_targets, section_anchor

_PASSES = 8
"""The greatest number of layout passes."""
_LISTS = frozenset({"toc", "loi", "lot"})
"""The roles of contents, and of lists of figures and tables."""
_NAMED = 3
"""The greatest number of targets that a finding names."""
RunTasks = Callable[[Sequence[Any]], list[Any]]
"""Runs tasks and returns their results, in the same order."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """All texts of a publication, laid out, and their page numbers."""

    texts: tuple[LaidOutText, ...]
    numbering: Numbering
    labels: Mapping[str, str]
    """The label of its page, by anchor."""

    def pages(self) -> list[LaidOutPage]:
        """Return the pages of all texts."""
        return [page for text in self.texts for page in text.pages]


def lay_out_texts(
    job: LayoutJob, run: RunTasks, whole: bool, page_capacity: float
) -> tuple[Pagination, list[Finding]]:
    """Lay out all texts of *job* until every page number that they show is right.

    If *whole*, all sections are one text. About *page_capacity* characters fill a page. When page numbers
    still change after the last pass, there is a finding `references-unsettled`.
    """
    passes = _Passes(job, run, whole)
    labels = passes.guess_labels(page_capacity)
    for pass_index in range(_PASSES):
        pagination = passes.lay_out(labels, with_lists=pass_index > 0)
        labels = pagination.labels
        if not passes.stale(passes.tasks(labels)):
            break
    findings = passes.unsettled(labels)
    if whole:
        return pagination, findings
    texts = (
        replace(text, pages=tuple(fill_placeholders(page, labels) for page in text.pages))
        for text in pagination.texts
    )
    return replace(pagination, texts=tuple(texts)), findings


class _Passes:
    """The texts of a job by index, as the last pass has laid them out."""

    def __init__(self, job: LayoutJob, run: RunTasks, whole: bool) -> None:
        self._job, self._run, self._whole = job, run, whole
        sections = job.publication.sections
        indices = range(len(sections))
        self._groups = [tuple(indices)] if whole else [(index,) for index in indices]
        """The indices of the sections of each text."""
        self._targets = [
            sorted({anchor for index in group for anchor in page_reference_targets(sections[index])})
            for group in self._groups
        ]
        """The anchors whose page numbers each text shows."""
        first = first_numbered_section(job.publication)
        self._numbering_start = section_anchor(first) if first else ""
        self._texts: dict[int, LaidOutText] = {}
        self._tasks: dict[int, TextTask] = {}
        """The task that each text was laid out by."""
        self._unfillable: set[int] = set()
        """The texts whose page numbers cannot be filled in after layout."""

    def guess_labels(self, page_capacity: float) -> Mapping[str, str]:
        """Return the page labels to begin with."""
        anchors = frozenset().union(*self._targets)
        return guess_labels(self._job.publication, self._numbering_start, anchors, page_capacity)

    def tasks(self, labels: Mapping[str, str], *, with_lists: bool = True) -> dict[int, TextTask]:
        """Return the tasks of a pass that shows *labels*.

        Without *with_lists*, lists of contents are left for the next pass, which knows how many digits their
        page numbers have.
        """
        sections = self._job.publication.sections
        return {
            index: TextTask(
                group,
                self._shown_numbers(index, labels),
                TextContext(
                    is_separate=not self._whole,
                    is_first=index == 0,
                    numbering_start=self._numbering_start if self._whole else "",
                ),
            )
            for index, group in enumerate(self._groups)
            if self._whole or with_lists or sections[index].role not in _LISTS
        }

    def _shown_numbers(self, index: int, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return the page numbers to lay out text *index* with; zeros for those that are filled in later."""
        has_placeholders = not self._whole and index not in self._unfillable
        numbers = ((anchor, labels.get(anchor, UNKNOWN_NUMBER)) for anchor in self._targets[index])
        return tuple(
            (anchor, "0" * len(number) if has_placeholders and number.isdecimal() else number)
            for anchor, number in numbers
        )

    def stale(self, tasks: Mapping[int, TextTask]) -> list[int]:
        """Return the indices of the texts that were not laid out by *tasks*."""
        return [index for index, task in tasks.items() if self._tasks.get(index) != task]

    def lay_out(self, labels: Mapping[str, str], *, with_lists: bool) -> Pagination:
        """Lay out the texts that do not show *labels* yet; return the pagination of all."""
        tasks = self.tasks(labels, with_lists=with_lists)
        stale = self.stale(tasks)
        self._texts |= zip(stale, self._run([tasks[index] for index in stale]), strict=True)
        self._tasks = tasks
        self._unfillable |= {index for index in stale if not self._texts[index].can_fill_numbers}
        texts = [self._texts[index] for index in sorted(self._texts)]
        if not self._whole:
            sections = [self._job.publication.sections[index] for index in sorted(self._texts)]
            texts = _with_blank_pages(sections, texts, self._job.recto_sections)
        pages = [page for text in texts for page in text.pages]
        numbering = number_pages(pages, self._numbering_start)
        return Pagination(tuple(texts), numbering, label_anchors(pages, numbering))

    def unsettled(self, labels: Mapping[str, str]) -> list[Finding]:
        """Return the finding about page numbers that are not those of *labels*, if there are any."""
        tasks = self.tasks(labels)
        changed = [
            (index, anchor)
            for index in self.stale(tasks)
            for anchor, _ in set(tasks[index].page_numbers) - set(self._tasks[index].page_numbers)
        ]
        if not changed:
            return []
        first = self._job.publication.sections[self._groups[changed[0][0]][0]]
        targets = sorted({anchor for _, anchor in changed})
        named = ", ".join(f"`#{anchor}`" for anchor in targets[:_NAMED])
        more = f" and {len(targets) - _NAMED} more" if len(targets) > _NAMED else ""
        return [found("references-unsettled", Where(first.source), targets=named + more, passes=_PASSES)]


def _with_blank_pages(
    sections: Sequence[Section], texts: Sequence[LaidOutText], recto_sections: Container[str]
) -> list[LaidOutText]:
    """Return *texts*, each of a section, with blank pages before *recto_sections* where one is needed."""
    result: list[LaidOutText] = []
    page_count = 0
    for section, text in zip(sections, texts, strict=True):
        if section.name in recto_sections and page_count % 2:
            blank = blank_page(text.pages[0])
            result.append(LaidOutText((blank,), PageResources((), {}, {}, {}), (), ()))
            page_count += 1
        result.append(text)
        page_count += len(text.pages)
    return result
