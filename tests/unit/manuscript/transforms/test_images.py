"""Images that a text refers to: paths, sizes, alternative texts, and files that cannot be shown."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from bifolio import read
from bifolio.model.publication import words_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect/></svg>'


def png(size: tuple[int, int] = (2, 3)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


def test_images_are_read_with_their_format_and_size(write: Write) -> None:
    text = FRONT + "![a](a.png)\n\n![b](b.svg)\n\n![a again](/a.png)\n"
    publication = read(write(text, a__png=png(), b__svg=SVG))
    assert [(p.name, p.media_type, p.width, p.height) for p in publication.pictures] == [
        ("a.png", "image/png", 2, 3),
        ("b.svg", "image/svg+xml", 20, 10),
    ]
    names = [img.get("src") for img in publication.sections[0].body.iter("img")]
    assert names == ["a.png", "b.svg", "a.png"]
    assert publication.findings == ()


def test_a_name_with_spaces_and_non_latin_letters_is_found(write: Write) -> None:
    publication = read(write(FRONT + "![a](<Ա b.png>) ![a](%D4%B1%20b.png)\n", **{"Ա b__png": png()}))
    assert [p.name for p in publication.pictures] == ["b.png"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("none.png", "picture-missing"),
        ("/etc/hostname", "picture-missing"),
        ("../../outside.png", "picture-outside"),
        ("%2e%2e/outside.png", "picture-outside"),
        ("file:///etc/hostname", "picture-outside"),
        ("data:image/png;base64,AAAA", "picture-outside"),
        ("https://example.org/x.png", "picture-remote"),
        ("//example.org/x.png", "picture-remote"),
        ("text.md", "picture-unreadable"),
        ("broken.png", "picture-unreadable"),
        ("bomb.svg", "picture-unreadable"),
        ("html.svg", "picture-unreadable"),
    ],
)
def test_an_image_that_cannot_be_shown_is_replaced_by_its_alternative_text(
    write: Write, url: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / "outside.png").write_bytes(png())
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    text = FRONT + f"![its words]({url})\n"
    files = {"broken__png": png()[:40], "bomb__svg": bomb, "html__svg": "<html/>"}
    publication = read(write(text, **files))
    assert [(f.code, f.where.line if f.where else 0) for f in publication.findings] == [(code, 5)]
    assert publication.pictures == ()
    assert words_of(publication.sections[0].body) == ["T", "[its", "words]"]


def test_a_symlink_out_of_the_folder_is_not_followed(write: Write, tmp_path: Path) -> None:
    path = write(FRONT + "![words](link.png)\n")
    (tmp_path / "outside.png").write_bytes(png())
    (path.parent / "link.png").symlink_to(tmp_path / "outside.png")
    publication = read(path)
    assert [f.code for f in publication.findings] == ["picture-outside"]
    assert publication.pictures == ()


def test_a_missing_alternative_text_is_reported_and_an_empty_one_is_not(write: Write) -> None:
    text = FRONT + '![](a.png)\n\n![](a.png){alt=""}\n'
    assert [(f.code, f.where.line if f.where else 0) for f in read(write(text, a__png=png())).findings] == [
        ("alt-missing", 5)
    ]


def test_two_images_with_the_same_file_name_stay_separate(write: Write) -> None:
    path = write(FRONT + "![a](a.png) ![b](b/a.png)\n", a__png=png())
    (path.parent / "b").mkdir()
    (path.parent / "b" / "a.png").write_bytes(png((5, 5)))
    assert [(p.name, p.width) for p in read(path).pictures] == [("a.png", 2), ("a-2.png", 5)]


def test_names_are_found_in_every_encoding(write: Write) -> None:
    path = write(
        FRONT + "![a](<e\u0301t\u00e9.png>) ![b](50%.png) ![c](a%20#1.png) ![d](sub\\x.png) ![e](x%3F.png)\n"
    )
    (path.parent / "sub").mkdir()
    for name in ("\u00e9te\u0301.png", "50%.png", "a #1.png", "sub/x.png", "x?.png"):
        (path.parent / name).write_bytes(png())
    publication = read(path)
    assert publication.findings == ()
    assert len(publication.pictures) == 5


def test_a_name_in_another_case_is_found_and_reported(write: Write) -> None:
    path = write(FRONT + "One\n\n![a](Pictures/A.PNG)\n")
    (path.parent / "pictures").mkdir()
    (path.parent / "pictures" / "a.png").write_bytes(png())
    publication = read(path)
    assert [str(f).partition("text.md:")[2] for f in publication.findings] == [
        "7: warning picture-respelt: The image `Pictures/A.PNG` was found as `pictures/a.png`, which "
        "has other capitals. Write `pictures/a.png`: on many systems file names are case-sensitive."
    ]
    assert len(publication.pictures) == 1


def test_a_path_through_a_symlink_out_of_the_folder_is_not_followed(write: Write, tmp_path: Path) -> None:
    path = write(FRONT + "![a](out/x.png) ![b](OUT/x.png) ![c](out/../source/text.md)\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.png").write_bytes(png())
    (path.parent / "out").symlink_to(tmp_path / "other")
    assert {f.code for f in read(path).findings} == {"picture-outside"}


def test_only_wiki_syntax_finds_an_image_without_its_folder(write: Write) -> None:
    path = write(FRONT + "![[x.png|words]]\n\n![words](x.png)\n")
    (path.parent / "a" / "b").mkdir(parents=True)
    (path.parent / "a" / "b" / "x.png").write_bytes(png())
    publication = read(path)
    assert [(f.code, f.where.line if f.where else 0) for f in publication.findings] == [
        ("picture-missing", 7)
    ]
    assert len(publication.pictures) == 1


@pytest.mark.parametrize(
    ("written", "attributes"),
    [
        ("![a](a.png){width=50%}", {"style": "width: 50%"}),
        ("![a](a.png){width=8cm}", {"style": "width: 8cm"}),
        ('![a](a.png){width="12.5 em"}', {"style": "width: 12.5em"}),
        ("![a](a.png){width=300px}", {"width": "300"}),
        ("![a](a.png){height=200}", {"style": "height: 200px"}),
        ("![a](a.png =300x200)", {"width": "300", "height": "200"}),
        ("![a](a.png =50%x)", {"style": "width: 50%"}),
        ("![[a.png|a|300]]", {"width": "300"}),
        ('<img src="a.png" alt="a" width="50%" style="color: red">', {"style": "width: 50%"}),
    ],
)
def test_sizes_become_attributes_or_styles(write: Write, written: str, attributes: dict[str, str]) -> None:
    publication = read(write(FRONT + written + "\n", a__png=png()))
    (picture,) = publication.sections[0].body.iter("img")
    sizes = {name: picture.attrib[name] for name in ("width", "height", "style") if name in picture.attrib}
    assert sizes == attributes
    dropped = ["attribute-dropped"] if "color" in written else []
    assert [finding.code for finding in publication.findings] == dropped


@pytest.mark.parametrize(
    ("side", "value"),
    [
        ("width", "wide"), ("width", "50%;color:red"), ("width", "0"), ("width", "-3"), ("height", "50%"),
        ("width", "calc(1px)"), ("width", "99999999"),
    ],
)  # fmt: skip
def test_an_invalid_size_is_reported_and_ignored(write: Write, side: str, value: str) -> None:
    publication = read(write(FRONT + f'![a](a.png){{{side}="{value}"}}\n', a__png=png()))
    (picture,) = publication.sections[0].body.iter("img")
    assert picture.attrib.keys() & {"width", "height", "style"} == set()
    assert [str(f).partition("text.md:")[2] for f in publication.findings] == [
        f"5: warning size-unknown: The {side} `{value}` of the image `a.png` is not a length that both "
        "editions support; it was ignored. Write a width such as `50%`, `8cm` or `300`, a number of pixels."
    ]


def jpeg(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def test_a_photograph_with_exif_rotation_has_its_displayed_size(write: Write) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = jpeg(Image.new("RGB", (40, 20), "red"), exif=exif)
    (picture,) = read(write(FRONT + "![a](a.jpg)\n", a__jpg=data)).pictures
    assert (picture.width, picture.height, picture.data) == (20, 40, data)


def test_a_multi_picture_jpeg_is_not_animated(write: Write) -> None:
    out = BytesIO()
    red, blue = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))
    red.save(out, "MPO", save_all=True, append_images=[blue])
    publication = read(write(FRONT + "![a](a.jpg)\n", a__jpg=out.getvalue()))
    assert [(p.media_type, p.moving) for p in publication.pictures] == [("image/jpeg", False)]
    assert publication.findings == ()


@pytest.mark.parametrize(
    ("kind", "edition"), [("gif", "the PDF"), ("webp", "either edition"), ("png", "either edition")]
)
def test_an_animated_image_is_reported_at_its_line(write: Write, kind: str, edition: str) -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind.upper(), save_all=True, append_images=frames[1:], duration=100)
    publication = read(write(FRONT + f"Text.\n\n![a](a.{kind})\n", **{f"a__{kind}": out.getvalue()}))
    assert [p.moving for p in publication.pictures] == [True]
    assert [str(f).partition("text.md:")[2] for f in publication.findings] == [
        f"7: warning picture-moving: The image `a.{kind}` is animated; {edition} shows only its first "
        "frame. Check that the first frame is enough, or use several images."
    ]


def bomb(width: int, height: int) -> bytes:
    """Return a PNG whose header declares *width* x *height* pixels, without image data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


TRUNCATED = jpeg(Image.new("RGB", (400, 400), "red"))[:700]
DAMAGED = "its data are damaged, or not PNG, JPEG, GIF, WebP, AVIF or SVG"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bomb(30_000, 30_000), "it has too many pixels"),
        (bomb(30_000, 5_000), "it has 30000 x 5000 pixels"),
        (bomb(2**31 - 1, 2**31 - 1), "it has too many pixels"),
        (bomb(9_500, 10_000), DAMAGED),
        (TRUNCATED, DAMAGED),
        (b"\xff\xd8\xff\xe0", DAMAGED),
        (b"", DAMAGED),
    ],
    ids=["billion", "many", "endless", "empty", "cut", "begun", "nothing"],
)
def test_an_image_that_is_too_large_or_damaged_is_reported(
    write: Write, data: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it
    publication = read(write(FRONT + "![words](a.png)\n", a__png=data))
    assert publication.pictures == ()
    assert [str(f).partition("text.md:")[2] for f in publication.findings] == [
        f"5: error picture-unreadable: The image `a.png` cannot be read: {why}. "
        "Save it again as PNG, JPEG or SVG."
    ]


def test_an_image_may_be_thirty_thousand_pixels_long(write: Write) -> None:
    out = BytesIO()
    Image.new("1", (30_000, 3_000)).save(out, "PNG")
    (picture,) = read(write(FRONT + "![a](a.png)\n", a__png=out.getvalue())).pictures
    assert (picture.width, picture.height) == (30_000, 3_000)
