"""The quotation marks of each language, and what else its punctuation asks for."""

from __future__ import annotations

from dataclasses import dataclass

NARROW = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one language."""

    double: str
    """What opens and what closes where the author types `"`: two characters."""
    single: str
    """What opens and what closes where the author types `'`."""
    source: str
    """Who says so."""
    inside: str = ""
    """The space between the marks for `"` and what they hold."""
    spaced: str = ""
    """The marks that a narrow no-break space stands before."""
    elided: frozenset[str] = frozenset()
    """Words that begin with an apostrophe, without it, in small letters."""


_ENGLISH = frozenset("tis tisn twas twasn twere twill twould em til n cos cuz cept nother".split())
_GERMAN = frozenset("s n ne nen nem ner rauf raus rein rüber rum runter ran".split())
_DUTCH = frozenset("s t n k m r ns".split())
_ITALIAN = frozenset("sto sta sti ste na no ndrangheta ndrina l".split())

_BY_LANGUAGE = {
    "en": Marks("“”", "‘’", "CLDR, delimiters of en", elided=_ENGLISH),
    "az": Marks("“”", "‘’", "CLDR, delimiters of az"),
    "bg": Marks("„“", "„“", "CLDR, delimiters of bg"),
    "ca": Marks("«»", "“”", "CLDR, delimiters of ca"),
    "cs": Marks("„“", "‚‘", "CLDR, delimiters of cs"),
    "da": Marks("“”", "‘’", "CLDR, delimiters of da"),
    "de": Marks("„“", "‚‘", "CLDR, delimiters of de", elided=_GERMAN),
    "de-ch": Marks("«»", "‹›", "Bundeskanzlei, Schreibweisungen", elided=_GERMAN),
    "de-li": Marks("«»", "‹›", "Bundeskanzlei, Schreibweisungen", elided=_GERMAN),
    "el": Marks("«»", "“”", "CLDR, delimiters of el"),
    "es": Marks("«»", "“”", "CLDR, delimiters of es"),
    "fi": Marks("””", "’’", "CLDR, delimiters of fi"),
    "fr": Marks("«»", "“”", "CLDR, delimiters of fr; inner ones by babel-french", NARROW, ";:!?"),
    "fr-ca": Marks("«»", "“”", "CLDR, delimiters of fr-CA; inner ones by babel-french", NARROW, ":"),
    "fr-ch": Marks("«»", "‹›", "CLDR, delimiters of fr-CH", NARROW, ";:!?"),
    "hu": Marks("„”", "»«", "CLDR, delimiters of hu"),
    "hy": Marks("«»", "«»", "CLDR, delimiters of hy"),
    "it": Marks("«»", "“”", "CLDR, delimiters of it", elided=_ITALIAN),
    "nb": Marks("«»", "‘’", "CLDR, delimiters of no"),
    "nl": Marks("“”", "‘’", "Taalunie, Taaladvies, aanhalingstekens", elided=_DUTCH),
    "nn": Marks("«»", "‘’", "CLDR, delimiters of no"),
    "no": Marks("«»", "‘’", "CLDR, delimiters of no"),
    "pl": Marks("„”", "«»", "CLDR, delimiters of pl"),
    "pt": Marks("“”", "‘’", "CLDR, delimiters of pt"),
    "pt-pt": Marks("«»", "“”", "CLDR, delimiters of pt-PT"),
    "ro": Marks("„”", "«»", "CLDR, delimiters of ro"),
    "ru": Marks("«»", "„“", "CLDR, delimiters of ru"),
    "sk": Marks("„“", "‚‘", "CLDR, delimiters of sk"),
    "sv": Marks("””", "’’", "CLDR, delimiters of sv"),
    "tr": Marks("“”", "‘’", "CLDR, delimiters of tr"),
    "uk": Marks("«»", "„“", "CLDR, delimiters of uk"),
}  # fmt: skip


def marks(language: str) -> Marks | None:
    """Return the marks of *language*, a BCP 47 tag, by its longest beginning that we know.

    None where we know none: nothing of such a text is changed (RFC 4647, 3.4, lookup).
    """
    tag = language.lower()
    while tag and tag not in _BY_LANGUAGE:
        tag = tag.rpartition("-")[0]
    return _BY_LANGUAGE.get(tag)
