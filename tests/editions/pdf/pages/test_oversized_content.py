"""What is hard to place on a page, read from the finished PDF."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from tests.conftest import Built, kinds

FRONT = "---\ntitle: T\nlanguage: en\n---\n\n"
WORDS = "the quick border ministry said that fire was exchanged on Thursday morning before talks".split()


def sentence(pick: random.Random, length: int) -> str:
    return " ".join(pick.choice(WORDS) for _ in range(length)).capitalize() + "."


Line = tuple[float, float, str]
"""The top of a line, in pt from the foot of the page, the size of its letters, and its words."""


def lines_of(built: Built) -> list[list[Line]]:
    """Return the lines of each page between its running head and its notes, from the top."""
    document = pypdfium2.PdfDocument(built.pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        found: list[Line] = []
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            words = text.get_text_bounded(left, bottom, right, top).strip()
            if words and bottom > page.get_height() * 0.1 and top < page.get_height() * 0.93:
                found.append((top, top - bottom, words))
        pages.append(sorted(found, reverse=True))
    document.close()
    return pages


def starts(pdf: pikepdf.Pdf, kind: str) -> Iterator[int]:
    """Give the pages that hold something of each element of the *kind*, counted from 0."""
    places = {page.objgen: number for number, page in enumerate(pdf.pages)}
    for name, node in kinds(pdf.Root.StructTreeRoot):
        if name == kind:
            yield places[node.Pg.objgen]


def test_a_note_of_three_pages_is_printed_whole(build: Callable[..., Built]) -> None:
    pick = random.Random(3)
    note = "\n\n    ".join(sentence(pick, 60) for _ in range(46))
    built = build(f"{FRONT}Words.[^1]\n\n{sentence(pick, 200)}\n\n[^1]: First of it. {note} Last of it.\n")
    assert built.made.findings == ()
    document = pypdfium2.PdfDocument(built.pdf)
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    assert len(texts) >= 4
    assert "First of it." in " ".join(texts)
    assert "Last of it." in texts[-1]
    assert all(len(text) > 1500 for text in texts[1:-1])


def test_a_table_of_three_hundred_rows_repeats_its_head(build: Callable[..., Built]) -> None:
    rows = "".join(f"| r{n} | words of row {n} |\n" for n in range(1, 301))
    built = build(f"{FRONT}| Number | Headword |\n|---|---|\n{rows}\nTable: The caption\n")
    assert built.made.findings == ()
    pages = [[words for *_, words in page] for page in lines_of(built)]
    assert len(pages) > 6
    shown = " ".join(" ".join(page) for page in pages)
    assert re.findall(r"\br(\d+)\b", shown) == [str(number) for number in range(1, 301)]
    for page in pages:
        assert "Headword" in " ".join(page[:6])
        assert len(re.findall(r"\br\d+\b", " ".join(page))) >= 3
    assert sum("The caption" in " ".join(page) for page in pages) == 1


@pytest.mark.parametrize("length", [500, 2400])
def test_rows_higher_than_a_page_have_the_head_and_the_caption_above_them(
    build: Callable[..., Built], length: int
) -> None:
    """Of 500 words each there is room for a row below the text, of 2400 not even on a page of its own."""
    pick = random.Random(5)
    rows = "".join(f"| r{n} | {sentence(pick, length)} |\n" for n in range(1, 6))
    built = build(f"{FRONT}Before.\n\n| Number | Headword |\n|---|---|\n{rows}\nTable: The caption\n")
    assert built.made.findings == ()
    first, *pages = [" ".join(words for *_, words in page) for page in lines_of(built)]
    assert len(pages) > 2
    if length == 500:
        assert re.search(r"\bBefore\. The caption (Number Headword|Headword Number)\b", first)
        pages.insert(0, first[first.index("The caption") :])
    assert pages[0].startswith("The caption")
    for page in pages:
        assert re.match(r"(The caption )?(Number Headword|Headword Number)", page)
    assert re.findall(r"\br\d\b", " ".join(pages)) == ["r1", "r2", "r3", "r4", "r5"]


@pytest.mark.parametrize(("width", "height"), [(600, 9000), (9000, 600), (4000, 4000)])
def test_a_picture_larger_than_the_page_is_shown_whole_with_its_caption(
    build: Callable[..., Built], width: int, height: int
) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="{width}"'
    svg += f' height="{height}" fill="#123456"/></svg>'
    text = sentence(random.Random(1), 400)
    built = build(f'{FRONT}{text}\n\n![Alt](a.svg "Its caption")\n\nAfter.\n', a__svg=svg)
    assert built.made.findings == ()
    with pikepdf.open(built.pdf) as pdf:
        (figure,) = (node for name, node in kinds(pdf.Root.StructTreeRoot) if name == "/Figure")
        left, bottom, right, top = (float(side) for side in figure.A.BBox)
        assert 0 < left < right < 595
        assert 60 < bottom < top < 842
        assert abs((right - left) / (top - bottom) - width / height) < 0.02 * width / height
        assert list(starts(pdf, "/Figure")) == list(starts(pdf, "/Caption"))


def test_a_word_of_two_hundred_letters_is_broken_and_whole(build: Callable[..., Built]) -> None:
    word = "".join(chr(97 + n % 26) for n in range(200))
    built = build(f"{FRONT}Before {word} after.\n\n`{word}`\n\n| a | b |\n|---|---|\n| {word} | x |\n")
    assert built.made.findings == ()
    document = pypdfium2.PdfDocument(built.pdf)
    page = document[0]
    text = page.get_textpage()
    assert re.sub(r"[\s\N{HYPHEN}]", "", text.get_text_bounded()).count(word) == 3
    edges = [text.get_rect(place)[2] for place in range(text.count_rects())]
    assert max(edges) < page.get_width() * 8 / 9


def test_a_long_address_is_broken_and_whole(build: Callable[..., Built]) -> None:
    address = "https://example.org/" + "a-long-path/" * 16 + "end?query=1"
    built = build(f"{FRONT}<{address}> and [words]({address.replace('end', 'other')}).\n")
    assert built.made.findings == ()
    document = pypdfium2.PdfDocument(built.pdf)
    page = document[0]
    text = page.get_textpage()
    edges = [text.get_rect(place)[2] for place in range(text.count_rects())]
    assert max(edges) < page.get_width() * 8 / 9
    # The library tells a hyphen at the end of a line by a character of its own.
    assert address in re.sub(r"\s", "", text.get_text_bounded().replace("\x02", "-"))


def test_a_block_of_sixty_lines_of_code_is_whole_and_in_order(build: Callable[..., Built]) -> None:
    code = "\n".join(f"line_{n}({n})" for n in range(60))
    built = build(f"{FRONT}Before.\n\n```python\n{code}\n```\n\nAfter.\n")
    assert built.made.findings == ()
    shown = " ".join(words for page in lines_of(built) for *_, words in page)
    assert re.findall(r"line_(\d+)", shown) == [str(number) for number in range(60)]
    with pikepdf.open(built.pdf) as pdf:
        assert [name for name, _ in kinds(pdf.Root.StructTreeRoot)].count("/Code") == 1


def test_a_heading_may_be_the_last_line_of_a_text(build: Callable[..., Built]) -> None:
    built = build(f"{FRONT}{sentence(random.Random(2), 40)}\n\n## The last line\n")
    assert built.made.findings == ()
    assert lines_of(built)[-1][-1][2] == "The last line"


@pytest.fixture(scope="module")
def varied() -> str:
    """A text whose headings, paragraphs and lists meet the foot of a page in every way."""
    pick = random.Random(7)
    blocks = []
    for number in range(90):
        blocks.append(f"{'#' * pick.choice((2, 2, 3, 4))} Heading {number}")
        for _ in range(pick.randint(1, 3)):
            blocks.append(sentence(pick, pick.randint(6, 120)))
        if number % 5 == 0:
            blocks.append("\n".join(f"- {sentence(pick, pick.randint(3, 30))}" for _ in range(4)))
    return FRONT + "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("paper", ["a4", "a5", "a6"])
def test_no_heading_stands_at_the_foot_and_no_line_alone(
    build: Callable[..., Built], varied: str, paper: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from bifolio import make

    source = tmp_path_factory.mktemp("varied") / "text.md"
    source.write_text(varied, "utf-8")
    made = make(source, source.parent, only="pdf", paper=paper)
    with pikepdf.open(made.files[0].path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        order = [(name, sorted(places(node, pages))) for name, node in kinds(pdf.Root.StructTreeRoot)]
        blocks = [(name, where) for name, where in order if re.fullmatch(r"/(P|H\d|LBody)", name) and where]
        assert len(pdf.pages) >= 10
    split = 0
    for (name, where), (_, following) in pairwise(blocks):
        if name.startswith("/H"):
            assert where[-1] == following[0]  # it is followed by text on its page
            assert len(set(where)) == 1
        elif len(set(where)) > 1:
            split += 1
            for page in set(where):
                assert where.count(page) >= 2  # two lines at least on either page
    assert split > 5


def places(node: pikepdf.Object, pages: dict[tuple[int, int], int]) -> Iterator[int]:
    """Give the page of each line of the structure element *node*, its inner elements left out."""
    own = pages.get(node.Pg.objgen, -1) if "/Pg" in node else -1
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield own
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == pikepdf.Name.MCR:
            yield pages[kid.Pg.objgen] if "/Pg" in kid else own
