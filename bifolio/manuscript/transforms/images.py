"""The pictures that a text names: found, read, checked, and set to size."""

from __future__ import annotations

import hashlib
import re
import struct
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lxml import etree

from bifolio.manuscript.html.sanitise import SVG, clean_svg
from bifolio.manuscript.html.tree import find_all, locate, parent_map
from bifolio.manuscript.markdown.dialect.wiki_links import WIKI
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.image_sizes import set_size
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import GENERATED, Picture, text_of

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 100_000_000
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp",
          "AVIF": "image/avif"}  # fmt: skip
_EXIF_ORIENTATION = 0x0112
"""The tag of EXIF that says how a picture is to be turned (EXIF 2.32, Orientation)."""
_REMOTE_URL = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([\d.]+)\s*(px)?\s*")


ImageInfo = tuple[str, tuple[int, int], int]
"""The format of a picture, its size upright, and how many frames it has."""


class UnreadableImage(Exception):
    """A picture that cannot be shown, and why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class FetchError(Exception):
    """A picture that was not fetched; its text says why."""


@dataclass(slots=True)
class ImageStore:
    """The pictures found so far, by the real path of their files."""

    by_path: dict[Path, Picture] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    known: Mapping[bytes, ImageInfo] = field(default_factory=dict)
    """What is known of pictures from earlier builds, by the digests of their data."""
    ahead: dict[bytes, ImageInfo] = field(default_factory=dict)
    """The same, of those that were looked at before."""
    facts: dict[bytes, ImageInfo] = field(default_factory=dict)
    """The same, of those that were found."""

    def new_name(self, path: Path, media_type: str) -> str:
        """Return a file name for *path* that no other picture has, in any case of its letters."""
        ending = {"jpeg": "jpg", "svg+xml": "svg"}.get(kind := media_type[6:], kind)
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "picture"
        taken = {picture.name.lower() for picture in self.by_path.values()}
        name, number = f"{stem}.{ending}", 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}.{ending}", number + 1
        return name


def load_images(
    root: Element, source: SourceFile, gathered: ImageStore, fetch: Callable[[str], str] | None = None
) -> None:
    """Read every picture that *root* names into *gathered*, and point its `src` at what was read.

    *fetch* brings a picture from the web into the folder of the source and returns its name there, or raises
    FetchError. A picture that cannot be shown leaves its text in its place, and a finding.
    """
    above = parent_map(root)
    for element, line in find_all(root, "img"):
        named = element.get("src", "")
        where = locate(source, line, named)
        if "alt" not in element.attrib:
            gathered.findings.append(found("alt-missing", where, picture=named))
        for side, value in set_size(element):
            gathered.findings.append(found("size-unknown", where, picture=named, side=side, value=value))
        anywhere = element.attrib.pop(WIKI, None) is not None
        try:
            folder = where.file.resolve().parent
            own = fetch(named) if fetch and _REMOTE_URL.match(named) else named
            file = find_file(own, source.root, folder, anywhere=anywhere)
            if file.path not in gathered.by_path:
                picture = gathered.by_path[file.path] = read_image(file.path, gathered)
                if picture.moving:
                    still = "the PDF" if picture.media_type == "image/gif" else "either edition"
                    gathered.findings.append(found("picture-moving", where, picture=named, edition=still))
            if file.correct_name:
                gathered.findings.append(
                    found("picture-respelt", where, picture=named, name=file.correct_name)
                )
            element.set("src", gathered.by_path[file.path].name)
        except FileLookupError as error:
            gathered.findings.append(found(f"picture-{error}", where, picture=named))
            _replace_with_alt(element, above[element], named)
        except FetchError as error:
            gathered.findings.append(found("picture-unfetched", where, picture=named, why=error))
            _replace_with_alt(element, above[element], named)
        except UnreadableImage as error:
            gathered.findings.append(found("picture-unreadable", where, picture=named, why=error.why))
            _replace_with_alt(element, above[element], named)


def probe_images(
    trees: Iterable[Element], source: SourceFile, known: Mapping[bytes, ImageInfo]
) -> dict[bytes, ImageInfo]:
    """Return what is to be known of the pictures that *trees* name, but for what is *known*.

    What cannot be read is passed over: when the pictures are gathered, it will be told.
    """
    facts: dict[bytes, ImageInfo] = {}
    for element, line in (pair for tree in trees for pair in find_all(tree, "img")):
        named = element.get("src", "")
        folder = locate(source, line, named).file.resolve().parent
        with suppress(FileLookupError, UnreadableImage):
            path = find_file(named, source.root, folder, anywhere=WIKI in element.attrib).path
            if _is_svg(path):
                continue
            data = _read_bytes(path)
            digest = hashlib.sha256(data).digest()
            if digest not in known and digest not in facts:
                facts[digest] = _probe(data)
    return facts


def _replace_with_alt(picture: Element, parent: Element, named: str) -> None:
    """Let the text of a picture stand in its place."""
    tail = picture.tail
    text = picture.get("alt") or Path(unquote(named)).name
    picture.clear()
    picture.tag, picture.text, picture.tail = "span", f"[{text}]", tail
    picture.set("class", "missing-picture")
    picture.set(GENERATED, "picture")
    if parent.tag == "figure" and text_of(parent).strip() == picture.text:
        parent.tag = "p"


def read_image(path: Path, gathered: ImageStore) -> Picture:
    """Read the picture at *path*. Raises UnreadableImage."""
    data = _read_bytes(path)
    return (_read_svg if _is_svg(path) else _read_raster)(path, data, gathered)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableImage(f"it is larger than {MAX_BYTES // 2**20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableImage(error.strerror or str(error)) from error


def _is_svg(path: Path) -> bool:
    return path.suffix.lower() == ".svg"


def _read_raster(path: Path, data: bytes, gathered: ImageStore) -> Picture:
    digest = hashlib.sha256(data).digest()
    facts = gathered.known.get(digest) or gathered.ahead.get(digest) or _probe(data)
    gathered.facts[digest] = facts
    kind, (width, height), frames = facts
    media_type = _MEDIA_TYPES[kind]
    return Picture(gathered.new_name(path, media_type), media_type, data, width, height, frames > 1)


def _probe(data: bytes) -> ImageInfo:
    """Return what is to be known of the picture *data*. Raises UnreadableImage."""
    from PIL import Image, UnidentifiedImageError

    try:
        kind, size, frames = _load(data)
    except Image.DecompressionBombError as error:
        raise UnreadableImage("it has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as error:
        raise UnreadableImage("its data are damaged, or not PNG, JPEG, GIF, WebP, AVIF or SVG") from error
    if kind == "MPO":  # a photograph with others behind it, such as its depths
        kind, frames = "JPEG", 1
    return kind, size, frames


def _load(data: bytes) -> ImageInfo:
    """Return what Pillow knows of the picture *data*.

    Its pixels are read, to see whether they are all there. Raises UnreadableImage, and what Pillow raises.
    """
    from PIL import Image, ImageFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its pixels are counted here
        while True:
            # WeasyPrint, which may be imported at this very moment, lets Pillow make up what is missing.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            # No other format: some are programs, and Pillow would run them.
            with Image.open(BytesIO(data), formats=tuple(_MEDIA_TYPES)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise UnreadableImage(f"it has {width} x {height} pixels")
                frames = getattr(image, "n_frames", 1)
                image.load()
                if ImageFile.LOAD_TRUNCATED_IMAGES:
                    continue
                across = image.getexif().get(_EXIF_ORIENTATION, 1) in (5, 6, 7, 8)
                return image.format or "", (height, width) if across else (width, height), frames


def _read_svg(path: Path, data: bytes, gathered: ImageStore) -> Picture:
    # Entities can hide files and bombs; a drawing needs none.
    if b"<!ENTITY" in data:
        raise UnreadableImage("it declares entities")
    try:
        root: Any = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        raise UnreadableImage(f"it is not XML: {error}") from error
    if root.tag != f"{SVG}svg":
        raise UnreadableImage("it is not SVG")
    for what in clean_svg(root):
        gathered.findings.append(found("svg-removed", Where(path), what=what))
    width, height = _svg_size(root)
    name = gathered.new_name(path, "image/svg+xml")
    return Picture(name, "image/svg+xml", etree.tostring(root), width, height)


def _svg_size(root: Element) -> tuple[int, int]:
    """Return the size in CSS px, from the attributes or else the viewBox; 0 where there is none."""
    size = [_NUMBER.fullmatch(root.get(side, "")) for side in ("width", "height")]
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        if size[0] and size[1]:
            return round(float(size[0].group(1))), round(float(size[1].group(1)))
        return round(float(box[2])), round(float(box[3]))
    except (IndexError, ValueError, OverflowError):
        return 0, 0
