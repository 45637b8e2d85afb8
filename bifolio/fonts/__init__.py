"""Fonts of both editions: the bundled faces, system fallbacks, and subsets.

In: a publication. Out: the faces that its characters need, those that no font has, and font files cut down
to the characters in use.
"""
