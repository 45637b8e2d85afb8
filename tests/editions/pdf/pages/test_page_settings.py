"""The pages of the PDF, as a person sees them: what stands on each, and where."""

from __future__ import annotations

import ctypes
import re
import statistics
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from bifolio import make
from bifolio.build import Made
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.model.errors import UsageError
from tests.conftest import ARTICLE, EVERYTHING, Built, kinds

PAPERS = ["a4", "a5", "a6", "letter", "6x9in", "91x122mm"]


def laid_out(source: Path, into: Path, **asked: object) -> Path:
    """Return the PDF of *source*, made without a finding."""
    made: Made = make(source, into, only="pdf", **asked)  # type: ignore[arg-type]
    assert made.findings == ()
    return made.files[0].path


@pytest.mark.parametrize("paper", PAPERS)
def test_on_every_paper_a_note_stands_on_the_page_that_cites_it(paper: str, tmp_path: Path) -> None:
    marks, notes = [], []
    with pikepdf.open(laid_out(ARTICLE, tmp_path, paper=paper)) as pdf:
        for name, node in kinds(pdf.Root.StructTreeRoot):
            if name == "/Reference":
                marks.append(node.Pg.objgen)
            elif name == "/Note":
                notes.append((marks[-1], node.Pg.objgen))
    assert len(notes) == 7
    assert [mark for mark, _ in notes] == [note for _, note in notes]


def sizes(pdf: Path) -> set[tuple[int, int]]:
    """Return the sizes of the pages in tenths of a point, as they are cut."""
    with pikepdf.open(pdf) as opened:
        boxes = [[float(side) for side in page.trimbox] for page in opened.pages]
    return {(round((right - left) * 10), round((top - low) * 10)) for left, low, right, top in boxes}


@pytest.mark.parametrize(
    ("paper", "width", "height"),
    [("a6", 105, 148), ("A5", 148, 210), ("6x9in", 152.4, 228.6), ("91x122MM", 91, 122)],
)
def test_a_paper_is_named_or_measured_in_mm_or_inches(
    paper: str, width: float, height: float, tmp_path: Path
) -> None:
    made = laid_out(ARTICLE, tmp_path, paper=paper)
    assert sizes(made) == {(round(width * 720 / 25.4), round(height * 720 / 25.4))}


def letters(pdf: Path) -> list[float]:
    """Return the sizes of all letters of the text in *pdf*, in pt."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        text = page.get_textpage()
        for place in range(text.count_chars()):
            if text.get_text_range(place, 1).isalpha():
                found.append(pdfium.FPDFText_GetFontSize(text.raw, place) * 0.75)  # it is drawn in px
    return found


def inks(pdf: Path) -> set[tuple[int, int, int]]:
    """Return the colours of all letters in *pdf*."""
    document, colours = pypdfium2.PdfDocument(pdf), set()
    for page in document:
        text = page.get_textpage()
        for place in range(text.count_chars()):
            parts = [ctypes.c_uint() for _ in range(4)]
            pdfium.FPDFText_GetFillColor(text.raw, place, *map(ctypes.byref, parts))
            colours.add(tuple(part.value for part in parts[:3]))
    return colours  # type: ignore[return-value]


SMALL = """# A `code` of the title

### A `heading` with code

> A quotation with `code`, a [link](https://example.org) and a quotation:
>
> > Words <small>of small `type`</small> and <kbd>Enter</kbd>.
> >
> > | Quoted | table |
> > |---|---|
> > | `code` | [link](https://example.org) |

!!! note "A `title`"
    An admonition with `code`.[^1]

    ```python title="A caption"
    def one(): pass
    ```

| a | b | c | d | e | `f` |
|---|---|---|---|---|---|
| One | two[^2] | `three` | four | five | six |

: A caption with `code`

[^1]: A note with `code` and a [link](https://example.org).
[^2]: A note of a table.
"""


def test_large_print_is_large_in_every_letter(tmp_path: Path, write: Callable[..., Path]) -> None:
    small = write(f"---\ntitle: T\nsubtitle: Below it\nauthor: A\nlanguage: en\n---\n{SMALL}")
    for source in (ARTICLE, EVERYTHING, small):
        sample = letters(make(source, tmp_path, only="pdf", variants=("large-print",)).files[0].path)
        # The raised marks of notes are figures.
        assert min(sample) >= 16
        assert source != ARTICLE or round(statistics.mode(sample), 1) == 18


def test_electronic_ink_gets_its_own_page_in_black_and_white(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    source = write(f"---\ntitle: T\nauthor: A\ndate: 2026\nlanguage: en\n---\n{DRESSED}")
    plain, ink = (
        laid_out(source, tmp_path / "-".join(styles), variants=styles) for styles in ((), ("e-ink",))
    )
    assert len(inks(plain)) > 5
    assert inks(ink) == {(0, 0, 0)}
    assert sizes(ink) == {(round(91 * 720 / 25.4), round(122 * 720 / 25.4))}
    assert sizes(laid_out(source, tmp_path, variants=("e-ink",), paper="a5")) != sizes(ink)


DRESSED = """A [link](https://example.org) and ==marked== words.[^1]

```python
def one(two):  # a comment
    return "three" + 4
```

::: pull-quote
Words

Whose
:::

[^1]: A note.
"""


def test_a_style_that_the_sheet_does_not_name_is_told(tmp_path: Path, write: Callable[..., Path]) -> None:
    source = write("---\ntitle: T\nlanguage: en\n---\nText\n")
    with pytest.raises(UsageError, match="no style `large`") as told:
        make(source, tmp_path, variants=("large",))
    assert "large-print" in told.value.hint
    sheet = tmp_path / "plain.css"
    sheet.write_text(":root { --type-size: huge }")
    with pytest.raises(UsageError, match="--type-size: huge"):
        make(source, tmp_path, style=sheet)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_book_names_its_style_and_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# One\n\nText\n")
    (tmp_path / "plain.css").write_text(":root.tall { --paper: 80x200mm }")
    toml = 'title = "T"\nlanguage = "en"\nfront = []\nstyle = {}\n'
    (tmp_path / "book.toml").write_text(toml.format('["tall", "plain.css"]'))
    assert sizes(laid_out(tmp_path, tmp_path / "out")) == {(2268, 5669)}
    (tmp_path / "book.toml").write_text(toml.format('"e-ink"'))
    assert sizes(laid_out(tmp_path, tmp_path / "out")) == {(2580, 3458)}


BOXES = ("/MediaBox", "/TrimBox", "/BleedBox")


@pytest.mark.parametrize("source", [ARTICLE, EVERYTHING])
def test_marks_for_the_cutter_stand_around_the_page(source: Path, tmp_path: Path) -> None:
    made = laid_out(source, tmp_path, variants=("crop-marks",), paper="a5", cover=True)
    plain = laid_out(source, tmp_path / "plain", paper="a5", cover=True)
    assert sizes(made) == sizes(plain)
    assert run_page_validation(made) == []
    document, unmarked = pypdfium2.PdfDocument(made), pypdfium2.PdfDocument(plain)
    with pikepdf.open(made) as pdf:
        for name in BOXES:
            assert len({tuple(round(float(side), 1) for side in page[name]) for page in pdf.pages}) == 1
        media, trim, bleed = ([float(side) for side in pdf.pages[1][name]] for name in BOXES)
        labels = [page.label for page in pdf.pages]
    assert [round((outer - inner) * 25.4 / 72) for outer, inner in zip(media, trim, strict=True)] == [
        -7, -7, 7, 7,
    ]  # fmt: skip
    assert bleed[0] - trim[0] < -8.5  # 3 mm
    # All that is not white around the cut page, and on it the words that are there without the marks.
    for number, page in enumerate(document):
        words = page.get_textpage().get_text_bounded()
        assert words == unmarked[number].get_textpage().get_text_bounded()
        image = page.render(scale=2).to_pil().convert("L")
        edge = image.crop((0, 0, image.width, 18))
        assert (edge.getextrema()[0] < 100) == bool(words or number == 0), labels[number]
    cover = document[0].render(scale=2).to_pil()
    inside, outside = (cover.getpixel((round(place), cover.height // 3)) for place in (42, 24))
    assert inside == outside != (255, 255, 255)


CODE = """---
title: T
language: en
---
```python {marks}
{code}
```
"""


def arrows(page: pypdfium2.PdfPage) -> int:
    """Count the drawings of three lines that begin with one down and go on to the right."""
    count = 0
    for item in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH]):
        kinds = [
            pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(item.raw, place))
            for place in range(pdfium.FPDFPath_CountSegments(item.raw))
        ]
        move, line = pdfium.FPDF_SEGMENT_MOVETO, pdfium.FPDF_SEGMENT_LINETO
        count += kinds == [move, line, line, move, line, line]
    return count


@pytest.mark.parametrize("marks", ["", 'linenums="1" {2}'])
def test_a_line_of_code_that_goes_on_is_marked_and_the_mark_is_not_copied(
    build: Callable[..., Built], marks: str
) -> None:
    lines = [f"call_{n}(a, b)" if n % 3 else f"long_{n} = " + "word + " * 20 + "end" for n in range(60)]
    lines[30:30] = ["", "", "    # indented"]
    built = build(CODE.replace("{marks}", marks).replace("{code}", "\n".join(lines)))
    assert built.made.findings == ()
    document = pypdfium2.PdfDocument(built.pdf)
    assert len(document) > 1
    shown = [line for page in document for line in page.get_textpage().get_text_bounded().splitlines()]
    shown = [line for line in shown if re.match(r"\s*(call|long|word|end|\+|# ind)", line)]
    turned = len(shown) - sum(1 for line in lines if line)
    assert turned >= 20
    assert sum(map(arrows, document)) == turned
    assert not {"↪", "↳"} & set("".join(shown))


def test_a_long_running_head_is_one_line_that_ends_at_the_margin(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    title = "A very long title that nobody has shortened " * 4
    source = write(f"---\ntitle: {title}\nlanguage: en\n---\n" + "Words and more words. " * 400 + "\n")
    document = pypdfium2.PdfDocument(laid_out(source, tmp_path, paper="a6"))
    assert len(document) > 3
    for number, page in enumerate(document, start=1):
        image = page.render(scale=2).to_pil().convert("L")
        ink = image.point(lambda light: 255 if light < 200 else 0)
        head = ink.crop((0, 0, image.width, int(image.height * 0.085)))
        if number == 1:
            assert head.getbbox() is None
            continue
        left, top, right, bottom = head.getbbox()
        assert bottom - top < 2 * 12  # one line, with its folio beside it
        margin = image.width / 9
        inner = (left, margin) if number % 2 else (image.width - margin, right)
        assert inner[0] >= inner[1] - 4


def test_two_columns_have_their_notes_below_both(tmp_path: Path, write: Callable[..., Path]) -> None:
    words = "Words of the text that go on and on. " * 12
    text = "\n\n".join(f"{words}[^{n}]\n\n[^{n}]: The note {n} of all." for n in range(1, 25))
    table = "| " + " | ".join(f"Column{n}" for n in range(8)) + " |\n" + "|---" * 8 + "|\n"
    table += "| " + " | ".join(f"cell{n}" for n in range(8)) + " |\n"
    source = write(f"---\ntitle: The title of it\nlanguage: en\n---\n{text}\n\n{table}\n\n{words}\n")
    made = make(source, tmp_path, variants=("two-columns",))
    # No word of one edition is missing from the other; eight columns are too many for half a page.
    assert [finding.code for finding in made.findings] == ["table-narrow"]
    document = pypdfium2.PdfDocument(made.files[1].path)
    for page in document:
        letters, middle = page.get_textpage(), page.get_width() / 2
        rects = [letters.get_rect(place) for place in range(letters.count_rects())]
        said = [(rect, letters.get_text_bounded(*rect)) for rect in rects]
        text_lines = [rect for rect, line in said if "go on and" in line]
        notes = [rect for rect, line in said if "The note" in line]
        sides = {rect[0] < middle for rect in text_lines}
        assert sides == {True, False}
        assert all(rect[2] < middle or rect[0] > middle for rect in text_lines)
        if notes:
            assert max(rect[3] for rect in notes) < min(rect[1] for rect in text_lines)
