"""What a file for print declares of itself: PDF/X-1a:2001 (ISO 15930-1), where it keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

X1A = "PDF/X-1a:2001"
_CONDITION = "CGATS TR 001"
"""The condition of web presses in America, as the registry of the ICC calls it; it needs no profile."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the book."""

    title: str
    author: str
    date: str
    """As ISO 8601 writes it; empty where it is not known."""


def declare(pdf: pikepdf.Pdf, facts: Facts) -> None:
    """Let *pdf* say that it is PDF/X-1a:2001, and for what printing condition it is made."""
    when = String(_pdf_date(facts.date))
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(
        Title=facts.title, Author=facts.author, Creator="Bifolio", Producer="Bifolio, by way of pikepdf",
        CreationDate=when, ModDate=when, Trapped=Name.False_,
        GTS_PDFXVersion=String("PDF/X-1:2001"), GTS_PDFXConformance=String(X1A),
    ))  # fmt: skip
    pdf.Root.OutputIntents = Array([Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String(_CONDITION),
        OutputCondition=String(_CONDITION), RegistryName=String("http://www.color.org"),
    )])  # fmt: skip


def _pdf_date(date: str) -> str:
    """Return *date* as a PDF writes it (ISO 32000-1, 7.9.4), the first day of what is not said."""
    parts = re.findall(r"\d+", date)[:6] or ["1980"]
    return (
        "D:"
        + "".join(part.zfill(2) for part in [*parts, *("01", "01", "00", "00", "00")[len(parts) - 1 :]])
        + "Z"
    )
