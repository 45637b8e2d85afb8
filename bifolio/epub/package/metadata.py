"""What the package says of the publication (EPUB 3.3, 5.5)."""

from __future__ import annotations

from ebooklib import epub

from bifolio.epub.package.accessibility import CONFORMS, Accessibility
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Metadata

COVER = "cover"
"""The id of the cover in the manifest."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_metadata(book: epub.EpubBook, metadata: Metadata, access: Accessibility) -> None:
    """Write *metadata* and *access* into *book*."""
    book.IDENTIFIER_ID = "identifier"
    book.set_identifier(metadata.identifier)
    book.language = metadata.language
    if direction(metadata.language) == "rtl":
        book.direction = "rtl"  # pages are turned the other way
    _say(book, "title", metadata.title, id="main-title")
    _mean(book, "main", "title-type", "main-title")
    if metadata.subtitle:
        _say(book, "title", metadata.subtitle, id="subtitle")
        _mean(book, "subtitle", "title-type", "subtitle")
    _say(book, "language", metadata.language)
    _name_people(book, metadata)
    _name_series(book, metadata)
    _say(book, "source", metadata.pdf_identifier)
    _say(book, "date", metadata.date)
    _say(book, "description", metadata.description)
    for keyword in metadata.keywords:
        _say(book, "subject", keyword)
    _say(book, "publisher", metadata.publisher)
    if metadata.edition:
        _mean(book, metadata.edition, "schema:bookEdition")
    _say(book, "rights", metadata.rights)
    # Kindle and Kobo, and readers of EPUB 2, look for the cover by this.
    book.add_metadata(None, "meta", "", {"name": "cover", "content": COVER})
    _describe_access(book, metadata, access)


def _say(book: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    """Add an element of Dublin Core."""
    if value:
        book.add_metadata("DC", name, value, attributes)


def _mean(book: epub.EpubBook, value: str, meaning: str, of: str = "") -> None:
    """Add a property, of the element whose id is *of* or of the whole (EPUB 3.3, 5.5.4)."""
    refines = {"refines": f"#{of}"} if of else {}
    book.add_metadata(None, "meta", value, {"property": meaning, **refines})


def _name_people(book: epub.EpubBook, metadata: Metadata) -> None:
    for number, author in enumerate(metadata.authors, start=1):
        _say(book, "creator", author, id=f"author-{number}")
        _mean(book, "aut", "role", f"author-{number}")
    for number, person in enumerate(metadata.contributors, start=1):
        _say(book, "contributor", person.name, id=f"contributor-{number}")
        _mean(book, person.code, "role", f"contributor-{number}")


def _name_series(book: epub.EpubBook, metadata: Metadata) -> None:
    if not metadata.series:
        return
    book.add_metadata(None, "meta", metadata.series, {"property": "belongs-to-collection", "id": "series"})
    _mean(book, "series", "collection-type", "series")
    if metadata.position:
        _mean(book, metadata.position, "group-position", "series")


def _describe_access(book: epub.EpubBook, metadata: Metadata, access: Accessibility) -> None:
    """Write what EPUB Accessibility 1.1, 2.2 and 4.1, wants."""
    for mode in access.modes:
        _mean(book, mode, "schema:accessMode")
    for modes in access.sufficient:
        _mean(book, modes, "schema:accessModeSufficient")
    for feature in access.features:
        _mean(book, feature, "schema:accessibilityFeature")
    for hazard in access.hazards:
        _mean(book, hazard, "schema:accessibilityHazard")
    summary = {"property": "schema:accessibilitySummary", _LANG: "en"}  # whatever the language of the book
    book.add_metadata(None, "meta", access.summary, summary)
    if access.page_source:
        _mean(book, access.page_source, "pageBreakSource")
    if access.conforms:
        book.add_metadata(None, "meta", CONFORMS, {"property": "dcterms:conformsTo", "id": "conformance"})
        _mean(book, metadata.certifier, "a11y:certifiedBy", "conformance")
