"""The feet of full pages: their lowest lines stand at one height."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest

from bifolio import make
from bifolio.build import Made
from tests.conftest import ROOT

HEAD = "---\ntitle: T\nlanguage: en\n---\n\n"
WORDS = " ".join(f"word{number % 10}" for number in range(400)).split()
PITCH = 14.0
"""In pt: from line to line of the text on A5."""
MARGIN = 40.0
"""In pt: running heads and folios stand in the outer 40 pt, above and below."""
Build = Callable[..., Made]


def said(words: int) -> str:
    return " ".join(WORDS[:words]) + "."


def mixed(count: int) -> str:
    """Return *count* headings, with paragraphs, quotations, lists, code and tables between them."""
    blocks = (
        lambda n: f"> {said(20 + n)}",
        lambda n: f"- {said(9)}\n- {said(12 + n)}\n- {said(4)}",
        lambda n: "```\n" + "one()\n" * (3 + n % 4) + "```",
        lambda n: "| a | b |\n| - | - |\n| c | d |\n| e | f |",
    )
    return "\n\n".join(
        f"## Heading {number}\n\n{said(50 + 13 * (number % 7))}\n\n{said(70 + 9 * (number % 5))}\n\n"
        f"{blocks[number % 4](number)}\n\n{said(60 + 11 * (number % 6))}"
        for number in range(count)
    )


@pytest.fixture
def build(write: Callable[..., Path], tmp_path: Path) -> Build:
    """Give a function that builds a text on A5 with `--feet` and rules of an author."""

    def build(source: str, feet: str = "even", rules: str = "") -> Made:
        sheet = (ROOT / "styles" / "bifolio.css").read_text("utf-8")
        sheet = sheet.replace("--feet: even;", f"--feet: {feet};") + f"@media print {{ {rules} }}\n"
        (tmp_path / "sheet.css").write_text(sheet, "utf-8")
        made = make(write(HEAD + source), tmp_path / feet, paper="a5", style=tmp_path / "sheet.css")
        assert made.findings == ()
        return made

    return build


def baselines(made: Made) -> list[list[tuple[float, float]]]:
    """Return by page where the glyphs stand between the margins: from the foot and from the left, in pt."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pages = []
    for page in pypdfium2.PdfDocument(made.files[1].path):
        held = page.get_textpage()  # it is closed when nothing holds it
        text, found = held.raw, []
        for place in range(raw.FPDFText_CountChars(text)):
            raw.FPDFText_GetCharOrigin(text, place, x, y)
            is_seen = not chr(raw.FPDFText_GetUnicode(text, place)).isspace()
            if is_seen and MARGIN < y.value < page.get_height() - MARGIN:
                found.append((round(y.value, 1), x.value))
        pages.append(found)
    return pages


def feet(made: Made) -> list[float]:
    """Return the lowest baseline of each page."""
    return [min(page)[0] for page in baselines(made)]


def share_at_foot(found: list[float]) -> float:
    """Return the share of *found* at the lowest; a heading that goes with its text may leave a page short."""
    return sum(foot - min(found) < 0.5 for foot in found) / len(found)


def test_the_lowest_lines_of_full_pages_stand_at_one_height(build: Build) -> None:
    *full, last = feet(build(mixed(24)))
    assert len(full) > 8
    assert share_at_foot(full) > 0.75
    assert last > min(full) + PITCH


def test_the_sheet_may_leave_the_feet_ragged(build: Build) -> None:
    *full, _ = feet(build(mixed(24), "ragged"))
    assert share_at_foot(full) < 0.3


def test_lines_of_a_paragraph_keep_their_distance_and_nothing_overlaps(build: Build) -> None:
    seen = 0
    for page in baselines(build(mixed(24))):
        lines = sorted({y for y, _ in page}, reverse=True)
        gaps = [round(above - below, 1) for above, below in pairwise(lines)]
        assert min(gaps) > 8  # that of the rows of a table is the least
        seen += sum(abs(gap - PITCH) < 0.2 for gap in gaps)
        assert not [gap for gap in gaps if PITCH + 0.2 < gap < PITCH + 0.8]
    assert seen > 150


def test_what_ends_before_a_forced_break_is_left_alone(build: Build) -> None:
    text = f"{said(90)}\n\n## Heading\n\n{said(120)}\n\n::: page-break\n:::\n\n{said(30)}\n"
    even, ragged = (baselines(build(text, kind)) for kind in ("even", "ragged"))
    assert len(even) == 2
    assert [{y for y, _ in page} for page in even] == [{y for y, _ in page} for page in ragged]


def test_a_page_without_gaps_stays_as_it_is(build: Build) -> None:
    text = "\n\n".join(said(10 + 7 * (number % 9)) for number in range(60))
    for page in baselines(build(text))[1:-1]:
        lines = sorted({y for y, _ in page}, reverse=True)
        assert all(abs(above - below - PITCH) < 0.2 for above, below in pairwise(lines))


def test_notes_stand_on_the_lowest_line(build: Build) -> None:
    text = "\n\n".join(
        f"{said(90)}{f'[^{number}]' if number % 3 == 0 else ''}\n\n## Heading {number}"
        for number in range(24)
    )
    notes = "\n\n".join(f"[^{number}]: A note." for number in range(0, 24, 3))
    pages = baselines(build(f"{text}\n\n{said(40)}\n\n{notes}\n"))[:-1]
    assert len(pages) > 4
    assert share_at_foot([min(page)[0] for page in pages]) == 1


def test_links_lead_to_their_headings(build: Build) -> None:
    made = build(mixed(24) + "\n\n" + "\n".join(f"- [Link](#heading-{number})" for number in range(24)))
    tops = {}
    for number, page in enumerate(pypdfium2.PdfDocument(made.files[1].path)):
        text = page.get_textpage()
        words = text.get_text_range()
        for heading in range(24):
            if (at := words.find(f"Heading {heading}\r")) >= 0:
                tops[f"heading-{heading}"] = number, text.get_charbox(at)[3]
    assert len(tops) == 24
    with pikepdf.open(made.files[1].path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        places = dict(pikepdf.NameTree(pdf.Root.Names.Dests).items())
        for name, (number, top) in tops.items():
            place = places[name]
            assert pages[place[0].objgen] == number
            assert 0 < float(place[3]) - top < 8


def test_the_ground_of_a_quotation_grows_with_the_gaps_in_it(build: Build) -> None:
    quotation = "\n>\n".join(f"> {said(11 + number)}" for number in range(5))
    rules = "blockquote { margin: 12pt 24pt; background: #ddeeff } blockquote p { margin: 6pt 0 }"
    made = build("\n\n".join(f"{said(60)}\n\n{quotation}" for _ in range(14)), rules=rules)
    quoted, pages = 0, baselines(made)
    left = min(x for page in pages for _, x in page)
    for page, glyphs in zip(pypdfium2.PdfDocument(made.files[1].path), pages, strict=True):
        paths = [item.get_bounds() for item in page.get_objects([raw.FPDF_PAGEOBJ_PATH])]
        grounds = [(low, high) for side, low, _, high in paths if side > left + 20]
        for line in {y for y, _ in glyphs}:
            # What is quoted is indented, and nothing else is by so much.
            is_quoted = min(x for y, x in glyphs if y == line) > left + 20
            is_inside = any(low < line - 2 and line + 5 < high for low, high in grounds)
            assert is_quoted == is_inside
            quoted += is_quoted
    assert quoted > 100


def test_columns_end_at_one_height(build: Build) -> None:
    *full, _ = baselines(build(mixed(40), rules=":root { --columns: 2; --type-size: 8pt }"))
    assert len(full) > 3
    middle = 148 / 2 * 72 / 25.4
    found = [min(y for y, x in page if (x < middle) == side) for page in full for side in (True, False)]
    assert share_at_foot(found) > 0.7
