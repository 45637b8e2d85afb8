"""Images of a source, converted for the EPUB and for the PDF."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat

from bifolio.model.publication import Picture
from bifolio.pictures import CONTENT_LIMITS, COVER_LIMITS, convert_for_paper, convert_for_screen
from bifolio.runtime.cache import Cache

TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
A4 = 297.0


def photograph(width: int = 300, height: int = 200) -> Image.Image:
    """Return an image with the grain of a photograph, red in its upper left corner."""
    red = Image.radial_gradient("L").resize((width, height))
    green = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (red, green, ImageChops.invert(green)))
    grain = Image.frombytes(
        "L", (width, height), bytes((i * i * 2654435761 >> 9) % 12 for i in range(width * height))
    )
    image = ImageChops.add(image, Image.merge("RGB", (grain, ImageChops.invert(grain), grain)))
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def drawing(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (width, height), (255, 255, 255, 0)[: len(mode)])
    ImageDraw.Draw(image).line((0, 0, width, height), fill=(0, 0, 128, 255)[: len(mode)], width=3)
    return image


def encode(image: Image.Image, kind: str, **options: Any) -> Picture:
    out = BytesIO()
    image.save(out, kind, **options)
    return Picture(f"a.{kind.lower()}", TYPES[kind], out.getvalue(), *image.size)


def decode(made: Picture) -> Image.Image:
    image = Image.open(BytesIO(made.data))
    image.load()
    return image


def difference_of(one: Image.Image, other: Image.Image) -> float:
    """Return the largest root mean square difference of any channel of two images, on a scale of 0 to 255."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(ImageStat.Stat(difference).rms)


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION], data[MAKER] = orientation, "A camera"
    data.get_ifd(GPS)[1] = "N"
    return data


@pytest.mark.parametrize(
    "given",
    [
        encode(photograph(), "JPEG"), encode(photograph(), "JPEG", progressive=True),
        encode(drawing(), "PNG"), encode(drawing(mode="RGBA"), "PNG"),
        encode(drawing().convert("P"), "GIF"),
    ],
)  # fmt: skip
def test_a_suitable_image_is_unchanged_on_screen(given: Picture) -> None:
    assert convert_for_screen(given, CONTENT_LIMITS) == replace(
        given, name=convert_for_screen(given, CONTENT_LIMITS).name
    )


def test_a_suitable_image_is_unchanged_on_paper() -> None:
    for given in (encode(photograph(), "JPEG"), encode(drawing(), "PNG")):
        assert convert_for_paper(given, A4) == given


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_exif_and_comments_are_removed_without_changing_pixels(kind: str) -> None:
    image = photograph()
    given = (
        encode(image, kind, exif=exif(), comment="Secret")
        if kind == "JPEG"
        else encode(image, kind, exif=exif())
    )
    assert b"A camera" in given.data
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert b"A camera" not in made.data
        assert b"Secret" not in made.data
        assert not decode(made).getexif()
        assert decode(made).tobytes() == decode(given).tobytes()
        assert len(made.data) < len(given.data)


def test_comments_of_a_gif_are_removed_and_its_animation_stays() -> None:
    frames = [drawing(), drawing(200, 100).resize((300, 200))]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"Secret")
    given = Picture("a.gif", "image/gif", out.getvalue(), 300, 200, moving=True)
    assert b"Secret" in given.data
    made = convert_for_screen(given, CONTENT_LIMITS)
    assert b"Secret" not in made.data
    assert decode(made).n_frames == 2  # type: ignore[attr-defined]
    assert decode(made).info["loop"] == 0


def test_data_after_the_end_of_a_jpeg_are_removed() -> None:
    given = encode(photograph(), "JPEG")
    hidden = replace(given, data=given.data + b"\xff\xd8 another picture, or a film")
    assert convert_for_screen(hidden, CONTENT_LIMITS).data == given.data


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photograph_with_exif_rotation_is_upright_in_both_editions(orientation: int) -> None:
    upright = photograph()
    # A camera that is held otherwise stores the image with the inverse of the Exif orientation.
    method = Image.Transpose
    inverse = (method.FLIP_LEFT_RIGHT, method.ROTATE_180, method.FLIP_TOP_BOTTOM, method.TRANSPOSE,
               method.ROTATE_90, method.TRANSVERSE, method.ROTATE_270)  # fmt: skip
    stored = upright.transpose(inverse[orientation - 2])
    given = encode(stored, "JPEG", exif=exif(orientation), quality=95, subsampling=0)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert decode(made).size == upright.size
        assert not decode(made).getexif()
        assert difference_of(decode(made), upright) < 8


@pytest.mark.parametrize("is_after_pixels", [False, True])
def test_a_png_with_exif_rotation_is_upright_wherever_its_exif_chunk_is(is_after_pixels: bool) -> None:
    upright = photograph()
    given = encode(upright.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif(6))
    if is_after_pixels:  # after the pixels, where metadata editors put it
        (size,) = struct.unpack_from(">I", given.data, (start := given.data.index(b"eXIf") - 4))
        chunk, rest = given.data[start : start + size + 12], given.data[start + size + 12 :]
        given = replace(given, data=given.data[:start] + rest[:-12] + chunk + rest[-12:])
        assert given.data.index(b"IDAT") < given.data.index(b"eXIf")
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert decode(made).size == upright.size
        assert difference_of(decode(made), upright) < 8


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_webp_and_avif_become_jpeg_for_photographs_and_png_for_drawings(kind: str) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {"quality": 100}
    for image, media_type, suffix in ((photograph(), "image/jpeg", "jpg"), (drawing(), "image/png", "png")):
        given = encode(image, kind, **lossless)
        made = convert_for_screen(given, CONTENT_LIMITS)
        assert (made.media_type, made.name) == (media_type, f"a.{suffix}")
        assert decode(made).format == media_type[6:].upper()
        assert difference_of(decode(made), decode(given)) < 4


def test_transparency_is_preserved() -> None:
    made = convert_for_screen(encode(drawing(mode="RGBA"), "WEBP", lossless=True), CONTENT_LIMITS)
    assert made.media_type == "image/png"
    assert decode(made).getchannel("A").getextrema() == (0, 255)


def test_a_large_photograph_in_png_becomes_jpeg_and_a_large_drawing_does_not() -> None:
    photo = encode(photograph(700, 500), "PNG")
    made = convert_for_screen(photo, CONTENT_LIMITS)
    assert (made.name, made.media_type) == ("a.jpg", "image/jpeg")
    assert len(made.data) < 0.6 * len(photo.data)
    assert difference_of(decode(made), photograph(700, 500)) < 5
    plan = encode(drawing(700, 500), "PNG", compress_level=0)
    assert len(plan.data) > 150_000
    assert convert_for_screen(plan, CONTENT_LIMITS) == plan
    assert convert_for_paper(photo, A4) == photo


@pytest.mark.parametrize(("width", "height"), [(3000, 2000), (30_000, 300)])
def test_an_image_with_too_many_pixels_is_scaled_down(width: int, height: int) -> None:
    given = encode(drawing(width, height), "PNG")
    made = convert_for_screen(given, CONTENT_LIMITS)
    assert made.width * made.height <= 4_000_000
    assert max(made.width, made.height) <= 4096
    assert max(made.width, made.height) > 1900
    assert abs(made.width / made.height / (width / height) - 1) < 0.3
    assert decode(made).size == (made.width, made.height)


def test_an_image_with_too_many_bytes_is_compressed() -> None:
    given = encode(photograph(400, 300), "JPEG", quality=100)
    limits = replace(CONTENT_LIMITS, size=len(given.data) // 3)
    made = convert_for_screen(given, limits)
    assert len(made.data) <= limits.size
    assert made.media_type == "image/jpeg"


def test_the_resolution_on_paper_is_limited() -> None:
    given = encode(drawing(9000, 90), "PNG")
    assert decode(convert_for_paper(given, A4)).size == (7016, 70)
    assert decode(convert_for_paper(given, 100)).size == (2362, 24)


def test_cmyk_becomes_rgb() -> None:
    given = encode(photograph().convert("CMYK"), "JPEG", quality=95)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert (decode(made).format, decode(made).mode) == ("JPEG", "RGB")
        assert difference_of(decode(made), photograph()) < 12


def test_colours_with_a_profile_become_srgb_and_srgb_stays() -> None:
    swapped = swapped_profile()
    given = encode(photograph(), "PNG", icc_profile=swapped)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert "icc_profile" not in decode(made).info
        red, _, blue = decode(made).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert (red > 200, blue > 200) == (False, True)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    given = encode(photograph(), "JPEG", icc_profile=srgb)
    made = convert_for_screen(given, CONTENT_LIMITS)
    assert "icc_profile" not in decode(made).info
    assert decode(made).tobytes() == decode(given).tobytes()


def test_a_damaged_profile_is_ignored() -> None:
    given = encode(photograph(), "JPEG", icc_profile=b"no profile")
    assert decode(convert_for_screen(given, CONTENT_LIMITS)).tobytes() == decode(given).tobytes()


def swapped_profile() -> bytes:
    """Return an sRGB profile with red and blue swapped."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    entries = {bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = entries[b"rXYZ"] + 4, entries[b"bXYZ"] + 4
    data[red : red + 8], data[blue : blue + 8] = data[blue : blue + 8], data[red : red + 8]
    return bytes(data)


def sixteen_bit_png(colour: int) -> bytes:
    """Return a 16-bit PNG of 256 x 2 px from black to white, of colour type *colour*: 0 (grey) or 2 (RGB)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" + b"".join(struct.pack(">H", x * 257) * (3 if colour else 1) for x in range(256))
    head = struct.pack(">IIBBBBB", 256, 2, 16, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 2)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("colour", [0, 2])
def test_sixteen_bits_become_eight(colour: int) -> None:
    given = Picture("a.png", "image/png", sixteen_bit_png(colour), 256, 2)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert made.data[24] == 8
        grey = decode(made).convert("L")
        assert [grey.getpixel((x, 0)) for x in (0, 64, 128, 255)] == [0, 64, 128, 255]


def test_a_cover_is_opaque_and_not_a_gif() -> None:
    made = convert_for_screen(encode(drawing(700, 1100, "RGBA"), "PNG"), COVER_LIMITS)
    assert decode(made).mode in ("RGB", "P")
    assert decode(made).convert("RGB").getpixel((600, 10)) == (255, 255, 255)
    assert (
        convert_for_screen(encode(drawing(700, 1100).convert("P"), "GIF"), COVER_LIMITS).media_type
        == "image/png"
    )
    plain = encode(drawing(700, 1100), "PNG")
    assert convert_for_screen(plain, COVER_LIMITS) == plain


def test_a_cover_for_a_destination_that_takes_only_jpeg_is_jpeg() -> None:
    made = convert_for_screen(
        encode(drawing(700, 1100, "RGBA"), "PNG"), replace(COVER_LIMITS, only_jpeg=True)
    )
    assert (made.name, decode(made).format) == ("a.jpg", "JPEG")


def test_an_svg_is_unchanged() -> None:
    given = Picture("a.svg", "image/svg+xml", b"<svg/>", 1, 1)
    assert (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)) == (given, given)


def test_converted_images_are_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    given = encode(photograph(), "WEBP")
    first = convert_for_screen(given, CONTENT_LIMITS, cache), convert_for_paper(given, A4, cache)
    assert first == (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4))
    monkeypatch.setattr("bifolio.pictures.screen_images.load_normalized", None)
    monkeypatch.setattr("bifolio.pictures.print_images.load_normalized", None)
    assert (convert_for_screen(given, CONTENT_LIMITS, cache), convert_for_paper(given, A4, cache)) == first
