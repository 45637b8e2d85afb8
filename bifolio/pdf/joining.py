"""Texts that were set apart, joined into one PDF, which WeasyPrint writes as if it had set them itself."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint.document import Document, DocumentMetadata
from weasyprint.html import get_html_metadata

from bifolio.pdf.bench import Tree
from bifolio.pdf.conformance import VARIANT, compress, declare
from bifolio.pdf.drawing import INTENT
from bifolio.pdf.fetcher import Shelf
from bifolio.pdf.leaves import Ink, Leaf, Setting
from bifolio.pdf.print_tree import head_tree
from bifolio.pdf.quick_writing import quickly
from bifolio.pdf.replacing import replaced
from bifolio.pdf.tag_writer import TreeWriter
from bifolio.pdf.typefaces import merge_fonts
from bifolio.publication import Metadata
from bifolio.terms import direction

_SAYING_NOTHING: tuple[Mapping[str, str], ...] = (
    {}, {"PageMode": "/UseNone"}, {"PageLayout": "/SinglePage"},
    {"PageMode": "/UseNone", "PageLayout": "/SinglePage"},
)  # fmt: skip
"""What a catalog may say without saying anything, for it is so anyway (ISO 32000-1, table 28)."""


def join(
    metadata: Metadata,
    texts: Sequence[Setting],
    heads: Sequence[Ink],
    labels: Any,
    files: Mapping[str, bytes],
) -> bytes:
    """Return the PDF of *texts*, in order.

    *metadata* describe them; *heads* what running heads and folios are drawn with; *labels* a
    number tree of page labels (ISO 32000-1, 12.4.2) or None; *files* the fonts, by digest.
    """
    inks = [*(text.ink for text in texts), *heads]
    leaves = [leaf for text in texts for leaf in text.leaves]
    html = Tree(head_tree(metadata), Shelf({}))
    document: Any = Document(
        leaves, DocumentMetadata(**get_html_metadata(html)), html.url_fetcher,
        SimpleNamespace(font_map=None), {}, INTENT,
    )  # fmt: skip
    loose = {digest: data for ink in inks for digest, data in ink.files.items()}
    document.fonts = merge_fonts((use for ink in inks for use in ink.fonts), {**files, **loose})
    declare(document, metadata)

    data = b""
    for said in _SAYING_NOTHING:

        def finish(document: Any, pdf: Any, said: Mapping[str, str] = said) -> None:
            if labels is not None:
                pdf.catalog["PageLabels"] = labels
            pdf.catalog.update(said)
            if direction(metadata.language) == "rtl":
                pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"
            compress(document, pdf)
            # Each is asked for its bytes twice: to be written, and for the identifier of the file.
            pdf.objects = _Written(pdf.objects)

        with _in_weasyprint(texts, leaves, inks), quickly():
            data = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=finish)
        if not _ends_in_break(data):
            break
    return data


class _Object(pydyf.Object):  # type: ignore[misc]
    """An object that nobody changes any more, as it stands in the file."""

    data = b""
    compressible = False

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = item.number, item.generation, item.free
        self.data = item.data if item.free != "f" else b""
        self.compressible = item.compressible


class _Stream(pydyf.Stream):  # type: ignore[misc]
    """A stream that is compressed once, and for a few bytes more in half the time."""

    stream: list[Any]
    compress: bool

    @cached_property
    def data(self) -> bytes:
        if self.compress:
            packed = zlib.compress(b"\n".join(map(_bytes, self.stream)))
            self.stream, self.compress, self.extra["Filter"] = [packed], False, "/FlateDecode"
        data: bytes = super().data
        return data


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode("ascii")


class _Written(list[Any]):
    """The objects of a file, and those that are added while it is written."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(map(_Object, items))

    def append(self, item: Any) -> None:
        if type(item) is pydyf.Stream:
            item.__class__ = _Stream
        super().append(item)


def _ends_in_break(data: bytes) -> bool:
    """Say whether one of the last two streams of *data* ends in a line break (see `conformance.compress`).

    They hold the objects and where each stands; they are packed after all others are finished.
    """
    last = data.rfind(b"endstream")
    ends = (last, data.rfind(b"endstream", 0, last))
    return any(data[end - 2 : end - 1] in (b"\r", b"\n") for end in ends)


@contextmanager
def _in_weasyprint(texts: Sequence[Setting], leaves: Sequence[Leaf], inks: Sequence[Ink]) -> Iterator[None]:
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

    with replaced((weasyprint.pdf, "Stream", stream), (weasyprint.pdf, "add_tags", add_tags)):
        yield


def _fill(resources: Any, images: dict[str, Any], inks: Sequence[Ink]) -> None:
    """Put what *inks* hold into the *resources* and *images* of a file, as often as that is written."""
    # The writer changes what it is given; pictures' data are not copied, as bytes never are.
    for kinds, pictures in copy.deepcopy([(ink.resources, ink.images) for ink in inks]):
        for kind, named in kinds.items():
            resources[kind] |= named
        for name, picture in pictures.items():
            resources["XObject"].setdefault(name, None)
            images.setdefault(name, {
                "image": SimpleNamespace(get_x_object=lambda *_, picture=picture: picture),
                "interpolate": False, "dpi_ratios": {1}, "x_object": None,
            })  # fmt: skip


def _add_content(pdf: Any, leaves: Sequence[Leaf], streams: Sequence[Any]) -> None:
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


def _add_tags(pdf: Any, texts: Sequence[Setting]) -> None:
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
