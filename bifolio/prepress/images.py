"""Pictures of a finished PDF in the inks of a press, opaque on white paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops, ImageMath

from bifolio.prepress.inks import COLOURFUL, MOST_INK, Process

_QUALITY = 95
_MODES = {"1": 1, "L": 1, "RGB": 3, "CMYK": 4}


def convert_image(pdf: pikepdf.Pdf, picture: Any, process: Process, opacity: float) -> Any:
    """Return *picture* as an image of *pdf* that *process* can print, or None where it cannot be read.

    What is opaque and in the right inks is returned as it is.
    """
    if picture.get("/ImageMask", False) is True:
        return picture  # a stencil has the colour of what is drawn
    try:
        image = _opened(picture)
        mask = picture.get("/SMask") or picture.get("/Mask")
        if isinstance(mask, pikepdf.Array):
            return None  # colours that mean nothing
        clear = isinstance(mask, pikepdf.Stream) or opacity < 1
        if not clear and _is_right(picture, process):
            return picture
        if clear:
            image = _on_white(image, mask, opacity)
        return _written(pdf, _separated(image, process), lossy=_is_jpeg(picture))
    except (pikepdf.PdfError, OSError, ValueError, NotImplementedError, TypeError):
        return None


def _opened(picture: Any) -> Image.Image:
    return pikepdf.PdfImage(picture).as_pil_image()


def _is_right(picture: Any, process: Process) -> bool:
    """Say whether the colours of *picture* can stay as they are."""
    space = picture.get("/ColorSpace")
    if process is Process.SCREEN:
        return True
    return bool(space == Name.DeviceGray or (process is Process.PRESS and space == Name.DeviceCMYK))


def _is_jpeg(picture: Any) -> bool:
    filters = picture.get("/Filter")
    last = filters[-1] if isinstance(filters, pikepdf.Array) and len(filters) else filters
    return bool(last == Name.DCTDecode)


def _on_white(image: Image.Image, mask: Any, opacity: float) -> Image.Image:
    """Return *image* as it looks on white paper through its *mask*."""
    if isinstance(mask, pikepdf.Stream):
        alpha = _opened(mask).convert("L").resize(image.size)
        if mask.get("/ImageMask", False) is True:
            alpha = ImageChops.invert(alpha)  # ISO 32000-1, 8.9.6.3: 1 hides
    else:
        alpha = Image.new("L", image.size, 255)
    alpha = alpha.point(lambda value: round(value * opacity))
    shown = image.convert("L" if image.mode in ("1", "L") else "RGB")
    paper = Image.new(shown.mode, shown.size, 255 if shown.mode == "L" else (255, 255, 255))
    return Image.composite(shown, paper, alpha)


def _separated(image: Image.Image, process: Process) -> Image.Image:
    """Return *image* in the colours of *process*."""
    if image.mode in ("1", "L"):
        return image
    if process is Process.BLACK:
        return image.convert("RGB").convert("L")
    if process is Process.SCREEN:
        return image.convert("RGB")
    if image.mode == "CMYK":
        return image
    inks = [ImageChops.invert(band) for band in image.convert("RGB").split()]
    # As `inks.separated` does it.
    least = ImageChops.darker(ImageChops.darker(inks[0], inks[1]), inks[2])
    most = ImageChops.lighter(ImageChops.lighter(inks[0], inks[1]), inks[2])
    grey = ImageChops.subtract(most, least).point(lambda apart: max(0, 255 - round(apart / COLOURFUL)))
    over = ImageMath.lambda_eval(
        lambda args: args["max"](args["c"] + args["m"] + args["y"] - round(MOST_INK * 255), 0) / 2,
        c=inks[0], m=inks[1], y=inks[2],
    )  # fmt: skip
    black = ImageChops.lighter(ImageChops.multiply(least, grey), over.convert("L"))
    return Image.merge("CMYK", [*(ImageChops.subtract(ink, black) for ink in inks), black])


def _written(pdf: pikepdf.Pdf, image: Image.Image, *, lossy: bool) -> Any:
    """Return *image* as an image XObject, compressed as it came where that keeps its quality."""
    image = image.convert("L") if image.mode == "1" else image
    spaces = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
    facts = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height,
        ColorSpace=spaces[_MODES[image.mode]], BitsPerComponent=8,
    )  # fmt: skip
    if lossy and image.mode != "CMYK":
        out = BytesIO()
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
        facts.Filter = Name.DCTDecode
        return pdf.make_stream(out.getvalue(), facts)
    return pdf.make_stream(image.tobytes(), facts)
