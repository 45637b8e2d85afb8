"""The press: the only room that knows all others, and the order of the work."""

from bifolio.build.build import make
from bifolio.build.editions_io import bind_epub, bind_pdf
from bifolio.build.result import Made, MadeFile
from bifolio.build.verify import proof

__all__ = ["Made", "MadeFile", "bind_epub", "bind_pdf", "make", "proof"]
