"""Makes HTML and SVG from the source safe and valid.

In: an element tree with the author's own HTML.
Out: the same tree with allowed elements and attributes only, nested as HTML permits, and the findings.
"""
