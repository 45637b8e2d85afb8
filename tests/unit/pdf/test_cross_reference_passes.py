"""Layout is repeated until page references settle; when they do not, there is a finding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from bifolio.model.publication import GENERATED, Metadata, Publication, Section
from bifolio.pdf.cross_reference_passes import lay_out_texts
from bifolio.pdf.job import LayoutJob, TextTask
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, PageResources, PageType

SOURCE = Path("a.md")
BODY = "<section><p>See <a href='#x'>x</a>.</p><h2 id='x'>X</h2></section>"


def text(page_count: int) -> LaidOutText:
    """Return a text of *page_count* pages, with the anchor `x` on the last."""
    box = (0.0, 0.0, 1.0, 1.0)
    pages = [
        LaidOutPage(
            100, 100, {}, [], [], {"x": box} if index == page_count - 1 else {},
            PageType("right", False, "", index), {}, {}, b"",
        )
        for index in range(page_count)
    ]  # fmt: skip
    return LaidOutText(tuple(pages), PageResources((), {}, {}, {}), (), ())


@pytest.fixture
def job() -> LayoutJob:
    body = fromstring(BODY)
    next(body.iter("a")).set(GENERATED, "reference")
    section = Section("a", "A", body, (), SOURCE)
    publication = Publication(Metadata("A", "en"), (section,), (), SOURCE)
    return LayoutJob(publication, {}, (), frozenset(), frozenset())


def test_layout_ends_when_the_page_numbers_are_right(job: LayoutJob) -> None:
    shown: list[str] = []

    def run(tasks: Sequence[TextTask]) -> list[LaidOutText]:
        shown.extend(number for task in tasks for _, number in task.page_numbers)
        return [text(3) for _ in tasks]

    pagination, findings = lay_out_texts(job, run, whole=True, page_capacity=2000)
    assert shown == ["1", "3"] and findings == []
    assert pagination.labels["x"] == "3" and len(pagination.pages()) == 3


def test_page_numbers_that_never_settle_are_reported(job: LayoutJob) -> None:
    shown: list[str] = []

    def run(tasks: Sequence[TextTask]) -> list[LaidOutText]:
        """Lay out two pages if the text shows page 1, and one page if it shows page 2."""
        ((_, number),) = tasks[0].page_numbers
        shown.append(number)
        return [text(2 if number == "1" else 1)]

    _, (finding,) = lay_out_texts(job, run, whole=True, page_capacity=2000)
    assert shown == ["1", "2"] * 4
    assert (finding.code, str(finding.where)) == ("references-unsettled", "a.md")
    assert "8 layout passes" in finding.message and "`#x`" in finding.message
