"""Parses authors and other contributors with their MARC relator codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bifolio.manuscript.metadata.front_matter import Value
from bifolio.model.publication import Contributor

MARC_RELATORS = {
    "author": "aut", "translator": "trl", "editor": "edt", "illustrator": "ill", "photographer": "pht",
    "foreword": "aui", "introduction": "aui", "preface": "aui", "afterword": "aft", "narrator": "nrt",
    "cover": "cov", "designer": "bkd", "reviewer": "rev", "compiler": "com", "proofreader": "pfr",
}  # fmt: skip
"""The MARC relator code of each role that an author can write."""
NAME_KEYS = frozenset({"name", "literal", "text", "given", "first", "family", "last"})
"""The keys of a map that are parts of a name."""


def parse_people(value: Value) -> Iterator[Contributor]:
    """Yield every contributor in *value*: a name, a map with a name and perhaps a role, or a list of them."""
    if value.kind == "list":
        for item in value.items:
            yield from parse_people(item)
    elif value.kind == "map":
        roles = [entry.value.text for entry in value.entries if entry.key.lower() == "role"]
        role = roles[0].strip() if roles else "author"
        name = parse_name(value)
        if name:
            yield Contributor(" ".join(name.split()), _role_word(role), _relator_code(role))
    elif value.text.strip():
        yield Contributor(" ".join(value.text.split()), "author", "aut")


def _relator_code(role: str) -> str:
    """Return the MARC code of *role*, which may be a code itself; `ctb` (contributor) if it is unknown."""
    lower = role.lower()
    return lower if lower in MARC_RELATORS.values() else MARC_RELATORS.get(lower, "ctb")


def _role_word(role: str) -> str:
    """Return the word for *role*, if it is a MARC code that has one."""
    return next((word for word, code in MARC_RELATORS.items() if code == role.lower()), role)


def parse_name(value: Value) -> str:
    """Return the name in the map *value*: one text, or given and family name; empty if there is none."""
    inner = {entry.key.lower(): entry.value for entry in value.entries}
    whole = inner.get("name") or inner.get("literal") or inner.get("text")
    if whole is not None:
        return parse_name(whole) if whole.kind == "map" else whole.text
    parts = [inner[key].text for key in ("given", "first", "family", "last") if key in inner]
    return " ".join(part for part in parts if part)


def parse_contributors(values: Iterable[Value]) -> tuple[tuple[str, ...], tuple[Contributor, ...]]:
    """Return the names of the authors in *values* and the other contributors, each in the order given."""
    everyone = [person for value in values for person in parse_people(value)]
    authors = tuple(person.name for person in everyone if person.code == "aut")
    return authors, tuple(person for person in everyone if person.code != "aut")
