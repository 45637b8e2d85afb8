"""The front matter of a source, read anew: what editions set above the text."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import yaml

_FENCED = re.compile(
    r"(---|\+\+\+|;;;)(json|toml|ya?ml)?[ \t]*\n(?:(.*?)\n)??(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S
)
_TITLE_BLOCK = re.compile(r"%(?=\s)(.*(?:\n[ \t]+\S.*)*)(?:\n|\Z)")


def read_front_matter(text: str) -> tuple[list[str], bool, str, list[str], str]:
    """Return title, subtitle and authors as *text* gives them at its top, and the rest of it.

    Between them: whether the marks of other programs are to be left out, the language, and the files of the
    bibliography. The first list is empty where nothing stands there.
    Raises ValueError where it cannot be read.
    """
    fenced = _FENCED.match(text)
    if fenced:
        mark, name, inner = fenced.groups()
        form = name or {"+": "toml", ";": "json", "-": "yaml"}[mark[0]]
        values = _load(form, inner or "")
        return *_told(values), text[fenced.end() :]
    if re.match(r'\{\s*("|\n)', text):
        values, end = json.JSONDecoder().raw_decode(text)
        return *_told(values), text[end:]
    if re.match(r"%\s", text):
        return _title_block(text)
    return [], False, "en", [], text


def _told(values: dict[str, Any]) -> tuple[list[str], bool, str, list[str]]:
    language = str(values.get("language") or values.get("lang") or "en")
    works = values.get("bibliography") or []
    named = [str(name) for name in (works if isinstance(works, list) else [works])]
    return _heading(values), values.get("templates") == "drop", language, named


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


def _heading(values: dict[str, Any]) -> list[str]:
    values = {str(key).lower(): value for key, value in values.items()}
    people: Any = next((values[key] for key in ("author", "authors", "creator") if key in values), [])
    names = [_person(person) for person in (people if isinstance(people, list) else [people])]
    return [str(values.get("title") or ""), str(values.get("subtitle") or ""), *names]


def _person(person: object) -> str:
    if not isinstance(person, dict):
        return str(person)
    for key in ("name", "literal", "text"):
        if key in person:
            return _person(person[key])
    return " ".join(str(person[key]) for key in ("given", "first", "family", "last") if key in person)


def _title_block(text: str) -> tuple[list[str], bool, str, list[str], str]:
    fields = []
    while field := _TITLE_BLOCK.match(text):
        fields.append(field.group(1))
        text = text[field.end() :]
    title, authors = [*fields, "", ""][:2]
    return [title, "", *re.split(r"[;\n]", authors)], False, "en", [], text
