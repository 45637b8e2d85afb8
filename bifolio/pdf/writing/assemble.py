"""Texts that were set apart, joined into one PDF, which WeasyPrint writes as if it had set them itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from bifolio.model.localized_strings import direction
from bifolio.model.publication import Metadata
from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.engine.documents import TreeDocument, document_of_pages
from bifolio.pdf.engine.fetcher import PublicationFetcher
from bifolio.pdf.engine.layout_environment import VARIANT
from bifolio.pdf.engine.patching import Layer, applied
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, PageResources
from bifolio.pdf.print_html.html_tree import html_tree_without_text
from bifolio.pdf.tagging.writer import StructureTreeWriter
from bifolio.pdf.writing.conformance import compress_streams, declare_conformance
from bifolio.pdf.writing.content_streams import OUTPUT_INTENT
from bifolio.pdf.writing.fast_serialization import fast_serialization
from bifolio.pdf.writing.font_subsets import merge_fonts


def assemble(
    metadata: Metadata,
    texts: Sequence[LaidOutText],
    heads: Sequence[PageResources],
    labels: Any,
    files: Mapping[str, bytes],
) -> bytes:
    """Return the PDF of *texts*, in order.

    *metadata* describe them; *heads* what running heads and folios are drawn with; *labels* a
    number tree of page labels (ISO 32000-1, 12.4.2) or None; *files* the fonts, by digest.
    """
    inks = [*(text.resources for text in texts), *heads]
    leaves = [leaf for text in texts for leaf in text.pages]
    html = TreeDocument(html_tree_without_text(metadata), PublicationFetcher({}))
    document = document_of_pages(html, leaves, OUTPUT_INTENT)
    loose = {digest: data for ink in inks for digest, data in ink.font_files.items()}
    document.fonts = merge_fonts((use for ink in inks for use in ink.fonts), {**files, **loose})
    declare_conformance(document, metadata)

    def finish(document: Any, pdf: Any) -> None:
        if labels is not None:
            pdf.catalog["PageLabels"] = labels
        if direction(metadata.language) == "rtl":
            pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"
        compress_streams(document, pdf)

    with applied(_assembly(texts, leaves, inks), fast_serialization()):
        data: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=finish)
    return data


def _assembly(
    texts: Sequence[LaidOutText], leaves: Sequence[LaidOutPage], inks: Sequence[PageResources]
) -> Layer:
    """Return the layer that writes our structure tree instead of WeasyPrint's, and what has been drawn."""
    filled: list[Any] = []

    def make_stream(
        following: Callable[..., Any], fonts: Any, area: Any, resources: Any, images: dict[str, Any],
        *rest: Any, **named: Any,
    ) -> Any:  # fmt: skip
        if not filled:
            _add_resources(resources, images, inks)
            filled.append(resources)
        return following(fonts, area, resources, images, *rest, **named)

    def add_tags(
        following: Callable[..., Any], pdf: Any, document: Any, version: Any, streams: Sequence[Any]
    ) -> None:
        _add_tags(pdf, texts)
        _add_content(pdf, leaves, streams)

    return Layer("assembly", {"weasyprint.pdf.Stream": make_stream, "weasyprint.pdf.add_tags": add_tags})


def _add_resources(resources: Any, images: dict[str, Any], inks: Sequence[PageResources]) -> None:
    """Put what *inks* hold into the *resources* and *images* of a file, which changes it."""
    for ink in inks:
        for kind, named in ink.categories.items():
            resources[kind] |= named
        for name, picture in ink.images.items():
            resources["XObject"].setdefault(name, None)
            images.setdefault(name, {
                "image": SimpleNamespace(get_x_object=lambda *_, picture=picture: picture),
                "interpolate": False, "dpi_ratios": {1}, "x_object": None,
            })  # fmt: skip


def _add_content(pdf: Any, leaves: Sequence[LaidOutPage], streams: Sequence[Any]) -> None:
    """Give each page what its leaf has drawn, before the head and folio in its stream."""
    for reference, leaf, stream in zip(pdf.page_references, leaves, streams, strict=True):
        if leaf.margin_box_content:
            body = pdf_objects.Stream([leaf.content], {"Filter": "/FlateDecode"})
            pdf.add_object(body)
            page = pdf.objects[int(reference.split()[0])]
            page["Contents"] = pdf_objects.Array([body.reference, stream.reference])
        else:
            stream.stream, stream.compress = [leaf.content], False
            stream.extra["Filter"] = "/FlateDecode"


def _add_tags(pdf: Any, texts: Sequence[LaidOutText]) -> None:
    """Write one structure tree of all *texts* into *pdf*."""
    root = pdf_objects.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(root)
    writer = StructureTreeWriter(pdf, root, sum(len(text.pages) for text in texts))
    top = pdf_objects.Dictionary(
        {"Type": "/StructElem", "S": "/Document", "P": root.reference, "Pg": writer.pages[0]}
    )
    pdf.add_object(top)
    first, top["K"] = 0, pdf_objects.Array()
    for text in texts:
        top["K"].extend(writer.write(node, top.reference, first) for node in text.structure)
        first += len(text.pages)
    root["K"] = pdf_objects.Array([top.reference])
    writer.finish()
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["MarkInfo"] = pdf_objects.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pdf_objects.Dictionary({"DisplayDocTitle": "true"})
