"""Declares conformance to PDF/X-1a:2001 (ISO 15930-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

X1A = "PDF/X-1a:2001"
_CONDITION = "CGATS TR 001"
"""SWOP web offset, by its name in the ICC characterization data registry; it needs no embedded profile."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """The entries of the document information dictionary (ISO 32000-1, 14.3.3)."""

    title: str
    author: str
    created: datetime
    """In UTC."""


def declare_pdfx(pdf: pikepdf.Pdf, info: DocumentInfo) -> None:
    """Declare in *pdf* that it is PDF/X-1a:2001, with its output intent."""
    when = String(f"D:{info.created:%Y%m%d%H%M%S}Z")  # ISO 32000-1, 7.9.4
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(
        Title=info.title, Author=info.author, Creator="Bifolio", Producer="Bifolio, by way of pikepdf",
        CreationDate=when, ModDate=when, Trapped=Name.False_,
        GTS_PDFXVersion=String("PDF/X-1:2001"), GTS_PDFXConformance=String(X1A),
    ))  # fmt: skip
    pdf.Root.OutputIntents = Array([Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String(_CONDITION),
        OutputCondition=String(_CONDITION), RegistryName=String("http://www.color.org"),
    )])  # fmt: skip
