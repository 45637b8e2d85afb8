"""The environment shared by all layouts in a process: stylesheets, fonts, fetcher."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.fonts.faces import bundled_faces
from bifolio.model.publication import Picture
from bifolio.pdf.engine.fetcher import PublicationFetcher, image_url
from bifolio.pdf.engine.styles.parsed_stylesheets import opens_files, parse, parsed_stylesheet
from bifolio.pdf.engine.styles.user_agent import user_agent_stylesheets
from bifolio.pdf.engine.text import FontConfiguration, ffi, fontconfig, pangoft2
from bifolio.runtime.cache import Cache

VARIANT = "pdf/a-2a"
"""WeasyPrint's name of the profile that it lays out and writes for (ISO 19005-2, 6.7.1)."""
_FEATURES = b"""<fontconfig><match target="font">
<edit name="fontfeatures" mode="assign_replace"><string>kern 1</string></edit>
</match></fontconfig>"""
"""As in WeasyPrint for `@font-face` fonts: without it, small capitals would be looked up as another font."""


@dataclass(frozen=True, slots=True)
class LayoutEnvironment:
    """The parsed stylesheets, the fonts and the images of a publication."""

    stylesheets: tuple[Any, ...]
    fonts: FontConfiguration
    fetcher: PublicationFetcher

    def options(self) -> dict[str, Any]:
        """Return the options with which WeasyPrint renders every text."""
        return {
            "font_config": self.fonts,
            "stylesheets": list(self.stylesheets),
            "pdf_variant": VARIANT,
            "presentational_hints": True,
        }


def create_environment(
    styles: Sequence[str], pictures: Iterable[Picture], cache: Cache | None = None
) -> LayoutEnvironment:
    """Return the environment for texts with the stylesheets *styles*, in the order of the cascade.

    *cache* holds parsed stylesheets, these and WeasyPrint's own.
    """
    user_agent_stylesheets(cache)
    files = {image_url(picture.name): (picture.media_type, picture.data) for picture in pictures}
    fetcher, fonts = PublicationFetcher(files), create_fonts()
    stylesheets = (
        parse(text, fetcher, fonts) if opens_files(text) else parsed_stylesheet(text, cache).css
        for text in styles
    )
    return LayoutEnvironment(tuple(stylesheets), fonts, fetcher)


def create_fonts() -> FontConfiguration:
    """Return a font configuration with the fonts of the system and the program's own, by their family names.

    With `@font-face` rules, WeasyPrint would copy each file and search all fonts again after each.
    """
    fonts = FontConfiguration()
    fontconfig.FcConfigParseAndLoadFromMemory(fonts._config, _FEATURES, True)
    for face in bundled_faces():
        fontconfig.FcConfigAppFontAddFile(fonts._config, os.fsencode(face.path))
    pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", fonts.font_map))
    return fonts


def own_font_files() -> dict[str, bytes]:
    """Return the program's own font files, by SHA-256 digest."""
    files = (face.path.read_bytes() for face in bundled_faces())
    return {hashlib.sha256(data).hexdigest(): data for data in files}
