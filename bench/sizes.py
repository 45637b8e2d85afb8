"""Compare the size of EPUBs with those that pandoc makes of the same text, images, cover and stylesheet.

pandoc reads the text of the finished EPUB, one chapter for each of its files, so that both have the same
content. See README.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from article import CannotRun, find_peer
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "source" / "article.md", ROOT / "tests" / "books" / "everything")
X = "{http://www.w3.org/1999/xhtml}"
_WRAPPERS = ("section", "article", "header", "hgroup", "aside")
"""Elements removed for pandoc, which splits a text only at headings that are outside any element."""


def bind(source: Path, into: Path) -> Path:
    """Build *source* and return its EPUB, which has the page list of its PDF; raise CannotRun if it fails."""
    subprocess.run(
        [sys.executable, "-m", "bifolio", "build", str(source), "--into", str(into)],
        check=False, capture_output=True, cwd=ROOT,
    )  # fmt: skip
    made = list(into.glob("*.epub"))
    if not made:
        raise CannotRun(f"{source} was not built.")
    return made[0]


def text_of(package: Path) -> tuple[str, Any]:
    """Return the text of the unpacked EPUB at *package* as one HTML document, and its package document."""
    opf: Any = etree.parse(package / "content.opf").getroot()
    files = {item.get("id"): item.get("href") for item in opf.iter("{*}item")}
    parts = []
    for reference in opf.iter("{*}itemref"):
        name = files[reference.get("idref")]
        if name == "nav.xhtml":
            continue
        root: Any = etree.parse(package / name).getroot()
        body = root.find(f"{X}body")
        for span in body.iter(f"{X}span"):
            if span.get("role") == "doc-pagebreak":
                span.attrib.clear()
        etree.strip_tags(body, *(X + name for name in _WRAPPERS))
        if body.find(f"{X}h1") is None:
            heading = etree.Element(f"{X}h1")
            heading.text = root.findtext(f"{X}head/{X}title")
            body.insert(0, heading)
        parts += [etree.tostring(child, encoding="unicode") for child in body]
    return f"<html><body>{''.join(parts)}</body></html>", opf


def rebind(epub: Path, pandoc: Path, folder: Path) -> Path:
    """Return the EPUB that pandoc makes of the text of *epub*, unpacked into *folder*."""
    with zipfile.ZipFile(epub) as archive:
        archive.extractall(folder)
    package = folder / "EPUB"
    page, opf = text_of(package)
    (package / "all.html").write_text(page, "utf-8")
    cover = next(item.get("href") for item in opf.iter("{*}item") if "cover" in item.get("properties", ""))
    title = opf.findtext(".//{*}title")
    language = opf.findtext(".//{*}language")
    subprocess.run(
        [str(pandoc), "all.html", "--from", "html", "--to", "epub3", "--css", "style.css",
         "--output", "p.epub", "--epub-cover-image", cover,
         "--metadata", f"title={title}", "--metadata", f"lang={language}"],
        check=True, cwd=package, capture_output=True,
    )  # fmt: skip
    return package / "p.epub"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the size of EPUBs with those of pandoc.")
    parser.add_argument("sources", nargs="*", type=Path, default=SOURCES, metavar="SOURCE")
    arguments = parser.parse_args()
    try:
        pandoc = find_peer().pandoc
        for source in arguments.sources:
            with tempfile.TemporaryDirectory() as folder:
                ours = bind(source.resolve(), Path(folder) / "ours")
                theirs = rebind(ours, pandoc, Path(folder) / "theirs")
                a, b = ours.stat().st_size, theirs.stat().st_size
            print(f"{source.name:24} {a:>10,} {b:>10,}  {a / b:.3f}")
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
