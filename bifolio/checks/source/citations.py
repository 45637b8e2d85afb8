"""Citations in a source: editions set them in words that are not in it, so nothing is compared there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_KEY = r"@(?:(\w(?:\w|[:.#$%&+?<>~/-](?=\w))*)|\{([^{}\s]+)\})"
_KEYS = re.compile(rf"(?<![\w@/]){_KEY}")
_CITATION = re.compile(
    rf"(?P<group>\[(?!\^)(?:[^\[\]]|\[[^\[\]]*\])*\](?![(\{{]))|(?<![\w@/])(?:(?<!\w)-)?{_KEY}"
    r"(?P<place>[ \t]*\n?[ \t]*\[(?![\^@])(?:[^\[\]]|\[[^\[\]]*\])+\](?![(\{]))?"
)
_IN_FILES = {
    ".json": re.compile(r'"id"\s*:\s*"?([^",}]+)'),
    ".yaml": re.compile(r"^[ \t-]*id:[ \t]*[\"']?([^\"'\n]+)", re.M),
    ".bib": re.compile(r"@\w+\s*[{(]\s*([^,\s{}]+)\s*,"),
}


def read_work_keys(named: Iterable[str], folder: Path) -> frozenset[str]:
    """Return the keys of the works in the files *named*, those in *folder* or below it."""
    keys: set[str] = set()
    for name in named:
        path = (folder / name.strip().lstrip("/")).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            kind = {".yml": ".yaml", ".json": ".json", ".yaml": ".yaml"}.get(path.suffix.lower(), ".bib")
            keys |= {key.strip() for key in _IN_FILES[kind].findall(path.read_text("utf-8-sig", "replace"))}
    return frozenset(keys)


def remove_citations(text: str, keys: frozenset[str]) -> str:
    """Return *text*, of a block, without its citations of *keys*; one of anything else stays as it is."""

    def left(found: re.Match[str]) -> str:
        if found["group"]:
            cited = [one or other for one, other in _KEYS.findall(found["group"])]
            if not cited:
                return f"[{remove_citations(found['group'][1:-1], keys)}]"
            return "" if keys.issuperset(cited) else found[0]
        key = found[2] or found[3]
        if key not in keys:
            return found[0]
        place = found["place"] or ""
        others = {one or other for one, other in _KEYS.findall(place)}
        return "" if keys >= others else place

    return _CITATION.sub(left, text) if keys else text
