"""A source reads its own folder and nothing else: what lies outside is in no edition, and is told."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from bifolio import make
from tests.conftest import Built

SECRET = b"xq7-secret-of-another-folder-xq7"
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def contents(built: Built) -> Iterator[bytes]:
    """Give everything that stands in the editions, unpacked."""
    with zipfile.ZipFile(built.epub) as book:
        for name in book.namelist():
            yield name.encode() + book.read(name)
    with pikepdf.open(built.pdf) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                yield item.read_raw_bytes()
                try:
                    yield item.read_bytes()
                except pikepdf.PdfError:
                    continue
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.png"
    out = BytesIO()
    Image.new("RGB", (3, 3), "red").save(out, "PNG")
    path.write_bytes(out.getvalue() + SECRET)
    return path


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<a rel="attachment" href="file://{secret}">words</a>', "link-refused"),
        ('<link rel="attachment" href="file://{secret}">', "html-removed"),
        ("![words](file://{secret})", "picture-outside"),
        ("![words]({secret})", "picture-missing"),
        ("![words](../secret.png)", "picture-outside"),
        ('<img src="../secret.png" alt="words">', "picture-outside"),
        ("![words](link.png)", "picture-outside"),
        ('<object data="file://{secret}">words</object>', "html-removed"),
        ('<p style="background: url(file://{secret})">words</p>', "attribute-dropped"),
        ('<svg><image href="file://{secret}"/></svg>', "svg-removed"),
        ('<svg><use href="file://{secret}#x"/></svg>', "svg-removed"),
        ("![words](inner.svg)", "svg-removed"),
    ],
)
def test_nothing_outside_is_read_or_embedded(
    build: Callable[..., Built], tmp_path: Path, secret: Path, text: str, code: str | None
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "link.png").symlink_to(secret)
    inner = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{secret}"/></svg>'
    built = build(FRONT + text.replace("{secret}", str(secret)) + "\n", inner__svg=inner)
    assert [f.code for f in built.made.findings] == ([code] if code else [])
    for content in contents(built):
        assert SECRET not in content
        assert b"file://" not in content


@pytest.mark.parametrize(
    "rule",
    [
        "body {{ background-image: url(file://{secret}) }}",
        "@media print {{ body {{ background-image: url(file://{secret}) }} }}",
        "@font-face {{ font-family: x; src: url(file://{secret}) }} body {{ font-family: x }}",
        "@import url(file://{secret});",
        "p::before {{ content: url(../secret.png) }}",
        "body {{ background-image: image-set('file://{secret}' 1x) }}",
    ],
)
def test_a_style_opens_no_file(write: Callable[..., Path], tmp_path: Path, secret: Path, rule: str) -> None:
    style = tmp_path / "own.css"
    style.write_text(rule.format(secret=secret))
    made = make(write(FRONT + "Text.\n"), tmp_path / "build", style=style)
    assert "css-url" in [f.code for f in made.findings]
    built = Built(tmp_path, made.files[0].path, made.files[1].path, made)
    for content in contents(built):
        assert SECRET not in content
        assert b"secret" not in content


def test_no_connection_is_opened(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"a connection to {arguments} was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    text = (
        "![a](https://example.org/a.png) ![b](//example.org/b.png)\n\n"
        '<link rel="stylesheet" href="https://example.org/c.css">\n\n'
        '<img src="http://example.org/d.png" alt="d">\n'
    )
    style = tmp_path / "own.css"
    style.write_text("@import 'https://example.org/e.css'; p { background: url(https://example.org/f.png) }")
    made = make(write(FRONT + text), tmp_path / "build", style=style)
    assert {f.code for f in made.findings} == {"picture-remote", "html-removed", "css-url"}
