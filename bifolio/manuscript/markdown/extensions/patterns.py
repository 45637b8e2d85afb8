"""Runs inline patterns of extensions as rules of markdown-it-py.

So they nest with emphasis and links, as the dialect's own constructs do. At one position, a pattern of an
extension takes precedence over the dialect.
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
class _Match:
    """A match of a pattern: its range in the text and its node."""

    start: int
    end: int
    node: Element | str
    index: int
    """The index of the pattern."""


class ExtensionPatterns:
    """The inline patterns of extensions, in order of priority."""

    def __init__(
        self, inline_parser: CommonMarkInlineParser, patterns: Sequence[Pattern | InlineProcessor]
    ) -> None:
        self.inline_parser = inline_parser
        self.patterns = patterns
        self.first = 0
        """The index of the first pattern to try: inside a match, only patterns of lower priority run."""
        self._text = ""
        self._cache: dict[int, _Match | None] = {}

    def register(self) -> None:
        """Register the inline rules with the parser, if there are any patterns."""
        if not self.patterns:
            return
        ruler = self.inline_parser.tokenizer.inline.ruler
        ruler.before("text", _TYPE, self._rule)
        ruler.at("text", self._text_rule)
        self.inline_parser.renderers[_TYPE] = self._render
        self.inline_parser.has_patterns = True

    def _rule(self, state: StateInline, silent: bool) -> bool:
        match = self._next(state)
        if not match or match.start != state.pos or match.end > state.posMax:
            return False
        if not silent:
            token = state.push("text" if isinstance(match.node, str) else _TYPE, "", 0)
            token.content = match.node if isinstance(match.node, str) else ""
            token.meta["match"] = match
        state.pos = match.end
        return True

    def _text_rule(self, state: StateInline, silent: bool) -> bool:
        """Consume text up to the next position at which a rule or pattern may match."""
        terminator = state.md.inline.terminator_re.search(state.src, state.pos)
        match = self._next(state)
        ends = [terminator.start()] if terminator else []
        ends += [match.start] if match and match.start > state.pos else []
        end = min([*ends, state.posMax])
        if end == state.pos:
            return False
        if not silent:
            state.append_pending(state.src[state.pos : end])
        state.pos = end
        return True

    def _next(self, state: StateInline) -> _Match | None:
        """Return the first match of any pattern at or after the position of *state*."""
        if state.src != self._text:
            self._text, self._cache = state.src, {}
        matches = []
        for index in range(self.first, len(self.patterns)):
            pattern = self.patterns[index]
            if state.linkLevel and "a" in getattr(pattern, "ANCESTOR_EXCLUDES", ()):
                continue
            cached = self._cache.get(index)
            if index not in self._cache or (cached and cached.start < state.pos):
                cached = self._cache[index] = next(_search(pattern, index, state.src, state.pos), None)
            if cached:
                matches.append(cached)
        return min(matches, key=lambda match: (match.start, match.index), default=None)

    def _render(self, token: Token, parent: Element) -> Element:
        """Append the element that a pattern made to *parent*, and parse the text in it."""
        match: _Match = token.meta["match"]
        assert not isinstance(match.node, str)
        parent.append(match.node)
        before, self.first = self.first, match.index + 1
        self._text = ""
        self.inline_parser.parse_tree(match.node)
        self.first, self._text = before, ""
        return match.node


def _search(pattern: Pattern | InlineProcessor, index: int, text: str, position: int) -> Iterator[_Match]:
    """Yield the matches of *pattern* in *text* from *position* on."""
    if isinstance(pattern, InlineProcessor):
        for match in pattern.compiled_re.finditer(text, position):
            node, start, end = pattern.handleMatch(match, text)
            if node is not None and start is not None and end is not None and position <= start < end:
                yield _Match(start, end, node, index)
    else:  # the legacy kind, whose first and last groups are the text before and after the match
        whole = pattern.compiled_re.match(text[position:])
        node = pattern.handleMatch(whole) if whole else None
        if whole and node is not None:
            yield _Match(position + whole.end(1), position + whole.start(whole.re.groups), node, index)
