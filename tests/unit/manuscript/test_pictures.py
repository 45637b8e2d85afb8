from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bifolio import read
from bifolio.publication import words_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect/></svg>'


def png(size: tuple[int, int] = (2, 3)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


def test_pictures_are_read_with_their_kind_and_size(write: Write) -> None:
    text = FRONT + "![a](a.png)\n\n![b](b.svg)\n\n![a again](/a.png)\n"
    publication = read(write(text, a__png=png(), b__svg=SVG))
    assert [(p.name, p.media_type, p.width, p.height) for p in publication.pictures] == [
        ("a.png", "image/png", 2, 3),
        ("b.svg", "image/svg+xml", 20, 10),
    ]
    names = [img.get("src") for img in publication.sections[0].body.iter("img")]
    assert names == ["a.png", "b.svg", "a.png"]
    assert publication.findings == ()


def test_a_name_with_spaces_and_letters_of_all_kinds_is_found(write: Write) -> None:
    publication = read(write(FRONT + "![a](<Ա b.png>) ![a](%D4%B1%20b.png)\n", **{"Ա b__png": png()}))
    assert [p.name for p in publication.pictures] == ["b.png"]


@pytest.mark.parametrize(
    ("named", "code"),
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
def test_a_picture_that_cannot_be_shown_leaves_its_words(
    write: Write, named: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / "outside.png").write_bytes(png())
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    text = FRONT + f"![its words]({named})\n"
    files = {"broken__png": png()[:40], "bomb__svg": bomb, "html__svg": "<html/>"}
    publication = read(write(text, **files))
    assert [(f.code, f.where.line if f.where else 0) for f in publication.findings] == [(code, 5)]
    assert publication.pictures == ()
    assert words_of(publication.sections[0].body) == ["T", "[its", "words]"]


def test_a_link_out_of_the_folder_is_not_followed(write: Write, tmp_path: Path) -> None:
    path = write(FRONT + "![words](link.png)\n")
    (tmp_path / "outside.png").write_bytes(png())
    (path.parent / "link.png").symlink_to(tmp_path / "outside.png")
    publication = read(path)
    assert [f.code for f in publication.findings] == ["picture-outside"]
    assert publication.pictures == ()


def test_a_picture_without_words_is_told_and_a_decoration_is_not(write: Write) -> None:
    text = FRONT + '![](a.png)\n\n![](a.png){alt=""}\n'
    assert [(f.code, f.where.line if f.where else 0) for f in read(write(text, a__png=png())).findings] == [
        ("alt-missing", 5)
    ]


def test_two_pictures_of_one_name_stay_two(write: Write) -> None:
    path = write(FRONT + "![a](a.png) ![b](b/a.png)\n", a__png=png())
    (path.parent / "b").mkdir()
    (path.parent / "b" / "a.png").write_bytes(png((5, 5)))
    assert [(p.name, p.width) for p in read(path).pictures] == [("a.png", 2), ("a-2.png", 5)]
