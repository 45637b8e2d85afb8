"""Prepares the fonts and images of an EPUB, and checks the contrast of its colours.

In: the publication, its stylesheet, and the target. Out: CSS with font files, converted images, and findings.
"""
