"""What every layout of a publication needs, made once a process: parsed sheets, fonts, what may be opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import weasyprint
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration

from bifolio.fonts.faces import bundled_faces
from bifolio.model.publication import Picture
from bifolio.pdf.engine.fetcher import SCHEME, PublicationFetcher, address
from bifolio.pdf.engine.styles.parsed_stylesheets import opens_files, own_sheets, parse, parsed
from bifolio.pdf.writing.conformance import VARIANT
from bifolio.runtime.cache import Cache

_FEATURES = b"""<fontconfig><match target="font">
<edit name="fontfeatures" mode="assign_replace"><string>kern 1</string></edit>
</match></fontconfig>"""
"""As WeasyPrint says of fonts that sheets bring: without it, small capitals would count as another font."""


class Tree(weasyprint.HTML):  # type: ignore[misc]
    """An HTML document made of a tree: WeasyPrint's own way in is a string, parsed again."""

    def __init__(self, root: Element, shelf: PublicationFetcher) -> None:
        self.base_url = f"{SCHEME}:text"
        self.url_fetcher = shelf
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


@dataclass(frozen=True, slots=True)
class LayoutEnvironment:
    """Where texts are laid out."""

    sheets: tuple[Any, ...]
    fonts: FontConfiguration
    shelf: PublicationFetcher

    def options(self) -> dict[str, Any]:
        """Return what WeasyPrint is told of every text."""
        return {
            "font_config": self.fonts,
            "stylesheets": list(self.sheets),
            "pdf_variant": VARIANT,
            "presentational_hints": True,
        }


def create_environment(
    styles: Sequence[str], pictures: Iterable[Picture], cache: Cache | None = None
) -> LayoutEnvironment:
    """Return the bench for texts in *styles*, the texts of sheets in the order of the cascade.

    *cache* keeps these, and WeasyPrint's own, as they are parsed.
    """
    own_sheets(cache)
    files = {address(picture.name): (picture.media_type, picture.data) for picture in pictures}
    shelf, fonts = PublicationFetcher(files), fonts_with_own()
    sheets = (parse(text, shelf, fonts) if opens_files(text) else parsed(text, cache).css for text in styles)
    return LayoutEnvironment(tuple(sheets), fonts, shelf)


def fonts_with_own() -> FontConfiguration:
    """Return the fonts of the system and the program's own, which bear the names that sheets call them by.

    By rules of a sheet they would be copied, and all be looked through again, one by one.
    """
    fonts = FontConfiguration()
    fontconfig.FcConfigParseAndLoadFromMemory(fonts._config, _FEATURES, True)
    for face in bundled_faces():
        fontconfig.FcConfigAppFontAddFile(fonts._config, os.fsencode(face.path))
    pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", fonts.font_map))
    return fonts


def own_files() -> dict[str, bytes]:
    """Return the files of the program's own faces, by digest."""
    files = (face.path.read_bytes() for face in bundled_faces())
    return {hashlib.sha256(data).hexdigest(): data for data in files}
