"""Read finished books and check every link within them, and every number of a page that they print.

Nothing of Bifolio is used: a book by any program can be read. See README.md for what is checked and printed.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
import pypdfium2
from lxml import etree

_EPUB = "{http://www.idpf.org/2007/ops}type"
_LEADER = re.compile(r"(?:\s?[.…·]){2,}")
_LISTED = 0.5
"""Where links are more than this of a page's letters, it is a page of the contents or of another list."""
_LABEL = re.compile(r"[ivxlcdm]+|\d+")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Link:
    """A link within a PDF, over as many lines as it has."""

    page: int
    """From 0."""
    target: int | None
    """The page that it leads to; None where there is none."""
    name: str
    boxes: tuple[tuple[float, float, float, float], ...]
    """Left, bottom, right and top of each line, in points."""


def check_epub(path: Path) -> tuple[Counter[str], list[str]]:
    """Return how many links of each kind the EPUB at *path* holds, and what is wrong with them."""
    seen: Counter[str] = Counter()
    wrong = []
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        trees = {
            name: etree.fromstring(archive.read(name))
            for name in names
            if name.endswith((".xhtml", ".opf", ".ncx"))
        }
    anchors = {name: {e.get("id") for e in tree.iter() if e.get("id")} for name, tree in trees.items()}
    for name, tree in trees.items():
        for element in tree.iter(etree.Element):
            for key in ("href", "src"):
                target = element.get(key)
                if target is None or urlsplit(target).scheme:
                    continue
                file, _, anchor = unquote(target).partition("#")
                place = normpath(join(dirname(name), file)) if file else name
                seen["links and files"] += 1
                if place not in names or (anchor and anchor not in anchors.get(place, ())):
                    wrong.append(f"{name}: `{target}` leads nowhere")
        for nav in tree.iter("{http://www.w3.org/1999/xhtml}nav"):
            seen[f"entries of the {nav.get(_EPUB)}"] += len(list(nav.iter("{http://www.w3.org/1999/xhtml}a")))
    return seen, wrong


def check_pdf(path: Path) -> tuple[Counter[str], list[str]]:
    """Return how many links and printed numbers the PDF at *path* holds, and what is wrong with them."""
    seen: Counter[str] = Counter()
    wrong = []
    document = pypdfium2.PdfDocument(path)
    labels = [document.get_page_label(number) or str(number + 1) for number in range(len(document))]
    with pikepdf.open(path) as pdf:
        links = list(_links(pdf))
        for title, target in _bookmarks(pdf):
            seen["bookmarks"] += 1
            if target is None:
                wrong.append(f"the bookmark {title!r} leads nowhere")
            elif not _stands(title, document[target].get_textpage().get_text_range()):
                wrong.append(
                    f"the bookmark {title!r} leads to page {labels[target]}, where its words are not"
                )
    lists = {number for number in range(len(document)) if _is_list(document[number], number, links)}
    for link in links:
        seen["links"] += 1
        if link.target is None:
            wrong.append(f"page {labels[link.page]}: the link to {link.name} leads nowhere")
            continue
        page, right = document[link.page], labels[link.target]
        said = _said(page, link.boxes)
        if link.page in lists:
            seen["numbers in contents and lists"] += 1
            _, low, _, high = link.boxes[-1]
            row = _said(page, ((0, low - 1, page.get_width(), high + 1),))
            # From right to left it may come first.
            if not re.search(rf"^\W*{right}\b|\b{right}\W*$", row):
                wrong.append(f"page {labels[link.page]}: {row!r} should say {right}")
            title = _LEADER.split(said)[0].removesuffix(right).removeprefix(right)
            if not _stands(title, document[link.target].get_textpage().get_text_range()):
                wrong.append(f"page {labels[link.page]}: {title!r} does not stand on page {right}")
        elif _LABEL.fullmatch(said) and not link.name.startswith(("note", "call")):
            seen["numbers in the index"] += 1
            if said != right:
                wrong.append(f"page {labels[link.page]}: the index says {said}, and it is {right}")
    document.close()
    return seen, wrong


def _said(page: pypdfium2.PdfPage, boxes: tuple[tuple[float, float, float, float], ...]) -> str:
    """Return the words in *boxes* of *page*."""
    text = page.get_textpage()
    return " ".join(" ".join(text.get_text_bounded(*box) for box in boxes).split())


def _is_list(page: pypdfium2.PdfPage, number: int, links: list[Link]) -> bool:
    linked = sum(len(_letters(_said(page, link.boxes))) for link in links if link.page == number)
    return linked > _LISTED * len(_letters(page.get_textpage().get_text_range()))


def _stands(title: str, text: str) -> bool:
    """Say whether the letters of *title* stand in *text*; those of a line may stand in any order there."""
    plain, whole = _letters(title), _letters(text)
    return plain in whole or not (Counter(plain) - Counter(whole))


def _letters(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _links(pdf: pikepdf.Pdf) -> Iterator[Link]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    places = _places(pdf, pages)
    for number, page in enumerate(pdf.pages):
        boxes: list[tuple[float, float, float, float]] = []
        before = ""
        for annotation in page.get("/Annots", []):
            name = _target(annotation)
            if name is None:
                continue
            if boxes and name != before:
                yield Link(number, places.get(before), before, tuple(boxes))
                boxes = []
            x, y, u, v = (float(side) for side in annotation.Rect)
            boxes.append((min(x, u), min(y, v), max(x, u), max(y, v)))
            before = name
        if boxes:
            yield Link(number, places.get(before), before, tuple(boxes))


def _target(annotation: Any) -> str | None:
    """Return the name of the place that *annotation* leads to in its own PDF."""
    if annotation.get("/Subtype") != "/Link":
        return None
    if "/Dest" in annotation:
        return str(annotation.Dest)
    action = annotation.get("/A", {})
    return str(action.D) if action.get("/S") == "/GoTo" else None


def _places(pdf: pikepdf.Pdf, pages: dict[Any, int]) -> dict[str, int]:
    if "/Names" not in pdf.Root or "/Dests" not in pdf.Root.Names:
        return {}
    tree: Any = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {name: pages[place[0].objgen] for name, place in tree.items() if place[0].objgen in pages}


def _bookmarks(pdf: pikepdf.Pdf) -> Iterator[tuple[str, int | None]]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            waiting += item.children
            place: Any = item.destination
            found = isinstance(place, pikepdf.Array) and place[0].objgen in pages
            yield item.title, pages[place[0].objgen] if found else None


def main() -> int:
    """Check the files that are named; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description="Check the links and page numbers of finished books.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an EPUB or a PDF")
    failed = False
    for path in parser.parse_args().files:
        seen, wrong = check_epub(path) if path.suffix.lower() == ".epub" else check_pdf(path)
        print(f"{path}: {', '.join(f'{count} {kind}' for kind, count in seen.items())}; {len(wrong)} wrong")
        print(*(f"  {line}" for line in wrong[:20]), sep="\n", end="\n" if wrong else "")
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
