"""Reads a Markdown source with a CommonMark parser of its own, independent of the one used for the build.

In: the path of a Markdown or plain-text file. Out: its text, or its tokens.
"""
