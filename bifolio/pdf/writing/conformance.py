"""Declares PDF/A-2a (ISO 19005-2, 6.6) and PDF/UA-1 (ISO 14289-1, 5) in the XMP metadata."""

from __future__ import annotations

import zlib
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from bifolio.model.publication import Metadata
from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.writing.content_streams import LINE_BREAKS, deflate, encode

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_DC = "http://purl.org/dc/elements/1.1/"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"


def declare_conformance(document: Any, publication_metadata: Metadata) -> None:
    """Make the XMP of *document* declare PDF/UA-1 and contain *publication_metadata*.

    WeasyPrint itself declares PDF/A-2a, and writes title, authors, dates, description and keywords.
    """
    metadata = document.metadata
    written, included = metadata.generate_rdf_metadata, metadata.include_in_pdf

    def generate(variant: str, version: int, conformance: str) -> bytes:
        rdf = fromstring(written(variant, version, conformance))
        _declare_pdfua(rdf)
        _declare_dublin_core(rdf, publication_metadata)
        return bytes(tostring(rdf, encoding="utf-8"))

    def include(pdf: Any, variant: str, version: int, conformance: str, compress: bool) -> None:
        # Uncompressed, so that programs that do not parse PDF can read it, too.
        included(pdf, variant, version, conformance, compress=False)

    metadata.generate_rdf_metadata, metadata.include_in_pdf = generate, include


def _declare_pdfua(rdf: Element) -> None:
    """Add `pdfuaid:part` and the extension schema for it, which PDF/A requires (ISO 19005-2, 6.6.2.3)."""
    for prefix, uri in (
        ("pdfuaid", _UA),
        ("pdfaExtension", _EXTENSION),
        ("pdfaSchema", _SCHEMA),
        ("pdfaProperty", _PROPERTY),
    ):
        register_namespace(prefix, uri)
    SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": "", f"{{{_UA}}}part": "1"})
    extension = SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
    schema = _item(SubElement(extension, f"{{{_EXTENSION}}}schemas"), "Bag")
    for name, value in (
        ("schema", "PDF/UA identification"),
        ("namespaceURI", _UA),
        ("prefix", "pdfuaid"),
    ):
        SubElement(schema, f"{{{_SCHEMA}}}{name}").text = value
    part = _item(SubElement(schema, f"{{{_SCHEMA}}}property"), "Seq")
    for name, value in (
        ("name", "part"),
        ("valueType", "Integer"),
        ("category", "internal"),
        ("description", "The part of ISO 14289 that the file keeps"),
    ):
        SubElement(part, f"{{{_PROPERTY}}}{name}").text = value


def _declare_dublin_core(rdf: Element, metadata: Metadata) -> None:
    """Add Dublin Core properties (XMP 1, 8.3), each with its value type."""
    about = SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
    SubElement(about, f"{{{_DC}}}identifier").text = metadata.pdf_identifier or metadata.identifier
    series = f"{metadata.series} {metadata.position}".strip()
    for name, values in (
        ("language", (metadata.language,)),
        ("contributor", tuple(person.name for person in metadata.contributors)),
        ("publisher", (metadata.publisher,)),
        ("relation", (series,)),
        ("subject", metadata.keywords),
    ):
        if any(values):
            bag = SubElement(SubElement(about, f"{{{_DC}}}{name}"), f"{{{_RDF}}}Bag")
            for value in values:
                SubElement(bag, f"{{{_RDF}}}li").text = value
    if metadata.rights:
        every = SubElement(SubElement(about, f"{{{_DC}}}rights"), f"{{{_RDF}}}Alt")
        SubElement(every, f"{{{_RDF}}}li", {"xml:lang": "x-default"}).text = metadata.rights


def _item(parent: Element, container: str) -> Element:
    bag = SubElement(parent, f"{{{_RDF}}}{container}")
    return SubElement(bag, f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"})


def compress_streams(document: Any, pdf: Any) -> None:
    """Compress the streams of *pdf* so that none ends in a line break. A finisher for WeasyPrint.

    The line break before `endstream` is no part of the data (ISO 19005-2, 6.1.7.1). After data that end in a
    line break, readers and validators compute a wrong length.
    """
    for stream in pdf.objects:
        if not isinstance(stream, pdf_objects.Stream) or not stream.compress:
            continue
        data = b"\n".join(map(encode, stream.stream))
        short = deflate([data]) if _is_content(stream) else zlib.compress(data, 9)
        if short[-1:] in LINE_BREAKS:  # a font or a profile, to which nothing may be appended
            stream.stream, stream.compress = [data], False
            continue
        stream.stream, stream.compress = [short], False
        stream.extra["Filter"] = "/FlateDecode"


def _is_content(stream: Any) -> bool:
    """Return whether *stream* contains drawing operators, to which a space may be appended."""
    kind = stream.extra.get("Subtype", "")
    return kind == "/Form" or not stream.extra.keys() - {"Length"}
