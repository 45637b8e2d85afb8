"""Quotation marks, spacing and elisions of each language."""

from __future__ import annotations

from dataclasses import dataclass

NARROW = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class QuoteStyle:
    """The punctuation of one language."""

    double: str
    """The opening and the closing mark for a typed `"`: two characters."""
    single: str
    """The opening and the closing mark for a typed `'`."""
    source: str
    """The reference for these marks."""
    inside: str = ""
    """The space inside double quotation marks."""
    spaced: str = ""
    """The punctuation marks that follow a narrow no-break space."""
    elided: frozenset[str] = frozenset()
    """Words that can begin with an apostrophe, without it and in lower case."""


_ENGLISH = frozenset("tis tisn twas twasn twere twill twould em til n cos cuz cept nother".split())
_GERMAN = frozenset("s n ne nen nem ner rauf raus rein rüber rum runter ran".split())
_DUTCH = frozenset("s t n k m r ns".split())
_ITALIAN = frozenset("sto sta sti ste na no ndrangheta ndrina l".split())

_BY_LANGUAGE = {
    "en": QuoteStyle("“”", "‘’", "CLDR, delimiters of en", elided=_ENGLISH),
    "az": QuoteStyle("“”", "‘’", "CLDR, delimiters of az"),
    "bg": QuoteStyle("„“", "„“", "CLDR, delimiters of bg"),
    "ca": QuoteStyle("«»", "“”", "CLDR, delimiters of ca"),
    "cs": QuoteStyle("„“", "‚‘", "CLDR, delimiters of cs"),
    "da": QuoteStyle("“”", "‘’", "CLDR, delimiters of da"),
    "de": QuoteStyle("„“", "‚‘", "CLDR, delimiters of de", elided=_GERMAN),
    "de-ch": QuoteStyle("«»", "‹›", "Bundeskanzlei, Schreibweisungen", elided=_GERMAN),
    "de-li": QuoteStyle("«»", "‹›", "Bundeskanzlei, Schreibweisungen", elided=_GERMAN),
    "el": QuoteStyle("«»", "“”", "CLDR, delimiters of el"),
    "es": QuoteStyle("«»", "“”", "CLDR, delimiters of es"),
    "fi": QuoteStyle("””", "’’", "CLDR, delimiters of fi"),
    "fr": QuoteStyle("«»", "“”", "CLDR, delimiters of fr; inner ones by babel-french", NARROW, ";:!?"),
    "fr-ca": QuoteStyle("«»", "“”", "CLDR, delimiters of fr-CA; inner ones by babel-french", NARROW, ":"),
    "fr-ch": QuoteStyle("«»", "‹›", "CLDR, delimiters of fr-CH", NARROW, ";:!?"),
    "hu": QuoteStyle("„”", "»«", "CLDR, delimiters of hu"),
    "hy": QuoteStyle("«»", "«»", "CLDR, delimiters of hy"),
    "it": QuoteStyle("«»", "“”", "CLDR, delimiters of it", elided=_ITALIAN),
    "nb": QuoteStyle("«»", "‘’", "CLDR, delimiters of no"),
    "nl": QuoteStyle("“”", "‘’", "Taalunie, Taaladvies, aanhalingstekens", elided=_DUTCH),
    "nn": QuoteStyle("«»", "‘’", "CLDR, delimiters of no"),
    "no": QuoteStyle("«»", "‘’", "CLDR, delimiters of no"),
    "pl": QuoteStyle("„”", "«»", "CLDR, delimiters of pl"),
    "pt": QuoteStyle("“”", "‘’", "CLDR, delimiters of pt"),
    "pt-pt": QuoteStyle("«»", "“”", "CLDR, delimiters of pt-PT"),
    "ro": QuoteStyle("„”", "«»", "CLDR, delimiters of ro"),
    "ru": QuoteStyle("«»", "„“", "CLDR, delimiters of ru"),
    "sk": QuoteStyle("„“", "‚‘", "CLDR, delimiters of sk"),
    "sv": QuoteStyle("””", "’’", "CLDR, delimiters of sv"),
    "tr": QuoteStyle("“”", "‘’", "CLDR, delimiters of tr"),
    "uk": QuoteStyle("«»", "„“", "CLDR, delimiters of uk"),
}  # fmt: skip


def quote_style(language: str) -> QuoteStyle | None:
    """Return the style of *language*, a BCP 47 tag, or of its longest known prefix (RFC 4647, 3.4, lookup).

    None if no prefix is known: the punctuation of such a text is not changed.
    """
    tag = language.lower()
    while tag and tag not in _BY_LANGUAGE:
        tag = tag.rpartition("-")[0]
    return _BY_LANGUAGE.get(tag)
