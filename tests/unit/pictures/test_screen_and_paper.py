"""One source picture: what a screen and what paper get of it."""

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
ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825
A4 = 297.0


def photograph(width: int = 300, height: int = 200) -> Image.Image:
    """Return a picture with the grain of a photograph, red in its upper left corner."""
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


def picture(image: Image.Image, kind: str, **options: Any) -> Picture:
    out = BytesIO()
    image.save(out, kind, **options)
    return Picture(f"a.{kind.lower()}", TYPES[kind], out.getvalue(), *image.size)


def opened(made: Picture) -> Image.Image:
    image = Image.open(BytesIO(made.data))
    image.load()
    return image


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how far the pixels of two pictures are from each other: the mean, of 255."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(ImageStat.Stat(difference).rms)


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION], data[MAKER] = orientation, "A camera"
    data.get_ifd(PLACE)[1] = "N"
    return data


@pytest.mark.parametrize(
    "given",
    [
        picture(photograph(), "JPEG"), picture(photograph(), "JPEG", progressive=True),
        picture(drawing(), "PNG"), picture(drawing(mode="RGBA"), "PNG"),
        picture(drawing().convert("P"), "GIF"),
    ],
)  # fmt: skip
def test_what_is_right_already_is_not_touched(given: Picture) -> None:
    assert convert_for_screen(given, CONTENT_LIMITS) == replace(
        given, name=convert_for_screen(given, CONTENT_LIMITS).name
    )


def test_what_is_right_for_paper_is_not_touched() -> None:
    for given in (picture(photograph(), "JPEG"), picture(drawing(), "PNG")):
        assert convert_for_paper(given, A4) == given


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_places_and_cameras_are_taken_out_and_no_pixel_is_touched(kind: str) -> None:
    image = photograph()
    given = (
        picture(image, kind, exif=exif(), comment="Secret")
        if kind == "JPEG"
        else picture(image, kind, exif=exif())
    )
    assert b"A camera" in given.data
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert b"A camera" not in made.data
        assert b"Secret" not in made.data
        assert not opened(made).getexif()
        assert opened(made).tobytes() == opened(given).tobytes()
        assert len(made.data) < len(given.data)


def test_remarks_in_a_gif_go_and_its_movement_stays() -> None:
    frames = [drawing(), drawing(200, 100).resize((300, 200))]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"Secret")
    given = Picture("a.gif", "image/gif", out.getvalue(), 300, 200, moving=True)
    assert b"Secret" in given.data
    made = convert_for_screen(given, CONTENT_LIMITS)
    assert b"Secret" not in made.data
    assert opened(made).n_frames == 2  # type: ignore[attr-defined]
    assert opened(made).info["loop"] == 0


def test_what_a_telephone_hides_behind_a_photograph_goes() -> None:
    given = picture(photograph(), "JPEG")
    hidden = replace(given, data=given.data + b"\xff\xd8 another picture, or a film")
    assert convert_for_screen(hidden, CONTENT_LIMITS).data == given.data


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_photograph_is_upright_in_both_editions_alike(orientation: int) -> None:
    seen = photograph()
    # What a camera writes that was held otherwise: the picture turned back.
    turn = Image.Transpose
    back = (turn.FLIP_LEFT_RIGHT, turn.ROTATE_180, turn.FLIP_TOP_BOTTOM, turn.TRANSPOSE, turn.ROTATE_90,
            turn.TRANSVERSE, turn.ROTATE_270)  # fmt: skip
    stored = seen.transpose(back[orientation - 2])
    given = picture(stored, "JPEG", exif=exif(orientation), quality=95, subsampling=0)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert opened(made).size == seen.size
        assert not opened(made).getexif()
        assert apart(opened(made), seen) < 8


@pytest.mark.parametrize("late", [False, True])
def test_a_turned_png_is_upright_wherever_it_says_that_it_is_turned(late: bool) -> None:
    seen = photograph()
    given = picture(seen.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif(6))
    if late:  # behind the pixels, where an editor of metadata puts it
        (size,) = struct.unpack_from(">I", given.data, (start := given.data.index(b"eXIf") - 4))
        chunk, rest = given.data[start : start + size + 12], given.data[start + size + 12 :]
        given = replace(given, data=given.data[:start] + rest[:-12] + chunk + rest[-12:])
        assert given.data.index(b"IDAT") < given.data.index(b"eXIf")
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert opened(made).size == seen.size
        assert apart(opened(made), seen) < 8


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_kinds_that_old_readers_lack_become_jpeg_or_png_by_what_they_show(kind: str) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {"quality": 100}
    for image, media_type, ending in ((photograph(), "image/jpeg", "jpg"), (drawing(), "image/png", "png")):
        given = picture(image, kind, **lossless)
        made = convert_for_screen(given, CONTENT_LIMITS)
        assert (made.media_type, made.name) == (media_type, f"a.{ending}")
        assert opened(made).format == media_type[6:].upper()
        assert apart(opened(made), opened(given)) < 4


def test_what_can_be_seen_through_stays_so() -> None:
    made = convert_for_screen(picture(drawing(mode="RGBA"), "WEBP", lossless=True), CONTENT_LIMITS)
    assert made.media_type == "image/png"
    assert opened(made).getchannel("A").getextrema() == (0, 255)


def test_a_large_photograph_in_png_becomes_jpeg_and_a_large_drawing_does_not() -> None:
    photo = picture(photograph(700, 500), "PNG")
    made = convert_for_screen(photo, CONTENT_LIMITS)
    assert (made.name, made.media_type) == ("a.jpg", "image/jpeg")
    assert len(made.data) < 0.6 * len(photo.data)
    assert apart(opened(made), photograph(700, 500)) < 5
    plan = picture(drawing(700, 500), "PNG", compress_level=0)
    assert len(plan.data) > 150_000
    assert convert_for_screen(plan, CONTENT_LIMITS) == plan
    assert convert_for_paper(photo, A4) == photo


@pytest.mark.parametrize(("width", "height"), [(3000, 2000), (30_000, 300)])
def test_what_is_too_large_for_stores_is_made_smaller(width: int, height: int) -> None:
    given = picture(drawing(width, height), "PNG")
    made = convert_for_screen(given, CONTENT_LIMITS)
    assert made.width * made.height <= 4_000_000
    assert max(made.width, made.height) <= 4096
    assert max(made.width, made.height) > 1900
    assert abs(made.width / made.height / (width / height) - 1) < 0.3
    assert opened(made).size == (made.width, made.height)


def test_what_has_too_many_bytes_is_made_smaller() -> None:
    given = picture(photograph(400, 300), "JPEG", quality=100)
    limits = replace(CONTENT_LIMITS, size=len(given.data) // 3)
    made = convert_for_screen(given, limits)
    assert len(made.data) <= limits.size
    assert made.media_type == "image/jpeg"


def test_paper_gets_no_more_than_a_press_can_show() -> None:
    given = picture(drawing(9000, 90), "PNG")
    assert opened(convert_for_paper(given, A4)).size == (7016, 70)
    assert opened(convert_for_paper(given, 100)).size == (2362, 24)


def test_the_colours_of_a_press_become_those_of_screens() -> None:
    given = picture(photograph().convert("CMYK"), "JPEG", quality=95)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert (opened(made).format, opened(made).mode) == ("JPEG", "RGB")
        assert apart(opened(made), photograph()) < 12


def test_the_colours_of_a_profile_become_srgb_and_those_that_are_srgb_stay() -> None:
    swapped = swapped_profile()
    given = picture(photograph(), "PNG", icc_profile=swapped)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert "icc_profile" not in opened(made).info
        red, _, blue = opened(made).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert (red > 200, blue > 200) == (False, True)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    given = picture(photograph(), "JPEG", icc_profile=srgb)
    made = convert_for_screen(given, CONTENT_LIMITS)
    assert "icc_profile" not in opened(made).info
    assert opened(made).tobytes() == opened(given).tobytes()


def test_a_profile_that_is_damaged_is_left_aside() -> None:
    given = picture(photograph(), "JPEG", icc_profile=b"no profile")
    assert opened(convert_for_screen(given, CONTENT_LIMITS)).tobytes() == opened(given).tobytes()


def swapped_profile() -> bytes:
    """Return the profile of a screen whose red and blue are each other's."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    entries = {bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = entries[b"rXYZ"] + 4, entries[b"bXYZ"] + 4
    data[red : red + 8], data[blue : blue + 8] = data[blue : blue + 8], data[red : red + 8]
    return bytes(data)


def sixteen_bits(colour: int) -> bytes:
    """Return a PNG of 256 x 2 px from black to white, in *colour* 0 (grey) or 2 (red, green, blue)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" + b"".join(struct.pack(">H", x * 257) * (3 if colour else 1) for x in range(256))
    head = struct.pack(">IIBBBBB", 256, 2, 16, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 2)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("colour", [0, 2])
def test_sixteen_bits_become_eight_from_black_to_white(colour: int) -> None:
    given = Picture("a.png", "image/png", sixteen_bits(colour), 256, 2)
    for made in (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)):
        assert made.data[24] == 8
        grey = opened(made).convert("L")
        assert [grey.getpixel((x, 0)) for x in (0, 64, 128, 255)] == [0, 64, 128, 255]


def test_a_cover_cannot_be_seen_through_and_does_not_move() -> None:
    made = convert_for_screen(picture(drawing(700, 1100, "RGBA"), "PNG"), COVER_LIMITS)
    assert opened(made).mode in ("RGB", "P")
    assert opened(made).convert("RGB").getpixel((600, 10)) == (255, 255, 255)
    assert (
        convert_for_screen(picture(drawing(700, 1100).convert("P"), "GIF"), COVER_LIMITS).media_type
        == "image/png"
    )
    plain = picture(drawing(700, 1100), "PNG")
    assert convert_for_screen(plain, COVER_LIMITS) == plain


def test_a_cover_for_a_place_that_takes_jpeg_alone_is_jpeg() -> None:
    made = convert_for_screen(
        picture(drawing(700, 1100, "RGBA"), "PNG"), replace(COVER_LIMITS, only_jpeg=True)
    )
    assert (made.name, opened(made).format) == ("a.jpg", "JPEG")


def test_a_drawing_in_svg_stays() -> None:
    given = Picture("a.svg", "image/svg+xml", b"<svg/>", 1, 1)
    assert (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4)) == (given, given)


def test_what_was_made_is_kept_and_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    given = picture(photograph(), "WEBP")
    first = convert_for_screen(given, CONTENT_LIMITS, cache), convert_for_paper(given, A4, cache)
    assert first == (convert_for_screen(given, CONTENT_LIMITS), convert_for_paper(given, A4))
    monkeypatch.setattr(
        "bifolio.pictures.screen_images.load_normalized", None
    )  # nothing is made a second time
    monkeypatch.setattr("bifolio.pictures.print_images.load_normalized", None)
    assert (convert_for_screen(given, CONTENT_LIMITS, cache), convert_for_paper(given, A4, cache)) == first
