"""Marks of other programs' templates: kept as text or, where the author wishes it, taken out; always told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import locate, parent_map, replace_element, walk
from bifolio.manuscript.markdown.dialect.inline import AS_TYPED
from bifolio.manuscript.markdown.dialect.templates import RAW_TEMPLATE, TEMPLATE
from bifolio.manuscript.metadata.front_matter import Entry
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found

_PROGRAM_NAMES = {
    "liquid": "Liquid",
    "hugo": "Hugo",
    "kramdown": "kramdown",
    "mdx": "MDX or the like",
}


def has_templates_dropped(entries: Iterable[Entry], path: Path) -> bool:
    """Return whether *entries*, the front matter of the file at *path*, say `templates: drop`.

    Raises SourceError where they say something else than `drop` or `keep`.
    """
    written = [entry for entry in entries if entry.key.lower() == "templates"]
    if not written:
        return False
    value = written[-1].value
    if value.text.lower() not in ("drop", "keep"):
        raise SourceError(
            f"`templates: {value.text}` is neither `keep` nor `drop`.",
            Where(path, value.line),
            "Write `templates: drop` to leave the marks of other programs out.",
        )
    return value.text.lower() == "drop"


def convert_template_tags(root: Element, source: SourceFile, *, drop: bool) -> list[Finding]:
    """Make text of every mark in *root*, or take it out if *drop*; return a finding for each program."""
    if all(next(root.iter(tag), None) is None for tag in (TEMPLATE, RAW_TEMPLATE)):
        return []
    above = parent_map(root)
    told: dict[str, list[tuple[str, Where]]] = {}
    for element, line in list(walk(root)):
        kind = element.get("kind", "")
        if element.tag not in (TEMPLATE, RAW_TEMPLATE) or kind not in _PROGRAM_NAMES:
            continue
        text = "".join(element.itertext())
        first = text.partition("\n")[0]
        parent = above[element]
        known = source.mdbook and text.startswith("{{#")  # of mdBook, and told where it led to nothing
        if not known:
            told.setdefault(kind, []).append((first, locate(source, line, first)))
        replace_element(
            parent,
            element,
            [],
            "" if drop and not known else _SMART_CHARACTERS.sub(rf"{AS_TYPED}\g<0>", text),
        )
        if drop and parent.tag == "p" and not len(parent) and not (parent.text or "").strip():
            replace_element(above[parent], parent, [])
    code = "template-dropped" if drop else "template-kept"
    return [
        found(
            code, marks[0][1], program=_PROGRAM_NAMES[kind], count=_count_text(len(marks)), first=marks[0][0]
        )
        for kind, marks in told.items()
    ]


_SMART_CHARACTERS = re.compile(r"[\"'.-]")
"""What typographic punctuation would change: a program is to find its marks as they were typed."""


def _count_text(count: int) -> str:
    return f"{count} times" if count > 1 else "once"
