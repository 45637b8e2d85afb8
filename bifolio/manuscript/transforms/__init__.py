"""Transforms the tree of a parsed file in place, one task per module.

In: the sanitised tree of a file.
Out: the same tree with anchors, resolved links, numbered notes, checked images and typographic punctuation.
"""
