"""Table layout: column widths, row breaks, repeated headers and landscape pages.

Takes the table boxes that WeasyPrint lays out. Gives layers of hooks that change their layout, and records of
the tables whose columns remain too narrow for their words.
"""
