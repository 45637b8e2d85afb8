"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8) and the text of its glyphs.

In: laid-out pages and the tree of the text. Out: structure elements by text, written as one structure tree,
and ToUnicode maps.
"""
