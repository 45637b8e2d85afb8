"""One source picture to what paper needs and what a screen needs, each made from the file of the author."""

from bifolio.pictures.paper import convert_for_paper
from bifolio.pictures.screen import CONTENT_LIMITS, COVER_LIMITS, ImageLimits, convert_for_screen

__all__ = ["CONTENT_LIMITS", "COVER_LIMITS", "ImageLimits", "convert_for_paper", "convert_for_screen"]
