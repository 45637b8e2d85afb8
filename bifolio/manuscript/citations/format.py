"""Formats citations and bibliography entries by a CSL style, with citeproc-py.

Two things that citeproc-py lacks are added: year-suffix disambiguation, and the names of a citation apart
from the rest. A work that it cannot format is formatted plainly, and recorded.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.manuscript.citations.citeproc_patches import CITEPROC_ERRORS, apply_patches, check_patches
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
    """One work in a citation, with its locator."""

    key: str
    label: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class FormattedCite:
    """One work in a citation, as rich text."""

    names: str
    rest: str
    whole: str


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """One work in the bibliography, as rich text."""

    key: str
    number: str
    """The first field, if the style sets it apart (CSL 1.0.2, `second-field-align`)."""
    text: str


class CitationFormatter:
    """Formats the cited works of a text by one style."""

    def __init__(self, text: str, language: str, works: Sequence[Work]) -> None:
        """Load the style *text*, CSL, for *works*, in the order of their first citation.

        Raises UnusableStyle if the style is not supported, and EditionError if a patch does not fit the
        installed citeproc-py.
        """
        from citeproc import CitationStylesBibliography

        check_patches()
        self._style = load_style(text, language)
        self._works = {work.key: work for work in works}
        self._item_keys = {work.key: f"w{index}" for index, work in enumerate(works)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about unknown variables
            references = {self._item_keys[work.key]: to_reference(work, language) for work in works}
        self._references = references
        self._bibliography: Any = CitationStylesBibliography(self._style, references, FORMATTER)
        self._bibliography.keys = list(references)
        self._bibliography.items = [self._citation_item(Cite(work.key)) for work in works]
        self.failed: dict[str, str] = {}
        """By key of each work that was formatted plainly: the reason."""
        option = self._style.root.citation.get_locale_option("punctuation-in-quote")
        self._inside = str(option).lower() == "true"
        self._keys = self._sort_works()
        if self._style.root.citation.get("disambiguate-add-year-suffix") == "true":
            self._add_year_suffixes()

    def cite(self, cite: Cite) -> FormattedCite:
        """Return *cite*, its names apart from the rest if it begins with them."""
        whole = self._format(cite, self._style.root.citation.layout)
        if not strip_markers(whole).strip():
            whole = self._format_plainly(cite.key, "the style produces no text for it")
        start, end = whole.find(NAMES_START), _end_of_names(whole)
        if end < 0 or strip_markers(whole[:start]).strip():
            return FormattedCite("", whole, whole)
        return FormattedCite(whole[:end], _strip_delimiter(whole[end:]), whole)

    def template(self, count: int) -> str:
        """Return the affixes and delimiters of a citation, with *count* placeholders for works."""
        layout = self._style.root.citation.layout
        with apply_patches():
            return fix_punctuation(
                str(layout.format(layout.wrap(layout.join([CITE_PLACEHOLDER] * count)))), inside=False
            )

    def names(self, key: str) -> str:
        """Return the short names of the work *key*, for a style whose citations have none."""
        work = self._works[key]
        names = _short_names(work)
        citation = self._style.root.citation
        if len(names) == 2:
            return self._expand_et_al(f"{names[0]} {citation.get_single_term(name='and')} {names[1]}")
        if len(names) > 2:
            return f"{names[0]} {citation.get_single_term(name='et-al')}"
        return self._expand_et_al(encode_tags(names[0] if names else work.texts.get("title", key)))

    def sort(self, cites: Sequence[Cite]) -> list[int]:
        """Return the indices of *cites* in the order of the style."""
        sort = self._style.root.citation.find(f"{CSL_NAMESPACE}sort")
        if sort is None:
            return list(range(len(cites)))
        items = [self._citation_item(cite) for cite in cites]
        try:
            with apply_patches():
                ordered = sort.sort(items, self._style.root.citation.layout)
        except CITEPROC_ERRORS:
            return list(range(len(cites)))
        return [next(index for index, other in enumerate(items) if other is item) for item in ordered]

    def entries(self) -> list[BibliographyEntry]:
        """Return the bibliography in the order of the style."""
        bibliography = self._style.root.bibliography
        if bibliography is None:
            return []
        entries = []
        for key in self._keys:
            text = self._format(Cite(key), bibliography.layout)
            if not strip_markers(text).strip():
                text = self._format_plainly(key, "the style produces no text for it")
            number = ""
            if bibliography.get("second-field-align"):
                number, text = self._split_first_field(key, text)
            entries.append(BibliographyEntry(key, number, text))
        return entries

    def _split_first_field(self, key: str, text: str) -> tuple[str, str]:
        """Return the first field of the entry *text* of the work *key*, and the rest."""
        layout = self._style.root.bibliography.layout
        layout.repressed = {}
        try:
            with apply_patches():
                number = str(layout[0].render(self._citation_item(Cite(key))) or "")
        except CITEPROC_ERRORS:
            return "", text
        number = number.strip()
        return (number, text[len(number) :].lstrip()) if number and text.startswith(number) else ("", text)

    def _citation_item(self, cite: Cite) -> Any:
        from citeproc import Citation, CitationItem, Locator

        locator = {"locator": Locator(cite.label, cite.locator)} if cite.locator else {}
        item = CitationItem(self._item_keys[cite.key], **locator)
        Citation([item]).bibliography = self._bibliography
        return item

    def _format(self, cite: Cite, layout: Any) -> str:
        """Return *cite* formatted by *layout*, with affixes only if that is the bibliography's."""
        is_entry = layout.getparent().tag == f"{CSL_NAMESPACE}bibliography"
        layout.repressed = {}
        try:
            with apply_patches():
                text = layout.render_children(self._citation_item(cite))
                text = layout.format(layout.wrap(text)) if is_entry and text is not None else text
        except CITEPROC_ERRORS as error:
            return self._format_plainly(cite.key, f"citeproc-py raised {type(error).__name__}: {error}")
        return fix_punctuation(self._expand_et_al(str(text or "")), inside=self._inside)

    def _expand_et_al(self, text: str) -> str:
        """Return *text* with the term `et-al` for the names that `ET_AL` stands for."""
        if ET_AL not in text:
            return text
        citation = self._style.root.citation
        conjunction = re.escape(str(citation.get_single_term(name="and")))
        return re.sub(
            rf",?\s*(?:{conjunction}|&)?\s*{ET_AL}", f" {citation.get_single_term(name='et-al')}", text
        )

    def _format_plainly(self, key: str, why: str) -> str:
        """Return names, year and title of the work *key*; record *why* the style cannot format it."""
        self.failed.setdefault(key, why)
        work = self._works[key]
        names = ", ".join(_short_names(work))
        date = work.dates.get("issued", Date())
        year = str(date.start[0]) if date.start else date.literal
        parts = [f"{NAMES_START}{names}{NAMES_END}" if names else "", year, work.texts.get("title", "")]
        return encode_tags(". ".join(part for part in parts if part)) or key

    def _sort_works(self) -> list[str]:
        """Sort the works in the order of the style; return their keys."""
        bibliography = self._style.root.bibliography
        keys = {name: key for key, name in self._item_keys.items()}
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

    def _add_year_suffixes(self) -> None:
        """Add a year-suffix to works whose citations are the same."""
        same: dict[str, list[str]] = {}
        for key in self._keys:
            same.setdefault(strip_markers(self.cite(Cite(key)).whole), []).append(key)
        for keys in same.values():
            for index, key in enumerate(keys if len(keys) > 1 else []):
                reference = self._references[self._item_keys[key]]
                reference["year-suffix"] = reference["year_suffix"] = _year_suffix(index)


def _short_names(work: Work) -> list[str]:
    """Return the family names of the authors of *work*, else of its editors or translators."""
    roles = [role for role in ("author", "editor", "translator") if role in work.names]
    return [name.get("family") or name.get("literal", "") for name in work.names[roles[0]]] if roles else []


def _end_of_names(text: str) -> int:
    """Return the end of the first names of *text*; -1 if it has none."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == NAMES_START) - (character == NAMES_END)
        if character == NAMES_END and not depth:
            return position + 1
    return -1


def _strip_delimiter(rest: str) -> str:
    """Return *rest*, the text after names, without the delimiter before it."""
    return rest.lstrip(" ,;:.\N{NO-BREAK SPACE}").removeprefix(CLOSE) if rest else ""


def _year_suffix(index: int) -> str:
    """Return the year-suffix for *index*: a, b, ..., z, aa, ab and so on."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
