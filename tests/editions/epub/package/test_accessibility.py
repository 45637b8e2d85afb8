"""What an EPUB says of its accessibility, against what it holds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from bifolio import make
from bifolio.epub.resources.contrast import contrast
from tests.conftest import Built

X = "{http://www.w3.org/1999/xhtml}"
M = "{http://www.w3.org/1998/Math/MathML}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FRONT = "---\ntitle: T\nlanguage: en\ncertifier: Us\n---\n"
CLAIM = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


def said(path: Path) -> dict[str, list[str]]:
    """Return what the package says, by property without its prefix."""
    root = etree.fromstring(zipfile.ZipFile(path).read("EPUB/content.opf"))
    found: dict[str, list[str]] = {}
    for meta in root.iter("{http://www.idpf.org/2007/opf}meta"):
        found.setdefault(meta.get("property", "").partition(":")[2], []).append(meta.text or "")
    return found


def page(path: Path, name: str = "article.xhtml") -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(path).read(f"EPUB/{name}"))


def gif(frames: int) -> bytes:
    images = [Image.new("L", (8, 8), 40 * n) for n in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "modes", "sufficient", "features"),
    [
        ("Words.", ["textual"], ["textual"], set()),
        ("![A dot.](a.gif)", ["textual", "visual"], ["textual", "textual,visual"], {"alternativeText"}),
        ('![](a.gif){alt=""}', ["textual", "visual"], ["textual", "textual,visual"], set()),
        ("![](a.gif)", ["textual", "visual"], ["textual,visual"], set()),
        ("Is $x^2$ so?", ["textual"], ["textual"], {"MathML"}),
        ("<ruby>漢<rt>kan</rt></ruby>", ["textual"], ["textual"], {"rubyAnnotations"}),
    ],
)
def test_modes_and_features_are_those_of_the_content(
    build: Callable[..., Built], text: str, modes: list[str], sufficient: list[str], features: set[str]
) -> None:
    told = said(build(FRONT + text, a__gif=gif(1)).epub)
    always = {"structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"}
    always |= {"pageNavigation", "pageBreakMarkers"}
    assert (told["accessMode"], told["accessModeSufficient"]) == (modes, sufficient)
    assert set(told["accessibilityFeature"]) == always | features
    assert told["accessibilityHazard"] == ["none"]


def test_a_picture_that_moves_may_be_a_hazard(build: Callable[..., Built]) -> None:
    assert said(build(FRONT + "![A dot.](a.gif)", a__gif=gif(3)).epub)["accessibilityHazard"] == ["unknown"]


def test_the_summary_says_what_there_is_and_in_what_language(build: Callable[..., Built]) -> None:
    built = build(FRONT.replace("en", "ar", 1) + "نص $x$ ![](a.gif)\n", a__gif=gif(1))
    root = etree.fromstring(zipfile.ZipFile(built.epub).read("EPUB/content.opf"))
    [summary] = [m for m in root.iter() if m.get("property") == "schema:accessibilitySummary"]
    assert summary.text == (
        "The text can be read aloud, enlarged and restyled, with contents and headings to go by. Some "
        "pictures are not described. Formulas are MathML, with their TeX as alternative text. It has the "
        "page numbers of the printed edition."
    )
    assert summary.get(LANG) == "en"


def test_conformance_is_claimed_where_somebody_answers_for_it(build: Callable[..., Built]) -> None:
    told = said(build(FRONT + "Words.").epub)
    assert (told["conformsTo"], told["certifiedBy"]) == ([CLAIM], ["Us"])
    told = said(build(FRONT.replace("certifier: Us\n", "") + "Words.").epub)
    assert "conformsTo" not in told
    assert "certifiedBy" not in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("![](a.gif)", "a picture without a text"),
        ("[](https://example.org/)", "a link without words"),
        ('[![](a.gif){alt=""}](https://example.org/)', "a link without words"),
        ("<table><tr><td>1</td></tr></table>", "a table without headers"),
        ("![Words.](none.gif)", "a picture is missing"),
    ],
)
def test_a_barrier_withholds_the_claim(build: Callable[..., Built], text: str, why: str) -> None:
    built = build(FRONT + text + "\n", a__gif=gif(1))
    assert "conformsTo" not in said(built.epub)
    assert f"The EPUB does not claim to conform to EPUB Accessibility 1.1: {why}." in [
        finding.message for finding in built.made.findings if finding.code == "accessibility-withheld"
    ]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#777777", "#ffffff", 4.48),
     ("#ff0000", "#ffffff", 4.0), ("#123456", "#123456", 1.0)],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    colours = [tuple(int(text[n : n + 2], 16) / 255 for n in (1, 3, 5)) for text in (one, other)]
    assert round(contrast(*colours), 2) == ratio  # type: ignore[arg-type]
    assert contrast(*colours) == contrast(*reversed(colours))  # type: ignore[arg-type]


TEXT = FRONT + (
    "## A heading\n\n[A word]{.warn} and [a link](https://example.org/){.link}.\n\n"
    "::: box\nIn a box, **bold**.\n:::\n"
)


@pytest.mark.parametrize(
    ("sheet", "faults"),
    [
        ("", []),
        (".warn { color: #757575 }", ["color: #757575 .warn 4.06 dark 4.5"]),
        (".warn { color: #777 }", ["color: #777 .warn 4.47 light 4.5", "color: #777 .warn 4.18 dark 4.5"]),
        (".warn { color: #000 }", ["color: #000 .warn 1.12 dark 4.5"]),
        (".warn { color: #000; background: #fff }", []),
        (".warn { color: #666; background-color: #999 }",
         ["color: #666 .warn 2.01 light 4.5", "color: #666 .warn 2.01 dark 4.5"]),
        (".box { background: #eee }", ["background: #eee .box 1.16 dark 4.5"]),
        (".box { background: #333 } .box p { color: #eee } .box strong { color: inherit }", []),
        (".box { background: #333 } .box p { color: #eee } .box strong { color: #555 }",
         ["color: #555 .box strong 1.69 light 4.5", "color: #555 .box strong 1.69 dark 4.5"]),
        ("h2 { color: #d00000 }", []),
        ("h2 { color: #d00000; font-size: 1em }", ["color: #d00000 h2 3.28 dark 4.5"]),
        ("h2 { color: #d00000; font-size: 1.4em; font-weight: normal }", ["color: #d00000 h2 3.28 dark 4.5"]),
        ("h2 { color: #d00000; font-size: 1.5em; font-weight: normal }", []),
        ("h2 { color: #700 }", ["color: #700 h2 1.59 dark 3"]),
        (".warn { opacity: 0.4 }", ["opacity: 0.4 .warn 2.84 light 4.5", "opacity: 0.4 .warn 3.82 dark 4.5"]),
        (".warn { opacity: 0.4 } span.warn { opacity: 1 }", []),
        (".warn { color: #000 } span.warn { color: #fff; background: rgba(0, 0, 0, 0.9) }", []),
        (".nowhere { color: #000 } .box { color: inherit; background: transparent }", []),
        ("@media print { .warn { color: #000 } }", []),
        (".link { background: #fff }", []),
        (".warn::before { content: 'x'; color: #000 }", ["color: #000 .warn::before 1.12 dark 4.5"]),
    ],
)  # fmt: skip
def test_colours_are_measured_by_day_and_by_night(
    write: Callable[..., Path], tmp_path: Path, sheet: str, faults: list[str]
) -> None:
    style = tmp_path / "own.css"
    style.write_text(f"\n{sheet}\n", "utf-8")
    made = make(write(TEXT), tmp_path / "build", only="epub", style=style)
    faint = [finding for finding in made.findings if finding.code == "css-contrast"]
    form = r"The contrast of `(.+)` for `(.+)` is (.+?)0?:1 on a (.+) page; it should be at least (.+):1\."
    assert [re.sub(form, r"\1 \2 \3 \4 \5", finding.message) for finding in faint] == sorted(faults)
    assert {(f.where.file, f.where.line) for f in faint if f.where} == ({(style, 2)} if faint else set())
    assert ("conformsTo" in said(made.files[0].path)) == (not faults)


def test_headers_of_tables_say_of_what_they_are(build: Callable[..., Built]) -> None:
    rows = "<table>\n<tr><th>A</th><th>B</th></tr>\n<tr><th>x</th><td>1</td></tr>\n</table>\n"
    built = build(FRONT + rows + "\n| C | D |\n|---|---|\n| 1 | 2 |\n")
    scopes = [(cell.text, cell.get("scope")) for cell in page(built.epub).iter(f"{X}th")]
    assert scopes == [("A", "col"), ("B", "col"), ("x", "row"), ("C", "col"), ("D", "col")]


def test_formulas_are_said_and_parts_have_their_language(build: Callable[..., Built]) -> None:
    root = page(build(FRONT + "Is $a^2$ [ainsi]{lang=fr}?\n\n$$\\frac{1}{2}$$\n").epub)
    assert [formula.get("alttext") for formula in root.iter(f"{M}math")] == ["a^2", r"\frac{1}{2}"]
    [french] = [span for span in root.iter(f"{X}span") if span.text == "ainsi"]
    assert (french.get("lang"), french.get(LANG)) == ("fr", "fr")
    assert (root.get("lang"), root.get(LANG)) == ("en", "en")


def test_every_part_of_a_book_has_its_role_and_its_name(everything: Built) -> None:
    with zipfile.ZipFile(everything.epub) as book:
        trees = [etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")]
    ids = {element.get("id") for tree in trees for element in tree.iter()}
    roles = set()
    for tree in trees:
        levels = [
            int(e.tag[-1]) for e in tree.iter() if str(e.tag).removeprefix(X) in ("h1", "h2", "h3", "h4")
        ]
        assert levels[:1] in ([], [1])
        assert all(after <= before + 1 for before, after in pairwise(levels))
        for element in tree.iter(f"{X}section", f"{X}nav"):
            roles.add(element.get("role"))
            named = element.get("aria-label") or element.get("aria-labelledby") in ids
            assert named or element.find(f".//{X}h1") is not None or element.find(f".//{X}h2") is not None
    assert roles >= {"doc-chapter", "doc-preface", "doc-toc", "doc-pagelist", "doc-endnotes"}
