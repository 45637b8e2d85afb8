"""Where an edition goes: the values of `--for`, and the kind of edition that each of them wants."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.model.errors import UsageError


@dataclass(frozen=True, slots=True)
class Destination:
    """A place where books are sold, or a family of readers, that wants an edition of its own."""

    name: str
    """The value of `--for`; it stands in the names of the files too."""
    kind: str
    """`epub` or `pdf`."""
    title: str
    """What it calls itself."""

    @property
    def suffix(self) -> str:
        """What stands behind the name of the source; readers of Kobo go by the ending `.kepub.epub`."""
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


def destination(name: str) -> Destination:
    """Return the destination called *name*. Raises UsageError where there is none."""
    if name not in DESTINATIONS:
        raise UsageError(
            f"`{name}` is no place that an edition can be made for.",
            hint=f"Write one of {', '.join(DESTINATIONS)}.",
        )
    return DESTINATIONS[name]
