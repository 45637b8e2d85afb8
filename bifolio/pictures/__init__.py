"""Converts the author's images for the editions.

In: a `Picture` as the author saved it. Out: one for print, of up to 600 dpi and in sRGB, or one for screens,
within the limits of the e-book stores. Files that already comply keep their pixels and lose their metadata.
"""

from bifolio.pictures.print_images import convert_for_paper
from bifolio.pictures.screen_images import CONTENT_LIMITS, COVER_LIMITS, ImageLimits, convert_for_screen

__all__ = ["CONTENT_LIMITS", "COVER_LIMITS", "ImageLimits", "convert_for_paper", "convert_for_screen"]
