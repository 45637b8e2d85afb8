"""What readers and paper get of an author's pictures, in finished editions."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from lxml import etree
from PIL import Image, ImageChops, ImageDraw

from bifolio import make
from bifolio.build import Made
from tests.conftest import Built

Build = Callable[..., Built]
X = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def flag() -> Image.Image:
    """Return a picture whose upper left is red and whose lower right is blue."""
    image = Image.new("RGB", (120, 60), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 40, 20), fill="red")
    draw.rectangle((80, 40, 120, 60), fill="blue")
    return image


def pictures_of_epub(built: Built) -> dict[str, tuple[str, Image.Image]]:
    """Return each picture that the text shows, with its media type, by its words."""
    with zipfile.ZipFile(built.epub) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
        types = {item.get("href", ""): item.get("media-type", "") for item in package.iter(f"{OPF}item")}
        text = etree.fromstring(book.read("EPUB/article.xhtml"))
        return {
            img.get("alt", ""): (
                types[img.get("src", "")],
                Image.open(BytesIO(book.read(f"EPUB/{img.get('src')}"))).convert("RGB"),
            )
            for img in text.iter(f"{X}img")
        }


def pictures_of_pdf(built: Built) -> list[Image.Image]:
    with pikepdf.open(built.pdf) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        assert not any(image.get("/Interpolate") for image in images)
        return [
            pikepdf.PdfImage(image).as_pil_image().convert("RGB")
            for image in images
            if isinstance(image, pikepdf.Stream)
        ]


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Where each pass of an interlaced PNG begins, and its steps (PNG, 3rd edition, 8.1)."""


def interlaced(image: Image.Image) -> bytes:
    """Return *image*, of the mode RGB, as an interlaced PNG, which Pillow does not write."""
    pixels = image.tobytes()
    rows = b"".join(
        b"\0"
        + b"".join(
            pixels[at : at + 3]
            for at in range(3 * (y * image.width + left), 3 * (y + 1) * image.width, 3 * across)
        )
        for left, top, across, down in ADAM7
        for y in range(top, image.height, down)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", *image.size, 8, 2, 0, 0, 1)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_pngs_of_all_kinds_look_on_paper_as_they_were_drawn(build: Build) -> None:
    def drawn(width: int, mode: str = "RGB") -> Image.Image:
        return flag().crop((0, 0, width, 60)).convert(mode, dither=Image.Dither.NONE)

    kinds = {
        "plain": saved(drawn(100), "PNG"),
        "interlaced": interlaced(drawn(101)),
        "palette": saved(drawn(102).quantize(8), "PNG"),
        "seen-through": saved(drawn(103, "RGBA"), "PNG"),
        "grey": saved(drawn(104, "L"), "PNG"),
        "grey-seen-through": saved(drawn(105, "LA"), "PNG"),
        "black": saved(drawn(106, "1"), "PNG"),
        "deep": saved(drawn(107, "L").convert("I;16").point(lambda value: value * 257), "PNG"),
    }
    modes = {104: "L", 105: "L", 106: "1", 107: "L"}
    text = "\n\n".join(f"![{name}]({name}.png)" for name in kinds)
    built = build(FRONT + text, **{f"{name}__png": data for name, data in kinds.items()})
    shown = {image.width: image for image in pictures_of_pdf(built)}
    assert sorted(shown) == [*range(100, 108)]
    unlike = {
        width: box
        for width, image in shown.items()
        if (
            box := ImageChops.difference(
                image, drawn(width, modes.get(width, "RGB")).convert("RGB")
            ).getbbox()
        )
    }
    assert not unlike


def test_the_pixels_of_a_png_are_not_packed_again(build: Build) -> None:
    data = saved(flag(), "PNG", compress_level=0)
    built = build(FRONT + "![A flag](flag.png)", flag__png=data)
    with pikepdf.open(built.pdf) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert image.read_raw_bytes() in data


def test_no_picture_is_smoothed_by_the_reader_whatever_the_sheet_says(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    source = write(FRONT + "![A flag](flag.png)", flag__png=saved(flag(), "PNG"))
    style = tmp_path / "smooth.css"
    style.write_text("img { image-rendering: auto }")
    (file,) = make(source, tmp_path / "out", only="pdf", style=style).files
    with pikepdf.open(file.path) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert not image.Interpolate


def test_a_turned_photograph_stands_alike_in_both_editions(build: Build) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    turned[0x010F] = "A camera"
    stored = flag().transpose(Image.Transpose.ROTATE_90)
    built = build(FRONT + "![a](a.jpg)\n", a__jpg=saved(stored, "JPEG", exif=turned, quality=95))
    ((media_type, on_screen),) = pictures_of_epub(built).values()
    (on_paper,) = pictures_of_pdf(built)
    assert media_type == "image/jpeg"
    for image in (on_screen, on_paper):
        assert image.size == (120, 60)
        assert image.getpixel((10, 5))[0] > 200 > 60 > image.getpixel((10, 5))[2]  # type: ignore[index]
        assert image.getpixel((110, 55))[2] > 200 > 60 > image.getpixel((110, 55))[0]  # type: ignore[index]
    assert b"A camera" not in built.pdf.read_bytes()
    assert built.made.findings == ()


def test_new_kinds_are_shown_as_old_ones_under_names_of_their_own(build: Build) -> None:
    webp, avif = saved(flag(), "WEBP", lossless=True), saved(flag(), "AVIF", quality=100)
    text = "![one](a.webp)\n\n![two](a.avif)\n\n![three](a.png)\n\nA note.[^n]\n\n[^n]: ![four](a.webp)\n"
    built = build(FRONT + text, a__webp=webp, a__avif=avif, a__png=saved(flag(), "PNG"))
    shown = pictures_of_epub(built)
    assert list(shown) == ["one", "two", "three", "four"]
    assert {media_type for media_type, _ in shown.values()} <= {"image/png", "image/jpeg"}
    for _, image in shown.values():
        assert image.getpixel((10, 5))[0] > 200 > image.getpixel((110, 55))[0]  # type: ignore[index]
    with zipfile.ZipFile(built.epub) as book:
        names = [name for name in book.namelist() if name.startswith("EPUB/pictures/")]
        shown_names = set(re.findall(rb'src="([^"]+)"', book.read("EPUB/article.xhtml")))
    assert len(names) == 3
    assert {f"EPUB/{name.decode()}" for name in shown_names} == set(names)
    assert len(pictures_of_pdf(built)) == 3
    assert built.made.findings == ()


def test_a_picture_that_moves_is_a_hazard_only_where_it_moves(build: Build) -> None:
    frames = [flag(), flag().transpose(Image.Transpose.ROTATE_180)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    hazards = []
    for data in (moving, saved(flag(), "GIF")):
        built = build(FRONT + "![a](a.gif)\n", a__gif=data)
        with zipfile.ZipFile(built.epub) as book:
            hazards += re.findall(rb'"schema:accessibilityHazard">(\w+)', book.read("EPUB/content.opf"))
        (on_paper,) = pictures_of_pdf(built)
        assert on_paper.getpixel((10, 5)) == (255, 0, 0)
    assert hazards == [b"unknown", b"none"]


def test_a_picture_that_was_made_smaller_is_told(build: Build) -> None:
    built = build(FRONT + "![a](a.png)\n", a__png=saved(Image.new("1", (5000, 1000)), "PNG"))
    assert [str(f).partition("text.md: ")[2] for f in built.made.findings] == [
        "note picture-reduced: The image `a.png` has 5000 x 1000 pixels; the EPUB contains it with "
        "4096 x 819, within the limits of the stores. Leave it as it is; the PDF has its own copy, for "
        "printing."
    ]
    assert [image.size for image in pictures_of_pdf(built)] == [(5000, 1000)]


def book_with(cover: str, data: bytes, folder: Path, *destinations: str) -> Made:
    folder.mkdir()
    plan = f'title = "T"\nlanguage = "en"\ncover = "{cover}"\nchapters = ["one.md"]\n'
    (folder / "book.toml").write_text(plan, "utf-8")
    (folder / "one.md").write_text("# One\n\nText.\n", "utf-8")
    (folder / cover).write_bytes(data)
    only = None if destinations else "epub"
    return make(folder, folder / "build", only=only, destinations=destinations)


def cover_of(made: Made) -> tuple[str, Image.Image]:
    with zipfile.ZipFile(made.files[0].path) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
        (item,) = (i for i in package.iter(f"{OPF}item") if i.get("properties") == "cover-image")
        return item.get("media-type", ""), Image.open(BytesIO(book.read(f"EPUB/{item.get('href')}")))


def test_a_small_cover_is_told(tmp_path: Path) -> None:
    made = book_with("c.gif", saved(flag(), "GIF"), tmp_path / "book")
    assert [str(f).partition("book: ")[2] for f in made.findings] == [
        "warning cover-small: The cover has 120 x 60 pixels; stores reject covers of less than 625 x 1000. "
        "Use a cover of at least 1600 x 2560 pixels."
    ]
    assert cover_of(made)[0] == "image/png"


def test_a_cover_drawn_in_svg_is_painted(tmp_path: Path) -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 160"><rect width="100" height="160" '
        b'fill="red"/><text x="10" y="100" font-size="20">Words</text></svg>'
    )
    made = book_with("c.svg", svg, tmp_path / "book")
    media_type, image = cover_of(made)
    assert (media_type, image.size) == ("image/png", (1000, 1600))
    colours = {colour: count for count, colour in image.convert("RGB").getcolors(100_000) or ()}
    assert colours[(255, 0, 0)] > 1_400_000
    assert colours[(0, 0, 0)] > 10_000
    assert made.findings == ()


def test_the_cover_for_kindle_is_a_jpeg(tmp_path: Path) -> None:
    cover = saved(Image.new("RGBA", (700, 1200), (255, 0, 0, 0)), "PNG")
    media_type, image = cover_of(book_with("c.png", cover, tmp_path / "book", "kindle"))
    assert (media_type, image.format, image.size) == ("image/jpeg", "JPEG", (700, 1200))
    assert image.getpixel((9, 9)) == (255, 255, 255)
