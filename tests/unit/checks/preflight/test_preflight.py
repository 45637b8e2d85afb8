"""The preflight on files that are good, and on files that are broken in one way each."""

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

Break = Callable[[pikepdf.Pdf], None]
TYPE = b"BT /F 11 Tf 60 300 Td <00280029002A> Tj <0030003100320033003400350036> Tj ET\n"


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Return a font with its outlines in the file."""
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


def good(pages: int = 32, size: tuple[float, float] = (432, 648), *, standard: bool = True) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    resources = pdf.make_indirect(Dictionary(Font=Dictionary(F=font(pdf))))
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.Resources = resources
        page.Contents = pdf.make_stream(b"0 g\n1 0 0 1 40 0 cm\n" + TYPE)
        page.obj.TrimBox = Array([0, 0, *size])
    if standard:
        pdf.docinfo["/GTS_PDFXConformance"] = "PDF/X-1a:2001"
    return pdf


def proofed(pdf: pikepdf.Pdf, folder: Path, vendor: Vendor = KDP, **saving: Any) -> list[Finding]:
    path = folder / "book.pdf"
    pdf.save(path, **saving)
    return preflight([path], vendor)


def draw(content: bytes, number: int = 3) -> Break:
    """Return what draws *content* on a page."""

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.pages[number - 1].contents_add(b"\n" + content)

    return add


def show(pixels: int, points: float, **facts: Any) -> Break:
    """Return what puts a grey picture of so many *pixels* on page 3, so many *points* wide."""

    def add(pdf: pikepdf.Pdf) -> None:
        image = pdf.make_stream(bytes(pixels * pixels), Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=pixels, Height=pixels, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray, **facts,
        ))  # fmt: skip
        page = pdf.pages[2]
        page.Resources = Dictionary(Font=page.Resources.Font, XObject=Dictionary(Im=image))
        page.contents_add(f"q {points} 0 0 {points} 60 100 cm /Im Do Q".encode())

    return add


def resize(width: float, *numbers: int) -> Break:
    def change(pdf: pikepdf.Pdf) -> None:
        for number in numbers or range(1, len(pdf.pages) + 1):
            page = pdf.pages[number - 1]
            page.mediabox = Array([0, 0, width, 648])
            del page.obj["/TrimBox"]

    return change


def leave_out(number: int) -> Break:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[-number:]

    return change


def link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])


def remark(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9])])


def bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Here", 0))


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")


def loose(pdf: pikepdf.Pdf) -> None:
    descriptor = pdf.pages[0].Resources.Font.F.DescendantFonts[0].FontDescriptor
    del descriptor["/FontFile3"]


def veil(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[2]
    states = Dictionary(h=Dictionary(ca=0.5))
    page.Resources = Dictionary(Font=page.Resources.Font, ExtGState=states)
    page.contents_add(b"/h gs 20 200 9 9 re f")


def paint(content: bytes, kind: str, resource: Callable[[], pikepdf.Object]) -> Break:
    """Return what draws *content* on page 3, where *resource* has the name R among those of its *kind*."""

    def add(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[2]
        page.Resources = Dictionary({"/Font": page.Resources.Font, kind: Dictionary(R=resource())})
        page.contents_add(b"\n" + content)

    return add


def form(content: bytes, **entries: Any) -> Break:
    """Return what draws *content* on page 3 by a form in a form, which is drawn at half its size."""

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


def turn(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].rotate(90, relative=False)


def fill_in(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array())


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["notes.txt"] = b"words"


def layer(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary())


def group(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].obj.Group = Dictionary(S=Name.Transparency)


def rgb_space() -> pikepdf.Object:
    return Array([Name.CalRGB, Dictionary(WhitePoint=[1, 1, 1])])


def interpolation() -> pikepdf.Object:
    return Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0], C1=[1, 0, 0], N=1)


def spot_space() -> pikepdf.Object:
    return Array([Name.Separation, Name.Gold, Name.DeviceRGB, interpolation()])


def shading() -> pikepdf.Object:
    return Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 9], Function=interpolation())


def state(**parameters: Any) -> Callable[[], pikepdf.Object]:
    return lambda: Dictionary(**parameters)


INLINE = b"q 100 0 0 100 60 100 cm BI /W 2 /H 2 /CS /RGB /BPC 8 ID 123456789012 EI Q"


def undeclared(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/GTS_PDFXConformance"]


def trim(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].obj.TrimBox = Array([9, 9, 400, 600])


BROKEN: dict[str, tuple[Break, Vendor, str, str]] = {
    "a size that nobody cuts to": (resize(440), KDP, "press-size", "6.111 x 9 in"),
    "a page of another size": (resize(441, 3), KDP, "press-size", "the size of page 3 differs"),
    "a hundredth of an inch off": (resize(432.02), KDP, "press-size", "Amazon KDP Print is 6x9in"),
    "another trim box": (trim, KDP, "press-size", "the trim box of page 3 has another size"),
    "an odd number of pages": (leave_out(1), KDP, "press-count", "The file has 31 pages"),
    "too few pages": (leave_out(10), KDP, "press-count", "at least 24 pages"),
    "a coarse picture": (show(100, 60), KDP, "press-picture-coarse", "120 pixels per inch on page 3"),
    "a picture a little too coarse": (show(250, 75), KDP, "press-picture", "240 pixels per inch"),
    "type in red, green and blue": (draw(b"0.1 0.1 0.1 rg " + TYPE), KDP, "press-black", "on page 3"),
    "grey type in red, green and blue": (draw(b"0.5 0.5 0.5 rg " + TYPE), KDP, "press-black", "on page 3"),
    "type of four inks": (draw(b"0.4 0.3 0.3 1 k " + TYPE), KDP, "press-black", "on page 3"),
    "a screen's colour": (draw(b"1 0 0 rg 60 100 9 9 re f"), INGRAM, "press-colour", "on page 3"),
    "too much ink": (draw(b"0.7 0.7 0.7 0.6 k 60 100 9 9 re f"), INGRAM, "press-ink", "240 %"),
    "something half opaque": (veil, KDP, "press-transparency", "not opaque on page 3"),
    "a masked picture": (show(400, 60, SMask=Name.None_), KDP, "press-transparency", "with transparency"),
    "a link": (link, KDP, "press-extra", "The file contains links"),
    "a remark": (remark, KDP, "press-extra", "The file contains annotations"),
    "a bookmark": (bookmark, KDP, "press-extra", "The file contains bookmarks"),
    "a script": (script, KDP, "press-extra", "The file contains actions"),
    "a font that is not there": (loose, KDP, "press-font", "The font Serif is not embedded"),
    "type at the fold": (draw(b"1 0 0 1 -75 0 cm " + TYPE), KDP, "press-margin", "on page 3"),
    "type at the foot": (draw(b"1 0 0 1 0 -290 cm " + TYPE), KDP, "press-margin", "on page 3"),
    "a ground that stops at the edge": (draw(b"0 0 432 90 re f"), KDP, "press-bleed", "on page 3"),
    "type that nobody reads": (
        draw(b"BT /F 5 Tf 60 400 Td <00280029002A002B002C> Tj ET"), KDP, "press-type", "5 pt on page 3",
    ),
    "colours on lines": (draw(b"1 0 0 RG 60 100 m 90 100 l S"), INGRAM, "press-colour", "on page 3"),
    "a colour that is stroked after a fill": (
        draw(b"0 g 1 0 0 RG 60 100 9 9 re B"), INGRAM, "press-colour", "on page 3",
    ),
    "a colour of a space with a name": (
        paint(b"/R cs 1 0 0 sc 60 100 9 9 re f", "/ColorSpace", rgb_space), INGRAM, "press-colour",
        "on page 3",
    ),
    "a stroke of a space with a name": (
        paint(b"/R CS 1 0 0 SC 60 100 m 90 100 l s", "/ColorSpace", rgb_space), INGRAM, "press-colour",
        "on page 3",
    ),
    "a gradient of a screen's colours": (
        paint(b"q 60 100 9 9 re W n /R sh Q", "/Shading", shading), INGRAM, "press-colour", "on page 3",
    ),
    "outlined type of four inks": (
        draw(b"1 Tr 0.4 0.3 0.3 1 K " + TYPE + b" 0 Tr"), KDP, "press-black", "on page 3",
    ),
    "a coarse image in the page": (draw(INLINE), KDP, "press-picture-coarse", "only 1 pixels per inch"),
    "colours in a form in a form": (
        form(b"1 0 0 rg 120 200 9 9 re f"), INGRAM, "press-colour", "on page 3",
    ),
    "type that a form makes small": (form(b"0 g " + TYPE), KDP, "press-type", "5.5 pt on page 3"),
    "type that nobody sees": (draw(b"3 Tr " + TYPE), KDP, "press-transparency", "invisible text on page 3"),
    "a form that is a group": (
        form(b"0 g 120 200 9 9 re f", Group=Dictionary(S=Name.Transparency)), KDP, "press-transparency",
        "a transparency group on page 3",
    ),
    "a page with a group": (group, KDP, "press-transparency", "a transparency group on page 3"),
    "a soft mask": (
        paint(b"/R gs", "/ExtGState", state(SMask=Dictionary(S=Name.Alpha))), KDP,
        "press-transparency", "a soft mask on page 3",
    ),
    "colours that blend": (
        paint(b"/R gs", "/ExtGState", state(BM=Name.Multiply)), KDP, "press-transparency",
        "a blend mode on page 3",
    ),
    "a page on its side": (turn, KDP, "press-size", "is set on page 3"),
    "a form to fill in": (fill_in, KDP, "press-extra", "The file contains a form"),
    "a file in the file": (attach, KDP, "press-extra", "The file contains embedded files"),
    "layers": (layer, KDP, "press-extra", "The file contains layers"),
    "no standard": (undeclared, INGRAM, "press-standard", "PDF/X-1a:2001"),
}  # fmt: skip


@pytest.mark.parametrize("vendor", [KDP, INGRAM], ids=lambda vendor: vendor.name)
def test_a_good_file_has_no_findings(vendor: Vendor, tmp_path: Path) -> None:
    assert proofed(good(), tmp_path, vendor) == []


HARMLESS: dict[str, Break] = {
    "what was saved is restored": draw(b"q 1 0 0 rg Q 60 100 9 9 re f"),
    "more is restored than was saved": draw(b"Q Q"),
    "a spot colour": paint(b"/R cs 1 scn 60 100 9 9 re f", "/ColorSpace", spot_space),
    "a sign that is small": draw(b"BT /F 5 Tf 60 400 Td <00280029> Tj ET"),
    "no text at all": draw(b"3 Tr BT /F 11 Tf 60 300 Td () Tj ET 0 Tr"),
    "a state of the graphics that is opaque": paint(
        b"/R gs", "/ExtGState", state(ca=1, CA=1, BM=Name.Normal, SMask=Name("/None"))
    ),
    "a state of the graphics that is not there": draw(b"/Nothing gs"),
    "a form that is not there": draw(b"/Nothing Do"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_prints_well_has_no_findings(name: str, tmp_path: Path) -> None:
    pdf = good()
    HARMLESS[name](pdf)
    assert proofed(pdf, tmp_path, INGRAM) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_found_out(name: str, tmp_path: Path) -> None:
    spoil, vendor, code, words = BROKEN[name]
    pdf = good()
    spoil(pdf)
    findings = proofed(pdf, tmp_path, vendor)
    assert [finding.code for finding in findings] == [code], findings
    assert words in findings[0].message
    assert findings[0].where is not None
    assert findings[0].where.file.name == "book.pdf"


def test_the_gutter_goes_by_the_number_of_pages(tmp_path: Path) -> None:
    assert proofed(good(150), tmp_path) == []
    pdf = good(302)
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"0 g\n1 0 0 1 -20 0 cm\n" + TYPE)
    (finding,) = proofed(pdf, tmp_path)
    # 40 pt at the fold: 0.625 in are 45 pt.
    assert finding.code == "press-margin"
    assert "0.625 in at the fold" in finding.message


def test_lulu_advises_where_kdp_rejects(tmp_path: Path) -> None:
    pdf = good(152)
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"0 g\n" + TYPE)  # 60 pt from the fold, and Lulu's inch has 72
    assert [finding.code for finding in proofed(pdf, tmp_path, LULU)] == ["press-gutter"]
    assert proofed(pdf, tmp_path, KDP) == []


def test_encryption(tmp_path: Path) -> None:
    (finding,) = proofed(good(), tmp_path, encryption=pikepdf.Encryption(owner="o", user=""))
    assert (finding.code, "encryption" in finding.message) == ("press-extra", True)
    (finding,) = proofed(good(), tmp_path, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert (finding.code, "encryption" in finding.message) == ("press-extra", True)


def test_bleed_that_goes_to_the_end_is_good(tmp_path: Path) -> None:
    pdf = good(size=(441, 666))
    for number, page in enumerate(pdf.pages, 1):
        left = 0 if number % 2 else 9
        page.obj.TrimBox = Array([left, 9, left + 432, 657])
    draw(b"0 -40 0 441 706 re f Q"[2:])(pdf)
    assert [f.code for f in proofed(pdf, tmp_path)] == []


def test_a_background_that_stops_where_the_page_is_cut_has_no_bleed(tmp_path: Path) -> None:
    pdf = good(size=(441, 666))
    for page in pdf.pages:
        del page.obj["/TrimBox"]
    draw(b"1 0 0 1 -40 0 cm 0 0 432 666 re f")(pdf)  # page 3: the fold is at the left
    (finding,) = proofed(pdf, tmp_path)
    assert finding.code == "press-bleed"
    assert "on page 3" in finding.message


@pytest.mark.parametrize(("letter", "codes"), [("0061", ["press-margin"]), ("05D0", [])])
def test_the_fold_is_at_the_side_where_the_text_begins(letter: str, codes: list[str], tmp_path: Path) -> None:
    pdf = good()
    table = f"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <00FF> [{f"<{letter}> " * 256}] endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
    pdf.pages[0].Resources.Font.F.ToUnicode = pdf.make_stream(table.encode())
    # 20 pt from the left edge of page 3, which is enough only at the outer edge.
    pdf.pages[2].Contents = pdf.make_stream(b"0 g\n1 0 0 1 -40 0 cm\n" + TYPE)
    assert [finding.code for finding in proofed(pdf, tmp_path)] == codes


def test_a_damaged_file_is_a_finding_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing")
    (finding,) = preflight([path], KDP)
    assert finding.code == "judge-failed"


# ---- covers ----------------------------------------------------------------------------------


def cover(spine: float, content: bytes = b"", mirrored: bool = False) -> bytes:
    """Return a cover of a book of 6 x 9 in, with its *spine* in inches."""
    pdf = pikepdf.new()
    size = ((12.25 + spine) * 72, 9.25 * 72)
    page = pdf.add_blank_page(page_size=size)
    page.Resources = Dictionary(Font=Dictionary(F=font(pdf)))
    page.Contents = pdf.make_stream(b"0 g\n" + content)
    page.obj.TrimBox = Array([9, 9, round(size[0] - 9, 3), round(size[1] - 9, 3)])
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def words(x: float, y: float, turn: bytes = b"1 0 0 1") -> bytes:
    return b"BT /F 11 Tf %s %.2f %.2f Tm <0028002900300031003200330034> Tj ET\n" % (turn, x, y)


@pytest.fixture
def wrapped(tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    def proof(data: bytes, pages: int = 200) -> list[str]:
        inside, around = tmp_path / "book.pdf", tmp_path / "book-cover.pdf"
        good(pages).save(inside)
        around.write_bytes(data)
        return [finding.code for finding in preflight([inside, around], KDP)]

    yield proof


def test_a_good_cover(wrapped: Callable[..., list[str]]) -> None:
    spine = 200 * 0.002252
    on_spine = words(441 + spine * 36 - 3, 400, b"0 -1 1 0")
    assert wrapped(cover(spine, words(60, 500) + words(520, 500) + on_spine)) == []


@pytest.mark.parametrize(
    ("spine", "content", "pages", "codes"),
    [
        (0.9, b"", 200, "press-spine"),
        (200 * 0.002252, words(12, 500), 200, "press-cover-edge"),
        (200 * 0.002252, words(441, 400, b"0 -1 1 0"), 200, "press-cover-spine"),
        (200 * 0.002252, words(300, 60), 200, "press-barcode"),
        (78 * 0.002252, words(445.7, 400, b"0 -0.2 0.2 0"), 78, "press-type press-spine-words"),
    ],
)
def test_a_broken_cover(
    spine: float, content: bytes, pages: int, codes: str, wrapped: Callable[..., list[str]]
) -> None:
    assert wrapped(cover(spine, content), pages) == codes.split()


def test_a_cover_that_wraps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cover.pdf"
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(900, 700))
    pdf.save(path)
    (finding,) = preflight([path], KDP)
    assert (finding.code, "fits no book" in finding.message) == ("press-size", True)
