"""Removes marks that the CommonMark parser does not know: comments, abbreviations, highlights, callouts."""

from __future__ import annotations

import re

from markdown_it.token import Token

from bifolio.checks.source_parser.indented_code import indented_code_test
from bifolio.model.localized_strings import terms

_HIDDEN = re.compile(
    r"""
    ^[ \t>]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t>]*(?P=fence)|\Z)       # a fenced code block: kept
    | (?P<ticks>`+)(?!`)(?:(?!\n[ ]*\n).)+?(?<!`)(?P=ticks)(?!`)     # a code span: kept
    | \\[\\%`]
    | (?P<drop>
        ^[ ]{0,3}(?:>[ ]?)*%%(?:(?!%%).)*%%[ \t]*$                   # a block comment
        | ^[ \t>-]*%%\n(?:(?!%%).)*%%[ \t]*$
        | %%(?:(?!\n[ ]*\n | \n[ \t]*(?:[-*+:|>\#]|\d+[.)])).)*?%%   # an inline comment
        | ^[ >]*\*\[[^\]\n]+\]:[ \t]+\S[^\n]*$                       # an abbreviation
        | ^[ >]{0,3}\\(?:newpage|pagebreak)[ \t]*$
      )
    """,
    re.M | re.S | re.X,
)
_ESCAPE = str.maketrans("~=@", "\ue000\ue001\ue002")
_UNESCAPE = str.maketrans("\ue000\ue001\ue002", "~=@")
_SUBSCRIPT = re.compile(r"~((?:[^\s~\\]|\\ )+)~")
_HIGHLIGHT = re.compile(r"==(?=\S)(.+?)(?<=\S)==", re.S)
_LANGUAGE = re.compile(r"\blang=[\"']?([\w-]+)")

_CALLOUT_MARK = re.compile(r"\[!(?P<type>\w+)\][-+]?(?P<title>(?:[ \t][^\n]*)?)(?:\n|\Z)")
_CALLOUT_TYPES = frozenset(
    "abstract attention bug caution check cite danger done error example fail failure faq help hint "
    "important info missing note question quote success summary tip tldr todo warning".split()
)
"""The callout types of Obsidian."""


def remove_hidden(text: str) -> str:
    """Return the source *text* without comments, abbreviation definitions and page break commands."""
    is_code = indented_code_test(text)
    return _HIDDEN.sub(lambda match: "" if match["drop"] and not is_code(match.start()) else match[0], text)


def escape_marks(text: str) -> str:
    """Return *text* with its marks escaped, so that `remove_marks` keeps them."""
    return text.translate(_ESCAPE)


def remove_marks(text: str) -> str:
    """Return the block *text* without the marks of subscripts and highlights; unescape all others."""
    return _HIGHLIGHT.sub(r"\1", _SUBSCRIPT.sub(r"\1", text)).translate(_UNESCAPE)


def div_language(info: str, outer: str) -> str:
    """Return the language of a div whose fence has the info string *info*; *outer* is that around it."""
    match = _LANGUAGE.search(info)
    return match[1] if match else outer


def admonition_title(opening: Token, language: str) -> str | None:
    """Return the generated title of an admonition with the token *opening*; None if it has its own."""
    words = opening.info.split()
    return terms(language).admonition(words[0].lower()) if len(words) == 1 else None


def replace_callout_mark(text: str, before: Token, language: str) -> str:
    """Return the block *text* with a callout mark replaced by its title; *before* is the previous token."""
    mark = _CALLOUT_MARK.match(text) if before.type == "blockquote_open" else None
    if mark is None or mark["type"].lower() not in _CALLOUT_TYPES:
        return text
    title = mark["title"].strip() or terms(language).admonition(mark["type"].lower())
    return f"{title}\n{text[mark.end() :]}"


def is_plain_dollars(text: str, length: int) -> bool:
    """Say whether the first *length* characters of *text*, from dollar to dollar, are prose or code."""
    tex, after = text[1 : length - 1], text[length : length + 1]
    words = [word for word in re.split(r"[\W\d_]+", tex) if len(word) > 1]
    if tex[:1] == "$":
        return False
    if not set(tex) & set("\\^_{}=+<>|") and ('"' in tex or len(words) > 1):
        return True
    if after.isalpha() or after == "_":  # the second dollar may begin a variable
        is_complete = tex[-1].isalnum() or tex[-1] in "_)}]'"
        has_operators = bool(set(tex[:-1]) & set("\\^_+-=<>(0123456789"))
        return not (is_complete and (has_operators or (len(tex) == 1 and tex.isalpha())))
    return after in ("(", "{") and tex[0] == after
