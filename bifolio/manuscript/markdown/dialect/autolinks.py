"""Bare URLs and email addresses as links (GitHub Flavored Markdown 0.29, 6.9).

mdit-py-plugins decides where a URL ends. Two of its rules are replaced: the one for schemes searches all the
text before every colon and does not know `ftp`; the one for email addresses runs after emphasis, too late for
an address with an underscore.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.gfm_autolink._match import check_prev, match_any_email, match_http

from bifolio.manuscript.markdown.dialect.construct import Construct

_SCHEME = re.compile(r"(?:https?|ftp|mailto|xmpp)$")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.+_-]{1,64}$")
"""The local part of an email address, as far as an `@` or `_` (at most 64 octets: RFC 5321, 4.5.3.1.1)."""
_WORD = re.compile(r"\S{1,2000}")
_EMAIL = re.compile(r"\S{1,320}")
"""The longest text searched for an email address (RFC 5321 allows 64 + 1 + 255 octets)."""
_ONLY_W_OF_WWW = r"(?<!w(?!ww\.))"
"""A lookbehind: the terminator is not a `w`, unless it begins `www.`."""


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline rules for bare URLs and email addresses outside links and code."""
    gfm_autolink_plugin(tokenizer)
    # The plugin makes every `w` a terminator, at which all rules are tried; only that of `www.` is needed.
    tokenizer.inline.terminator_re = re.compile(tokenizer.inline.terminator_re.pattern + _ONLY_W_OF_WWW)
    tokenizer.inline.ruler.disable("gfm_autolink_email")
    tokenizer.inline.ruler.at("gfm_autolink_protocol", _scheme_rule)
    tokenizer.inline.ruler.before("emphasis", "email", _email_rule)


def _scheme_rule(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if not scheme:
        return False
    word = _word(_WORD, state, len(scheme.group()))
    length = _length(scheme.group(), word)
    return _push(state, len(scheme.group()), word[:length], word[:length])


def _email_rule(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel or state.src[state.pos] not in "@_":
        return False
    local = _LOCAL_PART.search(state.pending[-65:])
    if not local:
        return False
    word = _word(_EMAIL, state, len(local.group()))
    match = match_any_email(word, 0, None) if "@" in word else None
    if not match:
        return False
    return _push(state, len(local.group()), match[0], word[: match[1]])


def _word(pattern: re.Pattern[str], state: StateInline, before: int) -> str:
    """Return the match of *pattern* that begins *before* characters before the position of *state*.

    Empty if no URL or email address may begin there.
    """
    start = state.pos - before
    if start and not check_prev(state.src[start - 1]):
        return ""
    word = pattern.match(state.src, start, state.posMax)
    return word.group() if word else ""


def _length(scheme: str, word: str) -> int:
    """Return the length of the URL or email address, *scheme* included, at the start of *word*; 0 if none."""
    if scheme in ("mailto", "xmpp"):
        match = match_any_email(word, len(scheme) + 1, scheme) if word else None
        return match[1] if match else 0
    match = match_http(f"http{word.removeprefix(scheme)}") if word else None
    return match[1] - len("http") + len(scheme) if match else 0


def _push(state: StateInline, before: int, target: str, text: str) -> bool:
    """Push a link with *text*, *before* characters of it consumed already; return False if it is empty."""
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
