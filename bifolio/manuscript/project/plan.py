"""Plans: the ordered list of the files and generated sections of a publication."""

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
"""The limit of files in one book."""

MATTERS = ("front", "body", "back")
DEFAULT_FRONT_MATTER = ("title-page", "colophon", "contents")
"""The front matter that is generated for a book without a list of its own."""
ROLES = {
    "half-title": "halftitlepage", "title-page": "titlepage", "colophon": "colophon", "contents": "toc",
    "list-of-figures": "loi", "list-of-tables": "lot", "endnotes": "endnotes", "index": "index",
    "dedication": "dedication", "epigraph": "epigraph", "foreword": "foreword", "preface": "preface",
    "introduction": "introduction", "prologue": "prologue", "epilogue": "epilogue",
    "afterword": "afterword", "conclusion": "conclusion", "acknowledgements": "acknowledgments",
    "acknowledgments": "acknowledgments", "appendix": "appendix", "glossary": "glossary",
    "bibliography": "bibliography", "copyright": "copyright-page", "imprint": "imprint",
}  # fmt: skip
"""Names of sections, as in `role` and in file names, with their term in EPUB 3 Structural Semantics."""
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
    """The file as findings show it; None if there is no file."""
    role: str = "chapter"
    """A term of EPUB 3 Structural Semantics."""
    matter: str = "body"
    """`front`, `body` or `back`."""
    depth: int = 0
    """The number of parts that contain it."""
    title: str = ""
    """The title in the plan."""
    where: Where | None = None
    """The position of its entry in the plan."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The files and settings of a publication."""

    path: Path
    """The file that lists the chapters, the folder if there is none, or the one file of an article."""
    folder: Path
    """The folder that all files must be in."""
    items: tuple[Item, ...]
    is_book: bool = True
    entries: tuple[Entry, ...] = ()
    """The metadata of the whole book, with the keys of front matter."""
    title: str = ""
    """The title if `entries` has none."""
    cover: Item | None = None
    """The cover image."""
    series: tuple[str, str] = ("", "")
    """The name of the series, and the position of the book in it."""
    paper: str = ""
    style: Path | None = None
    variants: tuple[str, ...] = ()
    """The named styles of the stylesheet."""
    findings: tuple[Finding, ...] = ()
    mdbook: bool = False
    """Whether the files can contain mdBook's directives."""


@dataclass(slots=True)
class Listing:
    """Collects the items of a plan, each file at most once."""

    plan: Path
    folder: Path
    items: list[Item] = field(default_factory=list)
    taken: dict[Path, Where] = field(default_factory=dict)

    def find(self, name: str, where: Where, start: Path | None = None) -> Path:
        """Return the path of the file *name* in *start* or else in the folder. Raises SourceError."""
        root = self.folder.resolve()
        try:
            real = find_file(name, root, (start or self.folder).resolve()).path
        except FileLookupError as error:
            message = {
                "missing": f"The file {name} does not exist.",
                "outside": f"The file {name} is outside of the book's folder.",
                "remote": f"{name} is on the web.",
            }[str(error)]
            raise SourceError(message, where, "Check the name, or remove the entry.") from None
        return self.folder / real.relative_to(root)

    def add(self, name: str, item: Item, start: Path | None = None) -> None:
        """Add the file *name* as *item*. Raises SourceError if it cannot be a section."""
        assert item.where is not None
        path = self.find(name, item.where, start)
        if path.suffix.lower() not in MARKDOWN_SUFFIXES | PLAIN_TEXT_SUFFIXES:
            raise SourceError(f"{name} is neither Markdown nor plain text.", item.where, "Remove it.")
        if path in self.taken:
            message = f"The file {name} is listed twice; the first time at {self.taken[path]}."
            raise SourceError(message, item.where, "Remove one of the two entries.")
        self.taken[path] = item.where
        self.items.append(Item(path, item.role, item.matter, item.depth, item.title, item.where))
        if len(self.items) > MAX_SECTIONS:
            raise SourceError(
                f"The book has more than {MAX_SECTIONS} files.", item.where, "Divide it into several books."
            )


def role_of(name: str, default: str) -> str:
    """Return the role that the file name *name*, such as `appendix-a`, stands for; else *default*."""
    plain = re.sub(r"^[\d\W_]+", "", name.lower()).replace("_", "-")
    if plain in ("about-the-author", "about-the-authors"):
        return "backmatter"
    return next((role for key, role in ROLES.items() if plain == key or plain.startswith(f"{key}-")), default)


def sort_by_matter(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return *items* ordered by front, body and back matter, and otherwise as they are."""
    return tuple(sorted(items, key=lambda item: MATTERS.index(item.matter)))


def with_front_matter(items: Iterable[Item], plan: Path) -> tuple[Item, ...]:
    """Return *items* ordered by matter, after the generated front matter; *plan* is the file of the plan.

    The author's own title page and colophon replace the generated ones. A dedication and an epigraph come
    before the table of contents.
    """
    listed = list(items)
    own = {item.role for item in listed if item.path}
    missing = [ROLES[name] for name in DEFAULT_FRONT_MATTER if ROLES[name] not in own]
    generated = [Item(None, role, "front", where=Where(plan)) for role in missing]
    first = ("titlepage", "colophon", "dedication", "epigraph")
    early = [item for item in [*generated, *listed] if item.role in first]
    early.sort(key=lambda item: first.index(item.role))
    rest = [item for item in [*generated, *listed] if item.role not in first]
    rest.sort(key=lambda item: (MATTERS.index(item.matter), item.role != "toc"))
    return (*early, *rest)


def natural_sort(paths: Iterable[Path]) -> list[Path]:
    """Return *paths* in natural order: `2` before `10`, and an introduction first."""

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
    """Yield the source files in *folder*, and in its subfolders if *deep*."""
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
    """Return a finding if the folder of *plan* has Markdown files that are neither listed nor *included*."""
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


def title_from_folder(folder: Path) -> str:
    """Return the title that the name of *folder* stands for."""
    return folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()


def read_folder(folder: Path) -> Plan:
    """Return the plan of *folder* without a list of chapters: its one file, or all its files as a book.

    Raises UsageError if there are none.
    """
    here = natural_sort(find_sources(folder, deep=False))
    paths = here or natural_sort(find_sources(folder, deep=True))
    paths = [path for path in paths if path.stem.lower() not in _NOT_SECTIONS] or paths
    if not paths:
        raise UsageError(f"The folder {folder} has no Markdown or text file.")
    if len(paths) == 1:
        return Plan(paths[0], paths[0].parent, (Item(paths[0], "article"),), is_book=False)
    roles = [role_of(path.stem, "chapter") for path in paths]
    items = [
        Item(path, role, matter_of(role), where=Where(path)) for path, role in zip(paths, roles, strict=True)
    ]
    return Plan(folder, folder, with_front_matter(items, folder), title=title_from_folder(folder))


_FRONT_ROLES = frozenset({"dedication", "epigraph", "foreword", "preface", "halftitlepage", "titlepage",
                          "colophon", "copyright-page", "imprint", "toc", "loi", "lot"})  # fmt: skip
_BACK_ROLES = frozenset({"appendix", "glossary", "bibliography", "index", "endnotes", "acknowledgments",
                         "backmatter"})  # fmt: skip


def matter_of(role: str) -> str:
    """Return the usual matter of a section with *role*: `front`, `body` or `back`."""
    return "front" if role in _FRONT_ROLES else "back" if role in _BACK_ROLES else "body"
