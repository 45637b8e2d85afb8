"""Preflight of files without faults, and of files with one fault each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from bifolio.checks.preflight.run import preflight
from bifolio.fonts.faces import bundled_faces
from bifolio.model.findings import Finding
from bifolio.model.vendors import INGRAM, KDP, LULU, Vendor

Change = Callable[[pikepdf.Pdf], None]
TEXT = b"BT /F 11 Tf 60 300 Td <00280029002A> Tj <0030003100320033003400350036> Tj ET\n"


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Add an embedded font to *pdf* and return it."""
    from fontTools.ttLib import TTFont

    with TTFont(bundled_faces()[0].path) as opened:
        outlines = pdf.make_stream(opened.getTableData("CFF "), Dictionary(Subtype=Name.CIDFontType0C))
    descriptor = pdf.make_indirect(Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Serif, Flags=4, FontBBox=[0, -250, 1000, 1000], Ascent=900,
        Descent=-250, CapHeight=700, ItalicAngle=0, StemV=80, FontFile3=outlines,
    ))  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name.Serif, FontDescriptor=descriptor, DW=500,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
    )  # fmt: skip
    return pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Serif, Encoding=Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(inner)],
    ))  # fmt: skip


def faultless_pdf(
    pages: int = 32, size: tuple[float, float] = (432, 648), *, standard: bool = True
) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    resources = pdf.make_indirect(Dictionary(Font=Dictionary(F=font(pdf))))
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.Resources = resources
        page.Contents = pdf.make_stream(b"0 g\n1 0 0 1 40 0 cm\n" + TEXT)
        page.obj.TrimBox = Array([0, 0, *size])
    if standard:
        pdf.docinfo["/GTS_PDFXConformance"] = "PDF/X-1a:2001"
    return pdf


def save_and_preflight(pdf: pikepdf.Pdf, folder: Path, vendor: Vendor = KDP, **saving: Any) -> list[Finding]:
    path = folder / "book.pdf"
    pdf.save(path, **saving)
    return preflight([path], vendor)


def draw(content: bytes, number: int = 3) -> Change:
    """Return a function that draws *content* on page *number*."""

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.pages[number - 1].contents_add(b"\n" + content)

    return add


def draw_image(pixels: int, points: float, **entries: Any) -> Change:
    """Return a function that draws a grey image, *pixels* square, on page 3 at a width of *points*."""

    def add(pdf: pikepdf.Pdf) -> None:
        image = pdf.make_stream(bytes(pixels * pixels), Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=pixels, Height=pixels, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray, **entries,
        ))  # fmt: skip
        page = pdf.pages[2]
        page.Resources = Dictionary(Font=page.Resources.Font, XObject=Dictionary(Im=image))
        page.contents_add(f"q {points} 0 0 {points} 60 100 cm /Im Do Q".encode())

    return add


def resize(width: float, *numbers: int) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        for number in numbers or range(1, len(pdf.pages) + 1):
            page = pdf.pages[number - 1]
            page.mediabox = Array([0, 0, width, 648])
            del page.obj["/TrimBox"]

    return change


def remove_last_pages(number: int) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[-number:]

    return change


def add_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])


def add_text_annotation(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9])])


def add_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Here", 0))


def add_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")


def unembed_font(pdf: pikepdf.Pdf) -> None:
    descriptor = pdf.pages[0].Resources.Font.F.DescendantFonts[0].FontDescriptor
    del descriptor["/FontFile3"]


def draw_half_opaque(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[2]
    states = Dictionary(h=Dictionary(ca=0.5))
    page.Resources = Dictionary(Font=page.Resources.Font, ExtGState=states)
    page.contents_add(b"/h gs 20 200 9 9 re f")


def draw_with_resource(content: bytes, kind: str, resource: Callable[[], pikepdf.Object]) -> Change:
    """Return a function that draws *content* on page 3, with *resource* named R in the dictionary *kind*."""

    def add(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[2]
        page.Resources = Dictionary({"/Font": page.Resources.Font, kind: Dictionary(R=resource())})
        page.contents_add(b"\n" + content)

    return add


def draw_in_nested_form(content: bytes, **entries: Any) -> Change:
    """Return a function that draws *content* on page 3 in a nested form XObject, at half its size."""

    def add(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[2]
        box = Array([0, 0, 432, 648])
        inner = pdf.make_stream(
            content, Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=box, **entries)
        )
        outer = pdf.make_stream(b"0.5 0 0 0.5 0 0 cm /Inner Do", Dictionary(
            Type=Name.XObject, Subtype=Name.Form, BBox=box,
            Resources=Dictionary(Font=page.Resources.Font, XObject=Dictionary(Inner=inner)),
        ))  # fmt: skip
        page.Resources = Dictionary(Font=page.Resources.Font, XObject=Dictionary(Outer=outer))
        page.contents_add(b"q /Outer Do Q")

    return add


def rotate_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].rotate(90, relative=False)


def add_form_fields(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array())


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["notes.txt"] = b"words"


def add_layer(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary())


def add_transparency_group(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].obj.Group = Dictionary(S=Name.Transparency)


def rgb_space() -> pikepdf.Object:
    return Array([Name.CalRGB, Dictionary(WhitePoint=[1, 1, 1])])


def interpolation() -> pikepdf.Object:
    return Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0], C1=[1, 0, 0], N=1)


def spot_space() -> pikepdf.Object:
    return Array([Name.Separation, Name.Gold, Name.DeviceRGB, interpolation()])


def shading() -> pikepdf.Object:
    return Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 9], Function=interpolation())


def graphics_state(**parameters: Any) -> Callable[[], pikepdf.Object]:
    return lambda: Dictionary(**parameters)


INLINE = b"q 100 0 0 100 60 100 cm BI /W 2 /H 2 /CS /RGB /BPC 8 ID 123456789012 EI Q"


def remove_standard(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/GTS_PDFXConformance"]


def change_trim_box(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].obj.TrimBox = Array([9, 9, 400, 600])


FAULTY: dict[str, tuple[Change, Vendor, str, str]] = {
    "a page size that the vendor does not offer": (resize(440), KDP, "press-size", "6.111 x 9 in"),
    "a page of another size": (resize(441, 3), KDP, "press-size", "the size of page 3 differs"),
    "a hundredth of an inch off": (resize(432.02), KDP, "press-size", "Amazon KDP Print is 6x9in"),
    "a trim box of another size": (
        change_trim_box,
        KDP,
        "press-size",
        "the trim box of page 3 has another size",
    ),
    "an odd number of pages": (remove_last_pages(1), KDP, "press-count", "The file has 31 pages"),
    "too few pages": (remove_last_pages(10), KDP, "press-count", "at least 24 pages"),
    "an image of low resolution": (
        draw_image(100, 60),
        KDP,
        "press-picture-coarse",
        "120 pixels per inch on page 3",
    ),
    "an image of slightly too low resolution": (
        draw_image(250, 75),
        KDP,
        "press-picture",
        "240 pixels per inch",
    ),
    "an image of the lowest resolution that is not rejected": (
        draw_image(200, 72),
        KDP,
        "press-picture",
        "200 pixels per inch on page 3",
    ),
    "RGB type": (draw(b"0.1 0.1 0.1 rg " + TEXT), KDP, "press-black", "on page 3"),
    "grey RGB type": (draw(b"0.5 0.5 0.5 rg " + TEXT), KDP, "press-black", "on page 3"),
    "CMYK type": (draw(b"0.4 0.3 0.3 1 k " + TEXT), KDP, "press-black", "on page 3"),
    "an RGB fill": (draw(b"1 0 0 rg 60 100 9 9 re f"), INGRAM, "press-colour", "on page 3"),
    "too much ink": (draw(b"0.7 0.7 0.7 0.6 k 60 100 9 9 re f"), INGRAM, "press-ink", "240 %"),
    "a half opaque fill": (draw_half_opaque, KDP, "press-transparency", "not opaque on page 3"),
    "an image with a soft mask": (
        draw_image(400, 60, SMask=Name.None_),
        KDP,
        "press-transparency",
        "with transparency",
    ),
    "a link annotation": (add_link, KDP, "press-extra", "The file contains links"),
    "a text annotation": (add_text_annotation, KDP, "press-extra", "The file contains annotations"),
    "a bookmark": (add_bookmark, KDP, "press-extra", "The file contains bookmarks"),
    "a script": (add_script, KDP, "press-extra", "The file contains actions"),
    "a font that is not embedded": (unembed_font, KDP, "press-font", "The font Serif is not embedded"),
    "type in the gutter": (draw(b"1 0 0 1 -75 0 cm " + TEXT), KDP, "press-margin", "on page 3"),
    "type in the bottom margin": (draw(b"1 0 0 1 0 -290 cm " + TEXT), KDP, "press-margin", "on page 3"),
    "a background without bleed": (draw(b"0 0 432 90 re f"), KDP, "press-bleed", "on page 3"),
    "type of 5 pt": (
        draw(b"BT /F 5 Tf 60 400 Td <00280029002A002B002C> Tj ET"),
        KDP,
        "press-type",
        "5 pt on page 3",
    ),
    "an RGB stroke": (draw(b"1 0 0 RG 60 100 m 90 100 l S"), INGRAM, "press-colour", "on page 3"),
    "a fill and an RGB stroke in one operator": (
        draw(b"0 g 1 0 0 RG 60 100 9 9 re B"),
        INGRAM,
        "press-colour",
        "on page 3",
    ),
    "a fill in a named colour space": (
        draw_with_resource(b"/R cs 1 0 0 sc 60 100 9 9 re f", "/ColorSpace", rgb_space),
        INGRAM,
        "press-colour",
        "on page 3",
    ),
    "a stroke in a named colour space": (
        draw_with_resource(b"/R CS 1 0 0 SC 60 100 m 90 100 l s", "/ColorSpace", rgb_space),
        INGRAM,
        "press-colour",
        "on page 3",
    ),
    "an RGB gradient": (
        draw_with_resource(b"q 60 100 9 9 re W n /R sh Q", "/Shading", shading),
        INGRAM,
        "press-colour",
        "on page 3",
    ),
    "outlined CMYK type": (
        draw(b"1 Tr 0.4 0.3 0.3 1 K " + TEXT + b" 0 Tr"),
        KDP,
        "press-black",
        "on page 3",
    ),
    "an inline image of low resolution": (
        draw(INLINE),
        KDP,
        "press-picture-coarse",
        "only 1 pixels per inch",
    ),
    "an RGB fill in nested form XObjects": (
        draw_in_nested_form(b"1 0 0 rg 120 200 9 9 re f"),
        INGRAM,
        "press-colour",
        "on page 3",
    ),
    "type scaled down by a form XObject": (
        draw_in_nested_form(b"0 g " + TEXT),
        KDP,
        "press-type",
        "5.5 pt on page 3",
    ),
    "invisible type": (draw(b"3 Tr " + TEXT), KDP, "press-transparency", "invisible text on page 3"),
    "a form XObject that is a transparency group": (
        draw_in_nested_form(b"0 g 120 200 9 9 re f", Group=Dictionary(S=Name.Transparency)),
        KDP,
        "press-transparency",
        "a transparency group on page 3",
    ),
    "a page that is a transparency group": (
        add_transparency_group,
        KDP,
        "press-transparency",
        "a transparency group on page 3",
    ),
    "a soft mask": (
        draw_with_resource(b"/R gs", "/ExtGState", graphics_state(SMask=Dictionary(S=Name.Alpha))),
        KDP,
        "press-transparency",
        "a soft mask on page 3",
    ),
    "a blend mode": (
        draw_with_resource(b"/R gs", "/ExtGState", graphics_state(BM=Name.Multiply)),
        KDP,
        "press-transparency",
        "a blend mode on page 3",
    ),
    "a rotated page": (rotate_page, KDP, "press-size", "is set on page 3"),
    "an interactive form": (add_form_fields, KDP, "press-extra", "The file contains a form"),
    "an embedded file": (attach, KDP, "press-extra", "The file contains embedded files"),
    "layers": (add_layer, KDP, "press-extra", "The file contains layers"),
    "no declared standard": (remove_standard, INGRAM, "press-standard", "PDF/X-1a:2001"),
}


@pytest.mark.parametrize("vendor", [KDP, INGRAM], ids=lambda vendor: vendor.name)
def test_a_faultless_file_has_no_findings(vendor: Vendor, tmp_path: Path) -> None:
    assert save_and_preflight(faultless_pdf(), tmp_path, vendor) == []


def test_the_standard_may_be_declared_by_its_older_key(tmp_path: Path) -> None:
    pdf = faultless_pdf(standard=False)
    pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-1a:2001"
    assert save_and_preflight(pdf, tmp_path, INGRAM) == []


HARMLESS: dict[str, Change] = {
    "a colour that is saved and restored": draw(b"q 1 0 0 rg Q 60 100 9 9 re f"),
    "more restores than saves": draw(b"Q Q"),
    "a spot colour": draw_with_resource(b"/R cs 1 scn 60 100 9 9 re f", "/ColorSpace", spot_space),
    "a single small glyph": draw(b"BT /F 5 Tf 60 400 Td <00280029> Tj ET"),
    "an empty string": draw(b"3 Tr BT /F 11 Tf 60 300 Td () Tj ET 0 Tr"),
    "an opaque graphics state": draw_with_resource(
        b"/R gs", "/ExtGState", graphics_state(ca=1, CA=1, BM=Name.Normal, SMask=Name("/None"))
    ),
    "a missing graphics state": draw(b"/Nothing gs"),
    "a missing form XObject": draw(b"/Nothing Do"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_content_has_no_findings(name: str, tmp_path: Path) -> None:
    pdf = faultless_pdf()
    HARMLESS[name](pdf)
    assert save_and_preflight(pdf, tmp_path, INGRAM) == []


@pytest.mark.parametrize("colour", ["0.8 0 0", "0.2 0.4 0.6", "1 1 1"])
def test_text_in_a_colour_or_in_white_is_no_black(colour: str, tmp_path: Path) -> None:
    pdf = faultless_pdf()
    draw(f"{colour} rg ".encode() + TEXT)(pdf)
    assert save_and_preflight(pdf, tmp_path, KDP) == []


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_reported(name: str, tmp_path: Path) -> None:
    change, vendor, code, words = FAULTY[name]
    pdf = faultless_pdf()
    change(pdf)
    findings = save_and_preflight(pdf, tmp_path, vendor)
    assert [finding.code for finding in findings] == [code], findings
    assert words in findings[0].message
    assert findings[0].where is not None
    assert findings[0].where.file.name == "book.pdf"


def test_the_gutter_depends_on_the_page_count(tmp_path: Path) -> None:
    assert save_and_preflight(faultless_pdf(150), tmp_path) == []
    pdf = faultless_pdf(302)
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"0 g\n1 0 0 1 -20 0 cm\n" + TEXT)
    (finding,) = save_and_preflight(pdf, tmp_path)
    # The text is 40 pt from the fold; 0.625 in are 45 pt.
    assert finding.code == "press-margin"
    assert "0.625 in at the fold" in finding.message


def test_lulu_advises_where_kdp_rejects(tmp_path: Path) -> None:
    pdf = faultless_pdf(152)
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"0 g\n" + TEXT)  # 60 pt from the fold; Lulu recommends 72
    (finding,) = save_and_preflight(pdf, tmp_path, LULU)
    assert finding.code == "press-gutter"
    assert finding.message.endswith("than Lulu recommends for this number of pages: 1 in.")
    assert save_and_preflight(pdf, tmp_path, KDP) == []


def test_an_encrypted_file_is_reported(tmp_path: Path) -> None:
    (finding,) = save_and_preflight(
        faultless_pdf(), tmp_path, encryption=pikepdf.Encryption(owner="o", user="")
    )
    assert (finding.code, "encryption" in finding.message) == ("press-extra", True)
    (finding,) = save_and_preflight(
        faultless_pdf(), tmp_path, encryption=pikepdf.Encryption(owner="o", user="u")
    )
    assert (finding.code, "encryption" in finding.message) == ("press-extra", True)


def test_full_bleed_has_no_findings(tmp_path: Path) -> None:
    pdf = faultless_pdf(size=(441, 666))
    for number, page in enumerate(pdf.pages, 1):
        left = 0 if number % 2 else 9
        page.obj.TrimBox = Array([left, 9, left + 432, 657])
    draw(b"0 -40 0 441 706 re f Q"[2:])(pdf)
    assert [f.code for f in save_and_preflight(pdf, tmp_path)] == []


def test_a_background_that_ends_at_the_trim_edge_has_no_bleed(tmp_path: Path) -> None:
    pdf = faultless_pdf(size=(441, 666))
    for page in pdf.pages:
        del page.obj["/TrimBox"]
    draw(b"1 0 0 1 -40 0 cm 0 0 432 666 re f")(pdf)  # on page 3 the fold is at the left
    (finding,) = save_and_preflight(pdf, tmp_path)
    assert finding.code == "press-bleed"
    assert "on page 3" in finding.message


@pytest.mark.parametrize(("letter", "codes"), [("0061", ["press-margin"]), ("05D0", [])])
def test_the_gutter_is_at_the_left_for_latin_and_at_the_right_for_hebrew(
    letter: str, codes: list[str], tmp_path: Path
) -> None:
    pdf = faultless_pdf()
    table = f"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <00FF> [{f"<{letter}> " * 256}] endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
    pdf.pages[0].Resources.Font.F.ToUnicode = pdf.make_stream(table.encode())
    # 20 pt from the left edge of page 3, which is enough at the outer edge only.
    pdf.pages[2].Contents = pdf.make_stream(b"0 g\n1 0 0 1 -40 0 cm\n" + TEXT)
    assert [finding.code for finding in save_and_preflight(pdf, tmp_path)] == codes


def test_a_damaged_file_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing")
    (finding,) = preflight([path], KDP)
    assert finding.code == "judge-failed"


# ---- covers ----------------------------------------------------------------------------------


def cover(spine: float, content: bytes = b"", mirrored: bool = False) -> bytes:
    """Return the wraparound cover of a book of 6 x 9 in, with a *spine* of that many inches."""
    pdf = pikepdf.new()
    size = ((12.25 + spine) * 72, 9.25 * 72)
    page = pdf.add_blank_page(page_size=size)
    page.Resources = Dictionary(Font=Dictionary(F=font(pdf)))
    page.Contents = pdf.make_stream(b"0 g\n" + content)
    page.obj.TrimBox = Array([9, 9, round(size[0] - 9, 3), round(size[1] - 9, 3)])
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def words(x: float, y: float, rotate_page: bytes = b"1 0 0 1") -> bytes:
    return b"BT /F 11 Tf %s %.2f %.2f Tm <0028002900300031003200330034> Tj ET\n" % (rotate_page, x, y)


@pytest.fixture
def check_cover(tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    def check(data: bytes, pages: int = 200) -> list[str]:
        interior, cover = tmp_path / "book.pdf", tmp_path / "book-cover.pdf"
        faultless_pdf(pages).save(interior)
        cover.write_bytes(data)
        return [finding.code for finding in preflight([interior, cover], KDP)]

    yield check


def test_a_faultless_cover_has_no_findings(check_cover: Callable[..., list[str]]) -> None:
    spine = 200 * 0.002252
    on_spine = words(441 + spine * 36 - 3, 400, b"0 -1 1 0")
    assert check_cover(cover(spine, words(60, 500) + words(520, 500) + on_spine)) == []


@pytest.mark.parametrize(
    ("spine", "content", "pages", "codes"),
    [
        (0.9, b"", 200, "press-spine"),
        (200 * 0.002252, words(12, 500), 200, "press-cover-edge"),
        (200 * 0.002252, words(441, 400, b"0 -1 1 0"), 200, "press-cover-spine"),
        (200 * 0.002252, words(444, 400, b"0 -1 1 0"), 200, "press-cover-spine"),
        (200 * 0.002252, words(300, 60), 200, "press-barcode"),
        (78 * 0.002252, words(445.7, 400, b"0 -0.2 0.2 0"), 78, "press-type press-spine-words"),
    ],
)
def test_a_fault_of_a_cover_is_reported(
    spine: float, content: bytes, pages: int, codes: str, check_cover: Callable[..., list[str]]
) -> None:
    assert check_cover(cover(spine, content), pages) == codes.split()


def test_a_cover_without_a_matching_book_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "cover.pdf"
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(900, 700))
    pdf.save(path)
    (finding,) = preflight([path], KDP)
    assert (finding.code, "fits no book" in finding.message) == ("press-size", True)
