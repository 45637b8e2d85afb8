"""Writes the content documents of an EPUB (EPUB 3.3, 6).

In: the sections of a publication. Out: XHTML files, with long sections split and, for Kobo, sentences wrapped
in spans.
"""
