"""Runs the stages of a build in order; the only package that knows all the others.

In: a source and BuildOptions, or a Publication.
Out: Made, with the files in place and the findings; or an Edition in memory.
"""

from bifolio.build.editions_io import bind_epub, bind_pdf
from bifolio.build.options import BuildOptions
from bifolio.build.pipeline import make
from bifolio.build.result import Made, MadeFile
from bifolio.build.verify import proof

__all__ = ["BuildOptions", "Made", "MadeFile", "bind_epub", "bind_pdf", "make", "proof"]
