"""Drawing of pages and writing of the PDF file: content streams, fonts, metadata, object streams.

In: WeasyPrint's pages to draw, then laid-out texts. Out: drawing operators with their resources, then the
bytes of one PDF that conforms to PDF/A-2a and PDF/UA-1.
"""
