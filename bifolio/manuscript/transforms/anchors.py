"""Anchors: a unique `id` for every heading and every link target of a publication."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import locate, walk
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.headings import LEVELS, heading_text
from bifolio.model.findings import Finding, found

_NOT_IN_SLUG = re.compile(r"[^\w\- ]")
_NOT_IN_ID = re.compile(r"[^\w.\-]")


@dataclass(slots=True)
class Anchors:
    """The anchors of one file; `taken` and `last_number` are shared by all files of a publication."""

    ids: dict[str, str] = field(default_factory=dict)
    """The `id` in the editions by the name that the author uses."""
    taken: set[str] = field(default_factory=set)
    """Every `id` in use."""
    last_number: dict[str, int] = field(default_factory=dict)
    """The last number appended to a name to make it unique."""
    title: str = ""
    """The `id` of the title of the file."""

    def add(self, name: str) -> str:
        """Add the anchor that the author calls *name* and return its unique `id`.

        The `id` is an NCName (XML Namespaces 1.0, 3), as close to *name* as possible.
        """
        base = _NOT_IN_ID.sub("-", unicodedata.normalize("NFC", name)) or "_"
        if not (base[0].isalpha() or base[0] == "_"):
            base = f"_{base}"
        unique, number = base, self.last_number.get(base, 0)
        while unique in self.taken:
            number += 1
            unique = f"{base}-{number}"
        self.taken.add(unique)
        self.last_number[base] = number
        alias = name if name not in self.ids else f"{name}-{number}"
        self.ids.setdefault(alias, unique)
        return unique

    def find(self, name: str) -> str | None:
        """Return the `id` of the anchor *name*, which may also be the text of a heading."""
        return self.ids.get(name) or self.ids.get(slug(name))


def set_anchors(roots: Iterable[Element], source: SourceFile, anchors: Anchors) -> list[Finding]:
    """Give every heading in *roots* an `id`, and make the author's own `id`s unique.

    *roots* are the trees of *source*; *anchors* is filled. The author's names come first, so that a heading
    cannot take one of them.
    """
    trees = list(roots)
    findings = [finding for root in trees for finding in _set_author_anchors(root, source, anchors)]
    title: Element | None = None
    for root in trees:
        for element in root.iter():
            if element.tag == "h1" and title is None:
                title = element  # links to the file lead here; links by its words are added last
                if "id" not in element.attrib:
                    element.set("id", anchors.add("title"))
            elif element.tag in LEVELS and "id" not in element.attrib:
                element.set("id", anchors.add(slug(heading_text(element)) or "section"))
    if title is not None:
        anchors.title = title.get("id", "")
        anchors.ids.setdefault(slug(heading_text(title)), anchors.title)
    return findings


def _set_author_anchors(root: Element, source: SourceFile, anchors: Anchors) -> list[Finding]:
    """Replace every `id` that the author wrote in *root* by a unique one."""
    findings = []
    for element, line in walk(root) if any("id" in e.attrib for e in root.iter()) else ():
        name = element.attrib.pop("id", None)
        if name:
            if name in anchors.ids:
                where = locate(source, line, f"#{name}", name)
                findings.append(found("anchor-twice", where, anchor=name))
            element.set("id", anchors.add(name))
    return findings


def slug(title: str) -> str:
    """Return the anchor that GitHub generates for a heading with the words *title*."""
    text = unicodedata.normalize("NFC", title).strip().lower()
    return _NOT_IN_SLUG.sub("", text).replace(" ", "-")
