"""Parses front matter into keys with their values and lines, without interpreting the keys.

The formats are YAML, TOML and JSON, as Jekyll, Hugo, Eleventy and Pandoc write them, and Pandoc's title
block, lines that begin with `%`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.model.errors import SourceError
from bifolio.model.findings import Where

if TYPE_CHECKING:
    import yaml

MAX_VALUES = 10_000
"""The limit of values in one front matter, because aliases in YAML can multiply them."""

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a file, not yet parsed."""

    form: str = ""
    """`yaml`, `toml`, `json` or `pandoc`; empty if there is none."""
    text: str = ""
    """The text between the fences."""
    first_line: int = 1
    """The number of the first line of `text` in the file."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value: a text, a list of values, or keys with values."""

    line: int
    kind: str
    """`list`, `map`, or the type of a scalar in YAML: `str`, `int`, `float`, `bool`, `null`, `timestamp`."""
    text: str = ""
    items: tuple[Value, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A key as written, its line, and its value."""

    key: str
    line: int
    value: Value


class _JsonObject(list[tuple[str, object]]):
    """The members of a JSON object, in order and with duplicates."""


def read_front_matter(front: FrontMatter, path: Path) -> tuple[Entry, ...]:
    """Return the entries of *front*, the front matter of the file at *path*.

    Raises SourceError, with the line, if it cannot be parsed.
    """
    readers = {"yaml": _read_yaml, "toml": _read_toml, "json": _read_json, "pandoc": _read_title_block}
    return readers[front.form](front, path) if front.form else ()


def _read_yaml(front: FrontMatter, path: Path) -> tuple[Entry, ...]:
    import yaml

    try:
        root = yaml.compose(front.text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise SourceError(
            f"The front matter is not YAML: {problem}.",
            Where(path, mark.line + front.first_line if mark else 1),
            "Put quotes around a value that contains a colon, a quotation mark or a bracket.",
        ) from error
    if root is None:
        return ()
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            "The front matter is not a list of keys and values.",
            Where(path, front.first_line),
            "Write one `key: value` a line.",
        )
    left = MAX_VALUES

    def value(node: yaml.Node) -> Value:
        nonlocal left
        left -= 1
        if left < 0:
            raise SourceError(f"The front matter has more than {MAX_VALUES} values.", Where(path, 1))
        line = node.start_mark.line + front.first_line
        if isinstance(node, yaml.SequenceNode):
            return Value(line, "list", items=tuple(value(item) for item in node.value))
        if isinstance(node, yaml.MappingNode):
            return Value(line, "map", entries=entries(node))
        return Value(line, node.tag.rpartition(":")[2], str(node.value))

    def entries(node: yaml.MappingNode) -> tuple[Entry, ...]:
        return tuple(
            Entry(str(key.value), key.start_mark.line + front.first_line, value(child))
            for key, child in node.value
        )

    try:
        return entries(root)
    except RecursionError:
        raise SourceError("The front matter is nested too deeply.", Where(path, 1)) from None


def _read_toml(front: FrontMatter, path: Path) -> tuple[Entry, ...]:
    import tomllib

    try:
        table = tomllib.loads(front.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = _AT_LINE.search(str(error))
        # Without a line number, the error is at the end of the text.
        line = int(match.group(1) or front.text.count("\n") + 1) if match else 1
        problem = _AT_LINE.sub("", str(error))
        raise SourceError(
            f"The front matter is not TOML: {problem[:1].lower()}{problem[1:]}.",
            Where(path, line + front.first_line - 1),
            'Write one `key = "value"` a line.',
        ) from error
    return _entries(table.items(), front, r"^\s*\[*[ ]*[\"']?{}[\"']?\s*[=.\]]")


def _read_json(front: FrontMatter, path: Path) -> tuple[Entry, ...]:
    text = front.text
    if not text.lstrip().startswith("{"):
        text = f"{{{text}}}"  # Middleman omits the braces
    try:
        table = json.loads(text, object_pairs_hook=_JsonObject)
    except (json.JSONDecodeError, RecursionError) as error:
        raise json_error(error, path, front.first_line) from error
    return _entries(table, front, r'"{}"\s*:')


def _read_title_block(front: FrontMatter, path: Path) -> tuple[Entry, ...]:
    """Parse title, authors and date: up to three fields, with indented continuation lines (Pandoc 3)."""
    fields: list[list[str]] = []
    starts: list[int] = []
    for number, line in enumerate(front.text.split("\n"), start=front.first_line):
        if line.startswith("%"):
            fields.append([line[1:].strip()])
            starts.append(number)
        else:
            fields[-1].append(line.strip())
    if len(fields) > 3:
        raise SourceError(
            "The title block has more than three fields.",
            Where(path, starts[3]),
            "Write `% title`, `% authors` and `% date`, or front matter between lines `---`.",
        )
    entries = []
    for key, parts, start in zip(("title", "author", "date"), fields, starts, strict=False):
        names = [name.strip() for part in parts for name in part.split(";")]
        texts = names if key == "author" else [" ".join(parts)]
        items = tuple(Value(start, "str", text) for text in texts if text)
        entries.append(Entry(key, start, Value(start, "list", items=items)))
    return tuple(entries)


def _entries(pairs: Iterable[tuple[str, object]], front: FrontMatter, pattern: str) -> tuple[Entry, ...]:
    """Return *pairs* with their lines; *pattern* is a regular expression for a key, `{}`, in the text."""
    entries = []
    for key, content in pairs:
        match = re.search(pattern.replace("{}", re.escape(key)), front.text, re.MULTILINE)
        start = front.text.index(key, match.start()) if match else 0
        line = front.text.count("\n", 0, start) + front.first_line
        entries.append(Entry(key, line, _value(content, line)))
    return tuple(entries)


def _value(content: object, line: int) -> Value:
    if isinstance(content, _JsonObject | dict):
        pairs = content.items() if isinstance(content, dict) else content
        return Value(line, "map", entries=tuple(Entry(k, line, _value(v, line)) for k, v in pairs))
    if isinstance(content, list):
        return Value(line, "list", items=tuple(_value(item, line) for item in content))
    if content is None:
        return Value(line, "null")
    return Value(line, "str", str(content).lower() if isinstance(content, bool) else str(content))


def json_error(error: Exception, path: Path, first_line: int) -> SourceError:
    """Return the SourceError for *error* in JSON that begins on *first_line* of the file at *path*."""
    problem = getattr(error, "msg", "it is nested too deeply")
    return SourceError(
        f"The front matter is not JSON: {problem[:1].lower()}{problem[1:]}.",
        Where(path, getattr(error, "lineno", 1) + first_line - 1),
        "Put quotation marks around every key and every text, and a comma between two keys.",
    )
