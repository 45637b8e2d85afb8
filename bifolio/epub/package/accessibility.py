"""Computes the accessibility metadata of an EPUB from its content (EPUB Accessibility 1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bifolio.epub.package.page_list import list_pages, page_source
from bifolio.model.findings import Finding, Severity, Where, found
from bifolio.model.publication import MATH, Picture, Publication, text_of

_SVG = "{http://www.w3.org/2000/svg}svg"
CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
_FEATURES = ("structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability")
"""The features that every EPUB has."""
_IMAGE_WITHOUT_TEXT = "a picture without a text"


@dataclass(frozen=True, slots=True)
class Accessibility:
    """The metadata of EPUB Accessibility 1.1, 2.2 and 4.1."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    page_source: str
    """The source of the page list; empty if there is none."""
    conforms: bool
    barriers: tuple[str, ...]
    """The reasons why conformance cannot be claimed."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """The kinds of content in a publication that its metadata depend on."""

    has_images: bool
    has_image_texts: bool
    """Whether at least one image has an alternative text."""
    are_images_described: bool
    """Whether there are images, and every image has a text or is marked as decorative."""
    has_math: bool
    has_ruby: bool
    has_index: bool
    has_pages: bool


def compute_accessibility(publication: Publication, low_contrast: bool = False) -> Accessibility:
    """Return the accessibility metadata of *publication*.

    *low_contrast* says whether colours in the stylesheet fail WCAG 2.2, 1.4.3. Conformance is claimed only if
    there are no barriers and the metadata name a certifier.
    """
    barriers = tuple(dict.fromkeys(_barriers(publication)))
    if low_contrast:
        barriers = (*barriers, "a colour that is hard to read")
    content = _survey(publication, barriers)
    is_certified = bool(publication.metadata.certifier)
    where = Where(publication.source)
    findings = tuple(found("accessibility-withheld", where, why=barrier) for barrier in barriers)
    return Accessibility(
        modes=("textual", "visual") if content.has_images else ("textual",),
        sufficient=_sufficient_modes(content),
        features=_features(content),
        hazards=("unknown",) if any(map(_is_animated, publication.pictures)) else ("none",),
        summary=_summary(content),
        page_source=page_source(publication.metadata) if content.has_pages else "",
        conforms=is_certified and not barriers,
        barriers=barriers,
        findings=findings if is_certified else (),
    )


def _survey(publication: Publication, barriers: Sequence[str]) -> _Content:
    elements = [element for tree, _ in publication.trees() for element in tree.iter()]
    tags = {element.tag for element in elements}
    images = [element for element in elements if element.tag == "img"]
    has_images = bool(images) or _SVG in tags
    return _Content(
        has_images=has_images,
        has_image_texts=_SVG in tags or any(image.get("alt") for image in images),
        are_images_described=has_images and _IMAGE_WITHOUT_TEXT not in barriers,
        has_math=MATH in tags,
        has_ruby="ruby" in tags,
        has_index=any(section.role == "index" for section in publication.sections),
        has_pages=bool(list_pages(publication)),
    )


def _features(content: _Content) -> tuple[str, ...]:
    optional = {
        "alternativeText": content.are_images_described and content.has_image_texts,
        "MathML": content.has_math,
        "rubyAnnotations": content.has_ruby,
        "index": content.has_index,
        "pageNavigation": content.has_pages,
        "pageBreakMarkers": content.has_pages,
    }
    return (*_FEATURES, *(name for name, is_present in optional.items() if is_present))


def _sufficient_modes(content: _Content) -> tuple[str, ...]:
    if not content.has_images:
        return ("textual",)
    return ("textual", "textual,visual") if content.are_images_described else ("textual,visual",)


def _barriers(publication: Publication) -> Iterator[str]:
    """Yield the reasons why conformance cannot be claimed."""
    reported = {f.code for f in publication.findings if f.severity >= Severity.NOTE}
    for code, barrier in (
        ("alt-missing", _IMAGE_WITHOUT_TEXT),
        ("language-missing", "the language is not given"),
        ("title-missing", "the title is not given"),
        ("picture-missing", "a picture is missing"),
    ):
        if code in reported:
            yield barrier
    for tree, _ in publication.trees():
        for link in tree.iter("a"):
            text = text_of(link) + "".join(image.get("alt", "") for image in link.iter("img"))
            if "href" in link.attrib and not text.strip():
                yield "a link without words"
        for drawing in tree.iter(_SVG):
            if drawing.find(f"{_SVG[:-3]}title") is None:
                yield _IMAGE_WITHOUT_TEXT
        for table in tree.iter("table"):
            if table.find(".//th") is None:
                yield "a table without headers"


def _is_animated(picture: Picture) -> bool:
    """Return whether *picture* is animated in the EPUB, where it could flash (WCAG 2.2, 2.3.1).

    Only GIF stays animated; other formats keep their first frame.
    """
    return picture.moving and picture.media_type == "image/gif"


def _summary(content: _Content) -> str:
    """Return a few sentences for the reader, in English (EPUB Accessibility 1.1, 2.2.2)."""
    parts = ["The text can be read aloud, enlarged and restyled, with contents and headings to go by."]
    if content.has_images:
        is_described = content.are_images_described
        parts.append(
            "Every picture is described in words." if is_described else "Some pictures are not described."
        )
    if content.has_math:
        parts.append("Formulas are MathML, with their TeX as alternative text.")
    if content.has_pages:
        parts.append("It has the page numbers of the printed edition.")
    return " ".join(parts)
