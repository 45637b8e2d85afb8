"""What a citation says of the place within a work: `, pp. 33-35 and passim` has the locator `33-35`."""

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
"""What a place is called, in the words of CSL (CSL 1.0.2, locators), and how authors write it."""


def _labels() -> Iterator[tuple[str, str]]:
    """Give every word for a kind of place, in small letters, with the kind."""
    for label, terms in _TERMS.items():
        for term in terms.lower().replace("sub verbo", "sub_verbo").split():
            word = term.replace("_", " ")
            yield word.removesuffix("s?"), label
            yield word.replace("?", ""), label


_LABELS = dict(_labels())
_LABEL = re.compile(
    "|".join(re.escape(word) for word in sorted(_LABELS, key=len, reverse=True)), re.IGNORECASE
)
_ONE = r"(?:\w*\d\w*(?:[.:/]\w+)*|[ivxlcdm]+(?!\w))"
_NUMBERS = re.compile(rf"{_ONE}(?:(?:\s*[-–]+\s*|\s*,\s*|\s*&\s*){_ONE})*", re.IGNORECASE)
_BEFORE = re.compile(r"\s*,?\s*")
_BRACED = re.compile(r"\{([^{}]*)\}")


def split_locator(suffix: str) -> tuple[str, str, int]:
    """Return the kind of place that *suffix* begins with, its number, and how many characters both take.

    A number without a word for its kind is a page. Braces around all of it say where it ends. Empty and 0
    where there is none.
    """
    start = _end(_BEFORE, suffix, 0)
    braced = _BRACED.match(suffix, start)
    text, at = (braced[1], 0) if braced else (suffix, start)
    label, at = _label(text, at)
    numbers = _NUMBERS.match(text, at)
    if braced and braced[1].strip():
        return label or "page", _tidy(text[at:]), braced.end()
    if not numbers or not (label or text[at].isdigit()):
        return "", "", 0
    return label or "page", _tidy(numbers[0]), numbers.end()


def _label(text: str, start: int) -> tuple[str, int]:
    """Return the kind of place that is named at *start* of *text*, and where its number begins."""
    found = _LABEL.match(text, start)
    if not found:
        return "", start
    # `p` is no word for a page unless a dot, a space or the number itself follows it.
    if found[0][-1].isalpha() and not text[found.end() : found.end() + 1].isspace():
        return "", start
    return _LABELS[found[0].lower()], _end(re.compile(r"\s*"), text, found.end())


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _tidy(numbers: str) -> str:
    return re.sub(r"\s*(?:-+|–)\s*", "-", " ".join(numbers.split()))
