"""What a file for print declares of itself: PDF/X-1a:2001 (ISO 15930-1), where it keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

X1A = "PDF/X-1a:2001"
_CONDITION = "CGATS TR 001"
"""The condition of web presses in America, as the registry of the ICC calls it; it needs no profile."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of the book."""

    title: str
    author: str
    made: datetime
    """When the file says that it was made, in UTC."""


def declare_pdfx(pdf: pikepdf.Pdf, facts: DocumentInfo) -> None:
    """Let *pdf* say that it is PDF/X-1a:2001, and for what printing condition it is made."""
    when = String(f"D:{facts.made:%Y%m%d%H%M%S}Z")  # ISO 32000-1, 7.9.4
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(
        Title=facts.title, Author=facts.author, Creator="Bifolio", Producer="Bifolio, by way of pikepdf",
        CreationDate=when, ModDate=when, Trapped=Name.False_,
        GTS_PDFXVersion=String("PDF/X-1:2001"), GTS_PDFXConformance=String(X1A),
    ))  # fmt: skip
    pdf.Root.OutputIntents = Array([Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String(_CONDITION),
        OutputCondition=String(_CONDITION), RegistryName=String("http://www.color.org"),
    )])  # fmt: skip
