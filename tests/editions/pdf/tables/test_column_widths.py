"""Tables of many columns: words stay whole, or the table is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
import pytest

from bifolio import make
from bifolio.model.findings import Finding

Write = Callable[..., Path]
HEAD = "---\ntitle: T\nauthor: A\ndate: 2026\nlanguage: en\n---\n"
COUNTRY = (
    "Switzerland", "8700000", "Bern", "German", "Franc", "Confederation", "Europe", "Liechtenstein",
    "temperate", "cantons", "Alps", "Matterhorn",
)  # fmt: skip


def table(cells: Sequence[str]) -> str:
    """Return a table of *cells*, under a head of numbers."""
    rows = [range(len(cells)), ["---"] * len(cells), cells]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows) + "\n"


def narrow(source: Path, into: Path, paper: str) -> tuple[list[Finding], str]:
    """Return the findings for the tables of *source* on *paper*, and the text of the PDF, line by line."""
    made = make(source, into, only="pdf", paper=paper)
    pages = pypdfium2.PdfDocument(made.files[0].path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    assert {finding.code for finding in made.findings} <= {"table-narrow"}
    return list(made.findings), text


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_table_with_broken_words_is_reported_at_its_line(paper: str, tmp_path: Path, write: Write) -> None:
    quoted = "".join(f"> {line}\n" for line in table(COUNTRY + COUNTRY).splitlines())  # it is not turned
    source = write(f"{HEAD}Text\n\n{quoted}")
    [finding], text = narrow(source, tmp_path, paper)
    assert str(finding.where) == f"{source}:9"
    word = finding.message.split("`")[1]
    assert word in COUNTRY
    assert word not in text.split()
    assert "--paper" in finding.hint


def test_nothing_is_reported_if_all_words_fit(tmp_path: Path, write: Write) -> None:
    cells = COUNTRY[:6]
    findings, text = narrow(write(f"{HEAD}{table(cells)}"), tmp_path, "a4")
    assert findings == []
    assert set(cells) <= set(text.split())


@pytest.mark.parametrize(
    "long",
    [
        "0123456789abcdef" * 8,
        f"https://example.org/{'one/' * 30}",
    ],
)
def test_urls_and_digests_may_be_broken(long: str, tmp_path: Path, write: Write) -> None:
    findings, text = narrow(write(f"{HEAD}{table(['one', 'two', long])}"), tmp_path, "a5")
    assert findings == []
    assert long not in text.split()


def test_words_beside_a_url_are_not_broken(tmp_path: Path, write: Write) -> None:
    cells = [*COUNTRY[:4], f"https://example.org/{'one/' * 30}"]
    findings, text = narrow(write(f"{HEAD}{table(cells)}"), tmp_path, "a5")
    assert findings == []
    assert set(COUNTRY[:4]) <= set(text.split())


def test_twelve_columns_fit_a4(tmp_path: Path, write: Write) -> None:
    findings, text = narrow(write(f"{HEAD}{table(COUNTRY)}"), tmp_path, "a4")
    assert findings == []
    assert {"8700000", "Bern", "Franc", "Alps"} <= set(text.split())


@pytest.mark.parametrize("columns", [3, 5, 24])
def test_no_table_runs_off_the_page(columns: int, tmp_path: Path, write: Write) -> None:
    words = [f"{word}ification" for word in COUNTRY * 2][:columns]
    made = make(write(f"{HEAD}{table(words)}\nText\n"), tmp_path, only="pdf", paper="91x122mm")
    page = pypdfium2.PdfDocument(made.files[0].path)[0]
    boxes = [page.get_textpage().get_charbox(place) for place in range(page.get_textpage().count_chars())]
    margin = min(left for left, _, right, _ in boxes if right > left)
    assert max(right for _, _, right, _ in boxes) < page.get_width() - margin + 1


def test_a_cached_section_is_reported_at_its_current_line(tmp_path: Path) -> None:
    book, wide = tmp_path / "book", tmp_path / "book" / "two.md"
    book.mkdir()
    (book / "book.toml").write_text('title = "T"\nlanguage = "en"\nauthor = "A"\nfront = []\n')
    (book / "one.md").write_text("# One\n\nText\n")
    wide.write_text(f"# Two\n\n{table(COUNTRY * 3)}")
    [first], _ = narrow(book, tmp_path / "out", "a5")
    assert str(first.where) == f"{wide}:3"
    wide.write_text(f"\n\n# Two\n\n{table(COUNTRY * 3)}")
    (book / "one.md").write_text("# One\n\nOther text\n")
    [again], _ = narrow(book, tmp_path / "out", "a5")
    assert str(again.where) == f"{wide}:5"
    assert again.message == first.message
