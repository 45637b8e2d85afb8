"""Citations and works set by a style of CSL, with citeproc-py.

What it lacks is done here: a letter behind the year that tells works of the same people and year apart, and
the names of a citation apart from the rest. What it would lose without a word, it is made to say.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.manuscript.citations.citeproc_patches import CITEPROC_ERRORS, apply_patches
from bifolio.manuscript.citations.citeproc_source import to_reference
from bifolio.manuscript.citations.csl_items import Date, Work
from bifolio.manuscript.citations.load_style import CSL_NAMESPACE, load_style
from bifolio.manuscript.citations.rich_text import (
    CITE_PLACEHOLDER,
    CLOSE,
    ET_AL,
    FORMATTER,
    NAMES_END,
    NAMES_START,
    encode_tags,
    fix_punctuation,
    strip_markers,
)


@dataclass(frozen=True, slots=True)
class Cite:
    """One work in a citation, with the place in it."""

    key: str
    label: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class FormattedCite:
    """One work as a citation gives it, in words with marks."""

    names: str
    rest: str
    whole: str


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """One work as the list of works gives it, in words with marks."""

    key: str
    number: str
    """What stands before it, where the style sets a number apart."""
    text: str


class CitationFormatter:
    """A style and the works that are to be set by it."""

    def __init__(self, text: str, language: str, works: Sequence[Work]) -> None:
        """Make ready to set *works*, those that are cited, in the order in which they first are.

        *text* is CSL. Raises Unusable where it is none that can be used.
        """
        from citeproc import CitationStylesBibliography

        self._style = load_style(text, language)
        self._works = {work.key: work for work in works}
        self._names = {work.key: f"w{number}" for number, work in enumerate(works)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of variables that it does not know
            source = {self._names[work.key]: to_reference(work, language) for work in works}
        self._source = source
        self._bibliography: Any = CitationStylesBibliography(self._style, source, FORMATTER)
        self._bibliography.keys = list(source)
        self._bibliography.items = [self._item(Cite(work.key)) for work in works]
        self.failed: dict[str, str] = {}
        """Why works could not be set, by their keys; they are set plainly."""
        option = self._style.root.citation.get_locale_option("punctuation-in-quote")
        self._inside = str(option).lower() == "true"
        self._order = self._sort()
        if self._style.root.citation.get("disambiguate-add-year-suffix") == "true":
            self._tell_apart()

    def cite(self, cite: Cite) -> FormattedCite:
        """Return what *cite* is in a citation."""
        whole = self._set(cite, self._style.root.citation.layout)
        if not strip_markers(whole).strip():
            whole = self._plainly(cite.key, "the style shows nothing of it")
        start, end = whole.find(NAMES_START), _end_of_names(whole)
        if end < 0 or strip_markers(whole[:start]).strip():
            return FormattedCite("", whole, whole)
        return FormattedCite(whole[:end], _without_mark(whole[end:]), whole)

    def around(self, count: int) -> str:
        """Return what stands around and between *count* works in a citation, a place for each of them."""
        layout = self._style.root.citation.layout
        with apply_patches():
            return fix_punctuation(
                str(layout.format(layout.wrap(layout.join([CITE_PLACEHOLDER] * count)))), inside=False
            )

    def people(self, key: str) -> str:
        """Return who made the work *key*, for a style whose citations do not say it."""
        work = self._works[key]
        people = next(
            (work.names[role] for role in ("author", "editor", "translator") if role in work.names), ()
        )
        names = [name.get("family") or name.get("literal", "") for name in people]
        citation = self._style.root.citation
        if len(names) == 2:
            return self._name_others(f"{names[0]} {citation.get_single_term(name='and')} {names[1]}")
        if len(names) > 2:
            return f"{names[0]} {citation.get_single_term(name='et-al')}"
        return self._name_others(encode_tags(names[0] if names else work.texts.get("title", key)))

    def in_order(self, cites: Sequence[Cite]) -> list[int]:
        """Return the order in which the style wants *cites*."""
        sort = self._style.root.citation.find(f"{CSL_NAMESPACE}sort")
        if sort is None:
            return list(range(len(cites)))
        items = [self._item(cite) for cite in cites]
        try:
            with apply_patches():
                ordered = sort.sort(items, self._style.root.citation.layout)
        except CITEPROC_ERRORS:
            return list(range(len(cites)))
        return [next(n for n, item in enumerate(items) if item is one) for one in ordered]

    def entries(self) -> list[BibliographyEntry]:
        """Return the list of works in the order of the style."""
        bibliography = self._style.root.bibliography
        if bibliography is None:
            return []
        entries = []
        for key in self._order:
            text = self._set(Cite(key), bibliography.layout)
            if not strip_markers(text).strip():
                text = self._plainly(key, "the style shows nothing of it")
            number = ""
            if bibliography.get("second-field-align"):
                number, text = self._split(key, text)
            entries.append(BibliographyEntry(key, number, text))
        return entries

    def _split(self, key: str, text: str) -> tuple[str, str]:
        """Part the number before the work *key*, which is set as *text*."""
        layout = self._style.root.bibliography.layout
        layout.repressed = {}
        try:
            with apply_patches():
                number = str(layout[0].render(self._item(Cite(key))) or "")
        except CITEPROC_ERRORS:
            return "", text
        number = number.strip()
        return (number, text[len(number) :].lstrip()) if number and text.startswith(number) else ("", text)

    def _item(self, cite: Cite) -> Any:
        from citeproc import Citation, CitationItem, Locator

        place = {"locator": Locator(cite.label, cite.locator)} if cite.locator else {}
        item = CitationItem(self._names[cite.key], **place)
        Citation([item]).bibliography = self._bibliography
        return item

    def _set(self, cite: Cite, layout: Any) -> str:
        """Return *cite* as *layout* has it, without what stands around a citation."""
        whole = layout.getparent().tag == f"{CSL_NAMESPACE}bibliography"
        layout.repressed = {}
        try:
            with apply_patches():
                text = layout.render_children(self._item(cite))
                text = layout.format(layout.wrap(text)) if whole and text is not None else text
        except CITEPROC_ERRORS as error:
            return self._plainly(cite.key, f"citeproc-py says {type(error).__name__}: {error}")
        return fix_punctuation(self._name_others(str(text or "")), inside=self._inside)

    def _name_others(self, text: str) -> str:
        """Return *text* with what the language says for people who are not named."""
        if ET_AL not in text:
            return text
        citation = self._style.root.citation
        conjunction = re.escape(str(citation.get_single_term(name="and")))
        return re.sub(
            rf",?\s*(?:{conjunction}|&)?\s*{ET_AL}", f" {citation.get_single_term(name='et-al')}", text
        )

    def _plainly(self, key: str, why: str) -> str:
        """Return people, year and title of the work *key*, which could not be set for the reason *why*."""
        self.failed.setdefault(key, why)
        work = self._works[key]
        people = next(
            (work.names[role] for role in ("author", "editor", "translator") if role in work.names), ()
        )
        names = ", ".join(name.get("family") or name.get("literal", "") for name in people)
        date = work.dates.get("issued", Date())
        year = str(date.first[0]) if date.first else date.literal
        parts = [f"{NAMES_START}{names}{NAMES_END}" if names else "", year, work.texts.get("title", "")]
        return encode_tags(". ".join(part for part in parts if part)) or key

    def _sort(self) -> list[str]:
        """Put the works into the order of the style, and return their keys so."""
        bibliography = self._style.root.bibliography
        keys = {name: key for key, name in self._names.items()}
        items = self._bibliography.items
        sort = bibliography.find(f"{CSL_NAMESPACE}sort") if bibliography is not None else None
        if sort is not None:
            try:
                with apply_patches():
                    items = sort.sort(items, bibliography.layout)
            except CITEPROC_ERRORS:
                items = self._bibliography.items
        self._bibliography.items = items
        self._bibliography.keys = [item.key for item in items]
        return [keys[item.key] for item in items]

    def _tell_apart(self) -> None:
        """Put a letter behind the year of works that a citation could not tell apart."""
        alike: dict[str, list[str]] = {}
        for key in self._order:
            alike.setdefault(strip_markers(self.cite(Cite(key)).whole), []).append(key)
        for keys in alike.values():
            for number, key in enumerate(keys if len(keys) > 1 else []):
                reference = self._source[self._names[key]]
                reference["year-suffix"] = reference["year_suffix"] = _letters(number)


def _makers(work: Work) -> list[str]:
    """Return the short names of those who made *work*."""
    roles = [role for role in ("author", "editor", "translator") if role in work.names]
    return [name.get("family") or name.get("literal", "") for name in work.names[roles[0]]] if roles else []


def _end_of_names(text: str) -> int:
    """Return where the first names of *text* end, -1 where it has none."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == NAMES_START) - (character == NAMES_END)
        if character == NAMES_END and not depth:
            return place + 1
    return -1


def _without_mark(rest: str) -> str:
    """Return *rest*, which followed names, without the punctuation that parted it from them."""
    return rest.lstrip(" ,;:.\N{NO-BREAK SPACE}").removeprefix(CLOSE) if rest else ""


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
