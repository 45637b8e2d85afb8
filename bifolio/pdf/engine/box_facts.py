"""Facts that Bifolio keeps on WeasyPrint's objects: one attribute, `bifolio`, on each kind.

Facts about a box are immutable, since copies of the box share them. A style, a font configuration and a
PDF each hold one mutable record; WeasyPrint's own copies of styles do not take it along.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class BoxFacts(NamedTuple):
    """Facts about one box."""

    is_artifact: bool = False
    """Whether it is an artifact (ISO 32000-1, 14.8.2.2), such as a running head or a repeated header."""
    font_expansion: float = 1.0
    """The factor by which the glyphs of the line are widened (pdfTeX: font expansion)."""
    footnote_part: tuple[Any, Any] = (None, None)
    """In a footnote area: the footnote that the box belongs to, and where that is split."""
    is_at_page_top: bool = False
    """Whether the page was empty above it when its child was laid out."""
    is_landscape: bool = False
    """Of a page box: whether the page is rotated by a quarter turn when it is drawn."""


_NO_FACTS = BoxFacts()


def box_facts(box: Any) -> BoxFacts:
    """Return the facts about *box*."""
    facts: BoxFacts = box.__dict__.get("bifolio", _NO_FACTS)
    return facts


def set_box_facts(box: Any, **facts: Any) -> None:
    """Set *facts*, fields of `BoxFacts`, on *box*."""
    box.bifolio = box_facts(box)._replace(**facts)


def mark_artifact(box: Any) -> None:
    """Mark *box* as an artifact."""
    set_box_facts(box, is_artifact=True)


@dataclass(slots=True, eq=False)
class StyleFacts:
    """Results of a style that WeasyPrint would compute again for each box."""

    pango_layout: Any = None
    """A Pango layout set up for the style, and its language."""
    strut: tuple[float, float] | None = None
    has_no_background: bool | None = None
    lengths: Any = None
    """The sizes in the style, and the used lengths computed from them."""
    metrics: Any = None
    """The text metrics of the style."""


def style_facts(style: Any) -> StyleFacts:
    """Return the facts about *style*, which may be set."""
    facts: StyleFacts | None = style.__dict__.get("bifolio")
    if facts is None:
        facts = style.bifolio = StyleFacts()
    return facts


@dataclass(slots=True, eq=False)
class FontFacts:
    """Facts about a font configuration."""

    metrics: dict[str, Any] = field(default_factory=dict)
    """The text metrics of styles, by what they depend on."""


def font_facts(fonts: Any) -> FontFacts:
    """Return the facts about the font configuration *fonts*, which may be set."""
    facts: FontFacts | None = fonts.__dict__.get("bifolio")
    if facts is None:
        facts = fonts.bifolio = FontFacts()
    return facts


@dataclass(slots=True, eq=False)
class PdfFacts:
    """Facts about a PDF that is being written."""

    page_references: tuple[bytes, ...] = ()


def pdf_facts(pdf: Any) -> PdfFacts:
    """Return the facts about *pdf*, which may be set."""
    facts: PdfFacts | None = pdf.__dict__.get("bifolio")
    if facts is None:
        facts = pdf.bifolio = PdfFacts()
    return facts
