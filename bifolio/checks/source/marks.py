"""What a source says with marks that stand in no edition: comments, definitions, words between marks."""

from __future__ import annotations

import re

from markdown_it.token import Token

from bifolio.checks.source.indented_code import indented_code_test
from bifolio.model.localized_strings import terms

_UNSEEN = re.compile(
    r"""
    ^[ \t>]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t>]*(?P=fence)|\Z)       # code in a fence: kept
    | (?P<ticks>`+)(?!`)(?:(?!\n[ ]*\n).)+?(?<!`)(?P=ticks)(?!`)     # code in a line: kept
    | \\[\\%`]
    | (?P<drop>
        ^[ ]{0,3}(?:>[ ]?)*%%(?:(?!%%).)*%%[ \t]*$                   # a comment of whole lines
        | ^[ \t>-]*%%\n(?:(?!%%).)*%%[ \t]*$
        | %%(?:(?!\n[ ]*\n | \n[ \t]*(?:[-*+:|>\#]|\d+[.)])).)*?%%   # a comment in a line
        | ^[ >]*\*\[[^\]\n]+\]:[ \t]+\S[^\n]*$                       # an abbreviation
        | ^[ >]{0,3}\\(?:newpage|pagebreak)[ \t]*$
      )
    """,
    re.M | re.S | re.X,
)
_HIDDEN = str.maketrans("~=@", "\ue000\ue001\ue002")
_SHOWN = str.maketrans("\ue000\ue001\ue002", "~=@")
_LOWERED = re.compile(r"~((?:[^\s~\\]|\\ )+)~")
_MARKED = re.compile(r"==(?=\S)(.+?)(?<=\S)==", re.S)
_LANGUAGE = re.compile(r"\blang=[\"']?([\w-]+)")

_CALLOUT = re.compile(r"\[!(?P<kind>\w+)\][-+]?(?P<title>(?:[ \t][^\n]*)?)(?:\n|\Z)")
_CALLOUTS = frozenset(
    "abstract attention bug caution check cite danger done error example fail failure faq help hint "
    "important info missing note question quote success summary tip tldr todo warning".split()
)
"""The kinds of callouts that Obsidian knows."""


def remove_hidden(text: str) -> str:
    """Return *text*, a source, without what its author means for no edition."""
    is_code = indented_code_test(text)
    return _UNSEEN.sub(lambda match: "" if match["drop"] and not is_code(match.start()) else match[0], text)


def escape_marks(text: str) -> str:
    """Return *text* so that nothing in it is taken for a mark by `without_marks`."""
    return text.translate(_HIDDEN)


def remove_marks(text: str) -> str:
    """Return *text*, of a block, without the marks of what is lowered or marked."""
    return _MARKED.sub(r"\1", _LOWERED.sub(r"\1", text)).translate(_SHOWN)


def div_language(info: str, outer: str) -> str:
    """Return the language of a div that begins with *info*, in a passage in the language *outer*."""
    match = _LANGUAGE.search(info)
    return match[1] if match else outer


def admonition_title(opened: Token, language: str) -> str | None:
    """Return the title that the program gives to the admonition that *opened*; None if it has its own."""
    words = opened.info.split()
    return terms(language).admonition(words[0].lower()) if len(words) == 1 else None


def replace_callout_mark(words: str, above: Token, language: str) -> str:
    """Return *words*, which stand below *above*, with the title in the place of a callout's mark."""
    mark = _CALLOUT.match(words) if above.type == "blockquote_open" else None
    if mark is None or mark["kind"].lower() not in _CALLOUTS:
        return words
    title = mark["title"].strip() or terms(language).admonition(mark["kind"].lower())
    return f"{title}\n{words[mark.end() :]}"


def is_plain_dollars(text: str, length: int) -> bool:
    """Say whether the first *length* characters of *text*, from dollar to dollar, are no formula."""
    tex, behind = text[1 : length - 1], text[length : length + 1]
    words = [word for word in re.split(r"[\W\d_]+", tex) if len(word) > 1]
    if tex[:1] == "$":
        return False
    if not set(tex) & set("\\^_{}=+<>|") and ('"' in tex or len(words) > 1):
        return True
    if behind.isalpha() or behind == "_":  # the second dollar may begin a variable
        whole = tex[-1].isalnum() or tex[-1] in "_)}]'"
        counted = bool(set(tex[:-1]) & set("\\^_+-=<>(0123456789"))
        return not (whole and (counted or (len(tex) == 1 and tex.isalpha())))
    return behind in ("(", "{") and tex[0] == behind
