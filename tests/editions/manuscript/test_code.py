"""Code in both editions: the same to the letter, read aloud with its title, and seen by every eye."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import tinycss2
from lxml import etree
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from bifolio import read
from bifolio.checks.compare import READERS, compare_files
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.model.publication import text_of
from bifolio.pdf.print_html.html_tree import html_tree
from bifolio.stylesheet import default_path, read_stylesheet
from tests.conftest import Built
from tests.unit.manuscript.markdown.test_highlight import SNIPPETS

XHTML = "{http://www.w3.org/1999/xhtml}"
FRONT = "---\ntitle: Code\nlanguage: en-GB\n---\n\n"
LANGUAGES = sorted(set(SNIPPETS) - {"text"})  # its control characters stand in no edition
ALL = FRONT + "".join(f'```{name} title="{name}.x" {{1}}\n{SNIPPETS[name]}```\n\n' for name in LANGUAGES)


@pytest.fixture
def code(build: Callable[..., Built]) -> Built:
    return build(ALL)


def xhtml(built: Built) -> Any:
    with zipfile.ZipFile(built.epub) as book:
        name = next(name for name in book.namelist() if name.endswith("article.xhtml"))
        return etree.fromstring(book.read(name))


def test_the_text_is_the_same_to_the_letter_in_both_trees(code: Built) -> None:
    written = [SNIPPETS[name] for name in LANGUAGES]
    publication = read(code.source)
    paper = html_tree(publication, publication.sections, {}, {})
    assert [text_of(pre) for pre in paper.iter("pre")] == written
    assert ["".join(pre.itertext()) for pre in xhtml(code).iter(f"{XHTML}pre")] == written


def test_source_and_editions_say_the_same(code: Built) -> None:
    assert code.made.findings == ()
    assert compare_files([code.source, code.epub, code.pdf]) == []


def test_a_letter_lost_from_code_is_found(code: Built, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text(ALL.replace("fn main", "fn man"), "utf-8")
    assert [f.code for f in compare_files([other, code.epub])] == ["word-lost"]


@pytest.mark.usefixtures("epubcheck_here")
def test_the_validators_accept_code(code: Built) -> None:
    assert run_epubcheck([code.epub]) == []
    assert run_page_validation(code.pdf) == []


def test_a_title_is_the_caption_of_its_code(build: Callable[..., Built]) -> None:
    built = build(FRONT + '```c title="a.c"\nint x;\n```\n')
    figure = xhtml(built).find(f".//{XHTML}figure[@class='listing']")
    assert [child.tag.removeprefix(XHTML) for child in figure] == ["figcaption", "pre"]
    assert figure[0].text == "a.c"
    with pikepdf.open(built.pdf) as pdf:
        kinds = [str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
    assert "/Caption" in kinds
    assert "/Code" in kinds


@pytest.mark.usefixtures("epubcheck_here")
def test_numbers_of_lines_are_shown_and_are_no_part_of_the_text(build: Callable[..., Built]) -> None:
    drawn = []
    for numbering in ("", 'linenums="4098" '):
        built = build(FRONT + f'```python {numbering}{{2}}\nfold = """a\n\nb"""\n```\n')
        with pypdfium2.PdfDocument(built.pdf) as pdf:
            drawn.append(sum(1 for _ in pdf[0].get_objects([FPDF_PAGEOBJ_TEXT])))
    assert drawn[1] - drawn[0] >= 3
    for file in (built.epub, built.pdf):
        assert "40" not in READERS[file.suffix](file).text
    (pre,) = xhtml(built).iter(f"{XHTML}pre")
    assert "".join(pre.itertext()) == 'fold = """a\n\nb"""\n'
    numbers = [line.get("data-line-number") for line in pre.iter() if "data-line-number" in line.attrib]
    assert numbers == ["4098", "4099", "4100"]
    with zipfile.ZipFile(built.epub) as book:
        style = next(book.read(name).decode() for name in book.namelist() if name.endswith(".css"))
    assert "attr(data-line-number)" in style
    assert compare_files([built.source, built.epub, built.pdf]) == []
    assert run_page_validation(built.pdf) == run_epubcheck([built.epub]) == []


def test_a_long_line_stays_on_the_page(build: Callable[..., Built]) -> None:

    built = build(FRONT + '```python {1}\nx = "' + "a" * 300 + '"\n```\n')
    document = pypdfium2.PdfDocument(built.pdf)
    page = document[0]
    letters = page.get_textpage()
    rights = [letters.get_charbox(place)[2] for place in range(letters.count_chars())]
    assert max(rights) < page.get_width() * 0.9
    letters.close()
    page.close()
    document.close()


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_of_code_are_readable_on_paper() -> None:
    sheet = default_path().read_text("utf-8")
    colours = dict(re.findall(r"pre \.([a-z]) \{ color: (#[0-9a-f]{6}); \}", sheet))
    assert "pre .marked { border-left-width: 2pt; background: var(--mark); }" in sheet
    background = re.search(r"--mark: (#[0-9a-f]{6});", sheet)
    assert set(colours) == set("kscnfmdi")
    assert background
    for colour in colours.values():
        assert contrast(colour, "#ffffff") >= 4.5
        assert contrast(colour, background.group(1)) >= 4.5


def test_screens_get_no_colours_for_code() -> None:
    screen = read_stylesheet(default_path()).screen
    for rule in tinycss2.parse_stylesheet(screen, True, True):
        if tinycss2.serialize(rule.prelude).startswith("pre ."):
            values = re.findall(r"\b(?:color|background)[^:]*: ([^;]+)", tinycss2.serialize(rule.content))
            assert set(values) <= {"inherit", "transparent"}
    assert re.search(r"pre \.k, pre \.i \{\s*font-weight: bold", screen)
