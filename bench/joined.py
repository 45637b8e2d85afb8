"""Hold the PDF that is joined from sections against one that is laid out in a single run.

Page by page the words must be the same, in the same order; links and bookmarks must lead to the same pages;
and the joined file may be larger by a tenth at most. See README.md.
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
    """Return the PDF of *publication* on A5, in a single run if *whole*."""
    dress = resolve_styling(publication, publication.style, publication.variants)
    return bind_pdf(publication, dress.stylesheet, parse_paper("a5"), missing=dress.missing, whole=whole)


def texts(edition: Edition) -> list[str]:
    """Return the text of each page, as it is drawn."""
    document = pypdfium2.PdfDocument(edition.data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def links(pdf: Any) -> list[tuple[int, str]]:
    """Return the page of each link and where it leads: to a page, or an address on the web."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests) if "/Names" in pdf.Root else {}
    found = []
    for number, page in enumerate(pdf.pages):
        for note in page.get("/Annots", []):
            name = str(note.get("/Dest", ""))
            found.append((number, f"page {pages[names[name][0].objgen]}" if name else str(note.A.URI)))
    return found


def bookmarks(pdf: Any) -> list[tuple[int, str, int]]:
    """Return depth, words and page of each bookmark."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def walk(items: Any, depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            yield depth, item.title, pages[item.destination[0].objgen]
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        return list(walk(outline.root, 0))


def differences(ours: Sequence[object], theirs: Sequence[object]) -> int:
    """Count the places at which two lists differ."""
    pairs = zip(ours, theirs, strict=False)
    return sum(one != other for one, other in pairs) + abs(len(ours) - len(theirs))


def compare(source: Path) -> bool:
    """Print what differs between the two PDFs of *source*; say whether all is as it should be."""
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
    told = ", ".join(f"{count} {what} of which {wrong} differ" for what, (count, wrong) in found.items())
    print(f"{source.resolve().name}: {told}; size {ratio:.3f}", flush=True)
    return ratio <= _LARGER and not any(wrong for _, wrong in found.values())


def main() -> int:
    """Compare each source; return 1 where something differs."""
    parser = argparse.ArgumentParser(description="Hold the joined PDF against a single run.")
    parser.add_argument("sources", nargs="*", type=Path, default=[ROOT / "tests" / "books" / "everything"])
    good = [compare(source) for source in parser.parse_args().sources]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
