"""Justified lines of the PDF: even, with few hyphens, and every word in its place."""

from __future__ import annotations

import ctypes
import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as raw
import pytest

from bifolio import make

HEAD = "---\ntitle: T\nlanguage: en\n---\n"
LONG = "understanding representative communication extraordinary international knight-errantry".split()
SHORT = "a the of and bridge river water paper letter under over morning evening house town road".split()
HYPHEN = "\x02", "\u2010", "-"
"""What pdfium reads for one at the end of a line, and what stands there."""


def text_of(seed: int, paragraphs: int, share: float = 0.3) -> str:
    """Return paragraphs of which about *share* of the words are long."""
    chance = random.Random(seed)
    return "\n\n".join(
        " ".join(
            chance.choice(LONG if chance.random() < share else SHORT) for _ in range(chance.randint(25, 90))
        )
        for _ in range(paragraphs)
    )


def marked_text(seed: int) -> str:
    """Return paragraphs in which words are marked in every way, some joined to others."""
    chance = random.Random(seed)
    forms = (
        "*{}*", "**{}**", "`{}`", "[{}](https://example.org/{}/a-long-address)", "“{}”", "{}—{}", "{}-{}",
        "*{}*{}", "**{} {}** ", "~~{}~~", "H~2~{}", "$x^2$", "{}[^n]", "({})", "{}\u00a0{}", "{}\u00ad{}",
        "[{}]{{.small-caps}}", "https://example.org/{}/{}",
    )  # fmt: skip
    words = LONG + SHORT

    def word() -> str:
        form = chance.choice(forms) if chance.random() < 0.4 else "{}"
        return form.format(*chance.choices(words, k=form.count("{}")))

    return "\n\n".join(" ".join(word() for _ in range(60)) for _ in range(30))


class Line(NamedTuple):
    """A line as it stands on the page; lengths in pt."""

    page: int
    text: str
    """Without spaces."""
    gaps: list[float]
    """Its word spaces."""
    left: float
    right: float
    letters: float
    """The factor by which its glyphs are expanded."""


def lines(path: Path, size: float) -> Iterator[Line]:
    """Give the lines set in *size*, from the top."""
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    for number, page in enumerate(pypdfium2.PdfDocument(path)):
        held = page.get_textpage()  # it is closed when nothing holds it
        text = held.raw
        letters = []
        for place in range(raw.FPDFText_CountChars(text)):
            character = chr(raw.FPDFText_GetUnicode(text, place))
            raw.FPDFText_GetLooseCharBox(text, place, box)
            raw.FPDFText_GetCharOrigin(text, place, x, y)
            raw.FPDFText_GetMatrix(text, place, matrix)
            scale = raw.FPDFText_GetFontSize(text, place) * abs(matrix.d)
            if abs(scale - size) < 0.1 and not character.isspace():
                letters.append((round(y.value, 1), box.left, box.right, character, matrix.a / abs(matrix.d)))
        for _, line in groupby(letters, key=lambda letter: letter[0]):
            row = list(line)
            gaps = [two[1] - one[2] for one, two in pairwise(row)]
            yield Line(
                number, "".join(one[3] for one in row), [gap for gap in gaps if gap > 1],
                row[0][1], row[-1][2], row[-1][4],
            )  # fmt: skip


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """The lines of a text of long words on small pages."""
    folder = tmp_path_factory.mktemp("narrow")
    (folder / "text.md").write_text(HEAD + text_of(5, 40), "utf-8")
    made = make(folder / "text.md", folder / "build", paper="75x110mm")
    assert made.findings == ()
    return list(lines(made.files[1].path, 9.0))


def right_margin(found: list[Line]) -> float:
    """Return where most lines that end with a letter do so."""
    return Counter(round(line.right, 1) for line in found if line.text[-1].isalpha()).most_common(1)[0][0]


def is_hyphenated(text: str) -> bool:
    return text.endswith(HYPHEN)


def test_no_more_than_two_lines_in_a_row_end_with_a_hyphen(narrow: list[Line]) -> None:
    ends = [is_hyphenated(line.text) for line in narrow]
    assert sum(ends) > 20
    assert max(len(list(run)) for hyphen, run in groupby(ends) if hyphen) <= 2


def test_no_page_ends_with_a_hyphen(narrow: list[Line]) -> None:
    feet = {line.page: line.text for line in narrow}
    assert len(feet) > 10
    assert not [text for text in feet.values() if is_hyphenated(text)]


def test_the_spaces_of_justified_lines_are_near_their_natural_width(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    made = make(write(HEAD + text_of(5, 40, 0.2)), tmp_path / "build", paper="a5")
    found = list(lines(made.files[1].path, 10.0))
    edge = right_margin(found)
    full = [fmean(line.gaps) for line in found if line.gaps and line.right > edge - 1.5]
    natural = median(gap for line in found for gap in line.gaps if line.right < edge - 60)
    # Filled one by one, the same lines have spaces of 1.6 times their natural width.
    assert len(full) > 150
    assert fmean(full) / natural < 1.3
    assert min(full) / natural > 0.65  # some pairs of letters are kerned over the space


def test_a_paragraph_of_every_kind_of_mark_keeps_its_words_in_narrow_lines(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    text = HEAD + marked_text(3) + "\n\n[^n]: A note.\n"
    for paper in ("60x100mm", "75x110mm", "a5"):
        assert make(write(text), tmp_path / paper, paper=paper).findings == ()


def test_glyphs_expand_by_no_more_than_a_fiftieth(narrow: list[Line]) -> None:
    edge = right_margin(narrow)
    widths = [line.letters for line in narrow]
    assert max(widths) > 1.015
    assert min(widths) < 0.985
    assert all(0.979 < width < 1.021 for width in widths)
    assert all(line.letters < 1.0001 for line in narrow if line.right < edge - 20)


def test_points_hyphens_and_quotation_marks_protrude_into_the_margin(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    chance = random.Random(2)
    forms = "{},", "“{}”", "{}", "{}."
    words = [chance.choice(forms).format(chance.choice(LONG + SHORT)) for _ in range(1500)]
    text = "# A\n\n" + "\n\n# B\n\n".join(" ".join(words[at : at + 150]) for at in range(0, 1500, 150))
    made = make(write(HEAD + text), tmp_path / "build", paper="a5")
    assert made.findings == ()
    found = list(lines(made.files[1].path, 10.0))
    right = right_margin(found)
    left = Counter(round(line.left, 1) for line in found if line.text[0].isalpha()).most_common(1)[0][0]
    full = [line for line in found if line.right > right - 1]
    quoted = {round(left - line.left, 1) for line in found if line.text[0] == "“"}
    out = {
        end: {round(line.right - right, 1) for line in full if line.text[-1] == end}
        for end in (",", ".", "”")
    }
    # Of a quotation mark a half hangs, of a comma and a point more.
    assert quoted and min(quoted) > 1.8 and max(quoted) < 2.4
    assert out[","] and min(out[","]) > 1.5 and max(out[","]) < 2.1
    assert out["."] and min(out["."]) > 1.8 and max(out["."]) < 2.3
    assert out["”"] and min(out["”"]) > 1.8 and max(out["”"]) < 2.4
    # Of what ends with a letter nothing stands out, but the hook of an f, of 72 units in a thousand.
    lettered = [line for line in full if line.text[-1].isalpha()]
    hooks = {"f": 0.72}
    assert all(abs(line.right - right - hooks.get(line.text[-1], 0)) < 0.3 for line in lettered)


def test_nothing_protrudes_at_the_start_of_an_indented_line(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    words = text_of(4, 20).split("\n\n")
    text = "\n\n".join(f"“{said}”\n\nHe {said}" for said in words)
    made = make(write(HEAD + text), tmp_path / "build", paper="a5")
    found = list(lines(made.files[1].path, 10.0))
    margin = Counter(round(line.left, 1) for line in found if line.text[0].isalpha()).most_common(1)[0][0]
    indented = [line for line in found if line.left > margin + 5]
    quoted = [line.left for line in indented if line.text[0] == "“"]
    lettered = [line.left for line in indented if line.text.startswith("He")]
    assert len(quoted) == len(lettered) - 1 == 19  # the first paragraph is not indented
    assert quoted == pytest.approx([fmean(lettered)] * len(quoted), abs=0.1)
