"""What the EPUB says of its accessibility, computed from what it holds (EPUB Accessibility 1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bifolio.epub.page_list import pages_of, source_of_pages
from bifolio.findings import Finding, Severity, Where, found
from bifolio.publication import MATH, Publication, text_of

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


def describe(publication: Publication) -> Accessibility:
    """Compute the accessibility metadata of *publication*.

    Conformance is claimed only when every check here passes and somebody answers for it.
    """
    pictures = [e for tree, _ in publication.trees() for e in tree.iter("img")]
    drawings = [e for tree, _ in publication.trees() for e in tree.iter("{http://www.w3.org/2000/svg}svg")]
    visual = bool(pictures or drawings)
    barriers = tuple(dict.fromkeys(_barriers(publication)))
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"]
    described = visual and "a picture without a text" not in barriers
    if described:
        features.append("alternativeText")
    if any(True for tree, _ in publication.trees() for _ in tree.iter(MATH)):
        features.append("MathML")
    paged = bool(pages_of(publication))
    if paged:
        features += ["pageNavigation", "pageBreakMarkers"]
    moving = any(picture.media_type == "image/gif" for picture in publication.pictures)
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
        hazards=("unknown",) if moving else ("none",),
        summary=_summary(visual, described),
        page_source=source_of_pages(publication.metadata) if paged else "",
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
            if "href" in link.attrib and not text_of(link).strip() and link.find(".//img") is None:
                yield "a link without words"
        for drawing in tree.iter("{http://www.w3.org/2000/svg}svg"):
            if drawing.find("{http://www.w3.org/2000/svg}title") is None:
                yield "a picture without a text"
        for table in tree.iter("table"):
            if table.find(".//th") is None:
                yield "a table without headers"


def _summary(visual: bool, described: bool) -> str:
    """Return a sentence for the reader (EPUB Accessibility 1.1, 2.2.2)."""
    text = "The text can be read aloud, enlarged and restyled, with contents and headings to go by."
    if visual and described:
        return f"{text} Every picture is described in words."
    if visual:
        return f"{text} Some pictures are not described."
    return text
