"""`book.toml`: what a folder is bound to, in what order, and what is known of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bifolio.manuscript.metadata.front_matter import Entry, FrontMatter, Value, read_front_matter
from bifolio.manuscript.project.plan import (
    GENERATED_SECTIONS,
    ROLES,
    Item,
    Listing,
    Plan,
    read_folder,
    role_of,
    sort_by_matter,
    with_front_matter,
)
from bifolio.manuscript.project.source_file import check_suffix, read_text
from bifolio.manuscript.project.summary import read_book_txt, read_summary
from bifolio.model.errors import SourceError, UsageError
from bifolio.model.findings import Finding, Where, found

BOOK_KEYS = {
    "title": "the title",
    "subtitle": "the subtitle",
    "author": "who wrote it: names, or `{name = ..., role = ...}` for a translator and others",
    "date": "when it was published",
    "language": "the language, as a BCP 47 tag",
    "description": "one sentence that says what it is about",
    "keywords": "a list of subjects",
    "publisher": "who publishes it; or `{name = ..., edition = ...}`, which says which edition it is",
    "rights": "the notice of rights",
    "identifier": "a URI or an ISBN, or `{epub = ..., pdf = ...}` where each edition has its own",
    "certifier": "who answers for the accessibility of the EPUB",
    "smart": "`false` leaves quotation marks, hyphens and dots as they were typed",
    "series": "the series: its name, or `{name = ..., position = ...}`",
    "cover": "the picture of the cover; without it one is set from the title",
    "paper": "the paper, as `--paper` takes it",
    "style": "the stylesheet or a named style of it, as `--style` takes them, or a list of both",
    "front": "what stands before the text",
    "chapters": "the text: files, or `{part = ..., chapters = [...]}`",
    "back": "what stands behind the text",
}
"""Every key of book.toml, with its meaning."""

_STRUCTURE_KEYS = frozenset({"series", "cover", "paper", "style", "front", "chapters", "back"})
"""The keys that are read here; the others are as in front matter."""


def find_plan(named: Path | None) -> Plan:
    """Return the plan of *named*: a file, a folder, or None for the folder `source` or else the book here.

    A folder is read by its `book.toml`, else by a `SUMMARY.md` or a `Book.txt`, in it or in its `src` or
    `manuscript`; else its files make a book in natural order. Raises UsageError and SourceError.
    """
    path = named or (Path() if _is_book_here() else Path("source"))
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:
        raise SourceError(f"The file cannot be read: {error.strerror}.", Where(path)) from error
    if not is_there and named is None:
        raise UsageError(
            "There is no folder `source` here.",
            hint="Name a file, or make a project with `bifolio new DIR`.",
        )
    if not is_there:
        raise SourceError("The file does not exist.", Where(path), "Check the name.")
    if is_folder:
        return _read_folder(path)
    if path.name == "book.toml":
        return _read_book(path)
    if path.name == "SUMMARY.md":
        return read_summary(path, path.parent, title=_title_from_folder(path.parent))
    if path.name == "Book.txt":
        return read_book_txt(path, _title_from_folder(path.parent))
    check_suffix(path)
    return Plan(path, path.parent, (Item(path, "article"),), is_book=False)


def _is_book_here() -> bool:
    return not Path("source").exists() and Path("book.toml").is_file()


def _read_folder(folder: Path) -> Plan:
    if (folder / "book.toml").is_file():
        return _read_book(folder / "book.toml")
    for place in (folder, folder / "src", folder / "manuscript"):
        if (place / "SUMMARY.md").is_file():
            return read_summary(place / "SUMMARY.md", folder, title=_title_from_folder(folder))
        if (place / "Book.txt").is_file():
            return read_book_txt(place / "Book.txt", _title_from_folder(folder))
    return read_folder(folder)


def _title_from_folder(folder: Path) -> str:
    return folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()


def _read_book(path: Path) -> Plan:
    entries = read_front_matter(FrontMatter("toml", read_text(path), 1), path)
    keys = {entry.key: entry for entry in entries}
    if "book" in keys and keys["book"].value.kind == "map" and "chapters" not in keys:
        plan = _read_mdbook(path, keys["book"].value)
        return replace(plan, findings=tuple(_unsupported_preprocessors(keys, path)))
    for entry in entries:
        if entry.key not in BOOK_KEYS:
            meant = difflib.get_close_matches(entry.key, BOOK_KEYS, n=1, cutoff=0.6)
            hint = f"Did you mean `{meant[0]}`?" if meant else f"The keys are {', '.join(BOOK_KEYS)}."
            raise SourceError(f"The key `{entry.key}` is unknown.", Where(path, entry.line), hint)
    listing = Listing(path, path.parent)
    if "front" in keys:
        _add_matter(keys["front"].value, "front", listing)
    if "back" in keys:
        _add_matter(keys["back"].value, "back", listing)
    if "chapters" in keys:
        _add_chapters(keys["chapters"].value, 0, listing)
    else:
        _add_remaining(listing, {item.path for item in listing.items})
    items = sort_by_matter(listing.items) if "front" in keys else with_front_matter(listing.items, path)
    series = _parse_series(keys["series"].value, path) if "series" in keys else ("", "")
    style, variants = _parse_style(keys["style"].value, listing) if "style" in keys else (None, ())
    cover = None
    if "cover" in keys:
        name, where = _require_text(keys["cover"].value, "cover", path)
        cover = Item(listing.find(name, where), title=name, where=where)
    return Plan(
        path, path.parent, items,
        entries=tuple(entry for entry in entries if entry.key not in _STRUCTURE_KEYS),
        title=_title_from_folder(path.parent), cover=cover, series=series,
        paper=_require_text(keys["paper"].value, "paper", path)[0] if "paper" in keys else "",
        style=style, variants=variants,
    )  # fmt: skip


def _read_mdbook(path: Path, book: Value) -> Plan:
    """Return the plan of an mdBook, whose book.toml has a table `book`."""
    keys = {entry.key: entry for entry in book.entries}
    source = keys["src"].value.text if "src" in keys else "src"
    summary = path.parent / source / "SUMMARY.md"
    if not summary.is_file():
        raise SourceError(f"The file {source}/SUMMARY.md does not exist.", Where(path), "mdBook wants it.")
    known = {"title", "authors", "description", "language"}
    entries = tuple(entry for entry in book.entries if entry.key in known)
    if "language" not in keys:  # mdBook's own default
        entries += (Entry("language", book.line, Value(book.line, "str", "en")),)
    return read_summary(summary, path.parent, entries, _title_from_folder(path.parent))


def _unsupported_preprocessors(keys: Mapping[str, Entry], path: Path) -> Iterator[Finding]:
    """Tell of the programs that mdBook would run, but those whose work is done."""
    named = keys["preprocessor"].value.entries if "preprocessor" in keys else ()
    for entry in named:
        if entry.key not in ("links", "index", "trpl-listing"):
            table = f"[preprocessor.{entry.key}]"
            lines = read_text(path).split("\n")
            line = next((n for n, text in enumerate(lines, start=1) if table in text), entry.line)
            yield found("preprocessor-unrun", Where(path, line), name=entry.key)


def _parse_style(value: Value, listing: Listing) -> tuple[Path | None, tuple[str, ...]]:
    """Return the stylesheet and its named styles; a name without a dot is a style, not a file."""
    parts = value.items if value.kind == "list" else (value,)
    said = [_require_text(part, "style", listing.plan) for part in parts]
    sheets = [listing.find(name, where) for name, where in said if "." in name]
    if len(sheets) > 1:
        raise SourceError("`style` names more than one stylesheet.", said[0][1], "Name one.")
    return (sheets[0] if sheets else None), tuple(name for name, _ in said if "." not in name)


def _add_matter(value: Value, matter: str, listing: Listing) -> None:
    for item, where in _list_items(value, matter, listing.plan):
        name, role = item.text, ""
        if item.kind == "map":
            said = {entry.key: entry.value.text for entry in item.entries}
            if set(said) - {"file", "role"} or "file" not in said:
                raise SourceError(
                    f"An entry of `{matter}` holds `file` and `role` alone.", where,
                    'Write `{file = "x.md", role = "preface"}`.',
                )  # fmt: skip
            name, role = said["file"], said.get("role", "")
        if role and role not in ROLES:
            meant = difflib.get_close_matches(role, ROLES, n=1, cutoff=0.5)
            hint = f"Did you mean `{meant[0]}`?" if meant else f"The roles are {', '.join(ROLES)}."
            raise SourceError(f"The role `{role}` is unknown.", where, hint)
        default = "frontmatter" if matter == "front" else "backmatter"
        kind = ROLES[role] if role else role_of(Path(name).stem, default)
        if name in GENERATED_SECTIONS:
            listing.items.append(Item(None, ROLES[name], matter, where=where))
        else:
            listing.add(name, Item(None, kind, matter, where=where))


def _add_chapters(value: Value, depth: int, listing: Listing) -> None:
    for item, where in _list_items(value, "chapters", listing.plan):
        if item.kind != "map":
            role = role_of(Path(item.text).stem, "chapter")
            listing.add(item.text, Item(None, role, "body", depth, where=where))
            continue
        said = {entry.key: entry.value for entry in item.entries}
        if set(said) != {"part", "chapters"}:
            raise SourceError(
                "A part holds `part` and `chapters`.", where, 'Write `{part = "One", chapters = ["a.md"]}`.'
            )
        name = said["part"].text
        if Path(name).suffix.lower() in (".md", ".markdown"):
            listing.add(name, Item(None, "part", "body", depth, where=where))
        else:
            listing.items.append(Item(None, "part", "body", depth, name, where))
        _add_chapters(said["chapters"], depth + 1, listing)


def _add_remaining(listing: Listing, taken: set[Path | None]) -> None:
    """Add the files of the folder that are not *taken*, in natural order, as chapters."""
    plan = read_folder(listing.folder)
    for item in plan.items:
        if item.path and item.path not in taken:
            role = "chapter" if item.role == "article" else item.role
            listing.items.append(Item(item.path, role, item.matter, where=item.where))


def _list_items(value: Value, key: str, path: Path) -> Iterator[tuple[Value, Where]]:
    """Give the items of a list with their places; TOML tells the line of the key alone."""
    if value.kind != "list":
        raise SourceError(f"`{key}` wants a list.", Where(path, value.line), f'Write `{key} = ["one.md"]`.')
    for item in value.items:
        if item.kind not in ("str", "map"):
            raise SourceError(f"`{key}` holds names of files.", Where(path, item.line), "Put it in quotes.")
        written = item.text or next((entry.value.text for entry in item.entries), "")
        yield item, Where(path, _line_of(read_text(path), written, value.line))


def _line_of(text: str, written: str, first: int) -> int:
    """Return the line of *text* where *written* stands in quotes, counted from 1; else *first*."""
    lines = text.split("\n")
    quoted = (f'"{written}"', f"'{written}'")
    hits = (n for n, line in enumerate(lines, start=1) if n >= first and any(q in line for q in quoted))
    return next(hits, first)


def _require_text(value: Value, key: str, path: Path) -> tuple[str, Where]:
    where = Where(path, value.line)
    if value.kind != "str" or not value.text.strip():
        raise SourceError(f"`{key}` wants a text.", where, f'Write `{key} = "..."`.')
    return value.text, where


def _parse_series(value: Value, path: Path) -> tuple[str, str]:
    if value.kind != "map":
        return _require_text(value, "series", path)[0], ""
    said = {entry.key: entry.value.text for entry in value.entries}
    if "name" not in said or set(said) - {"name", "position"}:
        raise SourceError("`series` holds `name` and `position`.", Where(path, value.line))
    return said["name"], said.get("position", "")
