"""The structure of the text: its title, headings, anchors and links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown_it.common.normalize_url import normalizeLink

from bifolio.manuscript.html.sanitise import SVG
from bifolio.manuscript.html.tree import find_all, locate, parent_map, replace_element, walk
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.publication import MATH, NOTE_CALL, Heading, text_of, words_of

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "doi", "urn", "xmpp"})
"""What a link of an edition may begin with."""

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")
_NOT_IN_NAME = re.compile(r"[^\w.\-]")


@dataclass(slots=True)
class Anchors:
    """The anchors of a publication: what the author calls each, and its name in the editions."""

    names: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)
    """The last number that was put behind a name to make it unique."""
    title: str = ""
    """The anchor of the title of the file."""

    def give(self, called: str) -> str:
        """Return a name that nothing else has for the anchor that the author calls *called*.

        The name is an NCName, as XML wants of an `id`, and as near to *called* as that allows.
        """
        name = _NOT_IN_NAME.sub("-", unicodedata.normalize("NFC", called)) or "_"
        if not (name[0].isalpha() or name[0] == "_"):
            name = f"_{name}"
        unique, number = name, self.last.get(name, 0)
        while unique in self.taken:
            number += 1
            unique = f"{name}-{number}"
        self.taken.add(unique)
        self.last[name] = number
        alias = called if called not in self.names else f"{called}-{number}"
        self.names.setdefault(alias, unique)
        return unique


def drop_empty_headings(root: Element, source: SourceFile) -> list[Finding]:
    """Take the headings out of *root* that say nothing; a place to link to stays one."""
    findings = []
    empty = {e for e in root.iter() if e.tag in _LEVELS and not text_of(e).strip()}
    above = parent_map(root) if empty else {}
    for element, line in list(walk(root)) if empty else ():
        if element not in empty:
            continue
        if any(inner.tag in ("img", NOTE_CALL, MATH, f"{SVG}svg") for inner in element.iter()):
            continue
        findings.append(found("heading-empty", locate(source, line)))
        if any("id" in inner.attrib for inner in element.iter()):
            element.tag = "div"
        else:
            replace_element(above[element], element, [])
    return findings


def extract_title(root: Element, called: str = "") -> Element | None:
    """Take the title out of *root* and return it: a leading heading, where none other is as high.

    A heading that says what the section is *called* may have others beside it. None where the text does not
    begin so.
    """
    levels = [_LEVELS[element.tag] for element in root.iter() if element.tag in _LEVELS]
    first = next((element for element in root if not _is_anchor(element)), None)
    if first is None or first.tag not in _LEVELS or (root.text or "").strip():
        return None
    highest = min(levels[1:], default=7)
    beside = highest == levels[0] and _letters(called) == _letters(" ".join(words_of(first)))
    if first.tag != "h1" and highest <= levels[0] and not beside:
        return None
    replace_element(root, first, [])
    return first


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _is_anchor(element: Element) -> bool:
    """Say whether *element* is a place to link to and nothing to read."""
    return not "".join(element.itertext()).strip() and element.find(".//a[@id]") is not None


def shift_headings(root: Element, title: Element | None) -> None:
    """Move the headings of *root* to the levels below *title*, the one heading of level 1.

    *title* is that which the text gave, and is no longer in *root*. What stood beside it stands below it.
    """
    up = _LEVELS[title.tag] - 1 if title is not None else 0
    down = int(root.find(".//h1") is not None) - up
    highest = 2 if up else 1
    for element in root.iter():
        if element.tag in _LEVELS:
            element.tag = f"h{max(highest, min(_LEVELS[element.tag] + down, 6))}"


def set_anchors(roots: Iterable[Element], source: SourceFile, anchors: Anchors) -> list[Finding]:
    """Give every heading an anchor, and every anchor of the author a name that is unique."""
    findings = []
    trees = list(roots)
    for root in trees:
        for element, line in walk(root) if any("id" in e.attrib for e in root.iter()) else ():
            called = element.attrib.pop("id", None)
            if called:
                if called in anchors.names:
                    where = locate(source, line, f"#{called}", called)
                    findings.append(found("anchor-twice", where, anchor=called))
                element.set("id", anchors.give(called))
    title: Element | None = None
    for root in trees:
        for element in root.iter():
            if element.tag == "h1" and title is None:
                title = element  # its anchor is its place in the file; its words come last
                if "id" not in element.attrib:
                    element.set("id", anchors.give("title"))
            elif element.tag in _LEVELS and "id" not in element.attrib:
                element.set("id", anchors.give(slug(title_of(element)) or "section"))
    if title is not None:
        anchors.title = title.get("id", "")
        anchors.names.setdefault(slug(title_of(title)), anchors.title)
    return findings


def title_of(heading: Element) -> str:
    """Return the words of *heading*."""
    return " ".join(words_of(heading))


def slug(title: str) -> str:
    """Return the anchor of a heading as GitHub writes it, in any script."""
    text = unicodedata.normalize("NFC", title).strip().lower()
    return _NOT_IN_SLUG.sub("", text).replace(" ", "-")


def outline(root: Element, source: SourceFile, findings: list[Finding]) -> Iterator[Heading]:
    """Give the headings of *root* in order; where a level is skipped, it is mended, and a finding.

    Headings that the author wrote at one level below another stay at one level.
    """
    above = [(1, 1)]
    """The headings that the next one stands below: the level of each as it was written, and as it is."""
    for element, line in walk(root):
        written = _LEVELS.get(element.tag)
        if written is None or written == 1:
            continue
        while above[-1][0] >= written:
            above.pop()
        last, level = above[-1][0], above[-1][1] + 1
        if written > last + 1:
            fields = {"level": written, "last": last, "set": level}
            findings.append(found("heading-skipped", locate(source, line), **fields))
        element.tag = f"h{level}"
        above.append((written, level))
        yield Heading(level, element.get("id", ""), title_of(element))


def resolve_links(
    root: Element, source: SourceFile, anchors: Anchors, files: Mapping[Path, Anchors]
) -> list[Finding]:
    """Point every link of *root* at its target; a link without one becomes plain text.

    *anchors* are those of *source* itself, *files* those of every file of the publication, by its real path.
    """
    findings = []
    for element, line in find_all(root, "a"):
        href = element.get("href")
        if href is None:
            continue
        code = _resolve(element, href.strip(), anchors)
        if code == "link-outside" and len(files) > 1:
            code = _resolve_file(element, href.strip(), locate(source, line).file, source.root, files)
        if code:
            where = locate(source, line, href, f"#{href}")
            findings.append(found(code, where, target=href))
            element.tag = "span"
            del element.attrib["href"]
    return findings


def _resolve_file(
    link: Element, href: str, file: Path, root: Path, files: Mapping[Path, Anchors]
) -> str | None:
    """Set the `href` of *link*, which leads from *file* to another; return the code of a finding as above.

    A link to the page that a web site makes of a file means the file, and one to a folder its first page.
    """
    target, _, part = href.partition("#")
    stem = target.removesuffix("/").removesuffix(".html")
    for name in dict.fromkeys((target, f"{stem}.md", f"{stem}/README.md", f"{stem}/index.md")):
        try:
            anchors = files.get(find_file(name, root, file.resolve().parent).path)
        except FileLookupError:
            continue
        if anchors is None:
            continue
        if not part:
            link.set("href", f"#{anchors.title}")
            return None
        return _resolve(link, f"#{part}", anchors)
    return "link-outside"


def _resolve(link: Element, href: str, anchors: Anchors) -> str | None:
    """Set the `href` of *link*; return the code of a finding where that cannot be done."""
    if href.startswith("#"):
        called = unquote(href[1:])
        name = anchors.names.get(called) or anchors.names.get(slug(called))
        if name is None:
            return "link-broken"
        link.set("href", f"#{name}")
        return None
    try:
        address = urlsplit(href)
        scheme = address.scheme.lower()
    except ValueError:
        return "link-broken"
    if scheme in ("http", "https", "ftp") and not address.hostname:
        return "link-broken"
    if scheme in LINK_SCHEMES:
        link.set("href", normalizeLink(href))
        return None
    return "link-refused" if scheme or href.startswith("//") else "link-outside"
