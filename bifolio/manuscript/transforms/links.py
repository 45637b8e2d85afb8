"""Links: checks the URL of each link and points links between files at their anchors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown_it.common.normalize_url import normalizeLink

from bifolio.manuscript.html.tree import find_all, locate
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.anchors import Anchors
from bifolio.model.findings import Finding, found

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "doi", "urn", "xmpp"})
"""The URL schemes that a link may have."""


def resolve_links(
    root: Element, source: SourceFile, anchors: Anchors, files: Mapping[Path, Anchors]
) -> list[Finding]:
    """Point every link in *root* at its target; a link without a valid target becomes plain text.

    *anchors* are those of *source*; *files* maps the real path of each file of the publication to its own.
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
    """Set the `href` of *link*, which leads from *file* to another file; return a finding code if it fails.

    `name.html` and `name` also mean `name.md`, as on a generated web site; a folder means its index file.
    """
    target, _, fragment = href.partition("#")
    stem = target.removesuffix("/").removesuffix(".html")
    for name in dict.fromkeys((target, f"{stem}.md", f"{stem}/README.md", f"{stem}/index.md")):
        try:
            anchors = files.get(find_file(name, root, file.resolve().parent).path)
        except FileLookupError:
            continue
        if anchors is None:
            continue
        if not fragment:
            link.set("href", f"#{anchors.title}")
            return None
        return _resolve(link, f"#{fragment}", anchors)
    return "link-outside"


def _resolve(link: Element, href: str, anchors: Anchors) -> str | None:
    """Set the `href` of *link*, a fragment or a URL; return a finding code if it fails."""
    if href.startswith("#"):
        anchor_id = anchors.find(unquote(href[1:]))
        if anchor_id is None:
            return "link-broken"
        link.set("href", f"#{anchor_id}")
        return None
    try:
        url = urlsplit(href)
        scheme = url.scheme.lower()
    except ValueError:
        return "link-broken"
    if scheme in ("http", "https", "ftp") and not url.hostname:
        return "link-broken"
    if scheme in LINK_SCHEMES:
        link.set("href", normalizeLink(href))
        return None
    return "link-refused" if scheme or href.startswith("//") else "link-outside"
