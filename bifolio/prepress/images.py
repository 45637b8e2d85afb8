"""Converts the images of a PDF to the inks of a press, opaque on white."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops, ImageMath

from bifolio.prepress.inks import MAX_GREY_SPREAD, MAX_INK, Process

_QUALITY = 95
_COLOUR_SPACES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}


def convert_image(pdf: pikepdf.Pdf, picture: Any, process: Process, opacity: float) -> Any:
    """Return the image XObject *picture* as one of *pdf* in the inks of *process*; None if it is unreadable.

    An opaque image in the right inks is returned as it is.
    """
    if picture.get("/ImageMask", False) is True:
        return picture  # a stencil mask is painted in the current colour
    try:
        image = _open(picture)
        mask = picture.get("/SMask") or picture.get("/Mask")
        if isinstance(mask, pikepdf.Array):
            return None  # colour key masking is not supported
        is_transparent = isinstance(mask, pikepdf.Stream) or opacity < 1
        if not is_transparent and _has_right_inks(picture, process):
            return picture
        if is_transparent:
            image = _flatten_on_white(image, mask, opacity)
        return _create_xobject(pdf, _convert(image, process), lossy=_is_jpeg(picture))
    except (pikepdf.PdfError, OSError, ValueError, NotImplementedError, TypeError):
        return None


def _open(picture: Any) -> Image.Image:
    return pikepdf.PdfImage(picture).as_pil_image()


def _has_right_inks(picture: Any, process: Process) -> bool:
    """Return whether the colour space of *picture* suits *process*."""
    space = picture.get("/ColorSpace")
    if process is Process.SCREEN:
        return True
    return bool(space == Name.DeviceGray or (process is Process.PRESS and space == Name.DeviceCMYK))


def _is_jpeg(picture: Any) -> bool:
    filters = picture.get("/Filter")
    last = filters[-1] if isinstance(filters, pikepdf.Array) and len(filters) else filters
    return bool(last == Name.DCTDecode)


def _flatten_on_white(image: Image.Image, mask: Any, opacity: float) -> Image.Image:
    """Return *image* composited on white with its *mask* and *opacity*."""
    if isinstance(mask, pikepdf.Stream):
        alpha = _open(mask).convert("L").resize(image.size)
        if mask.get("/ImageMask", False) is True:
            alpha = ImageChops.invert(alpha)  # ISO 32000-1, 8.9.6.3: 1 hides
    else:
        alpha = Image.new("L", image.size, 255)
    alpha = alpha.point(lambda value: round(value * opacity))
    shown = image.convert("L" if image.mode in ("1", "L") else "RGB")
    paper = Image.new(shown.mode, shown.size, 255 if shown.mode == "L" else (255, 255, 255))
    return Image.composite(shown, paper, alpha)


def _convert(image: Image.Image, process: Process) -> Image.Image:
    """Return *image* in the colour space of *process*."""
    if image.mode in ("1", "L"):
        return image
    if process is Process.BLACK:
        return image.convert("RGB").convert("L")
    if process is Process.SCREEN:
        return image.convert("RGB")
    if image.mode == "CMYK":
        return image
    inks = [ImageChops.invert(band) for band in image.convert("RGB").split()]
    # The formula of `inks.to_cmyk`.
    least = ImageChops.darker(ImageChops.darker(inks[0], inks[1]), inks[2])
    most = ImageChops.lighter(ImageChops.lighter(inks[0], inks[1]), inks[2])
    grey = ImageChops.subtract(most, least).point(
        lambda spread: max(0, 255 - round(spread / MAX_GREY_SPREAD))
    )
    excess = ImageMath.lambda_eval(
        lambda args: args["max"](args["c"] + args["m"] + args["y"] - round(MAX_INK * 255), 0) / 2,
        c=inks[0], m=inks[1], y=inks[2],
    )  # fmt: skip
    black = ImageChops.lighter(ImageChops.multiply(least, grey), excess.convert("L"))
    return Image.merge("CMYK", [*(ImageChops.subtract(ink, black) for ink in inks), black])


def _create_xobject(pdf: pikepdf.Pdf, image: Image.Image, *, lossy: bool) -> Any:
    """Return *image* as an image XObject of *pdf*: as JPEG if *lossy* and not CMYK, else uncompressed."""
    image = image.convert("L") if image.mode == "1" else image
    dictionary = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height,
        ColorSpace=_COLOUR_SPACES[image.mode], BitsPerComponent=8,
    )  # fmt: skip
    if lossy and image.mode != "CMYK":
        out = BytesIO()
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
        dictionary.Filter = Name.DCTDecode
        return pdf.make_stream(out.getvalue(), dictionary)
    return pdf.make_stream(image.tobytes(), dictionary)
