"""Formulas in both editions: MathML and a drawing, each with the TeX for those who listen."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from bifolio import read
from bifolio.checks.compare import compare_files
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built
from tests.unit.model.test_math import SUPPORTED

MATH = "{http://www.w3.org/1998/Math/MathML}math"
FRONT = "---\ntitle: Formulas\nlanguage: en-GB\n---\n\n"
TEXT = (
    FRONT
    + "Let $x^2$ be, for $5 and $10, what $$\\sum_{i=1}^n i$$ {#eq-a} is.[^n]\n\n"
    + "```python\nreturn 1\n```\n\n"
    + "\n\n".join(f"$$\n{tex}\n$$" for tex in SUPPORTED if "\n" not in tex)
    + "\n\n## The $y$ law\n\nSee [it](#eq-a).\n\n[^n]: With $n+1$.\n"
)


@pytest.fixture
def formulas(build: Callable[..., Built]) -> Built:
    return build(TEXT)


def chapter(built: Built) -> Any:
    with zipfile.ZipFile(built.epub) as book:
        return etree.fromstring(book.read(next(n for n in book.namelist() if n.endswith("article.xhtml"))))


def package(built: Built) -> str:
    with zipfile.ZipFile(built.epub) as book:
        return book.read(next(n for n in book.namelist() if n.endswith(".opf"))).decode()


def tagged(built: Built, kind: str) -> list[Any]:
    """Return the alternative text and the box of every structure element of *kind*."""
    with pikepdf.open(built.pdf) as pdf:
        return [
            (str(item.get("/Alt")), [float(side) for side in item.A.BBox] if "/A" in item else [])
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name(kind)
        ]


def test_both_editions_hold_every_formula_with_its_tex(formulas: Built) -> None:
    assert formulas.made.findings == ()
    spoken = [math.get("alttext") for math in chapter(formulas).iter(MATH)]
    assert spoken[:2] == ["x^2", "\\sum_{i=1}^n i"]
    assert len(spoken) == len([tex for tex in SUPPORTED if "\n" not in tex]) + 4
    drawn = tagged(formulas, "/Formula")
    assert sorted(alt for alt, _ in drawn) == sorted(spoken)
    assert all(box[2] > box[0] and box[3] > box[1] for _, box in drawn)


def test_display_says_where_a_formula_stands(formulas: Built) -> None:
    first, second = list(chapter(formulas).iter(MATH))[:2]
    assert (first.get("display"), second.get("display")) == (None, "block")
    assert second.get("id") == "eq-a"
    assert second.find(".//{*}munderover") is not None


def test_the_package_declares_mathml(formulas: Built) -> None:
    assert 'properties="mathml"' in package(formulas)
    assert ">MathML</meta>" in package(formulas)


def test_a_heading_with_a_formula_is_named_by_its_tex(formulas: Built) -> None:
    assert [h.title for h in read(formulas.source).sections[0].headings] == ["The y law"]
    with pikepdf.open(formulas.pdf) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        titles += [child.title for item in outline.root for child in item.children]
    assert "The y law" in titles


def test_source_and_editions_say_the_same(formulas: Built, tmp_path: Path) -> None:
    assert compare_files([formulas.source, formulas.epub, formulas.pdf]) == []
    other = tmp_path / "other.md"
    other.write_text(TEXT.replace("$x^2$", "$x^3$"), "utf-8")
    for edition in (formulas.epub, formulas.pdf):
        assert [f.code for f in compare_files([other, edition])] == ["word-lost"]


def test_variables_of_programs_are_text_in_editions_and_proof(
    build: Callable[..., Built],
) -> None:
    built = build(FRONT + 'Put $HOME/$USER and "$x","$y" at ${A}/${B} or $a *few* words$ by the $n$th.\n')
    assert [element.get("alttext") for element in chapter(built).iter(MATH)] == ["n"]
    assert built.made.findings == ()
    assert compare_files([built.source, built.epub, built.pdf]) == []


@pytest.mark.usefixtures("epubcheck_here")
def test_the_validators_accept_formulas(formulas: Built) -> None:
    assert run_epubcheck([formulas.epub]) == []
    assert run_page_validation(formulas.pdf) == []


def test_a_formula_in_the_line_stands_on_its_baseline(build: Callable[..., Built]) -> None:
    import pypdfium2

    built = build(FRONT + "A $x$ and $y$ H.\n")
    boxes = dict(tagged(built, "/Formula"))
    document = pypdfium2.PdfDocument(built.pdf)
    page = document[0]
    letters = page.get_textpage()
    text = letters.get_text_range()
    baseline = letters.get_charbox(text.rindex("H"))[1]
    letters.close()
    page.close()
    document.close()
    assert abs(boxes["x"][1] - baseline) < 0.5
    assert boxes["y"][1] < baseline - 1


def test_a_wide_formula_stays_within_the_margins(build: Callable[..., Built]) -> None:
    built = build(FRONT + "$$\n" + " + ".join(["x"] * 200) + "\n$$\n")
    ((_, box),) = tagged(built, "/Formula")
    assert box[0] > 40
    assert box[2] < 595 - 40


def test_tex_that_cannot_be_read_is_a_finding_and_stands_as_code(build: Callable[..., Built]) -> None:
    built = build(FRONT + "Let $x$ be\nand $\\foo{y}$ too.\n\n$$\n\\frac{1\n$$\n")
    found = [(f.code, f.where and f.where.line) for f in built.made.findings]
    assert found == [("formula-unreadable", 7), ("formula-unreadable", 10)]
    assert "the command `\\foo` is not known" in built.made.findings[0].message
    assert [code.text for code in chapter(built).iter("{*}code")] == ["\\foo{y}", "\\frac{1"]
    assert compare_files([built.source, built.epub, built.pdf]) == []


@pytest.mark.usefixtures("epubcheck_here")
def test_tex_that_cannot_be_read_breaks_no_edition(build: Callable[..., Built]) -> None:
    built = build(FRONT + "A $$\\foo$$ b.\n\n- $$\\foo$$\n\n## C $\\foo$\n")
    assert {f.code for f in built.made.findings} == {"formula-unreadable"}
    assert run_epubcheck([built.epub]) == []
    assert run_page_validation(built.pdf) == []


@pytest.mark.usefixtures("epubcheck_here")
def test_a_class_of_the_author_makes_no_formula(build: Callable[..., Built]) -> None:
    built = build(FRONT + "::: formula\nWords in a div.\n:::\n")
    assert tagged(built, "/Formula") == []
    assert compare_files([built.source, built.epub, built.pdf]) == []


def test_tex_that_paper_cannot_draw_is_a_finding(build: Callable[..., Built]) -> None:
    built = build(FRONT + "A $\\text{日}$.\n")
    told = [(f.code, f.where and f.where.line) for f in built.made.findings]
    # A machine may have no font for it either.
    assert [finding for finding in told if finding[0] != "glyph-missing"] == [("formula-undrawn", 6)]
    assert chapter(built).find(f".//{MATH}").get("alttext") == "\\text{日}"
    assert compare_files([built.source, built.epub, built.pdf]) == []


def test_libraries_are_imported_where_there_are_formulas_alone() -> None:
    program = (
        "import sys; from pathlib import Path; import tempfile; from bifolio import make\n"
        "folder = Path(tempfile.mkdtemp()); (folder / 'a.md').write_text({!r})\n"
        "make(folder / 'a.md', folder / 'b')\n"
        "sys.exit(bool({{'ziamath', 'latex2mathml', 'pygments'}} & sys.modules.keys()))"
    )
    call = [sys.executable, "-c", program.format(FRONT + "Text for $5.\n")]
    assert subprocess.run(call, check=False).returncode == 0
