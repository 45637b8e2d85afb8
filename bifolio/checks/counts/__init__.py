"""Counts the headings, list items, tables, images, links and notes of a source and its editions.

In: paths of Markdown, EPUB and PDF files. Out: a table with a column for each file, and findings.
"""
