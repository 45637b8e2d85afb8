"""Inline patterns of extensions, tried by markdown-it-py at each place of a text.

So they may stand in emphasis and links and hold them, as our own marks do. What a pattern finds goes before
what the dialect would find at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor, Pattern
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.inline import CommonMarkInlineParser

_TYPE = "extension_inline"


@dataclass(frozen=True, slots=True)
class _Hit:
    """What a pattern has found, and where."""

    start: int
    end: int
    node: Element | str
    rank: int
    """The place of the pattern among all."""


class ExtensionPatterns:
    """The patterns, those first that ask for it."""

    def __init__(
        self, inlines: CommonMarkInlineParser, patterns: Sequence[Pattern | InlineProcessor]
    ) -> None:
        self.inlines = inlines
        self.patterns = patterns
        self.first = 0
        """The first pattern that is tried: within what one has found, those behind it."""
        self._text = ""
        self._hits: dict[int, _Hit | None] = {}

    def register(self) -> None:
        """Let the parser of inlines try the patterns, if there are any."""
        if not self.patterns:
            return
        ruler = self.inlines.tokenizer.inline.ruler
        ruler.before("text", _TYPE, self._rule)
        ruler.at("text", self._pass_text)
        self.inlines.renderers[_TYPE] = self._build
        self.inlines.has_patterns = True

    def _rule(self, state: StateInline, silent: bool) -> bool:
        hit = self._next(state)
        if not hit or hit.start != state.pos or hit.end > state.posMax:
            return False
        if not silent:
            token = state.push("text" if isinstance(hit.node, str) else _TYPE, "", 0)
            token.content = hit.node if isinstance(hit.node, str) else ""
            token.meta["hit"] = hit
        state.pos = hit.end
        return True

    def _pass_text(self, state: StateInline, silent: bool) -> bool:
        """Pass over text to the next place where a rule or a pattern may find something."""
        mark = state.md.inline.terminator_re.search(state.src, state.pos)
        hit = self._next(state)
        places = [mark.start()] if mark else []
        places += [hit.start] if hit and hit.start > state.pos else []
        end = min([*places, state.posMax])
        if end == state.pos:
            return False
        if not silent:
            state.append_pending(state.src[state.pos : end])
        state.pos = end
        return True

    def _next(self, state: StateInline) -> _Hit | None:
        """Return the first that any pattern finds at the place of *state* or behind it."""
        if state.src != self._text:
            self._text, self._hits = state.src, {}
        hits = []
        for rank in range(self.first, len(self.patterns)):
            pattern = self.patterns[rank]
            if state.linkLevel and "a" in getattr(pattern, "ANCESTOR_EXCLUDES", ()):
                continue
            known = self._hits.get(rank)
            if rank not in self._hits or (known and known.start < state.pos):
                known = self._hits[rank] = next(_search(pattern, rank, state.src, state.pos), None)
            if known:
                hits.append(known)
        return min(hits, key=lambda hit: (hit.start, hit.rank), default=None)

    def _build(self, token: Token, parent: Element) -> Element:
        """Add what a pattern has made to *parent*, and read the text in it."""
        hit: _Hit = token.meta["hit"]
        assert not isinstance(hit.node, str)
        parent.append(hit.node)
        before, self.first = self.first, hit.rank + 1
        self._text = ""
        self.inlines.read_tree(hit.node)
        self.first, self._text = before, ""
        return hit.node


def _search(pattern: Pattern | InlineProcessor, rank: int, text: str, place: int) -> Iterator[_Hit]:
    """Give what *pattern* finds in *text* from *place* on."""
    if isinstance(pattern, InlineProcessor):
        for match in pattern.compiled_re.finditer(text, place):
            node, start, end = pattern.handleMatch(match, text)
            if node is not None and start is not None and end is not None and place <= start < end:
                yield _Hit(start, end, node, rank)
    else:  # the older kind, whose expression takes the text before and behind as its first and last group
        whole = pattern.compiled_re.match(text[place:])
        made = pattern.handleMatch(whole) if whole else None
        if whole and made is not None:
            yield _Hit(place + whole.end(1), place + whole.start(whole.re.groups), made, rank)
