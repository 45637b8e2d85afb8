"""Reads the plan of a book from a `book.toml`, Bifolio's own or that of mdBook."""

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
    title_from_folder,
    with_front_matter,
)
from bifolio.manuscript.project.source_file import read_text
from bifolio.manuscript.project.summary import read_summary
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found

BOOK_KEYS = {
    "title": "the title",
    "subtitle": "the subtitle",
    "author": "the authors: names, or `{name = ..., role = ...}` for a translator and others",
    "date": "when it was published",
    "language": "the language, as a BCP 47 tag",
    "description": "one sentence that says what it is about",
    "keywords": "a list of subjects",
    "publisher": "the publisher, or `{name = ..., edition = ...}`",
    "rights": "the copyright notice",
    "identifier": "a URI or an ISBN, or `{epub = ..., pdf = ...}` if each edition has its own",
    "certifier": "who certifies the accessibility of the EPUB",
    "smart": "`false` keeps quotation marks, hyphens and dots as they were typed",
    "series": "the series: its name, or `{name = ..., position = ...}`",
    "cover": "the cover image; without it, a cover is generated from the title",
    "paper": "the page size, as for `--paper`",
    "style": "the stylesheet or one of its named styles, as for `--style`, or a list of both",
    "front": "the front matter",
    "chapters": "the body matter: files, or `{part = ..., chapters = [...]}`",
    "back": "the back matter",
}
"""Every key of book.toml, with its meaning."""

_STRUCTURE_KEYS = frozenset({"series", "cover", "paper", "style", "front", "chapters", "back"})
"""The keys that are read here; the others are metadata, as in front matter."""


def read_book(path: Path) -> Plan:
    """Return the plan in the book.toml at *path*, which may be that of an mdBook. Raises SourceError."""
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
        title=title_from_folder(path.parent), cover=cover, series=series,
        paper=_require_text(keys["paper"].value, "paper", path)[0] if "paper" in keys else "",
        style=style, variants=variants,
    )  # fmt: skip


def _read_mdbook(path: Path, book: Value) -> Plan:
    """Return the plan of an mdBook, whose book.toml at *path* has the table *book*."""
    keys = {entry.key: entry for entry in book.entries}
    source = keys["src"].value.text if "src" in keys else "src"
    summary = path.parent / source / "SUMMARY.md"
    if not summary.is_file():
        raise SourceError(
            f"The file {source}/SUMMARY.md does not exist.", Where(path), "Add it, or set `src`."
        )
    known = {"title", "authors", "description", "language"}
    entries = tuple(entry for entry in book.entries if entry.key in known)
    if "language" not in keys:  # mdBook's own default
        entries += (Entry("language", book.line, Value(book.line, "str", "en")),)
    return read_summary(summary, path.parent, entries, title_from_folder(path.parent))


def _unsupported_preprocessors(keys: Mapping[str, Entry], path: Path) -> Iterator[Finding]:
    """Yield a finding for each preprocessor that mdBook would run and Bifolio does not replace."""
    preprocessors = keys["preprocessor"].value.entries if "preprocessor" in keys else ()
    for entry in preprocessors:
        if entry.key not in ("links", "index", "trpl-listing"):
            table = f"[preprocessor.{entry.key}]"
            lines = read_text(path).split("\n")
            line = next((n for n, text in enumerate(lines, start=1) if table in text), entry.line)
            yield found("preprocessor-unrun", Where(path, line), name=entry.key)


def _parse_style(value: Value, listing: Listing) -> tuple[Path | None, tuple[str, ...]]:
    """Return the stylesheet and the named styles in *value*; a name with a dot is a file."""
    parts = value.items if value.kind == "list" else (value,)
    names = [_require_text(part, "style", listing.plan) for part in parts]
    sheets = [listing.find(name, where) for name, where in names if "." in name]
    if len(sheets) > 1:
        raise SourceError("`style` has more than one stylesheet.", names[0][1], "Remove all but one.")
    return (sheets[0] if sheets else None), tuple(name for name, _ in names if "." not in name)


def _add_matter(value: Value, matter: str, listing: Listing) -> None:
    for item, where in _list_items(value, matter, listing.plan):
        name, role = item.text, ""
        if item.kind == "map":
            fields = {entry.key: entry.value.text for entry in item.entries}
            if set(fields) - {"file", "role"} or "file" not in fields:
                raise SourceError(
                    f"An entry of `{matter}` can contain only `file` and `role`.", where,
                    'Write `{file = "x.md", role = "preface"}`.',
                )  # fmt: skip
            name, role = fields["file"], fields.get("role", "")
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
        fields = {entry.key: entry.value for entry in item.entries}
        if set(fields) != {"part", "chapters"}:
            raise SourceError(
                "A part must contain `part` and `chapters`.",
                where,
                'Write `{part = "One", chapters = ["a.md"]}`.',
            )
        name = fields["part"].text
        if Path(name).suffix.lower() in (".md", ".markdown"):
            listing.add(name, Item(None, "part", "body", depth, where=where))
        else:
            listing.items.append(Item(None, "part", "body", depth, name, where))
        _add_chapters(fields["chapters"], depth + 1, listing)


def _add_remaining(listing: Listing, taken: set[Path | None]) -> None:
    """Add the files of the folder that are not in *taken*, in natural order, as chapters."""
    plan = read_folder(listing.folder)
    for item in plan.items:
        if item.path and item.path not in taken:
            role = "chapter" if item.role == "article" else item.role
            listing.items.append(Item(item.path, role, item.matter, where=item.where))


def _list_items(value: Value, key: str, path: Path) -> Iterator[tuple[Value, Where]]:
    """Yield the items of the list *value* with their positions, searched in the text: TOML has none."""
    if value.kind != "list":
        raise SourceError(f"`{key}` must be a list.", Where(path, value.line), f'Write `{key} = ["one.md"]`.')
    for item in value.items:
        if item.kind not in ("str", "map"):
            raise SourceError(
                f"`{key}` must contain file names.", Where(path, item.line), "Put each name in quotes."
            )
        name = item.text or next((entry.value.text for entry in item.entries), "")
        yield item, Where(path, _line_of(read_text(path), name, value.line))


def _line_of(text: str, name: str, first: int) -> int:
    """Return the number of the line, from *first* on, that contains *name* in quotes; else *first*."""
    lines = text.split("\n")
    quoted = (f'"{name}"', f"'{name}'")
    hits = (n for n, line in enumerate(lines, start=1) if n >= first and any(q in line for q in quoted))
    return next(hits, first)


def _require_text(value: Value, key: str, path: Path) -> tuple[str, Where]:
    where = Where(path, value.line)
    if value.kind != "str" or not value.text.strip():
        raise SourceError(f"`{key}` must be a text.", where, f'Write `{key} = "..."`.')
    return value.text, where


def _parse_series(value: Value, path: Path) -> tuple[str, str]:
    if value.kind != "map":
        return _require_text(value, "series", path)[0], ""
    fields = {entry.key: entry.value.text for entry in value.entries}
    if "name" not in fields or set(fields) - {"name", "position"}:
        raise SourceError("`series` can contain only `name` and `position`.", Where(path, value.line))
    return fields["name"], fields.get("position", "")
