"""The destinations of editions: the values of `--for`, and the kind of edition that each takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Destination:
    """A print vendor or a family of e-readers that gets an edition of its own."""

    name: str
    """The value of `--for`; it is part of the file names too."""
    kind: str
    """`epub` or `pdf`."""
    title: str
    """Its own name for itself."""

    @property
    def suffix(self) -> str:
        """What follows the name of the source in the file name; Kobo readers require `.kepub.epub`."""
        return ".kepub" if self.name == "kobo" else f"-{self.name}"


DESTINATIONS = {
    each.name: each
    for each in (
        Destination("kdp", "pdf", "Amazon KDP Print"),
        Destination("ingram", "pdf", "IngramSpark"),
        Destination("lulu", "pdf", "Lulu"),
        Destination("kobo", "epub", "Kobo"),
        Destination("kindle", "epub", "Kindle"),
    )
}
"""Every destination, by its name."""
