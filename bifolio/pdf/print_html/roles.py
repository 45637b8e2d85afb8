"""The parts that paper adds to the text, by the names that other modules know them by."""

from __future__ import annotations

ROLE = "{bifolio}part"
"""The attribute that says which of these an element is; an author may use the classes too."""

URL = "address"
"""The class of the address of a link, printed behind it or in a note."""
NOTE = "note"
"""The class of a note."""
URL_NOTE = "address-note"
"""A note that holds the address of a link alone; only `PART` says so."""
LANDSCAPE = "{bifolio}landscape"
"""The attribute of a table that is laid out on landscape pages of its own."""
ENDNOTE = "late-note"
"""The class of a note that stands at the end of a section of notes."""
CALL = "note-call"
"""The class of the mark that cites a note."""
NOTE_NUMBER = "note-number"
"""The class of a note's own number."""
LONG_NUMBER = "long-number"
"""Another class of such a number, where it is of three letters or more."""


def number_class(sign: str) -> str:
    """Return the classes of the number of a note that is cited by *sign*."""
    return f"{NOTE_NUMBER} {LONG_NUMBER}" if len(sign) > 2 else NOTE_NUMBER
