"""Reads the front matter of a source: title, authors, language, bibliography."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

import yaml

_FENCED = re.compile(
    r"(---|\+\+\+|;;;)(json|toml|ya?ml)?[ \t]*\n(?:(.*?)\n)??(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S
)
_TITLE_BLOCK = re.compile(r"%(?=\s)(.*(?:\n[ \t]+\S.*)*)(?:\n|\Z)")
_FORMATS = {"+": "toml", ";": "json", "-": "yaml"}
"""The format of the values between fences of each character, if the opening fence names none."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values of a front matter that the comparison needs."""

    heading: tuple[str, ...] = ()
    """Title, subtitle and authors; empty without front matter."""
    drops_templates: bool = False
    """Whether template marks of other programs are left out of the editions."""
    language: str = "en"
    bibliography: tuple[str, ...] = ()
    """Paths of the bibliography files, as they are written."""


def read_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return the front matter of the source *text*, and the rest of *text*.

    Raises ValueError if the front matter cannot be parsed.
    """
    fenced = _FENCED.match(text)
    if fenced:
        fence, name, inner = fenced.groups()
        values = _load(name or _FORMATS[fence[0]], inner or "")
        return _front_matter(values), text[fenced.end() :]
    if re.match(r'\{\s*("|\n)', text):
        values, end = json.JSONDecoder().raw_decode(text)
        return _front_matter(values), text[end:]
    if re.match(r"%\s", text):
        return _title_block(text)
    return FrontMatter(), text


def _front_matter(values: dict[str, Any]) -> FrontMatter:
    files = values.get("bibliography") or []
    return FrontMatter(
        heading=_heading(values),
        drops_templates=values.get("templates") == "drop",
        language=str(values.get("language") or values.get("lang") or "en"),
        bibliography=tuple(str(file) for file in (files if isinstance(files, list) else [files])),
    )


def _load(form: str, text: str) -> dict[str, Any]:
    try:
        if form == "toml":
            values: object = tomllib.loads(text)
        elif form == "json":
            values = json.loads(text if text.strip().startswith("{") else f"{{{text}}}")
        else:
            values = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("its front matter cannot be read") from error
    return values if isinstance(values, dict) else {}


def _heading(values: dict[str, Any]) -> tuple[str, ...]:
    values = {str(key).lower(): value for key, value in values.items()}
    people: Any = next((values[key] for key in ("author", "authors", "creator") if key in values), [])
    names = [_person(person) for person in (people if isinstance(people, list) else [people])]
    return (str(values.get("title") or ""), str(values.get("subtitle") or ""), *names)


def _person(person: object) -> str:
    if not isinstance(person, dict):
        return str(person)
    for key in ("name", "literal", "text"):
        if key in person:
            return _person(person[key])
    return " ".join(str(person[key]) for key in ("given", "first", "family", "last") if key in person)


def _title_block(text: str) -> tuple[FrontMatter, str]:
    """Read a title block of Pandoc: lines that begin with `%`."""
    fields = []
    while field := _TITLE_BLOCK.match(text):
        fields.append(field.group(1))
        text = text[field.end() :]
    title, authors = [*fields, "", ""][:2]
    return FrontMatter(heading=(title, "", *re.split(r"[;\n]", authors))), text
