"""Template tags of other programs: kept as text, or dropped if the author asks for it; always reported."""

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
_SMART_CHARACTERS = re.compile(r"[\"'.-]")
"""Characters that smart punctuation would replace; template tags keep them as typed."""


def has_templates_dropped(entries: Iterable[Entry], path: Path) -> bool:
    """Return whether *entries*, the front matter of the file at *path*, contain `templates: drop`.

    Raises SourceError if the value is neither `drop` nor `keep`.
    """
    written = [entry for entry in entries if entry.key.lower() == "templates"]
    if not written:
        return False
    value = written[-1].value
    if value.text.lower() not in ("drop", "keep"):
        raise SourceError(
            f"`templates: {value.text}` is neither `keep` nor `drop`.",
            Where(path, value.line),
            "Write `templates: drop` to remove the template tags of other programs.",
        )
    return value.text.lower() == "drop"


def convert_template_tags(root: Element, source: SourceFile, *, drop: bool) -> list[Finding]:
    """Turn every template tag in *root* into text, or remove it if *drop*; return a finding per program."""
    if all(next(root.iter(tag), None) is None for tag in (TEMPLATE, RAW_TEMPLATE)):
        return []
    above = parent_map(root)
    tags: dict[str, list[tuple[str, Where]]] = {}
    for element, line in list(walk(root)):
        kind = element.get("kind", "")
        if element.tag not in (TEMPLATE, RAW_TEMPLATE) or kind not in _PROGRAM_NAMES:
            continue
        text = "".join(element.itertext())
        first = text.partition("\n")[0]
        parent = above[element]
        is_directive = source.mdbook and text.startswith("{{#")  # already reported by `expand_directives`
        if not is_directive:
            tags.setdefault(kind, []).append((first, locate(source, line, first)))
        is_removed = drop and not is_directive
        shown = "" if is_removed else _SMART_CHARACTERS.sub(rf"{AS_TYPED}\g<0>", text)
        replace_element(parent, element, [], shown)
        if drop and parent.tag == "p" and not len(parent) and not (parent.text or "").strip():
            replace_element(above[parent], parent, [])
    code = "template-dropped" if drop else "template-kept"
    findings = []
    for kind, places in tags.items():
        first, where = places[0]
        count = f"{len(places)} times" if len(places) > 1 else "once"
        findings.append(found(code, where, program=_PROGRAM_NAMES[kind], count=count, first=first))
    return findings
