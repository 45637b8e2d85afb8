"""Who made a publication: its authors, and others by what they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bifolio.manuscript.metadata.front_matter import Value
from bifolio.model.publication import Contributor

MARC_RELATORS = {
    "author": "aut", "translator": "trl", "editor": "edt", "illustrator": "ill", "photographer": "pht",
    "foreword": "aui", "introduction": "aui", "preface": "aui", "afterword": "aft", "narrator": "nrt",
    "cover": "cov", "designer": "bkd", "reviewer": "rev", "compiler": "com", "proofreader": "pfr",
}  # fmt: skip
"""What people do for a book, with its code among MARC's relators."""
NAME_KEYS = frozenset({"name", "literal", "text", "given", "first", "family", "last"})
"""The keys of a map that make a name."""


def parse_people(value: Value) -> Iterator[Contributor]:
    """Give everyone that *value* names: a text, a list, or maps with a name and perhaps a role."""
    if value.kind == "list":
        for item in value.items:
            yield from parse_people(item)
    elif value.kind == "map":
        said = [entry.value.text for entry in value.entries if entry.key.lower() == "role"]
        role = said[0].strip() if said else "author"
        name = parse_name(value)
        if name:
            yield Contributor(" ".join(name.split()), _role_word(role), _relator_code(role))
    elif value.text.strip():
        yield Contributor(" ".join(value.text.split()), "author", "aut")


def _relator_code(role: str) -> str:
    plain = role.lower()
    return plain if plain in MARC_RELATORS.values() else MARC_RELATORS.get(plain, "ctb")


def _role_word(role: str) -> str:
    return next((word for word, code in MARC_RELATORS.items() if code == role.lower()), role)


def parse_name(value: Value) -> str:
    """Return the name in a map: as one text, or as given and family name."""
    inner = {entry.key.lower(): entry.value for entry in value.entries}
    whole = inner.get("name") or inner.get("literal") or inner.get("text")
    if whole is not None:
        return parse_name(whole) if whole.kind == "map" else whole.text
    parts = [inner[key].text for key in ("given", "first", "family", "last") if key in inner]
    return " ".join(part for part in parts if part)


def parse_contributors(values: Iterable[Value]) -> tuple[tuple[str, ...], tuple[Contributor, ...]]:
    """Return the names of the authors among *values*, and the others, each in the order given."""
    everyone = [person for value in values for person in parse_people(value)]
    authors = tuple(person.name for person in everyone if person.code == "aut")
    return authors, tuple(person for person in everyone if person.code != "aut")
