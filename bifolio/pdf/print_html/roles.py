"""Attribute and class names that mark elements added for print."""

from __future__ import annotations

ROLE = "{bifolio}role"
"""The attribute that holds the role of an element; the classes alone may be an author's own."""

URL = "address"
"""The class of the URL of a link, printed after it or in a footnote."""
NOTE = "note"
"""The class of a footnote."""
URL_NOTE = "address-note"
"""The role of a footnote that contains only the URL of a link; its class is `NOTE`."""
LANDSCAPE = "{bifolio}landscape"
"""The attribute of a table that is laid out on landscape pages of its own."""
ENDNOTE = "late-note"
"""The class of a note at the end of a section of endnotes."""
CALL = "note-call"
"""The class of a footnote call (CSS GCPM 3, 2.2)."""
NOTE_NUMBER = "note-number"
"""The class of a footnote marker (CSS GCPM 3, 2.3): its number before its text."""
LONG_NUMBER = "long-number"
"""A further class of a footnote marker with three characters or more."""


def number_class(sign: str) -> str:
    """Return the classes of the footnote marker *sign*."""
    return f"{NOTE_NUMBER} {LONG_NUMBER}" if len(sign) > 2 else NOTE_NUMBER
