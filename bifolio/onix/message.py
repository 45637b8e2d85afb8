"""Writes an ONIX for Books 3.0 message with reference names: one product for each edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bifolio.epub.package.accessibility import Accessibility, compute_accessibility
from bifolio.epub.package.dates import modification_date
from bifolio.epub.package.page_list import insert_page_markers
from bifolio.model.publication import Contributor, Edition, Metadata, Publication
from bifolio.onix.code_lists import FEATURES, FORMATS, PDF_FEATURES, contributor_role, language_codes

_NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
_ISBN = "urn:isbn:"
_COPYRIGHT = re.compile(
    r"(?:\N{COPYRIGHT SIGN}|\(c\)|\bcopyright\b)[\s\N{COPYRIGHT SIGN}]*(\d{4}),?\s+"
    r"(?:by\s+)?([^\d\W][^.;,:\n]*)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>]+[^\s<>.,;:)]")


def onix_message(publication: Publication, editions: Sequence[Edition]) -> bytes:
    """Return the message on *editions* of *publication*, as XML in UTF-8.

    `SentDateTime` is the modification date of the EPUB. Raises UsageError if SOURCE_DATE_EPOCH is not a
    number of seconds.
    """
    metadata = publication.metadata
    page_breaks = [each for edition in editions for each in edition.page_breaks]
    low_contrast = any(finding.code == "css-contrast" for edition in editions for finding in edition.findings)
    accessibility = compute_accessibility(insert_page_markers(publication, page_breaks), low_contrast)
    root = Element("ONIXMessage", {"xmlns": _NAMESPACE, "release": "3.0"})
    header = _add_composite(root, "Header")
    _add_composite(header, "Sender", SenderName=_publisher(metadata) or "Bifolio")
    _add_texts(header, SentDateTime=f"{modification_date(metadata):%Y%m%dT%H%M%SZ}")
    kinds = [edition.kind for edition in editions]
    for edition in editions:
        product = _add_composite(root, "Product")
        _add_texts(product, RecordReference=_identifier(metadata, edition.kind))
        _add_texts(product, NotificationType="03")  # confirmed on publication
        _add_product_identifier(product, metadata, edition.kind)
        _add_descriptive_detail(product, publication, edition, accessibility)
        if metadata.description:
            content = _add_composite(_add_composite(product, "CollateralDetail"), "TextContent")
            _add_texts(content, TextType="03", ContentAudience="00", Text=metadata.description)
        if _publisher(metadata):
            _add_publishing_detail(product, metadata)
        _add_related_material(product, metadata, [kind for kind in kinds if kind != edition.kind])
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_texts(parent: Element, **texts: str) -> None:
    """Add an element to *parent* for each of *texts* that is not empty, in order."""
    for name, text in texts.items():
        if text:
            SubElement(parent, name).text = text


def _add_composite(parent: Element, name: str, **texts: str) -> Element:
    """Add the composite *name* with the elements *texts* to *parent*; return it."""
    element = SubElement(parent, name)
    _add_texts(element, **texts)
    return element


def _identifier(metadata: Metadata, kind: str) -> str:
    """Return a unique identifier of the edition: its own, or that of the EPUB with a suffix."""
    if kind == "epub":
        return metadata.identifier
    own = metadata.pdf_identifier
    return own if own not in ("", metadata.identifier) else f"{metadata.identifier}#{kind}"


def _add_product_identifier(parent: Element, metadata: Metadata, kind: str) -> None:
    """Add the identifier of an edition: an ISBN (list 5, code 15), or a URI as a proprietary one."""
    identifier = _identifier(metadata, kind)
    isbn = identifier.removeprefix(_ISBN)
    if identifier.startswith(_ISBN) and "#" not in identifier:
        _add_composite(parent, "ProductIdentifier", ProductIDType="15", IDValue=_isbn_13(isbn))
    else:
        _add_composite(parent, "ProductIdentifier", ProductIDType="01", IDTypeName="URI", IDValue=identifier)


def _isbn_13(isbn: str) -> str:
    """Return *isbn*, of 10 or 13 digits, as an ISBN-13 (ISO 2108)."""
    if len(isbn) == 13:
        return isbn
    body = f"978{isbn[:9]}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _add_descriptive_detail(
    product: Element, publication: Publication, edition: Edition, accessibility: Accessibility
) -> None:
    """Add block 1: form, accessibility, title, contributors, language, extent and subjects."""
    metadata = publication.metadata
    form, version = FORMATS[edition.kind]
    block = _add_composite(
        product, "DescriptiveDetail", ProductComposition="00", ProductForm="EA", ProductFormDetail=form
    )
    _add_composite(block, "ProductFormFeature", ProductFormFeatureType="15", ProductFormFeatureValue=version)
    for code, description in _accessibility_codes(edition.kind, accessibility, metadata):
        _add_composite(
            block, "ProductFormFeature", ProductFormFeatureType="09", ProductFormFeatureValue=code,
            ProductFormFeatureDescription=description,
        )  # fmt: skip
    _add_texts(block, PrimaryContentType="10", EpubTechnicalProtection="00")
    _add_license(block, metadata.rights)
    _add_titles(block, metadata)
    _add_contributors(block, metadata)
    _add_texts(block, EditionStatement=metadata.edition)
    _add_composite(block, "Language", LanguageRole="01", **language_codes(metadata.language))
    if edition.pages:
        _add_composite(block, "Extent", ExtentType="07", ExtentValue=str(edition.pages), ExtentUnit="03")
    _add_composite(block, "Extent", ExtentType="02", ExtentValue=str(publication.words()), ExtentUnit="02")
    if metadata.keywords:
        keywords = "; ".join(metadata.keywords)
        _add_composite(block, "Subject", SubjectSchemeIdentifier="20", SubjectHeadingText=keywords)


def _accessibility_codes(
    kind: str, accessibility: Accessibility, metadata: Metadata
) -> Iterable[tuple[str, str]]:
    """Yield the codes of list 196 for an edition, each with a description or an empty string."""
    if kind == "epub":
        yield "00", accessibility.summary
        if accessibility.conforms:
            # EPUB Accessibility 1.1, WCAG 2.2, level AA, certifier.
            yield from (("04", ""), ("82", ""), ("85", ""), ("90", metadata.certifier))
    elif not accessibility.barriers:
        yield "05", ""  # PDF/UA-1
    for feature in accessibility.features:
        if feature in FEATURES and (kind == "epub" or feature in PDF_FEATURES):
            yield FEATURES[feature], ""
    if "textual" in accessibility.sufficient:
        yield "52", ""


def _add_license(block: Element, rights: str) -> None:
    """Add the rights statement, with the URL in it if there is one."""
    if not rights:
        return
    license_ = _add_composite(block, "EpubLicense", EpubLicenseName=rights)
    url = _URL.search(rights)
    if url:
        _add_composite(
            license_, "EpubLicenseExpression", EpubLicenseExpressionType="01",
            EpubLicenseExpressionLink=url.group(),
        )  # fmt: skip


def _add_titles(block: Element, metadata: Metadata) -> None:
    """Add the series with the number in it, then the title."""
    if metadata.series:
        series = _add_composite(
            _add_composite(block, "Collection", CollectionType="10"), "TitleDetail", TitleType="01"
        )
        if metadata.position:
            _add_composite(series, "TitleElement", TitleElementLevel="01", PartNumber=metadata.position)
        _add_composite(series, "TitleElement", TitleElementLevel="02", TitleText=metadata.series)
    title = _add_composite(block, "TitleDetail", TitleType="01")
    _add_composite(
        title, "TitleElement", TitleElementLevel="01", TitleText=metadata.title, Subtitle=metadata.subtitle
    )


def _add_contributors(block: Element, metadata: Metadata) -> None:
    authors = [Contributor(name, "author", "aut") for name in metadata.authors]
    contributors = [*authors, *metadata.contributors]
    for number, person in enumerate(contributors, start=1):
        _add_composite(
            block, "Contributor", SequenceNumber=str(number), ContributorRole=contributor_role(person),
            PersonName=person.name,
        )  # fmt: skip
    if not contributors:
        SubElement(block, "NoContributor")


def _publisher(metadata: Metadata) -> str:
    """Return the publisher, or the authors if none is named."""
    return metadata.publisher or ", ".join(metadata.authors)


def _add_publishing_detail(product: Element, metadata: Metadata) -> None:
    """Add block 4: publisher, publication date and copyright holder."""
    block = _add_composite(product, "PublishingDetail")
    _add_composite(block, "Publisher", PublishingRole="01", PublisherName=_publisher(metadata))
    _add_texts(block, PublishingStatus="04")  # active
    if metadata.date:
        digits = metadata.date.replace("-", "")
        date = _add_composite(block, "PublishingDate", PublishingDateRole="01")
        date_format = {4: "05", 6: "01", 8: "00"}[len(digits)]
        SubElement(date, "Date", {"dateformat": date_format}).text = digits
    copyright_ = _COPYRIGHT.search(metadata.rights)
    if copyright_:
        statement = _add_composite(block, "CopyrightStatement", CopyrightYear=copyright_.group(1))
        owner = copyright_.group(2).strip()
        kind = "PersonName" if owner in metadata.authors else "CorporateName"
        _add_composite(statement, "CopyrightOwner", **{kind: owner})


def _add_related_material(product: Element, metadata: Metadata, kinds: Sequence[str]) -> None:
    """Add block 5: the other editions, as alternative formats (list 51, code 06)."""
    if not kinds:
        return
    block = _add_composite(product, "RelatedMaterial")
    for kind in kinds:
        related = _add_composite(block, "RelatedProduct", ProductRelationCode="06")
        _add_product_identifier(related, metadata, kind)
