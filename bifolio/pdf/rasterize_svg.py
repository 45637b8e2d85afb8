"""Drawings in SVG as pictures of pixels, drawn as they are on paper, for readers that take no SVG."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from bifolio.model.publication import Picture
from bifolio.model.units import PX_PER_PT
from bifolio.pdf.engine.documents import write_html
from bifolio.pdf.engine.fetcher import image_url
from bifolio.pdf.engine.layout_environment import create_environment
from bifolio.pdf.engine.log import log_messages

_LONGER_SIDE = 1600
"""How long the longer side becomes, in px: as wide as a tablet."""
_DEFAULT_SIZE = (300, 150)
"""The size of a drawing that names none (CSS 2.2, 10.3.2)."""

_PALETTE_TOLERANCE = 1.5
"""A mean difference of colours, of 255, that nobody sees."""


def rasterize(picture: Picture) -> Picture:
    """Return the drawing *picture* as a PNG on white. Raises ValueError where it cannot be drawn."""
    import pypdfium2
    from PIL import Image, ImageChops, ImageStat

    width, height = (picture.width, picture.height) if picture.width and picture.height else _DEFAULT_SIZE
    bench = create_environment([], [picture])
    style = f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0 }}"
    fill = f"img {{ display: block; width: {width}px; height: {height}px }}"
    place = image_url(picture.name)
    text = f'<html lang="en"><style>{style}{fill}</style><img src="{place}" alt="">'
    with log_messages() as messages:
        page = write_html(
            text, bench.fetcher, base_url=place, stylesheets=bench.stylesheets, fonts=bench.fonts
        )
    if any(place in message for message in messages):
        raise ValueError("its drawing cannot be set")
    scale = _LONGER_SIDE / max(width, height) * PX_PER_PT
    document = pypdfium2.PdfDocument(page)
    try:
        image = document[0].render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    finally:
        document.close()
    few = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if max(ImageStat.Stat(ImageChops.difference(few.convert("RGB"), image)).rms) < _PALETTE_TOLERANCE:
        image = few  # a palette makes the file half as large
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return replace(
        picture,
        name=f"{picture.name.rpartition('.')[0]}.png", media_type="image/png", data=out.getvalue(),
        width=image.width, height=image.height,
    )  # fmt: skip
