"""Footnotes in the footnote area of a page (CSS GCPM 3, 2): none is lost, and long ones are split.

Takes the footnote calls and the lines of a text as WeasyPrint lays them out. Gives a layer of hooks that
decides which part of each footnote a page shows, and passes the rest to the next page.
"""
