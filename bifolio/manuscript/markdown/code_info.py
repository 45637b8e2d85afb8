"""What stands behind the backticks of a code block: its language, title and marked lines.

There is no standard. Read are the forms of CommonMark (a word), Pandoc (`{#id .python}`), knitr and Quarto
(`{python}`), mdBook (`rust,ignore`), Material for MkDocs (`title="x" hl_lines="2"`) and Docusaurus
(`{1,3-4}`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

TITLES = ("title", "caption", "filename", "file", "lst-cap")
"""The keys whose value is the caption of the block."""
MARKS = ("hl_lines", "hl", "highlight", "emphasize-lines")
"""The keys whose value names the lines to be marked."""

_PAIR = re.compile(r"""([A-Za-z][\w.-]*)=("[^"]*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^\s{},]+)""")
_BRACES = re.compile(r"\{([^{}]*)\}")
_LINES = re.compile(r"[\d\s,-]*\d[\d\s,-]*")
_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
_DIRECTIVES = frozenset({"code", "code-block", "code-cell", "sourcecode"})
"""MyST's names for a code block; the language stands behind them."""
_NUMBERING = frozenset(
    {"numberLines", "number-lines", "line-numbers", "linenums", "linenos", "showLineNumbers"}
)
"""The classes, words and keys that have the lines numbered."""
_FIRST = ("startfrom", "linenostart", "lineno-start", "linenums", "showlinenumbers")
"""The keys whose value is the number of the first line."""
_LAST_LINE = 100_000


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """What an author says of a code block."""

    language: str = ""
    title: str = ""
    marked: frozenset[int] = frozenset()
    """The numbers of the lines to be marked, counted from 1."""
    first: int | None = None
    """The number of the first line; None where lines are not numbered."""
    anchor: str = ""
    classes: tuple[str, ...] = ()


def parse_info(written: str) -> CodeInfo:
    """Return what *written*, the info string of a fence (CommonMark 0.31.2, 4.5), says."""
    text = unescapeAll(written.strip())
    pairs = {key.lower(): value for key, value in _PAIR.findall(text)}
    rest = _PAIR.sub(" ", text)
    marked = {n for key in MARKS for n in _numbers(pairs.get(key, ""))}
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
    titles = [file, *(pairs[key].strip("\"'{}") for key in TITLES if key in pairs)]
    return CodeInfo(
        language=re.sub(r"[^\w.+#;-]", "", language),
        title=": ".join(title for title in dict.fromkeys(titles) if title.strip()),
        marked=frozenset(marked),
        first=_first_number(pairs, {*names, *words, *re.split(r"[\s,{}.]+", rest)}),
        anchor=anchor,
        classes=tuple(name for name in names if name and name not in _NUMBERING),
    )


def _first_number(pairs: dict[str, str], words: set[str]) -> int | None:
    """Return the number of the first line, as *pairs* and *words* of an info string have it."""
    asked = [pairs[name.lower()].strip("\"'").lower() for name in _NUMBERING if name.lower() in pairs]
    if not (asked or words & _NUMBERING) or "false" in asked:
        return None
    starts = [pairs[key].strip("\"'") for key in _FIRST if key in pairs]
    return next((int(start[:6]) for start in starts if start.isdecimal()), 1)


def _first_word(text: str) -> str:
    words = re.split(r"[\s,]+", text.strip())
    return words[0]


def _numbers(written: str) -> set[int]:
    """Return the numbers that *written* names, such as `2`, `2 4-6` or `[2, "4-6"]`."""
    numbers: set[int] = set()
    for first, last in _RANGE.findall(written):
        numbers.update(range(int(first[:6]), min(int((last or first)[:6]), _LAST_LINE) + 1))
    return numbers
