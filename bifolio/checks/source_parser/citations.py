"""Removes citations from a source: editions replace them by words that the source does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_KEY = r"@(?:(\w(?:\w|[:.#$%&+?<>~/-](?=\w))*)|\{([^{}\s]+)\})"
_KEYS = re.compile(rf"(?<![\w@/]){_KEY}")
_CITATION = re.compile(
    rf"(?P<group>\[(?!\^)(?:[^\[\]]|\[[^\[\]]*\])*\](?![(\{{]))|(?<![\w@/])(?:(?<!\w)-)?{_KEY}"
    r"(?P<locator>[ \t]*\n?[ \t]*\[(?![\^@])(?:[^\[\]]|\[[^\[\]]*\])+\](?![(\{]))?"
)
_KEYS_IN_FILES = {
    ".json": re.compile(r'"id"\s*:\s*"?([^",}]+)'),
    ".yaml": re.compile(r"^[ \t-]*id:[ \t]*[\"']?([^\"'\n]+)", re.M),
    ".bib": re.compile(r"@\w+\s*[{(]\s*([^,\s{}]+)\s*,"),
}
_SUFFIXES = {".yml": ".yaml", ".json": ".json", ".yaml": ".yaml"}
"""The key of `_KEYS_IN_FILES` for each suffix; any other file is read as BibTeX."""


def read_citation_keys(files: Iterable[str], folder: Path) -> frozenset[str]:
    """Return the citation keys in the bibliography *files*; those outside of *folder* are ignored."""
    keys: set[str] = set()
    for name in files:
        path = (folder / name.strip().lstrip("/")).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            pattern = _KEYS_IN_FILES[_SUFFIXES.get(path.suffix.lower(), ".bib")]
            keys |= {key.strip() for key in pattern.findall(path.read_text("utf-8-sig", "replace"))}
    return frozenset(keys)


def remove_citations(text: str, keys: frozenset[str]) -> str:
    """Return *text*, the content of a block, without citations of *keys*; those of other keys are text."""

    def remainder(found: re.Match[str]) -> str:
        if found["group"]:
            cited = [bare or braced for bare, braced in _KEYS.findall(found["group"])]
            if not cited:
                return f"[{remove_citations(found['group'][1:-1], keys)}]"
            return "" if keys.issuperset(cited) else found[0]
        key = found[2] or found[3]
        if key not in keys:
            return found[0]
        locator = found["locator"] or ""
        others = {bare or braced for bare, braced in _KEYS.findall(locator)}
        return "" if keys >= others else locator

    return _CITATION.sub(remainder, text) if keys else text
