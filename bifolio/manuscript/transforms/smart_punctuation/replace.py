"""Replaces straight quotes, hyphens and dots by typographic punctuation.

A block is processed as a whole, so that quotation marks pair across emphasis and links. Code, drawings,
mathematics, URLs and attributes are left alone, and so is punctuation that is typographic already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from bifolio.manuscript.markdown.dialect.inline import AS_TYPED
from bifolio.manuscript.markdown.dialect.notes import NOTE
from bifolio.manuscript.transforms.smart_punctuation.quote_styles import NARROW, QuoteStyle, quote_style
from bifolio.manuscript.transforms.smart_punctuation.quotes import OBJECT, QuoteResolver
from bifolio.model.publication import INLINE, NOTE_CALL, Metadata, text_of

_VERBATIM = frozenset("code kbd pre samp var".split())
_LOOKAHEAD = 32
"""The number of adjacent punctuation marks to skip when looking for the next character."""
_DASHES_AND_DOTS = re.compile(r"(?<![-<])-{2,3}(?![->])|(?<!\.)\.{3,4}(?!\.)")
_REPLACEMENTS = {"--": "\N{EN DASH}", "---": "\N{EM DASH}", "...": "…", "....": "…."}
_URL_OR_EMAIL = re.compile(
    r"(?:\b(?:https?|ftp|mailto|tel|doi|urn):|\bwww\.)[^\s\"'<>]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_URL_TRAILING_PUNCTUATION = ".-;:!?"
_SPACE_AFTER = frozenset(f"»”’)]%…{OBJECT}")
_CANDIDATE = re.compile(rf"[\"'{AS_TYPED}]|--|\.\.\.")
_ESCAPED = re.compile(rf"{AS_TYPED}(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _TextRun:
    """A part of the text of a block, and the element to write it back to."""

    text: str
    language: str
    element: Element | None = None
    """None for a placeholder of content that is not text."""
    tail: bool = False
    """Whether it is the tail of `element`, not its text."""


def apply_smart_punctuation(root: Element, language: str) -> None:
    """Replace the punctuation in *root*; *language* is the language of elements without a `lang`."""
    if _has_nothing_to_change(root, language):
        return
    for block in _blocks(root, language):
        text = "".join(run.text for run in block)
        replaced = _replacements(text, [run.language for run in block for _ in run.text])
        if not replaced:
            continue
        start = 0
        for run in block:
            end = start + len(run.text)
            if run.element is not None:
                new = "".join(replaced.get(index, text[index]) for index in range(start, end))
                if run.tail:
                    run.element.tail = new
                else:
                    run.element.text = new
            start = end


def _has_nothing_to_change(root: Element, language: str) -> bool:
    """Return whether *root* certainly needs no replacement: a fast check."""
    style = quote_style(language)
    if style and (style.spaced or style.inside):
        return False
    return not _CANDIDATE.search(text_of(root)) and not any(
        "lang" in element.attrib for element in root.iter()
    )


def smart_text(text: str, language: str) -> str:
    """Return *text*, which has no markup, with the punctuation of *language*."""
    replaced = _replacements(text, [language] * len(text))
    return "".join(replaced.get(index, character) for index, character in enumerate(text))


def smart_metadata(metadata: Metadata, escaped_title: str) -> Metadata:
    """Return *metadata* with the typographic punctuation of its language.

    *escaped_title* is the title with the escape characters that protect punctuation.
    """

    def smart(text: str) -> str:
        return smart_text(text, metadata.language)

    return replace(
        metadata,
        title=smart(escaped_title),
        subtitle=smart(metadata.subtitle),
        short_title=smart(metadata.short_title),
        authors=tuple(smart(name) for name in metadata.authors),
        description=smart(metadata.description),
        publisher=smart(metadata.publisher),
        edition=smart(metadata.edition),
        rights=smart(metadata.rights),
    )


def remove_escapes(root: Element) -> None:
    """Remove the escape characters from *root* that protect punctuation from being replaced."""
    has_escapes = AS_TYPED in text_of(root)
    for element in root.iter():
        if has_escapes:
            element.text = element.text and plain_text(element.text)
            element.tail = element.tail and plain_text(element.tail)
        for name, value in element.attrib.items():
            element.attrib[name] = plain_text(value)


def plain_text(text: str) -> str:
    """Return *text* without the escape characters that protect punctuation from being replaced."""
    return text.replace(AS_TYPED, "") if AS_TYPED in text else text


def _blocks(root: Element, language: str) -> Iterator[list[_TextRun]]:
    """Yield the text of each block in *root*; nested blocks are separate."""
    block: list[_TextRun] = []

    def add(text: str | None, language: str, element: Element | None = None, tail: bool = False) -> None:
        if text:
            block.append(_TextRun(text, language, element, tail))

    # An element, the language around it, and whether its content is done and its tail is next.
    stack: list[tuple[Element, str, bool]] = [(root, language, False)]
    while stack:
        element, outer, is_done = stack.pop()
        inline = element.tag in INLINE
        if is_done:
            if not inline and block:
                yield block
                block = []
            add(element.tail if element is not root else None, outer, element, True)
            continue
        inner = element.get("lang", outer)
        if _is_verbatim(element):
            if element.tag == "pre" and block:
                yield block
                block = []
            # A note call or a break opportunity does not separate two letters.
            add({"br": "\n", "wbr": "", NOTE_CALL: "", "pre": ""}.get(element.tag, OBJECT), outer)
            add(element.tail, outer, element, True)
            continue
        if not inline and block:
            yield block
            block = []
        add(element.text, inner, element)
        stack.append((element, outer, True))
        stack.extend((child, inner, False) for child in reversed(element))
    if block:
        yield block


def _is_verbatim(element: Element) -> bool:
    """Return whether the content of *element* is not prose: code, a drawing, a formula, or a URL as text."""
    tag = element.tag
    if tag in _VERBATIM or tag in ("br", "wbr", "img") or (tag.startswith("{") and tag != NOTE):
        return True
    href = unquote(element.get("href", "")) if tag == "a" else ""
    return bool(href) and unquote(text_of(element)) in (href, href.removeprefix("mailto:"))


def _replacements(text: str, languages: list[str]) -> dict[int, str]:
    """Return the replacement of each character of *text* that changes, by its index.

    *languages* has the language of each character.
    """
    known = {language: quote_style(language) for language in set(languages)}
    has_spaces = any(style and (style.spaced or style.inside) for style in known.values())
    if not has_spaces and not _CANDIDATE.search(text):
        return {}
    replaced = {escape.start(): "" for escape in _ESCAPED.finditer(text)}
    protected = _protected(text)
    styles: dict[int, QuoteStyle] = {}
    for index, language in enumerate(languages):
        style = known[language]
        if style is not None and index not in protected:
            styles[index] = style
    for match in _DASHES_AND_DOTS.finditer(text):
        if all(index in styles for index in range(*match.span())):
            replaced |= dict.fromkeys(range(match.start() + 1, match.end()), "")
            replaced[match.start()] = _REPLACEMENTS[match.group()]
    straight = {index: style for index, style in styles.items() if text[index] in "\"'"}
    replaced |= QuoteResolver(text, straight).resolve()
    if any(style.spaced or style.inside for style in styles.values()):
        _insert_spaces(text, styles, replaced)
    return replaced


def _protected(text: str) -> set[int]:
    """Return the indices of the characters of *text* that are escaped or in a URL or an e-mail address."""
    protected: set[int] = set()
    for escape in _ESCAPED.finditer(text):
        protected |= {escape.start(), escape.start() + 1}
    for match in _URL_OR_EMAIL.finditer(text):
        url = match.group().rstrip(_URL_TRAILING_PUNCTUATION)
        protected.update(range(match.start(), match.start() + len(url)))
    return protected


def _insert_spaces(text: str, styles: dict[int, QuoteStyle], replaced: dict[int, str]) -> None:
    """Add narrow no-break spaces to *replaced*, where the style at an index asks for them."""
    before = ""
    for index, character in enumerate(text):
        style = styles.get(index)
        following = text[index + 1 : index + 2]
        new = replaced.get(index, character)
        if style is None:
            pass
        elif character == " ":
            before_mark = bool(following) and following in style.spaced + style.inside.replace(NARROW, "»")
            is_attached = before_mark and before and not before.isspace()
            if is_attached or (style.inside and before == "«"):
                new = replaced[index] = NARROW
        elif character in style.spaced and (before.isalnum() or before in _SPACE_AFTER):
            ahead = text[index : index + _LOOKAHEAD].lstrip(style.spaced)[:1]
            # There is no space in a time of day, a URL or an emoticon.
            if not (ahead.isalnum() or (ahead and ahead in "/-(") or (ahead == ")" and character in ";:")):
                new = replaced[index] = NARROW + character
        before = new[-1:] or before
