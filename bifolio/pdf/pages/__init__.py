"""Page geometry, page numbers, margin boxes and vertical justification.

In: page settings of the stylesheet, WeasyPrint's laid-out pages. Out: `@page` rules, page labels, page starts
and drawn margin boxes.
"""
