"""The seam to WeasyPrint: the only package that imports WeasyPrint, pydyf and the insides of their libraries.

In: hooks by the name that they patch (`patches.PATCHES`), trees and stylesheets. Out: WeasyPrint's classes
and functions under public names, its layouts, and EngineMismatch where another version is installed.
"""

from bifolio.pdf.engine.startup.fast_import import import_weasyprint

import_weasyprint()
