"""Assembles laid-out texts into one PDF, which WeasyPrint writes as one of its own documents."""

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
from bifolio.pdf.engine.patching import Layer, apply_layers
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
    margin_box_resources: Sequence[PageResources],
    page_labels: Any,
    own_font_files: Mapping[str, bytes],
) -> bytes:
    """Return the PDF of *texts*, in order, with *metadata*.

    *margin_box_resources* are those of margin boxes that were drawn later; *page_labels* is a number tree
    (ISO 32000-1, 12.4.2) or None; *own_font_files* are the program's own fonts, by digest.
    """
    resources = [*(text.resources for text in texts), *margin_box_resources]
    pages = [page for text in texts for page in text.pages]
    html = TreeDocument(html_tree_without_text(metadata), PublicationFetcher({}))
    document = document_of_pages(html, pages, OUTPUT_INTENT)
    files = dict(own_font_files)
    for one in resources:
        files |= one.font_files
    document.fonts = merge_fonts((use for one in resources for use in one.fonts), files)
    declare_conformance(document, metadata)

    def finish(document: Any, pdf: Any) -> None:
        if page_labels is not None:
            pdf.catalog["PageLabels"] = page_labels
        if direction(metadata.language) == "rtl":
            pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"
        compress_streams(document, pdf)

    with apply_layers(_assembly(texts, pages, resources), fast_serialization()):
        data: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=finish)
    return data


def _assembly(
    texts: Sequence[LaidOutText], pages: Sequence[LaidOutPage], page_resources: Sequence[PageResources]
) -> Layer:
    """Return the layer that writes the structure tree and the content of *pages* in place of WeasyPrint's."""
    has_resources = False

    def make_stream(
        following: Callable[..., Any], fonts: Any, area: Any, resources: Any, images: dict[str, Any],
        *rest: Any, **named: Any,
    ) -> Any:  # fmt: skip
        nonlocal has_resources
        if not has_resources:
            _add_resources(resources, images, page_resources)
            has_resources = True
        return following(fonts, area, resources, images, *rest, **named)

    def add_tags(
        following: Callable[..., Any], pdf: Any, document: Any, version: Any, streams: Sequence[Any]
    ) -> None:
        _add_tags(pdf, texts)
        _add_content(pdf, pages, streams)

    return Layer("assembly", {"weasyprint.pdf.Stream": make_stream, "weasyprint.pdf.add_tags": add_tags})


def _add_resources(resources: Any, images: dict[str, Any], page_resources: Sequence[PageResources]) -> None:
    """Add *page_resources* to the *resources* and *images* of a file."""
    for one in page_resources:
        for category, named in one.categories.items():
            resources[category] |= named
        for name, x_object in one.images.items():
            resources["XObject"].setdefault(name, None)
            images.setdefault(name, {
                "image": SimpleNamespace(get_x_object=lambda *_, x_object=x_object: x_object),
                "interpolate": False, "dpi_ratios": {1}, "x_object": None,
            })  # fmt: skip


def _add_content(pdf: Any, pages: Sequence[LaidOutPage], streams: Sequence[Any]) -> None:
    """Add the content of each page, before its margin boxes if these are in its stream."""
    for reference, page, stream in zip(pdf.page_references, pages, streams, strict=True):
        if page.margin_box_content:
            content = pdf_objects.Stream([page.content], {"Filter": "/FlateDecode"})
            pdf.add_object(content)
            page_object = pdf.objects[int(reference.split()[0])]
            page_object["Contents"] = pdf_objects.Array([content.reference, stream.reference])
        else:
            stream.stream, stream.compress = [page.content], False
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
    first_page, top["K"] = 0, pdf_objects.Array()
    for text in texts:
        top["K"].extend(writer.write(node, top.reference, first_page) for node in text.structure)
        first_page += len(text.pages)
    root["K"] = pdf_objects.Array([top.reference])
    writer.finish()
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["MarkInfo"] = pdf_objects.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pdf_objects.Dictionary({"DisplayDocTitle": "true"})
