"""Parses info strings of code blocks: the language, title and marked lines.

There is no standard. The syntaxes of CommonMark (one word), Pandoc (`{#id .python}`), knitr and Quarto
(`{python}`), mdBook (`rust,ignore`), Material for MkDocs (`title="x" hl_lines="2"`) and Docusaurus
(`{1,3-4}`) are accepted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

TITLE_KEYS = ("title", "caption", "filename", "file", "lst-cap")
"""The keys for the caption of the block."""
MARKED_LINE_KEYS = ("hl_lines", "hl", "highlight", "emphasize-lines")
"""The keys for the lines to mark."""

_PAIR = re.compile(r"""([A-Za-z][\w.-]*)=("[^"]*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^\s{},]+)""")
_BRACES = re.compile(r"\{([^{}]*)\}")
_LINES = re.compile(r"[\d\s,-]*\d[\d\s,-]*")
_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
_DIRECTIVES = frozenset({"code", "code-block", "code-cell", "sourcecode"})
"""MyST's names for a code block; the language follows them."""
_NUMBERING = frozenset(
    {"numberLines", "number-lines", "line-numbers", "linenums", "linenos", "showLineNumbers"}
)
"""The classes, words and keys that turn on line numbers."""
_FIRST_LINE_KEYS = ("startfrom", "linenostart", "lineno-start", "linenums", "showlinenumbers")
"""The keys for the number of the first line."""
_LAST_LINE = 100_000


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """A parsed info string."""

    language: str
    title: str
    marked: frozenset[int]
    """The numbers of the lines to mark, from 1."""
    first: int | None
    """The number of the first line; None without line numbers."""
    anchor: str
    classes: tuple[str, ...]


def parse_info(info_string: str) -> CodeInfo:
    """Return *info_string*, that of a fenced code block (CommonMark 0.31.2, 4.5), parsed."""
    text = unescapeAll(info_string.strip())
    pairs = {key.lower(): value for key, value in _PAIR.findall(text)}
    rest = _PAIR.sub(" ", text)
    marked = {n for key in MARKED_LINE_KEYS for n in _numbers(pairs.get(key, ""))}
    anchor, names, words = "", [], []
    for inner in _BRACES.findall(rest):
        if _LINES.fullmatch(inner):
            marked |= _numbers(inner)
            continue
        for word in re.split(r"[\s,]+", inner.strip()):
            if word.startswith("#"):
                anchor = word[1:]
            elif word.startswith("."):
                names.append(word[1:])
            else:
                words.append(word)
    language, _, file = _first_word(_BRACES.sub(" ", rest)).partition(":")
    if not language and names:
        language = names.pop(0) if names[0] not in _NUMBERING else ""
    elif not language and words and words[0] not in _DIRECTIVES and not words[0].startswith("="):
        language = words[0]
    titles = [file, *(pairs[key].strip("\"'{}") for key in TITLE_KEYS if key in pairs)]
    return CodeInfo(
        language=re.sub(r"[^\w.+#;-]", "", language),
        title=": ".join(title for title in dict.fromkeys(titles) if title.strip()),
        marked=frozenset(marked),
        first=_first_number(pairs, {*names, *words, *re.split(r"[\s,{}.]+", rest)}),
        anchor=anchor,
        classes=tuple(name for name in names if name and name not in _NUMBERING),
    )


def _first_number(pairs: dict[str, str], words: set[str]) -> int | None:
    """Return the number of the first line by the *pairs* and *words* of an info string."""
    switches = [pairs[name.lower()].strip("\"'").lower() for name in _NUMBERING if name.lower() in pairs]
    if not (switches or words & _NUMBERING) or "false" in switches:
        return None
    starts = [pairs[key].strip("\"'") for key in _FIRST_LINE_KEYS if key in pairs]
    return next((int(start[:6]) for start in starts if start.isdecimal()), 1)


def _first_word(text: str) -> str:
    return re.split(r"[\s,]+", text.strip())[0]


def _numbers(ranges: str) -> set[int]:
    """Return the numbers in *ranges*, such as `2`, `2 4-6` or `[2, "4-6"]`."""
    numbers: set[int] = set()
    for first, last in _RANGE.findall(ranges):
        numbers.update(range(int(first[:6]), min(int((last or first)[:6]), _LAST_LINE) + 1))
    return numbers
