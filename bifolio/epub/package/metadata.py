"""Writes the metadata of the package document (EPUB 3.3, 5.5)."""

from __future__ import annotations

from ebooklib import epub

from bifolio.epub.package.accessibility import CONFORMS, Accessibility
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Metadata

COVER = "cover"
"""The id of the cover in the manifest."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_metadata(book: epub.EpubBook, metadata: Metadata, accessibility: Accessibility) -> None:
    """Add *metadata* and *accessibility* to *book*."""
    book.IDENTIFIER_ID = "identifier"
    book.set_identifier(metadata.identifier)
    book.language = metadata.language
    if direction(metadata.language) == "rtl":
        book.direction = "rtl"  # pages are turned the other way
    _add_dublin_core(book, "title", metadata.title, id="main-title")
    _add_property(book, "main", "title-type", "main-title")
    if metadata.subtitle:
        _add_dublin_core(book, "title", metadata.subtitle, id="subtitle")
        _add_property(book, "subtitle", "title-type", "subtitle")
    _add_dublin_core(book, "language", metadata.language)
    _add_contributors(book, metadata)
    _add_series(book, metadata)
    _add_dublin_core(book, "source", metadata.pdf_identifier)
    _add_dublin_core(book, "date", metadata.date)
    _add_dublin_core(book, "description", metadata.description)
    for keyword in metadata.keywords:
        _add_dublin_core(book, "subject", keyword)
    _add_dublin_core(book, "publisher", metadata.publisher)
    if metadata.edition:
        _add_property(book, metadata.edition, "schema:bookEdition")
    _add_dublin_core(book, "rights", metadata.rights)
    # Kindle, Kobo and EPUB 2 readers find the cover by this.
    book.add_metadata(None, "meta", "", {"name": "cover", "content": COVER})
    _add_accessibility(book, metadata, accessibility)


def _add_dublin_core(book: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    """Add a Dublin Core element, unless *value* is empty."""
    if value:
        book.add_metadata("DC", name, value, attributes)


def _add_property(book: epub.EpubBook, value: str, name: str, refined_id: str = "") -> None:
    """Add the property *name*, of the element with the id *refined_id* or of the book (EPUB 3.3, 5.5.4)."""
    refines = {"refines": f"#{refined_id}"} if refined_id else {}
    book.add_metadata(None, "meta", value, {"property": name, **refines})


def _add_contributors(book: epub.EpubBook, metadata: Metadata) -> None:
    for number, author in enumerate(metadata.authors, start=1):
        _add_dublin_core(book, "creator", author, id=f"author-{number}")
        _add_property(book, "aut", "role", f"author-{number}")
    for number, person in enumerate(metadata.contributors, start=1):
        _add_dublin_core(book, "contributor", person.name, id=f"contributor-{number}")
        _add_property(book, person.code, "role", f"contributor-{number}")


def _add_series(book: epub.EpubBook, metadata: Metadata) -> None:
    if not metadata.series:
        return
    book.add_metadata(None, "meta", metadata.series, {"property": "belongs-to-collection", "id": "series"})
    _add_property(book, "series", "collection-type", "series")
    if metadata.position:
        _add_property(book, metadata.position, "group-position", "series")


def _add_accessibility(book: epub.EpubBook, metadata: Metadata, accessibility: Accessibility) -> None:
    """Add the metadata of EPUB Accessibility 1.1, 2.2 and 4.1."""
    for mode in accessibility.modes:
        _add_property(book, mode, "schema:accessMode")
    for modes in accessibility.sufficient:
        _add_property(book, modes, "schema:accessModeSufficient")
    for feature in accessibility.features:
        _add_property(book, feature, "schema:accessibilityFeature")
    for hazard in accessibility.hazards:
        _add_property(book, hazard, "schema:accessibilityHazard")
    summary = {"property": "schema:accessibilitySummary", _LANG: "en"}  # whatever the language of the book
    book.add_metadata(None, "meta", accessibility.summary, summary)
    if accessibility.page_source:
        _add_property(book, accessibility.page_source, "pageBreakSource")
    if accessibility.conforms:
        book.add_metadata(None, "meta", CONFORMS, {"property": "dcterms:conformsTo", "id": "conformance"})
        _add_property(book, metadata.certifier, "a11y:certifiedBy", "conformance")
