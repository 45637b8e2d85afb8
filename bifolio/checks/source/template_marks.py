"""Marks of other programs' templates in a source: words like any other to its reader."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html.defs import tags as html_tags

from bifolio.checks.source.indented_code import indented_code_spans, indented_code_test

_MARKS = re.compile(
    r"""
    (?P<code> ^[ ]{0,3}(?P<fence>`{3,}|~{3,}) .*? (?:^[ ]{0,3}(?P=fence)|\Z)
            | (?<!`)(?P<ticks>`+)(?!`) (?:(?!\n[ ]*\n).){1,2000}? (?<!`)(?P=ticks)(?!`) | \\. )
    | (?P<mark> \{\{(?:(?!\{\{).)+?\}\} | \{%(?:(?!\{%).)+?%\}
              | \{::[^{}\n]*\} | ^\{:[^{}\n]*\}[ \t]*$ | \{/\*(?:(?!\{/).)*?\*/\}
              | ^import\s[^'"\n]{0,500}['"][^'"\n]+['"];?[ \t]*$
              | ^export\s+(?:const|let|var|default|function|async|class|\{|\*)
                [^\n]*?(?:[{(\[]\n.{0,2000}?\n[\])}]+;?[ \t]*$|$)
              | </?(?P<name>[A-Z][A-Za-z0-9]+)[\w.]*(?:\s(?:[^<>"]|"[^"]*")*)?> )
    """,
    re.X | re.S | re.M,
)
_OWN_ATTRIBUTES = re.compile(r"\{:[ ]*(?:[#.]|\w[\w-]*=)")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def escape_template_marks(text: str) -> str:
    """Return *text* with every mark in it written so that Markdown leaves it alone."""
    counts = _counting(text)
    return _MARKS.sub(lambda m: _PUNCTUATION.sub(r"\\\g<0>", m[0]) if counts(m) else m[0], text)


def remove_template_marks(text: str) -> str:
    """Return *text* without any mark."""
    counts = _counting(text)
    return _MARKS.sub(lambda m: "" if counts(m) else m[0], text)


_WIKI_PICTURE = re.compile(
    r"!\[\[[^\[\]\n|]+\.(?:png|jpe?g|gif|webp|svg|bmp|avif|tiff?)(?:\|[^\[\]\n]*)?\]\]", re.I
)
_WIKI_LINK = re.compile(r"(?<![\w!])!?\[\[[^\[\]\n|^][^\[\]\n|]*\|([^\[\]\n|]+)[^\[\]\n]*\]\](?![(\[:{])")
_SHARE = re.compile(r"(?<=[{ ])(width|height)=([\d.]+%)(?=[ }])")
_SIZE = re.compile(r"(!\[[^\]\n]*\]\([^()\n]*?)[ ]+=\d*%?x\d*(?=[ )])")


def to_commonmark(text: str) -> str:
    """Return *text* with links and pictures of wikis and sizes of pictures as CommonMark has them."""
    pieces = []
    place = 0
    code = [found.span() for found in _MARKS.finditer(text) if found["code"] is not None]
    for begin, end in sorted(code + indented_code_spans(text)):
        if begin >= place:
            pieces += [_plain(text[place:begin]), text[begin:end]]
            place = end
    return "".join([*pieces, _plain(text[place:])])


def _plain(text: str) -> str:
    text = _WIKI_LINK.sub(lambda m: _PUNCTUATION.sub(r"\\\g<0>", m[1]), _WIKI_PICTURE.sub("![](x)", text))
    return _SHARE.sub(r'\1="\2"', _SIZE.sub(r"\1", text))


def _counting(text: str) -> Callable[[re.Match[str]], bool]:
    is_code = indented_code_test(text)
    return lambda found: not is_code(found.start()) and _counts(found)


def _counts(found: re.Match[str]) -> bool:
    if found["mark"] is None or (found["name"] or "").lower() in html_tags:
        return False
    before = found.string[max(found.start() - 2, 0) : found.start()]
    behind = found.string[found.end() : found.end() + 2]
    attributes = _OWN_ATTRIBUTES.match(found[0]) and not before.endswith("\n\n") and before.strip()
    return not (attributes and behind in ("\n\n", "\n", ""))
