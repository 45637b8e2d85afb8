"""Long footnotes are split between pages: nothing lost, in order, a rule above each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from bifolio import make
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built, kinds

FRONT = "---\ntitle: T\nlanguage: en\n---\n"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250"><rect width="300" height="250"/></svg>'
)
WORD = re.compile(r"\b([a-z])(\d+)\b")


@dataclass(frozen=True)
class Leaf:
    """What a page shows."""

    words: tuple[tuple[str, int], ...]
    """Its numbered words, in the order in which they are drawn: `t12` is ("t", 12)."""
    lines: tuple[str, ...]
    rules: int
    """How many short borders are drawn, as the rule above the notes is."""
    lowest: float
    """Where its lowest letter stands, in pt above the page's foot."""

    def of(self, kind: str) -> list[int]:
        return [number for name, number in self.words if name == kind]


def words(kind: str, count: int, start: int = 0) -> str:
    return " ".join(f"{kind}{number}" for number in range(start, start + count))


def paragraphs(count: int, each: int, marks: dict[int, str], start: int = 0) -> str:
    """Return *count* paragraphs of *each* words, `t0` and on, with *marks* behind words by their numbers."""
    numbers = range(start, start + count * each)
    said = [f"t{number}," + marks[number] if number in marks else f"t{number}" for number in numbers]
    return "\n\n".join(" ".join(said[place : place + each]) + "." for place in range(0, len(said), each))


def leaves(built: Built) -> list[Leaf]:
    found = []
    document = pypdfium2.PdfDocument(built.pdf)
    for page in document:
        letters = page.get_textpage()
        text = letters.get_text_bounded()
        boxes = [letters.get_charbox(n) for n in range(letters.count_chars())]
        rules = 0
        for item in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH]):
            left, _, right, _ = item.get_bounds()
            rules += 20 < right - left < 60
        lowest = min((bottom for _, bottom, _, top in boxes if top > bottom), default=0.0)
        found.append(Leaf(
            tuple((name, int(number)) for name, number in WORD.findall(text)),
            tuple(text.splitlines()), rules, lowest,
        ))  # fmt: skip
        letters.close()
        page.close()
    document.close()
    return found


def shown(pages: Sequence[Leaf], kind: str) -> list[int]:
    """Return the numbered words of *kind* on all pages, in order."""
    return [number for page in pages for number in page.of(kind)]


def lines_of(page: Leaf, kind: str) -> int:
    return sum(1 for line in page.lines if re.search(rf"\b{kind}\d", line))


def test_a_footnote_called_near_the_page_bottom_continues_on_the_next_page(
    build: Callable[..., Built],
) -> None:
    text = paragraphs(12, 90, {500: "[^a]"})
    built = build(f"{FRONT}{text}\n\n[^a]: {words('n', 300)}.\n")
    pages = leaves(built)
    assert built.made.findings == ()
    assert shown(pages, "t") == list(range(1080))
    assert shown(pages, "n") == list(range(300))
    first = next(number for number, page in enumerate(pages) if 500 in page.of("t"))
    assert [bool(page.of("n")) for page in pages[first : first + 3]] == [True, True, False]
    assert all(lines_of(page, "n") >= 2 for page in pages[first : first + 2])
    assert [page.rules for page in pages[first : first + 2]] == [1, 1]
    # The text goes on above the rest, and both pages are full.
    assert pages[first + 1].of("t")[0] == pages[first].of("t")[-1] + 1
    assert abs(pages[first].lowest - pages[first + 1].lowest) < 3


def test_a_footnote_that_fits_its_page_is_not_split(build: Callable[..., Built]) -> None:
    built = build(f"{FRONT}{paragraphs(9, 90, {20: '[^a]'})}\n\n[^a]: {words('n', 400)}.\n")
    pages = leaves(built)
    assert pages[0].of("n") == list(range(400))
    assert pages[1].of("n") == []


def test_a_footnote_of_three_pages_leaves_room_for_text(build: Callable[..., Built]) -> None:
    parts = "\n\n    ".join(words("n", 300, start) for start in range(0, 1800, 300))
    text = paragraphs(24, 90, {100: "[^a]", 200: "[^b]", 500: "[^c]"})
    notes = f"[^a]: {parts}\n\n[^b]: b0 b1\n\n[^c]: c0 c1"
    built = build(f"{FRONT}{text}\n\n{notes}\n")
    pages = leaves(built)
    assert built.made.findings == ()
    assert shown(pages, "n") == list(range(1800))
    assert shown(pages, "t") == list(range(24 * 90))
    with_note = [page for page in pages if page.of("n")]
    assert len(with_note) >= 3
    assert all(lines_of(page, "t") >= 8 and page.rules == 1 for page in with_note)
    # The notes behind it wait for it.
    noted = [name for page in pages for name, _ in page.words if name != "t"]
    assert noted == ["n"] * 1800 + ["b"] * 2 + ["c"] * 2


def test_a_footnote_of_the_last_words_fills_pages_of_its_own(build: Callable[..., Built]) -> None:
    parts = "\n\n    ".join(words("n", 300, start) for start in range(0, 2100, 300))
    built = build(f"{FRONT}{paragraphs(1, 90, {80: '[^a]'})}\n\n[^a]: {parts}\n")
    pages = leaves(built)
    assert built.made.findings == ()
    assert shown(pages, "n") == list(range(2100))
    assert [bool(page.of("t")) for page in pages] == [True] + [False] * (len(pages) - 1)
    assert all(lines_of(page, "n") > 40 for page in pages[1:-1])
    assert max(page.lowest for page in pages) - min(page.lowest for page in pages) < 20


def test_the_second_of_two_long_footnotes_begins_after_the_first(build: Callable[..., Built]) -> None:
    text = paragraphs(12, 90, {150: "[^a]", 180: "[^b]"})
    built = build(f"{FRONT}{text}\n\n[^a]: {words('n', 330)}.\n\n[^b]: {words('m', 330)}.\n")
    pages = leaves(built)
    assert built.made.findings == ()
    noted = [word for page in pages for word in page.words if word[0] != "t"]
    assert noted == [("n", n) for n in range(330)] + [("m", n) for n in range(330)]
    assert shown(pages, "t") == list(range(1080))
    assert sum(1 for page in pages if page.of("n") or page.of("m")) >= 2


def test_a_footnote_of_paragraphs_lists_and_code_is_split_between_them(build: Callable[..., Built]) -> None:
    code = "\n".join(f"    k{n}" for n in range(30))
    listed = "\n".join(f"    - l{n} of the list" for n in range(14))
    note = f"[^a]: {words('n', 60)}\n\n{listed}\n\n    ```\n{code}\n    ```\n\n    {words('n', 90, 60)}\n"
    built = build(f"{FRONT}{paragraphs(12, 90, {500: '[^a]'})}\n\n{note}")
    pages = leaves(built)
    assert built.made.findings == ()
    noted = [word for page in pages for word in page.words if word[0] != "t"]
    assert noted == [
        *[("n", n) for n in range(60)], *[("l", n) for n in range(14)], *[("k", n) for n in range(30)],
        *[("n", n) for n in range(60, 150)],
    ]  # fmt: skip
    assert sum(1 for page in pages if any(name in "nlk" for name, _ in page.words)) >= 2


ROWS = "\n".join(f"| c{n}{'[^a]' if n == 17 else ''} | {words('d', 9, 9 * n)} |" for n in range(30))


@pytest.mark.parametrize(
    "text",
    [
        f"{paragraphs(3, 90, {})}\n\n| a | b |\n|---|---|\n{ROWS}\n\n{paragraphs(8, 90, {}, 270)}",
        f"{paragraphs(4, 90, {})}\n\n![A caption[^a].](a.svg){{alt=x}}\n\n{paragraphs(8, 90, {}, 360)}",
        "- " + "\n- ".join(words("i", 12, 12 * n) + ("[^a]" if n == 20 else "") for n in range(60)),
        f"{paragraphs(9, 90, {})}\n\n## Heading[^a]\n\n{paragraphs(8, 90, {}, 810)}",
    ],
    ids=["table", "caption", "list", "heading"],
)
def test_a_long_footnote_is_split_wherever_it_is_called(build: Callable[..., Built], text: str) -> None:
    parts = "\n\n    ".join(words("n", 300, start) for start in range(0, 1200, 300))
    built = build(f"{FRONT}{text}\n\n[^a]: {parts}\n", a__svg=SVG)
    pages = leaves(built)
    assert built.made.findings == ()
    assert shown(pages, "n") == list(range(1200))
    assert shown(pages, "t") == sorted(shown(pages, "t"))
    assert all(page.lowest > 40 for page in pages)
    assert sum(1 for page in pages if page.of("n")) >= 2


def test_a_long_footnote_of_a_text_in_columns_is_split_below_both(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    source = write(f"{FRONT}{paragraphs(24, 90, {500: '[^a]'})}\n\n[^a]: {words('n', 900)}.\n")
    made = make(source, tmp_path, variants=("two-columns",))
    epub, pdf = (file.path for file in made.files)
    pages = leaves(Built(source, epub, pdf, made))
    assert made.findings == ()
    assert shown(pages, "n") == list(range(900))
    assert shown(pages, "t") == list(range(24 * 90))
    assert sum(1 for page in pages if page.of("n") and page.of("t")) >= 2


def test_a_split_footnote_is_one_note_in_the_tags(build: Callable[..., Built]) -> None:
    built = build(f"{FRONT}{paragraphs(12, 90, {500: '[^a]'})}\n\n[^a]: {words('n', 300)}.\n")
    with pikepdf.open(built.pdf) as pdf:
        notes = [node for kind, node in kinds(pdf.Root.StructTreeRoot) if kind == "/Note"]
        (note,) = notes
        labels = [kind for kind, _ in kinds(note) if kind == "/Lbl"]
        (paragraph,) = [node for kind, node in kinds(note) if kind == "/P"]
        places = [page.obj.objgen for page in pdf.pages]
        parts = [kid for kid in paragraph.K if isinstance(kid, pikepdf.Dictionary) and "/Pg" in kid]
        other = {places.index(kid.Pg.objgen) for kid in parts if "/MCID" in kid}
    assert labels == ["/Lbl"]
    assert len(other | {places.index(note.Pg.objgen)}) == 2
    assert run_page_validation(built.pdf) == []
