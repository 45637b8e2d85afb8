"""Texts that were set apart, joined into one PDF, which WeasyPrint writes as if it had set them itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint.document import Document, DocumentMetadata
from weasyprint.html import get_html_metadata

from bifolio.model.localized_strings import direction
from bifolio.model.publication import Metadata
from bifolio.pdf.document.html_tree import head_tree
from bifolio.pdf.engine.environment import Tree
from bifolio.pdf.engine.fetcher import PublicationFetcher
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, PageResources
from bifolio.pdf.tagging.writer import TreeWriter
from bifolio.pdf.writing.conformance import VARIANT, compress, declare
from bifolio.pdf.writing.content_streams import INTENT
from bifolio.pdf.writing.fast_serialization import fast_serialization
from bifolio.pdf.writing.font_subsets import merge_fonts
from bifolio.runtime.patching import patched


def join(
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
    inks = [*(text.ink for text in texts), *heads]
    leaves = [leaf for text in texts for leaf in text.leaves]
    html = Tree(head_tree(metadata), PublicationFetcher({}))
    document: Any = Document(
        leaves, DocumentMetadata(**get_html_metadata(html)), html.url_fetcher,
        SimpleNamespace(font_map=None), {}, INTENT,
    )  # fmt: skip
    loose = {digest: data for ink in inks for digest, data in ink.files.items()}
    document.fonts = merge_fonts((use for ink in inks for use in ink.fonts), {**files, **loose})
    declare(document, metadata)

    def finish(document: Any, pdf: Any) -> None:
        if labels is not None:
            pdf.catalog["PageLabels"] = labels
        if direction(metadata.language) == "rtl":
            pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"
        compress(document, pdf)

    with _in_weasyprint(texts, leaves, inks), fast_serialization():
        data: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=finish)
    return data


@contextmanager
def _in_weasyprint(
    texts: Sequence[LaidOutText], leaves: Sequence[LaidOutPage], inks: Sequence[PageResources]
) -> Iterator[None]:
    """Let WeasyPrint write our tag tree in the place of its own meanwhile, and what has been drawn."""
    make_stream = weasyprint.pdf.Stream
    filled: list[Any] = []

    def stream(
        fonts: Any, area: Any, resources: Any, images: dict[str, Any], *rest: Any, **named: Any
    ) -> Any:
        if not filled:
            _fill(resources, images, inks)
            filled.append(resources)
        return make_stream(fonts, area, resources, images, *rest, **named)

    def add_tags(pdf: Any, document: Any, version: Any, streams: Sequence[Any]) -> None:
        _add_tags(pdf, texts)
        _add_content(pdf, leaves, streams)

    with patched((weasyprint.pdf, "Stream", stream), (weasyprint.pdf, "add_tags", add_tags)):
        yield


def _fill(resources: Any, images: dict[str, Any], inks: Sequence[PageResources]) -> None:
    """Put what *inks* hold into the *resources* and *images* of a file, which changes it."""
    for ink in inks:
        for kind, named in ink.resources.items():
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
        if leaf.heads:
            body = pydyf.Stream([leaf.content], {"Filter": "/FlateDecode"})
            pdf.add_object(body)
            page = pdf.objects[int(reference.split()[0])]
            page["Contents"] = pydyf.Array([body.reference, stream.reference])
        else:
            stream.stream, stream.compress = [leaf.content], False
            stream.extra["Filter"] = "/FlateDecode"


def _add_tags(pdf: Any, texts: Sequence[LaidOutText]) -> None:
    """Write one structure tree of all *texts* into *pdf*."""
    root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(root)
    writer = TreeWriter(pdf, root, sum(len(text.leaves) for text in texts))
    top = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/Document", "P": root.reference, "Pg": writer.pages[0]}
    )
    pdf.add_object(top)
    first, top["K"] = 0, pydyf.Array()
    for text in texts:
        top["K"].extend(writer.write(node, top.reference, first) for node in text.nodes)
        first += len(text.leaves)
    root["K"] = pydyf.Array([top.reference])
    writer.finish()
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
