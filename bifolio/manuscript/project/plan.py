"""What is bound, and in what order: one file, or the files that a folder names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bifolio.manuscript.metadata.front_matter import Entry
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import MARKDOWN_SUFFIXES, PLAIN_TEXT_SUFFIXES
from bifolio.model.errors import SourceError, UsageError
from bifolio.model.findings import Finding, Where, found

MAX_SECTIONS = 5000
"""How many files one book may have."""

MATTERS = ("front", "body", "back")
DEFAULT_FRONT_MATTER = ("title-page", "colophon", "contents")
"""What stands before the text of a book that does not say it otherwise."""
ROLES = {
    "half-title": "halftitlepage", "title-page": "titlepage", "colophon": "colophon", "contents": "toc",
    "list-of-figures": "loi", "list-of-tables": "lot", "endnotes": "endnotes", "index": "index",
    "dedication": "dedication", "epigraph": "epigraph", "foreword": "foreword", "preface": "preface",
    "introduction": "introduction", "prologue": "prologue", "epilogue": "epilogue",
    "afterword": "afterword", "conclusion": "conclusion", "acknowledgements": "acknowledgments",
    "acknowledgments": "acknowledgments", "appendix": "appendix", "glossary": "glossary",
    "bibliography": "bibliography", "copyright": "copyright-page", "imprint": "imprint",
}  # fmt: skip
"""What a section is called by its file's name, with its word in EPUB 3 Structural Semantics."""
GENERATED_SECTIONS = frozenset(
    "half-title title-page colophon contents list-of-figures list-of-tables endnotes index".split()
)
"""The sections that can be generated from the rest of the book."""

_NOT_SECTIONS = frozenset(
    "readme summary license licence contributing changelog code_of_conduct authors todo".split()
)
"""Names of files about a project that are not part of its book."""
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Item:
    """One section of the plan, or a file that makes several."""

    path: Path | None
    """The file as findings show it; None where there is none."""
    role: str = "chapter"
    """A word of EPUB 3 Structural Semantics."""
    matter: str = "body"
    """`front`, `body` or `back`."""
    depth: int = 0
    """How many parts it stands in."""
    title: str = ""
    """What the plan calls it."""
    where: Where | None = None
    """Where the plan names it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is bound."""

    path: Path
    """What says so: a file, or the folder itself."""
    folder: Path
    """The folder that files may come from."""
    items: tuple[Item, ...]
    is_book: bool = True
    entries: tuple[Entry, ...] = ()
    """What is said of the book as a whole, in the keys of the front matter."""
    title: str = ""
    """The title, where no key gives it."""
    cover: Item | None = None
    """The picture of the cover."""
    series: tuple[str, str] = ("", "")
    """The name of the series, and the place of the book in it."""
    paper: str = ""
    style: Path | None = None
    variants: tuple[str, ...] = ()
    """The named styles of the sheet."""
    findings: tuple[Finding, ...] = ()
    mdbook: bool = False
    """Its files may hold mdBook's marks."""


@dataclass(slots=True)
class Listing:
    """The items of a plan while they are read, each file once."""

    plan: Path
    folder: Path
    items: list[Item] = field(default_factory=list)
    taken: dict[Path, Where] = field(default_factory=dict)

    def find(self, named: str, where: Where, start: Path | None = None) -> Path:
        """Return the file *named* in *start*, or else the folder, as findings show it. Raises SourceError."""
        root = self.folder.resolve()
        try:
            real = find_file(named, root, (start or self.folder).resolve()).path
        except FileLookupError as error:
            message = {
                "missing": f"The file {named} does not exist.",
                "outside": f"The file {named} is outside of the book's folder.",
                "remote": f"{named} is on the web.",
            }[str(error)]
            raise SourceError(message, where, "Check the name, or take the line out.") from None
        return self.folder / real.relative_to(root)

    def add(self, named: str, item: Item, start: Path | None = None) -> None:
        """Add the file *named* as *item* says. Raises SourceError for one that cannot be a section."""
        assert item.where is not None
        path = self.find(named, item.where, start)
        if path.suffix.lower() not in MARKDOWN_SUFFIXES | PLAIN_TEXT_SUFFIXES:
            raise SourceError(f"{named} is neither Markdown nor plain text.", item.where, "Take it out.")
        if path in self.taken:
            message = f"The file {named} is bound twice; the first time at {self.taken[path]}."
            raise SourceError(message, item.where, "Leave one of them.")
        self.taken[path] = item.where
        self.items.append(Item(path, item.role, item.matter, item.depth, item.title, item.where))
        if len(self.items) > MAX_SECTIONS:
            raise SourceError(
                f"The book has more than {MAX_SECTIONS} files.", item.where, "Bind it in parts."
            )


def role_of(name: str, default: str) -> str:
    """Return the role of a section whose file is called *name*, such as `appendix-a`; else *default*."""
    plain = re.sub(r"^[\d\W_]+", "", name.lower()).replace("_", "-")
    if plain in ("about-the-author", "about-the-authors"):
        return "backmatter"
    return next((role for key, role in ROLES.items() if plain == key or plain.startswith(f"{key}-")), default)


def sort_by_matter(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return *items* by their matter, and otherwise as they are."""
    return tuple(sorted(items, key=lambda item: MATTERS.index(item.matter)))


def with_front_matter(items: Iterable[Item], plan: Path) -> tuple[Item, ...]:
    """Return *items* by their matter, behind the pages that are made where *plan* does not say which.

    A dedication and an epigraph stand before the contents, and the author's own title page and colophon in
    the place of those that would be made.
    """
    listed = list(items)
    own = {item.role for item in listed if item.path}
    first = ("titlepage", "colophon", "dedication", "epigraph")
    made = [
        Item(None, ROLES[name], "front", where=Where(plan))
        for name in DEFAULT_FRONT_MATTER
        if ROLES[name] not in own
    ]
    early = [item for item in [*made, *listed] if item.role in first]
    early.sort(key=lambda item: first.index(item.role))
    rest = [item for item in [*made, *listed] if item.role not in first]
    rest.sort(key=lambda item: (MATTERS.index(item.matter), item.role != "toc"))
    return (*early, *rest)


def natural_sort(paths: Iterable[Path]) -> list[Path]:
    """Return *paths* as a reader would count them: `2` before `10`, an introduction first."""

    def key(path: Path) -> tuple[object, ...]:
        names = [part.lower() for part in path.with_suffix("").parts]
        first = names[-1] not in ("index", "readme", "introduction", "preface", "foreword")
        parts = [
            [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _DIGITS.split(name) if part]
            for name in names
        ]
        return (parts[:-1], first, parts[-1])

    return sorted(paths, key=key)


def find_sources(folder: Path, *, deep: bool) -> Iterator[Path]:
    """Give the files that can be sections in *folder*, and in the folders in it if *deep*."""
    real = folder.resolve()
    for path in folder.rglob("*") if deep else folder.iterdir():
        if path.suffix.lower() not in MARKDOWN_SUFFIXES | PLAIN_TEXT_SUFFIXES:
            continue
        try:
            inside = path.resolve().is_relative_to(real) and path.is_file()
        except (OSError, RuntimeError):
            continue
        if inside and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def unlisted_files(plan: Plan, included: Iterable[Path]) -> list[Finding]:
    """Name the files of the folder of *plan* that are neither bound nor *included*."""
    known = {item.path.resolve() for item in plan.items if item.path} | {path.resolve() for path in included}
    folder = plan.path if plan.path.is_dir() else plan.path.parent
    left = [
        path
        for path in natural_sort(find_sources(folder, deep=True))
        if path.suffix.lower() in MARKDOWN_SUFFIXES
        and path.resolve() not in known
        and path.stem.lower() not in _NOT_SECTIONS
    ]
    if not left:
        return []
    names = ", ".join(str(path.relative_to(folder)) for path in left[:8])
    names += f" and {len(left) - 8} more" if len(left) > 8 else ""
    return [found("file-unbound", Where(plan.path), files=names, count=len(left))]


def read_folder(folder: Path) -> Plan:
    """Return the plan of a *folder* that names no order: its one file, or all as a book.

    Raises UsageError where it holds none.
    """
    here = natural_sort(find_sources(folder, deep=False))
    paths = here or natural_sort(find_sources(folder, deep=True))
    paths = [path for path in paths if path.stem.lower() not in _NOT_SECTIONS] or paths
    if not paths:
        raise UsageError(f"The folder {folder} holds no Markdown or text file.")
    if len(paths) == 1:
        return Plan(paths[0], paths[0].parent, (Item(paths[0], "article"),), is_book=False)
    roles = [role_of(path.stem, "chapter") for path in paths]
    items = [
        Item(path, role, matter_of(role), where=Where(path)) for path, role in zip(paths, roles, strict=True)
    ]
    title = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()
    return Plan(folder, folder, with_front_matter(items, folder), title=title)


_FRONT_ROLES = frozenset({"dedication", "epigraph", "foreword", "preface", "halftitlepage", "titlepage",
                          "colophon", "copyright-page", "imprint", "toc", "loi", "lot"})  # fmt: skip
_BACK_ROLES = frozenset({"appendix", "glossary", "bibliography", "index", "endnotes", "acknowledgments",
                         "backmatter"})  # fmt: skip


def matter_of(role: str) -> str:
    """Return where a section of *role* stands when nothing else says it: `front`, `body` or `back`."""
    return "front" if role in _FRONT_ROLES else "back" if role in _BACK_ROLES else "body"
