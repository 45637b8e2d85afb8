"""Interiors finished for a print vendor: page count, boxes, bleed, colours, declared standard."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from bifolio.model.vendors import INGRAM, KDP, LULU, Vendor
from bifolio.prepress.finish import PressFile, finish_interior
from bifolio.prepress.pdfx import DocumentInfo

INFO = DocumentInfo("Salt", "Ann", datetime(2026, 5, 12, tzinfo=UTC))


def pages(*contents: bytes, resources: Dictionary | None = None, pdf: pikepdf.Pdf | None = None) -> bytes:
    """Return a PDF with a page of 432 x 648 pt for each of *contents*."""
    pdf = pdf or pikepdf.new()
    for content in contents:
        page = pdf.add_blank_page(page_size=(432, 648))
        page.Contents = pdf.make_stream(content)
        page.Resources = resources or Dictionary()
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def finish(data: bytes, vendor: Vendor = KDP, stock: str = "white", shift: float = 0) -> PressFile:
    return finish_interior(data, vendor, vendor.stock(stock), shift, INFO, right_to_left=False)


def content_of(finished: PressFile, index: int = 0) -> str:
    with pikepdf.open(BytesIO(finished.data)) as pdf:
        instructions = pikepdf.parse_content_stream(pdf.pages[index])
        return pikepdf.unparse_content_stream(instructions).decode("latin-1")


def boxes(finished: PressFile, index: int) -> tuple[list[float], list[float]]:
    with pikepdf.open(BytesIO(finished.data)) as pdf:
        page = pdf.pages[index].obj
        return [float(side) for side in page.MediaBox], [float(side) for side in page.TrimBox]


def image_xobject(pdf: pikepdf.Pdf, image: Image.Image, mask: Image.Image | None = None) -> pikepdf.Object:
    kinds = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}
    entries = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height, BitsPerComponent=8,
        ColorSpace=kinds[image.mode],
    )  # fmt: skip
    if mask is not None:
        entries.SMask = image_xobject(pdf, mask)
    return pdf.make_stream(image.tobytes(), entries)


def test_an_odd_number_of_pages_gets_a_blank_page() -> None:
    data = pages(b"0 g 100 100 9 9 re f", b"", b"0 g 100 100 9 9 re f")
    finished = finish(data)
    assert finished.pages == 4
    assert boxes(finished, 3) == boxes(finished, 1)
    assert content_of(finished, 3) == ""


def test_ingram_gets_exactly_one_blank_last_page() -> None:
    ink = b"0 g 100 100 9 9 re f"
    assert finish(pages(ink, ink), INGRAM).pages == 4
    assert finish(pages(ink, ink, ink), INGRAM).pages == 4
    assert finish(pages(ink, ink, ink, b"q Q"), INGRAM).pages == 4


def test_pages_are_shifted_away_from_the_fold() -> None:
    ink = b"0 g 100 100 9 9 re f"
    finished = finish(pages(ink, ink), shift=7)
    assert "1 0 0 1 7.0000 0.0000 cm" in content_of(finished, 0)
    assert "1 0 0 1 -7.0000 0.0000 cm" in content_of(finished, 1)


def test_the_fold_is_on_the_other_side_for_right_to_left_text() -> None:
    data = pages(b"0 g -9 100 50 9 re f", b"0 g 100 100 9 9 re f")
    finished = finish_interior(data, KDP, KDP.stock(None), 7, INFO, right_to_left=True)
    assert "1 0 0 1 2.0000 9.0000 cm" in content_of(finished, 0)
    assert "1 0 0 1 7.0000 9.0000 cm" in content_of(finished, 1)
    assert boxes(finished, 0) == ([0, 0, 441, 666], [9, 9, 441, 657])


def test_text_is_black_ink_only() -> None:
    finished = finish(pages(b"0.114 0.114 0.106 rg BT (a) Tj ET 0.42 0.42 0.4 rg 1 1 9 9 re f"))
    text = content_of(finished)
    assert "rg" not in text.split()
    # The initial colour of a page is black; the rectangle after the text is grey.
    assert text.index("Tj") < text.index(" g\n")


def test_colours_are_saved_and_restored_with_the_graphics_state() -> None:
    content = b"1 g 9 9 9 9 re f q 0.5 g 20 20 9 9 re f Q 40 40 9 9 re f"
    assert content_of(finish(pages(content))).split().count("g") == 2


def test_all_pages_have_bleed_if_one_reaches_an_edge() -> None:
    data = pages(b"0 g -9 -9 450 666 re f", b"0 g 100 100 9 9 re f")
    finished = finish(data)
    assert finished.has_bleed
    assert boxes(finished, 0) == ([0, 0, 441, 666], [0, 9, 432, 657])
    assert boxes(finished, 1) == ([0, 0, 441, 666], [9, 9, 441, 657])
    finished = finish(data, LULU)
    assert boxes(finished, 0) == boxes(finished, 1) == ([0, 0, 450, 666], [9, 9, 441, 657])


def test_there_is_no_bleed_if_nothing_reaches_an_edge() -> None:
    # White is no ink, and clipped content does not reach the edge.
    content = b"1 g 0 0 432 648 re f q 100 100 50 50 re W n 0 g -9 -9 450 666 re f Q"
    finished = finish(pages(content, b""))
    assert not finished.has_bleed
    assert boxes(finished, 0) == ([0, 0, 432, 648], [0, 0, 432, 648])


def test_a_full_page_background_is_not_shifted() -> None:
    finished = finish(pages(b"0 g -9 -9 450 666 re f", b"0 g 100 100 9 9 re f"), shift=7)
    assert "1 0 0 1 0.0000 9.0000 cm" in content_of(finished, 0)
    assert "1 0 0 1 2.0000 9.0000 cm" in content_of(finished, 1)


def test_an_image_becomes_grey_and_opaque() -> None:
    pdf = pikepdf.new()
    red = Image.new("RGB", (4, 2), (255, 0, 0))
    mask = Image.new("L", (4, 2), 255)
    mask.putpixel((0, 0), 0)
    resources = Dictionary(XObject=Dictionary(Im=image_xobject(pdf, red, mask)))
    finished = finish(pages(b"q 100 0 0 50 99 99 cm /Im Do Q", resources=resources, pdf=pdf))
    with pikepdf.open(BytesIO(finished.data)) as read:
        (image,) = read.pages[0].get_images().values()
        assert image.ColorSpace == Name.DeviceGray
        assert "/SMask" not in image
        assert isinstance(image, pikepdf.Stream)
        shown = pikepdf.PdfImage(image).as_pil_image()
        assert (shown.getpixel((0, 0)), shown.getpixel((1, 0))) == (255, 76)


def test_a_colour_image_becomes_cmyk_for_ingram_only() -> None:
    for vendor, space in ((INGRAM, Name.DeviceCMYK), (KDP, Name.DeviceRGB)):
        pdf = pikepdf.new()
        image = image_xobject(pdf, Image.new("RGB", (4, 2), (0, 0, 0)))
        data = pages(
            b"q 9 0 0 9 99 99 cm /Im Do Q", resources=Dictionary(XObject=Dictionary(Im=image)), pdf=pdf
        )
        with pikepdf.open(BytesIO(finish(data, vendor, "colour").data)) as read:
            (found,) = read.pages[0].get_images().values()
            assert found.ColorSpace == space
            if space == Name.DeviceCMYK:
                assert isinstance(found, pikepdf.Stream)
                inks = pikepdf.PdfImage(found).as_pil_image().getpixel((0, 0))
                assert isinstance(inks, tuple)
                assert inks == (0, 0, 0, 255)


def test_opacity_becomes_a_lighter_colour_also_in_groups() -> None:
    pdf = pikepdf.new()
    group = Dictionary(Type=Name.Group, S=Name.Transparency)
    form = pdf.make_stream(
        b"0 g 0 0 9 9 re f",
        Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Group=group),
    )
    resources = Dictionary(XObject=Dictionary(Fm=form), ExtGState=Dictionary(h=Dictionary(ca=0.5)))
    finished = finish(pages(b"/h gs 20 20 9 9 re f /Fm Do", resources=resources, pdf=pdf))
    assert finished.unconverted == ()
    with pikepdf.open(BytesIO(finished.data)) as read:
        page = read.pages[0]
        assert "0.5 g" in content_of(finished)
        (inner,) = page.Resources.XObject.values()
        assert b"0.5 g" in inner.read_bytes()
        assert "/Group" not in inner
        assert not page.Resources.get("/ExtGState")


def test_everything_but_pages_is_removed() -> None:
    data = pages(b"/Span <</MCID 0>> BDC 0 g 9 9 9 9 re f EMC", b"")
    with pikepdf.open(BytesIO(data)) as read:
        with read.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Here", 0))
        read.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])
        read.Root.MarkInfo = Dictionary(Marked=True)
        read.Root.OpenAction = Array([read.pages[0].obj, Name.Fit])
        out = BytesIO()
        read.save(out)
    finished = finish(out.getvalue())
    with pikepdf.open(BytesIO(finished.data)) as read:
        assert set(read.Root.keys()) == {"/Type", "/Pages"}
        assert "/Annots" not in read.pages[0]
        assert "/Info" not in read.trailer
    assert "BDC" not in content_of(finished)


def test_pdfx_is_declared_for_ingram_only_if_the_file_conforms() -> None:
    valid = finish(pages(b"0.5 0 0 rg 99 99 9 9 re f", b""), INGRAM, "colour")
    with pikepdf.open(BytesIO(valid.data)) as read:
        assert read.pdf_version == "1.3"
        assert read.docinfo["/GTS_PDFXConformance"] == "PDF/X-1a:2001"
        assert read.docinfo["/CreationDate"] == "D:20260512000000Z"
        assert read.Root.OutputIntents[0].OutputConditionIdentifier == "CGATS TR 001"
    pdf = pikepdf.new()
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 9])
    resources = Dictionary(Shading=Dictionary(s=shading))
    invalid = finish(pages(b"/s sh", b"", resources=resources, pdf=pdf), INGRAM, "colour")
    assert invalid.unconverted == ("a gradient",)
    with pikepdf.open(BytesIO(invalid.data)) as read:
        assert "/Info" not in read.trailer
        assert "/OutputIntents" not in read.Root


@pytest.mark.parametrize("vendor", [KDP, INGRAM, LULU], ids=lambda vendor: vendor.name)
def test_the_same_pages_give_the_same_bytes(vendor: Vendor) -> None:
    data = pages(b"0.5 0 0 rg 99 99 9 9 re f", b"")
    assert finish(data, vendor).data == finish(data, vendor).data
