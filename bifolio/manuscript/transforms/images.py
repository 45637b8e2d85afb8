"""Loads the images that a text refers to, and replaces those that cannot be loaded by their alt text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import find_all, locate, parent_map
from bifolio.manuscript.markdown.dialect.wiki_links import WIKI
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.image_files import (
    MEDIA_TYPES,
    ImageInfo,
    UnreadableImage,
    is_svg,
    parse_svg,
    probe,
    read_bytes,
)
from bifolio.manuscript.transforms.image_sizes import set_size
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import GENERATED, Picture, text_of

_REMOTE_URL = re.compile(r"(?:https?:)?//", re.IGNORECASE)


class FetchError(Exception):
    """An image that was not downloaded; its text is the end of a sentence for the author."""


@dataclass(slots=True)
class ImageStore:
    """The images of a publication."""

    by_path: dict[Path, Picture] = field(default_factory=dict)
    """The images loaded so far, by the real path of their files."""
    findings: list[Finding] = field(default_factory=list)
    cached: Mapping[bytes, ImageInfo] = field(default_factory=dict)
    """Facts about images from earlier builds, by the SHA-256 digest of their data."""
    probed: dict[bytes, ImageInfo] = field(default_factory=dict)
    """The same, from `probe_images`."""
    used: dict[bytes, ImageInfo] = field(default_factory=dict)
    """The same, of the images loaded so far."""

    def new_name(self, path: Path, media_type: str) -> str:
        """Return a file name for *path* that differs from all others in more than case."""
        suffix = {"jpeg": "jpg", "svg+xml": "svg"}.get(subtype := media_type[6:], subtype)
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "picture"
        taken = {picture.name.lower() for picture in self.by_path.values()}
        name, number = f"{stem}.{suffix}", 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}.{suffix}", number + 1
        return name


def load_images(
    root: Element, source: SourceFile, store: ImageStore, fetch: Callable[[str], str] | None = None
) -> None:
    """Load every image in *root* into *store* and set its `src` to its name there.

    *fetch* downloads an image into the folder of the source and returns its file name, or raises FetchError.
    An image that cannot be loaded is replaced by its alt text, with a finding in *store*.
    """
    above = parent_map(root)
    for element, line in find_all(root, "img"):
        url = element.get("src", "")
        where = locate(source, line, url)
        if "alt" not in element.attrib:
            store.findings.append(found("alt-missing", where, picture=url))
        for side, value in set_size(element):
            store.findings.append(found("size-unknown", where, picture=url, side=side, value=value))
        try:
            element.set("src", _load_image(element, url, where, source, store, fetch))
            continue
        except FileLookupError as error:
            finding = found(f"picture-{error}", where, picture=url)
        except FetchError as error:
            finding = found("picture-unfetched", where, picture=url, why=error)
        except UnreadableImage as error:
            finding = found("picture-unreadable", where, picture=url, why=error.why)
        store.findings.append(finding)
        _replace_with_alt(element, above[element], url)


def _load_image(
    element: Element,
    url: str,
    where: Where,
    source: SourceFile,
    store: ImageStore,
    fetch: Callable[[str], str] | None,
) -> str:
    """Load the image at *url* into *store* and return its name there.

    Raises FileLookupError, FetchError and UnreadableImage.
    """
    anywhere = element.attrib.pop(WIKI, None) is not None
    folder = where.file.resolve().parent
    local = fetch(url) if fetch and _REMOTE_URL.match(url) else url
    file = find_file(local, source.root, folder, anywhere=anywhere)
    if file.path not in store.by_path:
        picture = store.by_path[file.path] = read_image(file.path, store)
        if picture.moving:
            still = "the PDF" if picture.media_type == "image/gif" else "either edition"
            store.findings.append(found("picture-moving", where, picture=url, edition=still))
    if file.correct_name:
        store.findings.append(found("picture-respelt", where, picture=url, name=file.correct_name))
    return store.by_path[file.path].name


def probe_images(
    trees: Iterable[Element], source: SourceFile, known: Mapping[bytes, ImageInfo]
) -> dict[bytes, ImageInfo]:
    """Return the facts about the raster images in *trees* that are not in *known*.

    Images that cannot be read are skipped; `load_images` reports them.
    """
    info: dict[bytes, ImageInfo] = {}
    for element, line in (pair for tree in trees for pair in find_all(tree, "img")):
        url = element.get("src", "")
        folder = locate(source, line, url).file.resolve().parent
        with suppress(FileLookupError, UnreadableImage):
            path = find_file(url, source.root, folder, anywhere=WIKI in element.attrib).path
            if is_svg(path):
                continue
            data = read_bytes(path)
            digest = hashlib.sha256(data).digest()
            if digest not in known and digest not in info:
                info[digest] = probe(data)
    return info


def _replace_with_alt(image: Element, parent: Element, url: str) -> None:
    """Replace *image* by its alt text or else its file name, in brackets."""
    tail = image.tail
    text = image.get("alt") or Path(unquote(url)).name
    image.clear()
    image.tag, image.text, image.tail = "span", f"[{text}]", tail
    image.set("class", "missing-picture")
    image.set(GENERATED, "picture")
    if parent.tag == "figure" and text_of(parent).strip() == image.text:
        parent.tag = "p"


def read_image(path: Path, store: ImageStore) -> Picture:
    """Return the image at *path* with a new name in *store*. Raises UnreadableImage."""
    data = read_bytes(path)
    if is_svg(path):
        return _read_svg(path, data, store)
    digest = hashlib.sha256(data).digest()
    store.used[digest] = store.cached.get(digest) or store.probed.get(digest) or probe(data)
    kind, (width, height), frames = store.used[digest]
    media_type = MEDIA_TYPES[kind]
    return Picture(store.new_name(path, media_type), media_type, data, width, height, frames > 1)


def _read_svg(path: Path, data: bytes, store: ImageStore) -> Picture:
    clean, (width, height), removed = parse_svg(data)
    store.findings += [found("svg-removed", Where(path), what=what) for what in removed]
    return Picture(store.new_name(path, "image/svg+xml"), "image/svg+xml", clean, width, height)
