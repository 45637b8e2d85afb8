"""A message of ONIX for Books 3.0 in reference names: one product for each edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bifolio.epub.package.accessibility import Accessibility, compute_accessibility
from bifolio.epub.package.dates import modification_date
from bifolio.epub.package.page_list import insert_page_markers
from bifolio.model.publication import Contributor, Edition, Metadata, Publication
from bifolio.onix.code_lists import FEATURES, FORMATS, ON_PAPER, contributor_role, language_codes

_NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
_ISBN = "urn:isbn:"
_COPYRIGHT = re.compile(
    r"(?:\N{COPYRIGHT SIGN}|\(c\)|\bcopyright\b)[\s\N{COPYRIGHT SIGN}]*(\d{4}),?\s+"
    r"(?:by\s+)?([^\d\W][^.;,:\n]*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>]+[^\s<>.,;:)]")


def onix_message(publication: Publication, editions: Sequence[Edition]) -> bytes:
    """Return the message on *editions* of *publication*, as XML in UTF-8.

    It is sent at the time that the EPUB says it was changed. Raises UsageError where SOURCE_DATE_EPOCH
    is none.
    """
    metadata = publication.metadata
    breaks = [each for edition in editions for each in edition.page_breaks]
    faint = any(finding.code == "css-contrast" for edition in editions for finding in edition.findings)
    access = compute_accessibility(insert_page_markers(publication, breaks), faint)
    root = Element("ONIXMessage", {"xmlns": _NAMESPACE, "release": "3.0"})
    header = _add(root, "Header")
    _add(header, "Sender", SenderName=_publisher(metadata) or "Bifolio")
    _say(header, SentDateTime=f"{modification_date(metadata):%Y%m%dT%H%M%SZ}")
    kinds = [edition.kind for edition in editions]
    for edition in editions:
        product = _add(root, "Product")
        _say(product, RecordReference=_name(metadata, edition.kind))
        _say(product, NotificationType="03")  # confirmed on publication
        _identify(product, metadata, edition.kind)
        _describe(product, publication, edition, access)
        if metadata.description:
            content = _add(_add(product, "CollateralDetail"), "TextContent")
            _say(content, TextType="03", ContentAudience="00", Text=metadata.description)
        if _publisher(metadata):
            _publish(product, metadata)
        _relate(product, metadata, [kind for kind in kinds if kind != edition.kind])
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _say(parent: Element, **texts: str) -> None:
    """Add an element to *parent* for each of *texts* that is not empty, in their order."""
    for name, text in texts.items():
        if text:
            SubElement(parent, name).text = text


def _add(parent: Element, composite: str, **texts: str) -> Element:
    """Add a composite with *texts* to *parent*; return it."""
    element = SubElement(parent, composite)
    _say(element, **texts)
    return element


def _name(metadata: Metadata, kind: str) -> str:
    """Return what names the edition of *kind* alone: its own identifier, or that of its twin with a mark."""
    if kind == "epub":
        return metadata.identifier
    own = metadata.pdf_identifier
    return own if own not in ("", metadata.identifier) else f"{metadata.identifier}#{kind}"


def _identify(parent: Element, metadata: Metadata, kind: str) -> None:
    """Add the identifier of an edition: an ISBN (list 5, 15), or ours."""
    name = _name(metadata, kind)
    digits = name.removeprefix(_ISBN)
    if name.startswith(_ISBN) and "#" not in name:
        _add(parent, "ProductIdentifier", ProductIDType="15", IDValue=_thirteen(digits))
    else:
        _add(parent, "ProductIdentifier", ProductIDType="01", IDTypeName="URI", IDValue=name)


def _thirteen(isbn: str) -> str:
    """Return *isbn* with 13 digits (ISO 2108)."""
    if len(isbn) == 13:
        return isbn
    body = f"978{isbn[:9]}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _describe(product: Element, publication: Publication, edition: Edition, access: Accessibility) -> None:
    """Add block 1: form, accessibility, title, people, language, extent and subjects."""
    metadata = publication.metadata
    form, version = FORMATS[edition.kind]
    block = _add(
        product, "DescriptiveDetail", ProductComposition="00", ProductForm="EA", ProductFormDetail=form
    )
    _add(block, "ProductFormFeature", ProductFormFeatureType="15", ProductFormFeatureValue=version)
    for code, words in _accessibility(edition.kind, access, metadata):
        _add(
            block, "ProductFormFeature", ProductFormFeatureType="09", ProductFormFeatureValue=code,
            ProductFormFeatureDescription=words,
        )  # fmt: skip
    _say(block, PrimaryContentType="10", EpubTechnicalProtection="00")
    _license(block, metadata.rights)
    _title(block, metadata)
    _people(block, metadata)
    _say(block, EditionStatement=metadata.edition)
    _add(block, "Language", LanguageRole="01", **language_codes(metadata.language))
    if edition.pages:
        _add(block, "Extent", ExtentType="07", ExtentValue=str(edition.pages), ExtentUnit="03")
    _add(block, "Extent", ExtentType="02", ExtentValue=str(publication.words()), ExtentUnit="02")
    if metadata.keywords:
        words = "; ".join(metadata.keywords)
        _add(block, "Subject", SubjectSchemeIdentifier="20", SubjectHeadingText=words)


def _accessibility(kind: str, access: Accessibility, metadata: Metadata) -> Iterable[tuple[str, str]]:
    """Give the codes of list 196 for an edition, each with its words where it wants some."""
    if kind == "epub":
        yield "00", access.summary
        if access.conforms:
            # EPUB Accessibility 1.1, with WCAG 2.2, at level AA, and who answers for it.
            yield from (("04", ""), ("82", ""), ("85", ""), ("90", metadata.certifier))
    elif not access.barriers:
        yield "05", ""  # PDF/UA-1
    for feature in access.features:
        if feature in FEATURES and (kind == "epub" or feature in ON_PAPER):
            yield FEATURES[feature], ""
    if "textual" in access.sufficient:
        yield "52", ""


def _license(block: Element, rights: str) -> None:
    """Add the notice of rights, with the address that it names."""
    if not rights:
        return
    terms = _add(block, "EpubLicense", EpubLicenseName=rights)
    address = _ADDRESS.search(rights)
    if address:
        _add(
            terms, "EpubLicenseExpression", EpubLicenseExpressionType="01",
            EpubLicenseExpressionLink=address.group(),
        )  # fmt: skip


def _title(block: Element, metadata: Metadata) -> None:
    """Add the series with the place in it, then the title."""
    if metadata.series:
        series = _add(_add(block, "Collection", CollectionType="10"), "TitleDetail", TitleType="01")
        if metadata.position:
            _add(series, "TitleElement", TitleElementLevel="01", PartNumber=metadata.position)
        _add(series, "TitleElement", TitleElementLevel="02", TitleText=metadata.series)
    title = _add(block, "TitleDetail", TitleType="01")
    _add(title, "TitleElement", TitleElementLevel="01", TitleText=metadata.title, Subtitle=metadata.subtitle)


def _people(block: Element, metadata: Metadata) -> None:
    authors = [Contributor(name, "author", "aut") for name in metadata.authors]
    everyone = [*authors, *metadata.contributors]
    for number, person in enumerate(everyone, start=1):
        _add(
            block, "Contributor", SequenceNumber=str(number), ContributorRole=contributor_role(person),
            PersonName=person.name,
        )  # fmt: skip
    if not everyone:
        SubElement(block, "NoContributor")


def _publisher(metadata: Metadata) -> str:
    """Return who publishes it: where nobody else does, its authors."""
    return metadata.publisher or ", ".join(metadata.authors)


def _publish(product: Element, metadata: Metadata) -> None:
    """Add block 4: publisher, date, and whose the copyright is."""
    block = _add(product, "PublishingDetail")
    _add(block, "Publisher", PublishingRole="01", PublisherName=_publisher(metadata))
    _say(block, PublishingStatus="04")  # active
    if metadata.date:
        digits = metadata.date.replace("-", "")
        date = _add(block, "PublishingDate", PublishingDateRole="01")
        form = {4: "05", 6: "01", 8: "00"}[len(digits)]
        SubElement(date, "Date", {"dateformat": form}).text = digits
    said = _COPYRIGHT.search(metadata.rights)
    if said:
        statement = _add(block, "CopyrightStatement", CopyrightYear=said.group(1))
        owner = said.group(2).strip()
        kind = "PersonName" if owner in metadata.authors else "CorporateName"
        _add(statement, "CopyrightOwner", **{kind: owner})


def _relate(product: Element, metadata: Metadata, kinds: Sequence[str]) -> None:
    """Add block 5: the other editions, which are the same in another format (list 51, 06)."""
    if not kinds:
        return
    block = _add(product, "RelatedMaterial")
    for kind in kinds:
        _identify(_add(block, "RelatedProduct", ProductRelationCode="06"), metadata, kind)
