"""Texts of paragraphs and a picture, built on A5, where it is known what finds room on a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image

from bifolio import make
from bifolio.checks.page_list import compare_pages
from tests.conftest import ROOT, kinds

BuildA5 = Callable[..., list[str]]
HEAD = "---\ntitle: T\nlanguage: en\n---\n\n"
CAPTION = "\n\nTable: The caption."
LONG = " ".join(f"w{number}" for number in range(70))
"""A paragraph of five lines or six."""


def lines(count: int) -> str:
    """Return *count* paragraphs of one line."""
    return "\n\n".join(f"Line {number}." for number in range(1, count + 1))


def text(*blocks: str) -> str:
    """Return a text of *blocks*."""
    return HEAD + "\n\n".join(blocks) + "\n"


def build_a5(
    write: Callable[..., Path], folder: Path, source: str, more: str = "", **properties: str
) -> Path:
    """Build *source*, beside which `field.png` is, in *folder*, and return the PDF.

    *properties* are those of the sheet that are to be others, and *more* are rules behind it. The editions
    have the same words and the same pages.
    """
    out = BytesIO()
    Image.new("RGB", (300, 240), "teal").save(out, "PNG")
    sheet = (ROOT / "styles" / "bifolio.css").read_text("utf-8")
    for name, value in properties.items():
        sheet = re.sub(f"(?m)^  --{name}: .*;$", f"  --{name}: {value};", sheet, count=1)
    (folder / "sheet.css").write_text(sheet + more, "utf-8")
    made = make(
        write(source, field__png=out.getvalue()), folder / "build", paper="a5", style=folder / "sheet.css"
    )
    assert made.findings == ()
    assert compare_pages(folder / "build" / "text.epub", folder / "build" / "text.pdf") == []
    return folder / "build" / "text.pdf"


def table(rows: int, caption: str = "") -> str:
    """Return a table of *rows* under a head."""
    body = "\n".join(f"| r{number} | c{number} |" for number in range(1, rows + 1))
    return f"| Row | Cell |\n| --- | --- |\n{body}{caption}"


def tags_read_aloud(path: Path) -> list[str]:
    """Return the kinds of the blocks of the PDF at *path*, in the order in which they are read."""
    blocks = {"/Table": "table", "/Caption": "caption", "/TR": "row", "/P": "text", "/Figure": "picture"}
    with pikepdf.open(path) as pdf:
        return [blocks[kind] for kind, _ in kinds(pdf.Root.StructTreeRoot) if kind in blocks]


def rows_shown(page: str) -> list[int]:
    """Return the rows that stand on *page*, by number."""
    return [int(number) for number in re.findall(r"\br(\d+)\b", page)]
