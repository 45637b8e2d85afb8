"""Stylesheets as WeasyPrint parses them, and the computed styles that its elements share.

In: the text of stylesheets. Out: parsed stylesheets, from the cache where an earlier build has left them.
"""
