"""Converts the images of an EPUB to the limits of its target."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bifolio.epub.reading_systems import Target
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Picture, Publication, Section
from bifolio.pictures import ImageLimits, convert_for_screen
from bifolio.runtime.cache import Cache

RasterizeSvg = Callable[[Picture], Picture]
"""A function that returns an SVG image as a raster image; raises ValueError if that fails."""
_SVG = "image/svg+xml"
_MIN_COVER = (625, 1000)
"""The smallest cover that stores accept, in px."""


@dataclass(slots=True)
class ImageConverter:
    """Converts the images of one EPUB and collects the findings about them."""

    target: Target
    source: Path
    rasterize_svg: RasterizeSvg | None = None
    cache: Cache | None = None
    findings: list[Finding] = field(default_factory=list)

    def convert_images(self, publication: Publication) -> Publication:
        """Return *publication* with its images converted, and renamed where their format has changed."""
        taken = {picture.name.lower() for picture in publication.pictures}
        pictures, new_names = [], {}
        for picture in publication.pictures:
            converted = self._convert(picture, self.target.content_limits, keep_svg=self.target.keeps_svg)
            if converted.name != picture.name:
                converted = replace(converted, name=_take_free_name(converted.name, taken))
                new_names[picture.name] = converted.name
            pictures.append(converted)
        sections = tuple(_rename_images(section, new_names) for section in publication.sections)
        return replace(publication, pictures=tuple(pictures), sections=sections)

    def convert_cover(self, cover: Picture) -> Picture:
        """Return *cover* within the limits for covers, rasterised if it is SVG."""
        converted = self._convert(cover, self.target.cover_limits, keep_svg=False)
        width, height = converted.width, converted.height
        if width < _MIN_COVER[0] or height < _MIN_COVER[1]:
            least = "{} x {}".format(*_MIN_COVER)
            where = Where(self.source)
            self.findings.append(found("cover-small", where, width=width, height=height, least=least))
        return converted

    def _convert(self, picture: Picture, limits: ImageLimits, *, keep_svg: bool) -> Picture:
        """Return *picture* within *limits*, rasterised if it is SVG and *keep_svg* is false."""
        where = Where(self.source)
        if picture.media_type == _SVG and not keep_svg and self.rasterize_svg:
            try:
                picture = self.rasterize_svg(picture)
            except ValueError as error:
                place = self.target.title or "a cover"
                fields = {"picture": picture.name, "place": place, "why": error}
                self.findings.append(found("picture-unpainted", where, **fields))
                return picture
        converted = convert_for_screen(picture, limits, self.cache)
        old_size, new_size = (picture.width, picture.height), (converted.width, converted.height)
        if new_size != old_size and picture.media_type != _SVG:
            had, has = "{} x {}".format(*old_size), "{} x {}".format(*new_size)
            self.findings.append(found("picture-reduced", where, picture=picture.name, had=had, has=has))
        return converted


def _take_free_name(name: str, taken: set[str]) -> str:
    """Return *name*, or a similar name that is not in *taken*, and add it to *taken*."""
    stem, _, extension = name.rpartition(".")
    number = 2
    while name.lower() in taken:
        name, number = f"{stem}-{number}.{extension}", number + 1
    taken.add(name.lower())
    return name


def _rename_images(section: Section, new_names: Mapping[str, str]) -> Section:
    """Return *section* with its images renamed by *new_names*; sections without any are not copied."""
    if not any(image.get("src") in new_names for tree in section.trees() for image in tree.iter("img")):
        return section
    section = replace(
        section,
        body=copy.deepcopy(section.body),
        notes=tuple(replace(note, body=copy.deepcopy(note.body)) for note in section.notes),
    )
    for tree in section.trees():
        for image in tree.iter("img"):
            source = image.get("src", "")
            image.set("src", new_names.get(source, source))
    return section
