"""Parses stylesheets with WeasyPrint, and caches the results.

In: the text of stylesheets. Out: parsed stylesheets, from the cache if an earlier build left them there.
"""
