"""Extracts the text of finished EPUB and PDF files, as a reading system or a screen reader presents it.

In: the path of an edition. Out: its text and notes, or the text of each page.
"""
