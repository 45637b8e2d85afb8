"""Check every internal link of finished books, and every page number that they print.

It uses nothing of Bifolio and reads books by any program. README.md describes what it checks and prints.
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
"""A page whose links hold more than this share of its letters is part of the contents or of another list."""
_LABEL = re.compile(r"[ivxlcdm]+|\d+")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Link:
    """An internal link of a PDF, on one line or more."""

    page: int
    """The index of its page."""
    target: int | None
    """The index of the target page; None if there is none."""
    name: str
    boxes: tuple[tuple[float, float, float, float], ...]
    """Left, bottom, right and top of each line, in pt."""


def check_epub(path: Path) -> tuple[Counter[str], list[str]]:
    """Return the number of links of each kind in the EPUB at *path*, and the errors in them."""
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
                path_in_epub = normpath(join(dirname(name), file)) if file else name
                seen["links and files"] += 1
                if path_in_epub not in names or (anchor and anchor not in anchors.get(path_in_epub, ())):
                    wrong.append(f"{name}: `{target}` leads nowhere")
        for nav in tree.iter("{http://www.w3.org/1999/xhtml}nav"):
            seen[f"entries of the {nav.get(_EPUB)}"] += len(list(nav.iter("{http://www.w3.org/1999/xhtml}a")))
    return seen, wrong


def check_pdf(path: Path) -> tuple[Counter[str], list[str]]:
    """Return the number of links and printed page numbers in the PDF at *path*, and the errors in them."""
    seen: Counter[str] = Counter()
    wrong = []
    document = pypdfium2.PdfDocument(path)
    labels = [document.get_page_label(index) or str(index + 1) for index in range(len(document))]
    with pikepdf.open(path) as pdf:
        links = list(_links(pdf))
        for title, target in _bookmarks(pdf):
            seen["bookmarks"] += 1
            if target is None:
                wrong.append(f"the bookmark {title!r} leads nowhere")
            elif not _has_letters_of(title, document[target].get_textpage().get_text_range()):
                wrong.append(
                    f"the bookmark {title!r} leads to page {labels[target]}, where its words are not"
                )
    lists = {index for index in range(len(document)) if _is_list(document[index], index, links)}
    for link in links:
        seen["links"] += 1
        if link.target is None:
            wrong.append(f"page {labels[link.page]}: the link to {link.name} leads nowhere")
            continue
        page, label = document[link.page], labels[link.target]
        words = _words_in(page, link.boxes)
        if link.page in lists:
            seen["numbers in contents and lists"] += 1
            _, low, _, high = link.boxes[-1]
            row = _words_in(page, ((0, low - 1, page.get_width(), high + 1),))
            # In text from right to left the number may come first.
            if not re.search(rf"^\W*{label}\b|\b{label}\W*$", row):
                wrong.append(f"page {labels[link.page]}: {row!r} should say {label}")
            title = _LEADER.split(words)[0].removesuffix(label).removeprefix(label)
            if not _has_letters_of(title, document[link.target].get_textpage().get_text_range()):
                wrong.append(f"page {labels[link.page]}: {title!r} is not on page {label}")
        elif _LABEL.fullmatch(words) and not link.name.startswith(("note", "call")):
            seen["numbers in the index"] += 1
            if words != label:
                wrong.append(f"page {labels[link.page]}: the index says {words}, and it is {label}")
    document.close()
    return seen, wrong


def _words_in(page: pypdfium2.PdfPage, boxes: tuple[tuple[float, float, float, float], ...]) -> str:
    """Return the words in *boxes* of *page*."""
    text = page.get_textpage()
    return " ".join(" ".join(text.get_text_bounded(*box) for box in boxes).split())


def _is_list(page: pypdfium2.PdfPage, index: int, links: list[Link]) -> bool:
    linked = sum(len(_letters(_words_in(page, link.boxes))) for link in links if link.page == index)
    return linked > _LISTED * len(_letters(page.get_textpage().get_text_range()))


def _has_letters_of(title: str, text: str) -> bool:
    """Return whether *text* has the letters of *title*, in any order."""
    plain, whole = _letters(title), _letters(text)
    return plain in whole or not (Counter(plain) - Counter(whole))


def _letters(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _links(pdf: pikepdf.Pdf) -> Iterator[Link]:
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    destinations = _destinations(pdf, pages)
    for index, page in enumerate(pdf.pages):
        boxes: list[tuple[float, float, float, float]] = []
        previous = ""
        for annotation in page.get("/Annots", []):
            name = _target(annotation)
            if name is None:
                continue
            if boxes and name != previous:
                yield Link(index, destinations.get(previous), previous, tuple(boxes))
                boxes = []
            x, y, u, v = (float(side) for side in annotation.Rect)
            boxes.append((min(x, u), min(y, v), max(x, u), max(y, v)))
            previous = name
        if boxes:
            yield Link(index, destinations.get(previous), previous, tuple(boxes))


def _target(annotation: Any) -> str | None:
    """Return the name of the destination of *annotation* in its own PDF; None for any other annotation."""
    if annotation.get("/Subtype") != "/Link":
        return None
    if "/Dest" in annotation:
        return str(annotation.Dest)
    action = annotation.get("/A", {})
    return str(action.D) if action.get("/S") == "/GoTo" else None


def _destinations(pdf: pikepdf.Pdf, pages: dict[Any, int]) -> dict[str, int]:
    if "/Names" not in pdf.Root or "/Dests" not in pdf.Root.Names:
        return {}
    tree: Any = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {name: pages[array[0].objgen] for name, array in tree.items() if array[0].objgen in pages}


def _bookmarks(pdf: pikepdf.Pdf) -> Iterator[tuple[str, int | None]]:
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            waiting += item.children
            destination: Any = item.destination
            is_found = isinstance(destination, pikepdf.Array) and destination[0].objgen in pages
            yield item.title, pages[destination[0].objgen] if is_found else None


def main() -> int:
    """Check the named files; return 1 if something is wrong."""
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
