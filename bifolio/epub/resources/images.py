"""The pictures of the EPUB: as screens need them, and called by what they are."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bifolio.epub.targets import Target
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Picture, Publication, Section
from bifolio.pictures import ImageLimits, convert_for_screen
from bifolio.runtime.cache import Cache

RasterizeSvg = Callable[[Picture], Picture]
"""Makes a picture of pixels of a drawing in SVG; raises ValueError where that fails."""
_SVG = "image/svg+xml"
_LEAST = (625, 1000)
"""The smallest cover that stores take, in px."""


@dataclass(slots=True)
class ImageConverter:
    """Where pictures are made for one EPUB."""

    flavour: Target
    source: Path
    paint: RasterizeSvg | None = None
    cache: Cache | None = None
    findings: list[Finding] = field(default_factory=list)

    def convert_images(self, publication: Publication) -> Publication:
        """Return *publication* with the pictures of its text as screens need them."""
        taken = {picture.name.lower() for picture in publication.pictures}
        pictures, names = [], {}
        for picture in publication.pictures:
            made = self._develop(picture, self.flavour.inside, svg=self.flavour.svg)
            if made.name != picture.name:
                made = replace(made, name=_free_name(made.name, taken))
                names[picture.name] = made.name
            pictures.append(made)
        sections = tuple(_renamed(section, names) for section in publication.sections)
        return replace(publication, pictures=tuple(pictures), sections=sections)

    def convert_cover(self, cover: Picture) -> Picture:
        """Return the author's *cover* as the stores want it."""
        made = self._develop(cover, self.flavour.cover, svg=False)
        if made.width < _LEAST[0] or made.height < _LEAST[1]:
            size = {"width": made.width, "height": made.height, "least": "{} x {}".format(*_LEAST)}
            self.findings.append(found("cover-small", Where(self.source), **size))
        return made

    def _develop(self, picture: Picture, limits: ImageLimits, *, svg: bool) -> Picture:
        """Return *picture* within *limits*, and not as SVG unless *svg*."""
        if picture.media_type == _SVG and not svg and self.paint:
            try:
                picture = self.paint(picture)
            except ValueError as error:
                place = self.flavour.place or "a cover"
                facts = {"picture": picture.name, "place": place, "why": error}
                self.findings.append(found("picture-unpainted", Where(self.source), **facts))
                return picture
        made = convert_for_screen(picture, limits, self.cache)
        if (made.width, made.height) != (picture.width, picture.height) and picture.media_type != _SVG:
            had, has = f"{picture.width} x {picture.height}", f"{made.width} x {made.height}"
            facts = {"picture": picture.name, "had": had, "has": has}
            self.findings.append(found("picture-reduced", Where(self.source), **facts))
        return made


def _free_name(name: str, taken: set[str]) -> str:
    """Return *name*, or one like it that is not *taken*; it is then."""
    stem, _, ending = name.rpartition(".")
    number = 2
    while name.lower() in taken:
        name, number = f"{stem}-{number}.{ending}", number + 1
    taken.add(name.lower())
    return name


def _renamed(section: Section, names: Mapping[str, str]) -> Section:
    """Return *section* with the *names* of pictures that have others now."""
    if not any(image.get("src") in names for tree in section.trees() for image in tree.iter("img")):
        return section
    section = replace(
        section,
        body=copy.deepcopy(section.body),
        notes=tuple(replace(note, body=copy.deepcopy(note.body)) for note in section.notes),
    )
    for tree in section.trees():
        for image in tree.iter("img"):
            image.set("src", names.get(image.get("src", ""), image.get("src", "")))
    return section
