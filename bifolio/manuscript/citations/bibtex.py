"""Reads BibTeX and BibLaTeX files as CSL works, with bibtexparser."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.manuscript.citations.bibtex_fields import to_work
from bifolio.manuscript.citations.csl_items import Work
from bifolio.model.findings import Where

if TYPE_CHECKING:
    from bibtexparser.model import Entry

Problem = tuple[Where, str]
"""The place of an unreadable part of a file, and the reason."""


def read_bibtex(text: str, path: Path) -> Iterator[Work | Problem]:
    """Yield each work of *text*, a BibTeX file at *path*, and a problem for each part that cannot be read."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry

    # Findings report its log messages.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    logging.getLogger("bibtexparser").propagate = False
    enclosing = RemoveEnclosingMiddleware(True)
    library = parse_string(text, parse_stack=[ResolveStringReferencesMiddleware(True), enclosing])
    duplicate = DuplicateBlockKeyBlock | DuplicateFieldKeyBlock
    skipped = [block.ignore_error_block for block in library.failed_blocks if isinstance(block, duplicate)]
    restored = [enclosing.transform_entry(block, library) for block in skipped if isinstance(block, Entry)]
    entries = [*library.entries, *(block for block in restored if isinstance(block, Entry))]
    yield from _read_entries(sorted(entries, key=lambda entry: entry.start_line or 0), path)
    for block in library.failed_blocks:
        where = Where(path, (block.start_line or 0) + 1)
        if isinstance(block, DuplicateFieldKeyBlock):
            names = ", ".join(sorted(block.duplicate_keys))
            yield where, f"it has a field twice, of which the last counts: {names}"
        elif not isinstance(block, DuplicateBlockKeyBlock):
            why = " ".join((getattr(block.error, "abort_reason", "") or str(block.error)).split())
            yield where, why[:1].lower() + why[1:].rstrip(".")


def _read_entries(entries: list[Entry], path: Path) -> Iterator[Work | Problem]:
    """Yield a work or a problem for each of *entries*; an `xdata` entry only lends its fields to others."""
    fields: dict[str, dict[str, str]] = {}
    for entry in entries:
        fields.setdefault(entry.key.lower(), {f.key.lower(): str(f.value) for f in entry.fields})
    for entry in entries:
        if entry.entry_type.lower() != "xdata":
            where = Where(path, (entry.start_line or 0) + 1)
            try:
                yield to_work(entry.key, entry.entry_type.lower(), _inherit(entry.key.lower(), fields), where)
            except ValueError as error:
                yield where, str(error)


def _inherit(key: str, fields: Mapping[str, Mapping[str, str]], depth: int = 3) -> dict[str, str]:
    """Return the fields of the entry *key* and those it inherits by `crossref` and `xdata`."""
    own = dict(fields.get(key, {}))
    parents = [own.get("crossref", ""), *own.get("xdata", "").split(",")]
    for parent in (name.strip().lower() for name in parents if depth):
        inherited = _inherit(parent, fields, depth - 1) if parent in fields else {}
        if parent == own.get("crossref", "").strip().lower() and "title" in inherited:
            inherited = {"booktitle": inherited["title"], **inherited}
            del inherited["title"]
        own = {**inherited, **own}
    return own
