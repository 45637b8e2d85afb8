"""What the EPUB says of its accessibility, computed from what it holds (EPUB Accessibility 1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bifolio.epub.package.page_list import list_pages, page_source
from bifolio.model.findings import Finding, Severity, Where, found
from bifolio.model.publication import MATH, Picture, Publication, text_of

_SVG = "{http://www.w3.org/2000/svg}svg"
CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


@dataclass(frozen=True, slots=True)
class Accessibility:
    """The metadata of EPUB Accessibility 1.1, 2.2 and 4.1."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    page_source: str
    """What its pages are those of; empty where it has none."""
    conforms: bool
    barriers: tuple[str, ...]
    """What stands against a claim of conformance."""
    findings: tuple[Finding, ...]


def compute_accessibility(publication: Publication, low_contrast: bool = False) -> Accessibility:
    """Compute the accessibility metadata of *publication*; *low_contrast* says that colours are hard to read.

    Conformance is claimed only when every check here passes and somebody answers for it.
    """
    elements = [element for tree, _ in publication.trees() for element in tree.iter()]
    tags = {element.tag for element in elements}
    pictures = [element for element in elements if element.tag == "img"]
    visual = bool(pictures) or _SVG in tags
    barriers = tuple(dict.fromkeys(_barriers(publication)))
    if low_contrast:
        barriers = (*barriers, "a colour that is hard to read")
    described = visual and "a picture without a text" not in barriers
    paged = bool(list_pages(publication))
    in_words = _SVG in tags or any(picture.get("alt") for picture in pictures)
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"]
    for name, has in (
        ("alternativeText", described and in_words),
        ("MathML", MATH in tags),
        ("rubyAnnotations", "ruby" in tags),
        ("index", any(section.role == "index" for section in publication.sections)),
        ("pageNavigation", paged),
        ("pageBreakMarkers", paged),
    ):
        features += [name] if has else []
    textual = not visual or described
    sufficient = (("textual",) if textual else ()) + (("textual,visual",) if visual else ())
    findings = [
        found("accessibility-withheld", Where(publication.source), why=barrier) for barrier in barriers
    ]
    certified = bool(publication.metadata.certifier)
    return Accessibility(
        modes=("textual", "visual") if visual else ("textual",),
        sufficient=sufficient,
        features=tuple(features),
        hazards=("unknown",) if any(map(_moves, publication.pictures)) else ("none",),
        summary=_summary(visual, described, MATH in tags, paged),
        page_source=page_source(publication.metadata) if paged else "",
        conforms=certified and not barriers,
        barriers=barriers,
        findings=tuple(findings) if certified else (),
    )


def _barriers(publication: Publication) -> Iterator[str]:
    """Give what stands against a claim of conformance."""
    reported = {f.code for f in publication.findings if f.severity >= Severity.NOTE}
    for code, barrier in (
        ("alt-missing", "a picture without a text"),
        ("language-missing", "the language is not given"),
        ("title-missing", "the title is not given"),
        ("picture-missing", "a picture is missing"),
    ):
        if code in reported:
            yield barrier
    for tree, _ in publication.trees():
        for link in tree.iter("a"):
            words = text_of(link) + "".join(picture.get("alt", "") for picture in link.iter("img"))
            if "href" in link.attrib and not words.strip():
                yield "a link without words"
        for drawing in tree.iter(_SVG):
            if drawing.find(f"{_SVG[:-3]}title") is None:
                yield "a picture without a text"
        for table in tree.iter("table"):
            if table.find(".//th") is None:
                yield "a table without headers"


def _moves(picture: Picture) -> bool:
    """Say whether *picture* moves in the EPUB, as a GIF alone does; such may flash (WCAG 2.2, 2.3.1)."""
    return picture.moving and picture.media_type == "image/gif"


def _summary(visual: bool, described: bool, formulas: bool, paged: bool) -> str:
    """Return a few sentences for the reader, in English (EPUB Accessibility 1.1, 2.2.2)."""
    parts = ["The text can be read aloud, enlarged and restyled, with contents and headings to go by."]
    if visual:
        parts.append(
            "Every picture is described in words." if described else "Some pictures are not described."
        )
    if formulas:
        parts.append("Formulas are MathML, with their TeX as alternative text.")
    if paged:
        parts.append("It has the page numbers of the printed edition.")
    return " ".join(parts)
