"""Citations in Pandoc's syntax: `[see @key, p. 3; @other]`, `[-@key]`, `@key` and `@key [p. 3]`.

They are parsed only if the text has a bibliography, whose keys are then known: a bare `@name` that is not
one of them stays text.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.attributes import match_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct

CITATION = "{bifolio}citation"
"""The element of one citation, with a `CITE` for each work. If a key is unknown, it holds the citation as it
was typed, and its attribute `UNKNOWN` lists the unknown keys."""
CITE = "{bifolio}cite"
"""One cited work, with the attributes `key`, `author`, `label` and `locator`."""
PREFIX = "{bifolio}prefix"
SUFFIX = "{bifolio}suffix"
UNKNOWN = "unknown"
WORKS = "works"
"""The environment's entry for the keys of the bibliography; None if the text has no bibliography."""

_KEY = r"@(?:(?P<key>\w(?:\w|[:.#$%&+?<>~/-](?=\w))*)|\{(?P<braced>[^{}\s]+)\})"
_BARE = re.compile(rf"(?P<minus>-?){_KEY}")
_TOKEN = re.compile(
    rf"\\.|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|(?P<minus>(?<!\w)-)?(?<![\w@/]){_KEY}|[\[\];]",
    re.DOTALL,
)
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")


@dataclass(frozen=True, slots=True)
class _Cite:
    """One cited work; its prefix and suffix are (start, end) positions in the text."""

    key: str
    author: str
    """`suppress` if the author is left out, `text` if the author is part of the sentence, otherwise empty."""
    prefix: tuple[int, int]
    suffix: tuple[int, int]


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the rules for citations in brackets, before links, and for bare ones."""
    tokenizer.inline.ruler.before("link", "citation", _rule)
    tokenizer.inline.ruler.before("emphasis", "citation_bare", _bare_rule)


def _rule(state: StateInline, silent: bool) -> bool:
    works: Set[str] | None = state.env.get(WORKS)
    if works is None or state.src[state.pos] != "[":
        return False
    start = state.pos + 1
    end = _closing_bracket(state, state.pos)
    cites = _cites(state.src, start, end) if end > 0 and "@" in state.src[start:end] else []
    if not cites:
        return False
    unknown = [cite.key for cite in cites if cite.key not in works]
    if not silent:
        if unknown:
            _push_unknown(state, unknown, end + 1)
        else:
            _push(state, cites)
    state.pos = end + 1
    return True


def _bare_rule(state: StateInline, silent: bool) -> bool:
    works: Set[str] | None = state.env.get(WORKS)
    if works is None or state.src[state.pos] not in "-@":
        return False
    before = state.src[state.pos - 1 : state.pos]
    found = _BARE.match(state.src, state.pos, state.posMax)
    key = (found["key"] or found["braced"]) if found else ""
    if not found or key not in works or before.isalnum() or (before and before in "_@/"):
        return False
    end = found.end()
    opening = _SPACE.match(state.src, end, state.posMax)
    bracket = opening.end() if opening else end
    cites = [_Cite(key, "suppress" if found["minus"] else "text", (end, end), (end, end))]
    if state.src.startswith("[", bracket, state.posMax):
        suffixed = _with_suffix(state, key, cites[0].author, bracket)
        if suffixed and all(cite.key in works for cite in suffixed):
            cites, end = suffixed, suffixed[-1].suffix[1] + 1
    if not silent:
        _push(state, cites)
    state.pos = end
    return True


def _with_suffix(state: StateInline, key: str, author: str, bracket: int) -> list[_Cite]:
    """Return *key* with the text of the brackets after it, and further works in them; empty if neither."""
    start, end = bracket + 1, _closing_bracket(state, bracket)
    if end <= start or state.src[start] in "^@" or not state.src[start:end].strip():
        return []
    first = next((separator for separator in _separators(state.src, start, end)), end)
    if _first_key(state.src, start, first):
        return []
    return [_Cite(key, author, (start, start), (start, first)), *_cites(state.src, first + 1, end)]


def _closing_bracket(state: StateInline, bracket: int) -> int:
    """Return the position that closes *bracket*; -1 if there is none, or if a link or span begins there."""
    end: int = state.md.helpers.parseLinkLabel(state, bracket, False)
    if end < 0 or end >= state.posMax:
        return -1
    references = state.env.get("references", {})
    if normalizeReference(state.src[bracket + 1 : end]) in references or match_attributes(state, end + 1):
        return -1
    if state.src.startswith("(", end + 1, state.posMax):
        return -1
    return end


def _separators(text: str, start: int, end: int) -> list[int]:
    """Return the positions of the semicolons that separate works between *start* and *end*."""
    depth, separators = 0, []
    for piece in _TOKEN.finditer(text, start, end):
        depth += (piece[0] == "[") - (piece[0] == "]")
        if piece[0] == ";" and not depth:
            separators.append(piece.start())
    return separators


def _first_key(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the match of the first key between *start* and *end*."""
    return next((p for p in _TOKEN.finditer(text, start, end) if p["key"] or p["braced"]), None)


def _cites(text: str, start: int, end: int) -> list[_Cite]:
    """Return the works cited between *start* and *end*; words without a key extend the suffix before them."""
    cites: list[_Cite] = []
    begin = start
    for separator in [*_separators(text, start, end), end]:
        piece = _first_key(text, begin, separator) if begin <= separator else None
        if piece:
            author = "suppress" if piece["minus"] else ""
            key = piece["key"] or piece["braced"]
            cites.append(_Cite(key, author, (begin, piece.start()), (piece.end(), separator)))
            begin = separator + 1
        elif cites:
            last = cites.pop()
            cites.append(_Cite(last.key, last.author, last.prefix, (last.suffix[0], separator)))
            begin = separator + 1
    return cites


def _push(state: StateInline, cites: list[_Cite]) -> None:
    """Push *cites* as one citation, their prefixes and suffixes parsed as inlines."""
    from bifolio.manuscript.citations.locators import split_locator

    state.push("citation_open", "", 1)
    for cite in cites:
        start, end = cite.suffix
        label, locator, length = split_locator(state.src[start:end])
        state.push("cite_open", "", 1).attrs = {
            "key": cite.key, "author": cite.author, "label": label, "locator": locator,
        }  # fmt: skip
        for kind, (begin, stop) in (("prefix", cite.prefix), ("suffix", (start + length, end))):
            if state.src[begin:stop].strip():
                words = state.push(f"cite_{kind}", "", 0)
                words.children = []
                state.md.inline.parse(state.src[begin:stop], state.md, state.env, words.children)
        state.push("cite_close", "", -1)
    state.push("citation_close", "", -1)


def _push_unknown(state: StateInline, keys: list[str], end: int) -> None:
    """Push the text up to *end* as it was typed, marked with its unknown *keys*."""
    limit, works = state.posMax, state.env[WORKS]
    state.push("citation_open", "", 1).attrs = {UNKNOWN: " ".join(keys)}
    state.pending += "["
    state.pos, state.posMax, state.env[WORKS] = state.pos + 1, end - 1, None
    state.md.inline.tokenize(state)
    state.posMax, state.env[WORKS] = limit, works
    state.pending += "]"
    state.push("citation_close", "", -1)


def _render_citation(token: Token, parent: Element) -> Element:
    """Append the citation that *token* opens to *parent*."""
    return SubElement(parent, CITATION, {name: str(value) for name, value in token.attrs.items()})


def _render_cite(token: Token, parent: Element) -> Element:
    """Append the cited work in *token* to *parent*."""
    return SubElement(parent, CITE, {name: str(value) for name, value in token.attrs.items() if value})


def _render_prefix(token: Token, parent: Element) -> Element:
    """Append an element for the words before a work to *parent*."""
    return SubElement(parent, PREFIX)


def _render_suffix(token: Token, parent: Element) -> Element:
    """Append an element for the words after a work to *parent*."""
    return SubElement(parent, SUFFIX)


CONSTRUCT = Construct(
    tokenize=_register_rules,
    render={
        "citation_open": _render_citation,
        "cite_open": _render_cite,
        "cite_prefix": _render_prefix,
        "cite_suffix": _render_suffix,
    },
)
