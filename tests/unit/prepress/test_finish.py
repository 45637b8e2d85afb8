"""Pages of any program, made ready for a press: read back from the file."""

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

FACTS = DocumentInfo("Salt", "Ann", datetime(2026, 5, 12, tzinfo=UTC))


def pages(*contents: bytes, resources: Dictionary | None = None, pdf: pikepdf.Pdf | None = None) -> bytes:
    """Return a PDF of pages of 432 x 648 pt."""
    pdf = pdf or pikepdf.new()
    for content in contents:
        page = pdf.add_blank_page(page_size=(432, 648))
        page.Contents = pdf.make_stream(content)
        page.Resources = resources or Dictionary()
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def finished(data: bytes, vendor: Vendor = KDP, stock: str = "white", shift: float = 0) -> PressFile:
    return finish_interior(data, vendor, vendor.stock(stock), shift, FACTS, right_to_left=False)


def drawn(done: PressFile, number: int = 0) -> str:
    with pikepdf.open(BytesIO(done.data)) as pdf:
        instructions = pikepdf.parse_content_stream(pdf.pages[number])
        return pikepdf.unparse_content_stream(instructions).decode("latin-1")


def boxes(done: PressFile, number: int) -> tuple[list[float], list[float]]:
    with pikepdf.open(BytesIO(done.data)) as pdf:
        page = pdf.pages[number].obj
        return [float(side) for side in page.MediaBox], [float(side) for side in page.TrimBox]


def picture(pdf: pikepdf.Pdf, image: Image.Image, mask: Image.Image | None = None) -> pikepdf.Object:
    kinds = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}
    facts = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height, BitsPerComponent=8,
        ColorSpace=kinds[image.mode],
    )  # fmt: skip
    if mask is not None:
        facts.SMask = picture(pdf, mask)
    return pdf.make_stream(image.tobytes(), facts)


def test_an_odd_number_of_pages_gets_a_blank_one() -> None:
    data = pages(b"0 g 100 100 9 9 re f", b"", b"0 g 100 100 9 9 re f")
    done = finished(data)
    assert done.pages == 4
    assert boxes(done, 3) == boxes(done, 1)
    assert drawn(done, 3) == ""


def test_ingram_gets_a_blank_last_page_and_no_second_one() -> None:
    ink = b"0 g 100 100 9 9 re f"
    assert finished(pages(ink, ink), INGRAM).pages == 4
    assert finished(pages(ink, ink, ink), INGRAM).pages == 4
    assert finished(pages(ink, ink, ink, b"q Q"), INGRAM).pages == 4


def test_pages_move_away_from_the_fold() -> None:
    ink = b"0 g 100 100 9 9 re f"
    done = finished(pages(ink, ink), shift=7)
    assert "1 0 0 1 7.0000 0.0000 cm" in drawn(done, 0)
    assert "1 0 0 1 -7.0000 0.0000 cm" in drawn(done, 1)


def test_the_fold_is_on_the_other_side_where_one_reads_from_right_to_left() -> None:
    data = pages(b"0 g -9 100 50 9 re f", b"0 g 100 100 9 9 re f")
    done = finish_interior(data, KDP, KDP.stock(None), 7, FACTS, right_to_left=True)
    assert "1 0 0 1 2.0000 9.0000 cm" in drawn(done, 0)
    assert "1 0 0 1 7.0000 9.0000 cm" in drawn(done, 1)
    assert boxes(done, 0) == ([0, 0, 441, 666], [9, 9, 441, 657])


def test_text_is_black_ink_alone_and_set_so_before_it_is_shown() -> None:
    done = finished(pages(b"0.114 0.114 0.106 rg BT (a) Tj ET 0.42 0.42 0.4 rg 1 1 9 9 re f"))
    text = drawn(done)
    assert "rg" not in text.split()
    # Black is the colour that every page begins with; the ground after it is grey.
    assert text.index("Tj") < text.index(" g\n")


def test_colours_are_saved_and_restored_with_the_state() -> None:
    content = b"1 g 9 9 9 9 re f q 0.5 g 20 20 9 9 re f Q 40 40 9 9 re f"
    assert drawn(finished(pages(content))).split().count("g") == 2


def test_bleed_is_for_all_pages_where_one_reaches_an_edge() -> None:
    data = pages(b"0 g -9 -9 450 666 re f", b"0 g 100 100 9 9 re f")
    done = finished(data)
    assert done.has_bleed
    assert boxes(done, 0) == ([0, 0, 441, 666], [0, 9, 432, 657])
    assert boxes(done, 1) == ([0, 0, 441, 666], [9, 9, 441, 657])
    done = finished(data, LULU)
    assert boxes(done, 0) == boxes(done, 1) == ([0, 0, 450, 666], [9, 9, 441, 657])


def test_no_bleed_where_nothing_reaches_an_edge() -> None:
    # White is no ink, and what a clip hides does not reach anywhere.
    content = b"1 g 0 0 432 648 re f q 100 100 50 50 re W n 0 g -9 -9 450 666 re f Q"
    done = finished(pages(content, b""))
    assert not done.has_bleed
    assert boxes(done, 0) == ([0, 0, 432, 648], [0, 0, 432, 648])


def test_what_spans_a_page_is_not_moved() -> None:
    done = finished(pages(b"0 g -9 -9 450 666 re f", b"0 g 100 100 9 9 re f"), shift=7)
    assert "1 0 0 1 0.0000 9.0000 cm" in drawn(done, 0)
    assert "1 0 0 1 2.0000 9.0000 cm" in drawn(done, 1)


def test_a_picture_becomes_grey_and_opaque() -> None:
    pdf = pikepdf.new()
    red = Image.new("RGB", (4, 2), (255, 0, 0))
    mask = Image.new("L", (4, 2), 255)
    mask.putpixel((0, 0), 0)
    resources = Dictionary(XObject=Dictionary(Im=picture(pdf, red, mask)))
    done = finished(pages(b"q 100 0 0 50 99 99 cm /Im Do Q", resources=resources, pdf=pdf))
    with pikepdf.open(BytesIO(done.data)) as read:
        (image,) = read.pages[0].get_images().values()
        assert image.ColorSpace == Name.DeviceGray
        assert "/SMask" not in image
        assert isinstance(image, pikepdf.Stream)
        shown = pikepdf.PdfImage(image).as_pil_image()
        assert (shown.getpixel((0, 0)), shown.getpixel((1, 0))) == (255, 76)


def test_a_picture_in_colour_is_made_of_press_inks_for_ingram_alone() -> None:
    for vendor, space in ((INGRAM, Name.DeviceCMYK), (KDP, Name.DeviceRGB)):
        pdf = pikepdf.new()
        image = picture(pdf, Image.new("RGB", (4, 2), (0, 0, 0)))
        data = pages(
            b"q 9 0 0 9 99 99 cm /Im Do Q", resources=Dictionary(XObject=Dictionary(Im=image)), pdf=pdf
        )
        with pikepdf.open(BytesIO(finished(data, vendor, "colour").data)) as read:
            (found,) = read.pages[0].get_images().values()
            assert found.ColorSpace == space
            if space == Name.DeviceCMYK:
                assert isinstance(found, pikepdf.Stream)
                inks = pikepdf.PdfImage(found).as_pil_image().getpixel((0, 0))
                assert isinstance(inks, tuple)
                assert inks == (0, 0, 0, 255)


def test_opacity_becomes_lightness_within_groups_too() -> None:
    pdf = pikepdf.new()
    group = Dictionary(Type=Name.Group, S=Name.Transparency)
    form = pdf.make_stream(
        b"0 g 0 0 9 9 re f",
        Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Group=group),
    )
    resources = Dictionary(XObject=Dictionary(Fm=form), ExtGState=Dictionary(h=Dictionary(ca=0.5)))
    done = finished(pages(b"/h gs 20 20 9 9 re f /Fm Do", resources=resources, pdf=pdf))
    assert done.unconverted == ()
    with pikepdf.open(BytesIO(done.data)) as read:
        page = read.pages[0]
        assert "0.5 g" in drawn(done)
        (inner,) = page.Resources.XObject.values()
        assert b"0.5 g" in inner.read_bytes()
        assert "/Group" not in inner
        assert not page.Resources.get("/ExtGState")


def test_nothing_but_pages_is_left() -> None:
    data = pages(b"/Span <</MCID 0>> BDC 0 g 9 9 9 9 re f EMC", b"")
    with pikepdf.open(BytesIO(data)) as read:
        with read.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Here", 0))
        read.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])
        read.Root.MarkInfo = Dictionary(Marked=True)
        read.Root.OpenAction = Array([read.pages[0].obj, Name.Fit])
        out = BytesIO()
        read.save(out)
    done = finished(out.getvalue())
    with pikepdf.open(BytesIO(done.data)) as read:
        assert set(read.Root.keys()) == {"/Type", "/Pages"}
        assert "/Annots" not in read.pages[0]
        assert "/Info" not in read.trailer
    assert "BDC" not in drawn(done)


def test_ingram_gets_a_declared_standard_and_only_when_it_is_kept() -> None:
    good = finished(pages(b"0.5 0 0 rg 99 99 9 9 re f", b""), INGRAM, "colour")
    with pikepdf.open(BytesIO(good.data)) as read:
        assert read.pdf_version == "1.3"
        assert read.docinfo["/GTS_PDFXConformance"] == "PDF/X-1a:2001"
        assert read.docinfo["/CreationDate"] == "D:20260512000000Z"
        assert read.Root.OutputIntents[0].OutputConditionIdentifier == "CGATS TR 001"
    pdf = pikepdf.new()
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 9])
    resources = Dictionary(Shading=Dictionary(s=shading))
    bad = finished(pages(b"/s sh", b"", resources=resources, pdf=pdf), INGRAM, "colour")
    assert bad.unconverted == ("a gradient",)
    with pikepdf.open(BytesIO(bad.data)) as read:
        assert "/Info" not in read.trailer
        assert "/OutputIntents" not in read.Root


@pytest.mark.parametrize("vendor", [KDP, INGRAM, LULU], ids=lambda vendor: vendor.name)
def test_the_same_pages_give_the_same_bytes(vendor: Vendor) -> None:
    data = pages(b"0.5 0 0 rg 99 99 9 9 re f", b"")
    assert finished(data, vendor).data == finished(data, vendor).data
