"""Bare addresses as links: `www.`, `https://` and the like, mailboxes (GFM 0.29, 6.9).

How far an address goes is the judgement of mdit-py-plugins. Of its rules, that for schemes searches all the
text before every colon and knows no `ftp`, and that for mailboxes comes too late where a mailbox has an
underscore in it; so these two are ours.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.gfm_autolink._match import check_prev, match_any_email, match_http

from bifolio.manuscript.markdown.dialect.construct import Construct

_SCHEME = re.compile(r"(?:https?|ftp|mailto|xmpp)$")
_LOCAL = re.compile(r"[A-Za-z0-9.+_-]{1,64}$")
"""The part of a mailbox before the `@` or an underscore (RFC 5321, 4.5.3.1.1 gives it 64 octets)."""
_WORD = re.compile(r"\S{1,2000}")
_MAILBOX = re.compile(r"\S{1,320}")
"""What addresses are looked for in; longer ones are none that a person has written."""
_NO_OTHER_W = r"(?<!w(?!ww\.))"
"""Behind a mark: that it is no `w` but the first of `www.`."""


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find bare addresses outside links and code."""
    gfm_autolink_plugin(tokenizer)
    # The plugin lets every `w` be looked at by all rules, and none of the others is a mark of anything.
    tokenizer.inline.terminator_re = re.compile(tokenizer.inline.terminator_re.pattern + _NO_OTHER_W)
    tokenizer.inline.ruler.disable("gfm_autolink_email")
    tokenizer.inline.ruler.at("gfm_autolink_protocol", _scheme_rule)
    tokenizer.inline.ruler.before("emphasis", "mailbox", _mailbox_rule)


def _scheme_rule(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if not scheme:
        return False
    word = _word(_WORD, state, len(scheme.group()))
    length = _length(scheme.group(), word)
    return _push(state, len(scheme.group()), word[:length], word[:length])


def _mailbox_rule(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel or state.src[state.pos] not in "@_":
        return False
    local = _LOCAL.search(state.pending[-65:])
    if not local:
        return False
    word = _word(_MAILBOX, state, len(local.group()))
    match = match_any_email(word, 0, None) if "@" in word else None
    if not match:
        return False
    return _push(state, len(local.group()), match[0], word[: match[1]])


def _word(kind: re.Pattern[str], state: StateInline, before: int) -> str:
    """Return the word of *kind* that begins *before* characters before the place of *state*.

    Empty where no address may begin there.
    """
    start = state.pos - before
    if start and not check_prev(state.src[start - 1]):
        return ""
    word = kind.match(state.src, start, state.posMax)
    return word.group() if word else ""


def _length(scheme: str, word: str) -> int:
    """Return how many characters of *word*, which begins with *scheme*, are an address; 0 for none."""
    if scheme in ("mailto", "xmpp"):
        match = match_any_email(word, len(scheme) + 1, scheme) if word else None
        return match[1] if match else 0
    match = match_http(f"http{word.removeprefix(scheme)}") if word else None
    return match[1] - len("http") + len(scheme) if match else 0


def _push(state: StateInline, before: int, target: str, text: str) -> bool:
    """Add a link that shows *text*, of which *before* characters are passed already; none if it is empty."""
    if not text:
        return False
    state.pending = state.pending[:-before]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": state.md.normalizeLink(target)}
    opening.markup, opening.info = "autolink", "auto"
    state.push("text", "", 0).content = state.md.normalizeLinkText(text)
    closing = state.push("link_close", "a", -1)
    closing.markup, closing.info = "autolink", "auto"
    state.pos += len(text) - before
    return True


CONSTRUCT = Construct(tokenize=_register_rules)
