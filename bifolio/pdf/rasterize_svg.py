"""Converts SVG images to PNG, for e-readers without SVG."""

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
"""The length of the longer side in pixels: the width of a tablet."""
_DEFAULT_SIZE = (300, 150)
"""The size of an image that has none (CSS 2.2, 10.3.2)."""

_PALETTE_TOLERANCE = 1.5
"""A mean difference of colours that is invisible, from 0 to 255."""


def rasterize(picture: Picture) -> Picture:
    """Return the SVG image *picture* as a PNG on white. Raises ValueError if it cannot be drawn."""
    import pypdfium2
    from PIL import Image, ImageChops, ImageStat

    width, height = (picture.width, picture.height) if picture.width and picture.height else _DEFAULT_SIZE
    environment = create_environment([], [picture])
    style = f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0 }}"
    fill = f"img {{ display: block; width: {width}px; height: {height}px }}"
    url = image_url(picture.name)
    text = f'<html lang="en"><style>{style}{fill}</style><img src="{url}" alt="">'
    with log_messages() as messages:
        page = write_html(
            text,
            environment.fetcher,
            base_url=url,
            stylesheets=environment.stylesheets,
            fonts=environment.fonts,
        )
    if any(url in message for message in messages):
        raise ValueError("it cannot be drawn")
    scale = _LONGER_SIDE / max(width, height) * PX_PER_PT
    document = pypdfium2.PdfDocument(page)
    try:
        image = document[0].render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    finally:
        document.close()
    reduced = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if max(ImageStat.Stat(ImageChops.difference(reduced.convert("RGB"), image)).rms) < _PALETTE_TOLERANCE:
        image = reduced  # a palette makes the file half as large
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return replace(
        picture,
        name=f"{picture.name.rpartition('.')[0]}.png", media_type="image/png", data=out.getvalue(),
        width=image.width, height=image.height,
    )  # fmt: skip
