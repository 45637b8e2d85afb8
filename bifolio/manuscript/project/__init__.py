"""Finds and decodes the files of a project: their order, included files, and images on the web.

In: a file, or a folder with a `book.toml`, `SUMMARY.md` or `Book.txt`, or neither.
Out: a `Plan`, the ordered list of files, and each as a decoded `SourceFile`.
"""
