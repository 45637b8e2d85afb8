"""The lines of the PDF: even, with few hyphens, and every word in its place."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from statistics import fmean, median

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


def lines(path: Path, size: float) -> Iterator[tuple[int, str, list[float], float]]:
    """Give the lines set in *size*, from the top: page, text without spaces, its word spaces, right edge."""
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
            scale = raw.FPDFText_GetFontSize(text, place) * abs(matrix.a)
            if abs(scale - size) < 0.1 and not character.isspace():
                letters.append((round(y.value, 1), box.left, box.right, character))
        for _, line in groupby(letters, key=lambda letter: letter[0]):
            row = list(line)
            gaps = [two[1] - one[2] for one, two in pairwise(row)]
            yield number, "".join(one[3] for one in row), [gap for gap in gaps if gap > 1], row[-1][2]


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str, list[float], float]]:
    """The lines of a text of long words on small pages."""
    folder = tmp_path_factory.mktemp("narrow")
    (folder / "text.md").write_text(HEAD + text_of(5, 40), "utf-8")
    made = make(folder / "text.md", folder / "build", paper="75x110mm")
    assert made.findings == ()
    return list(lines(made.files[1].path, 9.0))


def is_hyphenated(text: str) -> bool:
    return text.endswith(HYPHEN)


def test_no_more_than_two_lines_in_a_row_end_with_a_hyphen(
    narrow: list[tuple[int, str, list[float], float]],
) -> None:
    ends = [is_hyphenated(text) for _, text, _, _ in narrow]
    assert sum(ends) > 20
    assert max(len(list(run)) for hyphen, run in groupby(ends) if hyphen) <= 2


def test_no_page_ends_with_a_hyphen(narrow: list[tuple[int, str, list[float], float]]) -> None:
    feet = {page: text for page, text, _, _ in narrow}
    assert len(feet) > 10
    assert not [text for text in feet.values() if is_hyphenated(text)]


def test_the_spaces_of_justified_lines_are_near_their_natural_width(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    made = make(write(HEAD + text_of(5, 40, 0.2)), tmp_path / "build", paper="a5")
    found = list(lines(made.files[1].path, 10.0))
    edge = max(right for *_, right in found)
    full = [fmean(gaps) for *_, gaps, right in found if gaps and right > edge - 1.5]
    natural = median(gap for *_, gaps, right in found for gap in gaps if right < edge - 60)
    # Filled one by one, the same lines have spaces of 1.6 times their natural width.
    assert len(full) > 150
    assert fmean(full) / natural < 1.4
    assert min(full) / natural > 0.65  # some pairs of letters are kerned over the space


def test_a_paragraph_of_every_kind_of_mark_keeps_its_words_in_narrow_lines(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    text = HEAD + marked_text(3) + "\n\n[^n]: A note.\n"
    for paper in ("60x100mm", "75x110mm", "a5"):
        assert make(write(text), tmp_path / paper, paper=paper).findings == ()
