"""Compare the PDF assembled from sections with one that is laid out in a single run.

Each page must have the same words in the same order, links and bookmarks must lead to the same pages, and
the assembled file may be larger by a tenth at most. See README.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from bifolio import read
from bifolio.build.editions_io import resolve_styling
from bifolio.model.publication import Edition, Publication
from bifolio.pdf import bind_pdf
from bifolio.pdf.pages.page_size import parse_paper

ROOT = Path(__file__).resolve().parent.parent
_LARGER = 1.1


def lay_out(publication: Publication, *, whole: bool) -> Edition:
    """Return the PDF of *publication* on A5, laid out in a single run if *whole*."""
    styling = resolve_styling(publication, publication.style, publication.variants)
    return bind_pdf(publication, styling.stylesheet, parse_paper("a5"), missing=styling.missing, whole=whole)


def texts(edition: Edition) -> list[str]:
    """Return the text of each page in drawing order."""
    document = pypdfium2.PdfDocument(edition.data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def links(pdf: Any) -> list[tuple[int, str]]:
    """Return the page index of each link and its target: a page, or a URL."""
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests) if "/Names" in pdf.Root else {}
    found = []
    for index, page in enumerate(pdf.pages):
        for annotation in page.get("/Annots", []):
            name = str(annotation.get("/Dest", ""))
            target = f"page {pages[names[name][0].objgen]}" if name else str(annotation.A.URI)
            found.append((index, target))
    return found


def bookmarks(pdf: Any) -> list[tuple[int, str, int]]:
    """Return the depth, title and page index of each bookmark."""
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}

    def walk(items: Any, depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            yield depth, item.title, pages[item.destination[0].objgen]
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        return list(walk(outline.root, 0))


def differences(ours: Sequence[object], theirs: Sequence[object]) -> int:
    """Return the number of positions at which two lists differ."""
    pairs = zip(ours, theirs, strict=False)
    return sum(one != other for one, other in pairs) + abs(len(ours) - len(theirs))


def compare(source: Path) -> bool:
    """Print the differences between the two PDFs of *source*; return whether they are within the limits."""
    publication = read(source)
    joined, single = (lay_out(publication, whole=whole) for whole in (False, True))
    words = texts(joined)
    with pikepdf.open(BytesIO(joined.data)) as ours, pikepdf.open(BytesIO(single.data)) as theirs:
        found = {
            "pages": (len(words), differences(words, texts(single))),
            "links": (len(links(ours)), differences(links(ours), links(theirs))),
            "bookmarks": (len(bookmarks(ours)), differences(bookmarks(ours), bookmarks(theirs))),
        }
    ratio = len(joined.data) / len(single.data)
    counts = ", ".join(f"{count} {what} of which {wrong} differ" for what, (count, wrong) in found.items())
    print(f"{source.resolve().name}: {counts}; size {ratio:.3f}", flush=True)
    return ratio <= _LARGER and not any(wrong for _, wrong in found.values())


def main() -> int:
    """Compare the PDFs of each source; return 1 if something differs."""
    parser = argparse.ArgumentParser(description="Compare the joined PDF with that of a single run.")
    parser.add_argument("sources", nargs="*", type=Path, default=[ROOT / "tests" / "books" / "everything"])
    good = [compare(source) for source in parser.parse_args().sources]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
