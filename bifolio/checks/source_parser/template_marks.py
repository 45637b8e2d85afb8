"""Escapes or removes template marks of other programs (Jinja, MDX, kramdown), and rewrites wiki syntax."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html.defs import tags as html_tags

from bifolio.checks.source_parser.indented_code import indented_code_spans, indented_code_test

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
_ATTRIBUTE_LIST = re.compile(r"\{:[ ]*(?:[#.]|\w[\w-]*=)")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_WIKI_IMAGE = re.compile(
    r"!\[\[[^\[\]\n|]+\.(?:png|jpe?g|gif|webp|svg|bmp|avif|tiff?)(?:\|[^\[\]\n]*)?\]\]", re.I
)
_WIKI_LINK = re.compile(r"(?<![\w!])!?\[\[[^\[\]\n|^][^\[\]\n|]*\|([^\[\]\n|]+)[^\[\]\n]*\]\](?![(\[:{])")
_PERCENTAGE = re.compile(r"(?<=[{ ])(width|height)=([\d.]+%)(?=[ }])")
_IMAGE_SIZE = re.compile(r"(!\[[^\]\n]*\]\([^()\n]*?)[ ]+=\d*%?x\d*(?=[ )])")


def escape_template_marks(text: str) -> str:
    """Return *text* with each template mark escaped, so that Markdown takes it for text."""
    is_mark = _mark_test(text)
    return _MARKS.sub(lambda m: _PUNCTUATION.sub(r"\\\g<0>", m[0]) if is_mark(m) else m[0], text)


def remove_template_marks(text: str) -> str:
    """Return *text* without template marks."""
    is_mark = _mark_test(text)
    return _MARKS.sub(lambda m: "" if is_mark(m) else m[0], text)


def to_commonmark(text: str) -> str:
    """Return *text* with wiki links, wiki images and image sizes rewritten as CommonMark, except in code."""
    pieces = []
    position = 0
    code = [found.span() for found in _MARKS.finditer(text) if found["code"] is not None]
    for begin, end in sorted(code + indented_code_spans(text)):
        if begin >= position:
            pieces += [_rewrite(text[position:begin]), text[begin:end]]
            position = end
    return "".join([*pieces, _rewrite(text[position:])])


def _rewrite(text: str) -> str:
    text = _WIKI_LINK.sub(lambda m: _PUNCTUATION.sub(r"\\\g<0>", m[1]), _WIKI_IMAGE.sub("![](x)", text))
    return _PERCENTAGE.sub(r'\1="\2"', _IMAGE_SIZE.sub(r"\1", text))


def _mark_test(text: str) -> Callable[[re.Match[str]], bool]:
    is_code = indented_code_test(text)
    return lambda found: not is_code(found.start()) and _is_mark(found)


def _is_mark(found: re.Match[str]) -> bool:
    if found["mark"] is None or (found["name"] or "").lower() in html_tags:
        return False
    before = found.string[max(found.start() - 2, 0) : found.start()]
    after = found.string[found.end() : found.end() + 2]
    attributes = _ATTRIBUTE_LIST.match(found[0]) and not before.endswith("\n\n") and before.strip()
    return not (attributes and after in ("\n\n", "\n", ""))
