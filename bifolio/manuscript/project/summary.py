"""Reads lists of chapters of other programs: SUMMARY.md of mdBook and GitBook, Book.txt of Leanpub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bifolio.manuscript.metadata.front_matter import Entry
from bifolio.manuscript.project.plan import Item, Listing, Plan, matter_of, role_of, with_front_matter
from bifolio.manuscript.project.source_file import read_text
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where

_SKIPPED_LINE = re.compile(r"\s*(#|$)")
_MATTER_MARKERS = {"frontmatter:": "front", "mainmatter:": "body", "backmatter:": "back"}
_GITBOOK_FILES = ("book.json", ".gitbook.yaml")
"""Files that distinguish a folder of GitBook from one of mdBook."""
_PART_CLASS = re.compile(r"\{\s*class\s*[=:]\s*[\"']?part")


@dataclass(frozen=True, slots=True)
class _SummaryLine:
    """An entry of a summary: the title of a part, or a chapter."""

    title: str
    target: str | None
    """The file; None for the title of a part, empty for a chapter without a file."""
    level: int
    """The depth of nested lists; 0 outside of any list."""
    where: Where


def read_summary(path: Path, folder: Path, entries: tuple[Entry, ...] = (), title: str = "") -> Plan:
    """Return the plan in the SUMMARY.md at *path*, whose files must be in *folder*.

    *entries* and *title* are the metadata of the book. Raises SourceError if a chapter is missing.
    """
    listing = Listing(path, folder)
    depth, in_list, has_title = 0, False, False
    for line in _lines(path):
        in_list = in_list or line.level > 0
        if line.target is None:
            if not in_list and not listing.items and depth == 0 and not has_title:
                has_title = True
                continue  # the title of the summary itself
            listing.items.append(Item(None, "part", "body", 0, line.title, line.where))
            depth = 1
            continue
        matter = "body" if line.level else "back" if in_list else "front"
        role = role_of(Path(unquote(line.target)).stem, "chapter")
        item = Item(None, role, matter, depth + line.level - 1 if line.level else 0, line.title, line.where)
        if line.target:
            target = line.target.partition("#")[0]
            if target in _listed_targets(listing):
                continue  # GitBook also lists the headings within a file
            listing.add(target, item, path.parent)
        else:
            listing.items.append(item)
    items = with_front_matter(listing.items, path)
    mdbook = not any((folder / name).is_file() for name in _GITBOOK_FILES)
    return Plan(path, folder, items, entries=entries, title=title, mdbook=mdbook)


def _listed_targets(listing: Listing) -> set[str]:
    """Return the files in *listing*, relative to the folder of the summary."""
    return {str(path.relative_to(listing.plan.parent)) for path in listing.taken if _is_below(path, listing)}


def _is_below(path: Path, listing: Listing) -> bool:
    return path.is_relative_to(listing.plan.parent)


def _lines(path: Path) -> Iterator[_SummaryLine]:
    """Yield the entries of the summary at *path*."""
    tokens = MarkdownIt("commonmark").parse(read_text(path))
    level = 0
    for previous, token in zip([None, *tokens], tokens, strict=False):
        level += (token.type in ("bullet_list_open", "ordered_list_open")) - (
            token.type in ("bullet_list_close", "ordered_list_close")
        )
        if token.type != "inline" or previous is None:
            continue
        where = Where(path, (token.map or [0])[0] + 1)
        if previous.type == "heading_open":
            yield _SummaryLine(_inline_text(token), None, 0, where)
            continue
        links = [child for child in token.children or [] if child.type == "link_open"]
        for link in links:
            yield _SummaryLine(_link_text(token, link), str(link.attrs.get("href", "")), level, where)
        if not links and level and _inline_text(token):
            yield _SummaryLine(_inline_text(token), "", level, where)


def _inline_text(token: Token) -> str:
    words = (child.content if child.content else " " for child in token.children or [])
    return " ".join("".join(words).split())


def _link_text(token: Token, link: Token) -> str:
    children = token.children or []
    start = children.index(link) + 1
    end = next(i for i in range(start, len(children)) if children[i].type == "link_close")
    return " ".join("".join(child.content or " " for child in children[start:end]).split())


def read_book_txt(path: Path, title: str = "") -> Plan:
    """Return the plan in Leanpub's Book.txt at *path*. Raises SourceError."""
    listing = Listing(path, path.parent)
    matter, depth = "body", 0
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if _SKIPPED_LINE.match(line):
            continue
        name, where = line.strip(), Where(path, number)
        if name.lower() in _MATTER_MARKERS:
            matter = _MATTER_MARKERS[name.lower()]
            continue
        is_part = bool(_PART_CLASS.match(read_text(listing.find(name, where))))
        role = "part" if is_part else role_of(Path(name).stem, "chapter")
        depth = 0 if is_part or matter != "body" else depth
        item_matter = matter if matter != "body" else matter_of(role)
        listing.add(name, Item(None, role, item_matter, depth, where=where))
        depth = 1 if is_part else depth
    if not listing.items:
        raise SourceError("The list has no chapters.", Where(path), "Write one file name per line.")
    return Plan(path, path.parent, with_front_matter(listing.items, path), title=title)
