"""The press: the only room that knows all others, and the order of the work."""

from bifolio.press.binding import bind_epub, bind_pdf
from bifolio.press.checking import proof
from bifolio.press.made import Made, MadeFile
from bifolio.press.making import make

__all__ = ["Made", "MadeFile", "bind_epub", "bind_pdf", "make", "proof"]
