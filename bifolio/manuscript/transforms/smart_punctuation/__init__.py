"""Replaces typewriter punctuation by typographic punctuation, by the language of the text.

In: an element tree or a string, and its language (BCP 47).
Out: the same with curly quotation marks, dashes, ellipses and spaces; see `replace` for the functions.
"""
