"""One source picture to what paper needs and what a screen needs, each made from the file of the author."""

from bifolio.pictures.paper import for_paper
from bifolio.pictures.screen import COVER, INSIDE, Limits, for_screen

__all__ = ["COVER", "INSIDE", "Limits", "for_paper", "for_screen"]
