"""Covers: the author's image, or one generated from the metadata.

In: a publication and fallback fonts. Out: the front cover as an image for the EPUB, a cover page for the PDF,
and a wraparound cover (back, spine and front) for a printed book.
"""
