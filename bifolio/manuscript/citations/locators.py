"""Finds the locator in the suffix of a citation: that of `, pp. 33-35 and passim` is page `33-35`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TERMS = {
    "book": "books? bk. bks. livre libro Buch kniha книга",
    "chapter": "chapters? chap. chaps. ch. chs. chapitres? capítulos? cap. Kapitel Kap. глава гл.",
    "column": "columns? col. cols. Spalte Sp. colonne стб.",
    "figure": "figures? fig. figs. Abbildung Abb. рис.",
    "folio": "folios? fol. fols. л.",
    "issue": "number numbers no. nos. Nummer Nr. №",
    "line": "lines? l. ll. Zeile",
    "note": "notes? n. nn. Anm. прим.",
    "opus": "opus op. opera opp.",
    "page": "pages? p. pp. Seiten? S. página páginas pág. págs. pagina str. bl. blz. с. стр. էջ s.",
    "paragraph": "paragraphs? para. paras. ¶ ¶¶ Abs. абз.",
    "part": "parts? pt. pts. Teil partie parte часть ч.",
    "section": "sections? sec. secs. § §§ Abschnitt раздел",
    "sub verbo": "sub verbo s.v. s.vv.",
    "verse": "verses? v. vv. Vers",
    "volume": "volumes? vol. vols. Band Bd. tome том т.",
}
"""By locator label (CSL 1.0.2, Locators): the words and abbreviations that authors write for it."""


def _labels() -> Iterator[tuple[str, str]]:
    """Yield every word for a locator label, in lower case, with the label."""
    for label, terms in _TERMS.items():
        for term in terms.lower().replace("sub verbo", "sub_verbo").split():
            word = term.replace("_", " ")
            yield word.removesuffix("s?"), label
            yield word.replace("?", ""), label


_LABELS = dict(_labels())
_LABEL = re.compile(
    "|".join(re.escape(word) for word in sorted(_LABELS, key=len, reverse=True)), re.IGNORECASE
)
_NUMBER = r"(?:\w*\d\w*(?:[.:/]\w+)*|[ivxlcdm]+(?!\w))"
_NUMBERS = re.compile(rf"{_NUMBER}(?:(?:\s*[-–]+\s*|\s*,\s*|\s*&\s*){_NUMBER})*", re.IGNORECASE)
_BEFORE = re.compile(r"\s*,?\s*")
_BRACED = re.compile(r"\{([^{}]*)\}")


def split_locator(suffix: str) -> tuple[str, str, int]:
    """Return the label of the locator that *suffix* begins with, the locator, and the length of both.

    The default label is `page`. Braces may delimit the locator. Returns empty strings and 0 if there is none.
    """
    start = _skip(_BEFORE, suffix, 0)
    braced = _BRACED.match(suffix, start)
    text, at = (braced[1], 0) if braced else (suffix, start)
    label, at = _label(text, at)
    numbers = _NUMBERS.match(text, at)
    if braced and braced[1].strip():
        return label or "page", _normalize(text[at:]), braced.end()
    if not numbers or not (label or text[at].isdigit()):
        return "", "", 0
    return label or "page", _normalize(numbers[0]), numbers.end()


def _label(text: str, start: int) -> tuple[str, int]:
    """Return the label at *start* of *text*, empty if there is none, and the start of the locator."""
    found = _LABEL.match(text, start)
    if not found:
        return "", start
    # A label that ends in a letter must be followed by a space.
    if found[0][-1].isalpha() and not text[found.end() : found.end() + 1].isspace():
        return "", start
    return _LABELS[found[0].lower()], _skip(re.compile(r"\s*"), text, found.end())


def _skip(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _normalize(numbers: str) -> str:
    return re.sub(r"\s*(?:-+|–)\s*", "-", " ".join(numbers.split()))
