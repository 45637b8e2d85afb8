"""The HTML tree that is laid out: sections with footnotes, page references, printed URLs and drawn formulas.

In: a Publication and the page numbers known so far. Out: an ElementTree for WeasyPrint, whose attributes
(`roles.py`) mark what was added for print.
"""
