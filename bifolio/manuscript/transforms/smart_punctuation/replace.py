"""Typographic punctuation for what is typed on a typewriter's keys, by the language of the text.

A block is read as a whole, so that marks pair across emphasis and links. Code, drawings, mathematics,
addresses and attributes stay as they are, and so does what is typographic already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from bifolio.manuscript.markdown.dialect.inline import AS_TYPED
from bifolio.manuscript.markdown.dialect.notes import NOTE
from bifolio.manuscript.transforms.smart_punctuation.quote_styles import NARROW, QuoteStyle, quote_style
from bifolio.manuscript.transforms.smart_punctuation.quotes import OBJECT, QuoteResolver
from bifolio.model.publication import INLINE, NOTE_CALL, text_of

_VERBATIM = frozenset("code kbd pre samp var".split())
_LOOKAHEAD = 32
"""How many marks side by side are looked at for what follows them."""
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
    """A piece of a block's text, with where it stands."""

    text: str
    language: str
    element: Element | None = None
    """None for what only stands for something else."""
    tail: bool = False


def apply_smart_punctuation(root: Element, language: str) -> None:
    """Set the punctuation of *root* as its languages do; *language* is that of what names none."""
    if _has_nothing_to_change(root, language):
        return
    for block in _blocks(root, language):
        text = "".join(run.text for run in block)
        become = _replacements(text, [run.language for run in block for _ in run.text])
        if not become:
            continue
        start = 0
        for run in block:
            end = start + len(run.text)
            if run.element is not None:
                new = "".join(become.get(place, text[place]) for place in range(start, end))
                if run.tail:
                    run.element.tail = new
                else:
                    run.element.text = new
            start = end


def _has_nothing_to_change(root: Element, language: str) -> bool:
    """Say whether nothing in *root* can change, which is soon known where it is."""
    row = quote_style(language)
    if row and (row.spaced or row.inside):
        return False
    return not _CANDIDATE.search(text_of(root)) and not any(
        "lang" in element.attrib for element in root.iter()
    )


def smart_text(text: str, language: str) -> str:
    """Return *text*, which is without mark-up, with the punctuation of *language*."""
    become = _replacements(text, [language] * len(text))
    return "".join(become.get(place, character) for place, character in enumerate(text))


def remove_escapes(root: Element) -> None:
    """Take the marks out of *root* that keep a character as it was typed."""
    typed = AS_TYPED in text_of(root)
    for element in root.iter():
        if typed:
            element.text = element.text and plain_text(element.text)
            element.tail = element.tail and plain_text(element.tail)
        for name, value in element.attrib.items():
            element.attrib[name] = plain_text(value)


def plain_text(text: str) -> str:
    """Return *text* without the marks that keep a character as it was typed."""
    return text.replace(AS_TYPED, "") if AS_TYPED in text else text


def _blocks(root: Element, language: str) -> Iterator[list[_TextRun]]:
    """Give the text of each block in *root*, a block within a block for itself."""
    block: list[_TextRun] = []

    def add(text: str | None, spoken: str, element: Element | None = None, tail: bool = False) -> None:
        if text:
            block.append(_TextRun(text, spoken, element, tail))

    # Each entry is an element to enter, or one that was left, with the language around it.
    stack: list[tuple[Element, str, bool]] = [(root, language, False)]
    while stack:
        element, outer, left = stack.pop()
        inline = element.tag in INLINE
        if left:
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
            # A note's mark or a chance to break is nothing between two letters.
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
    """Say whether what *element* holds is no prose: code, a drawing, a formula, an address."""
    tag = element.tag
    if tag in _VERBATIM or tag in ("br", "wbr", "img") or (tag.startswith("{") and tag != NOTE):
        return True
    href = unquote(element.get("href", "")) if tag == "a" else ""
    return bool(href) and unquote(text_of(element)) in (href, href.removeprefix("mailto:"))


def _replacements(text: str, languages: list[str]) -> dict[int, str]:
    """Return what the characters of *text* become, by their places; *languages* has one for each."""
    known = {language: quote_style(language) for language in set(languages)}
    if not _CANDIDATE.search(text) and not any(row and (row.spaced or row.inside) for row in known.values()):
        return {}
    fixed: set[int] = set()
    become: dict[int, str] = {}
    for kept in _ESCAPED.finditer(text):
        become[kept.start()] = ""
        fixed |= {kept.start(), kept.start() + 1}
    for address in _URL_OR_EMAIL.finditer(text):
        written = address.group().rstrip(_URL_TRAILING_PUNCTUATION)
        fixed.update(range(address.start(), address.start() + len(written)))
    spoken: dict[int, QuoteStyle] = {}
    for place, language in enumerate(languages):
        row = known[language]
        if row is not None and place not in fixed:
            spoken[place] = row
    for sign in _DASHES_AND_DOTS.finditer(text):
        if all(place in spoken for place in range(*sign.span())):
            become |= dict.fromkeys(range(sign.start() + 1, sign.end()), "")
            become[sign.start()] = _REPLACEMENTS[sign.group()]
    straight = {place: row for place, row in spoken.items() if text[place] in "\"'"}
    become |= QuoteResolver(text, straight).resolve()
    if any(row.spaced or row.inside for row in spoken.values()):
        _insert_spaces(text, spoken, become)
    return become


def _insert_spaces(text: str, spoken: dict[int, QuoteStyle], become: dict[int, str]) -> None:
    """Set narrow no-break spaces where the language of a place wants them."""
    before = ""
    for place, character in enumerate(text):
        row = spoken.get(place)
        following = text[place + 1 : place + 2]
        new = become.get(place, character)
        if row is None:
            pass
        elif character == " ":
            before_mark = bool(following) and following in row.spaced + row.inside.replace(NARROW, "»")
            held = before_mark and before and not before.isspace()
            if held or (row.inside and before == "«"):
                new = become[place] = NARROW
        elif character in row.spaced and (before.isalnum() or before in _SPACE_AFTER):
            ahead = text[place : place + _LOOKAHEAD].lstrip(row.spaced)[:1]
            # A time of day, an address and a face made of marks have no space.
            if not (ahead.isalnum() or (ahead and ahead in "/-(") or (ahead == ")" and character in ";:")):
                new = become[place] = NARROW + character
        before = new[-1:] or before
