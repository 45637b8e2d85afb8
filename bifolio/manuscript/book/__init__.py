"""Assembles the sections of a book.

In: the sections of the parsed files, and the plan of the book.
Out: all sections in order, with the title page, table of contents, lists and index that are generated.
"""
