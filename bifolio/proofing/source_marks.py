"""What a source says with marks that stand in no edition: comments, definitions, words between marks."""

from __future__ import annotations

import re

from markdown_it.token import Token

from bifolio.terms import terms

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


def without_unseen(text: str) -> str:
    """Return *text*, a source, without what its author means for no edition."""
    return _UNSEEN.sub(lambda match: "" if match["drop"] else match[0], text)


def literal(text: str) -> str:
    """Return *text* so that nothing in it is taken for a mark by `without_marks`."""
    return text.translate(_HIDDEN)


def without_marks(text: str) -> str:
    """Return *text*, of a block, without the marks of what is lowered or marked."""
    return _MARKED.sub(r"\1", _LOWERED.sub(r"\1", text)).translate(_SHOWN)


def language_in(info: str, outer: str) -> str:
    """Return the language of a div that begins with *info*, in a passage in the language *outer*."""
    match = _LANGUAGE.search(info)
    return match[1] if match else outer


def admonition_title(opened: Token, language: str) -> str | None:
    """Return the title that the program gives to the admonition that *opened*; None if it has its own."""
    words = opened.info.split()
    return terms(language).admonition(words[0].lower()) if len(words) == 1 else None
