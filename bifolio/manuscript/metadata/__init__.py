"""Reads front matter in YAML, TOML, JSON or Pandoc's title block.

In: the text of the front matter of a file, or of a book.toml.
Out: keys with their values and lines, and the `Metadata` of a publication or one of its files.
"""
