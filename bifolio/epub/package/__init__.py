"""Writes the metadata and the navigation of an EPUB (EPUB 3.3, 5 and 7; EPUB Accessibility 1.1).

In: the publication, with the page breaks of the PDF. Out: metadata for the package document, the navigation
document, the NCX, and markers for the pages of the PDF.
"""
