"""The PDF edition: the print tree laid out by WeasyPrint."""

from __future__ import annotations

from bifolio.errors import EditionError
from bifolio.pdf.bench import font_faces, open_bench, own_files
from bifolio.pdf.formulas import Drawings, draw
from bifolio.pdf.joining import join
from bifolio.pdf.log import listening, to_findings
from bifolio.pdf.notes import STYLE
from bifolio.pdf.paper import Paper, longest_note, page_style
from bifolio.pdf.print_tree import print_tree
from bifolio.pdf.setting import Place, set_text
from bifolio.publication import Edition, Publication
from bifolio.stylesheet import Stylesheet


def bind_pdf(
    publication: Publication,
    stylesheet: Stylesheet,
    paper: Paper,
    *,
    forced: bool = False,
    missing: frozenset[str] = frozenset(),
) -> Edition:
    """Lay *publication* out on *paper*, dressed by *stylesheet*, as PDF/UA-1 and PDF/A-2a.

    *forced* sets the paper against what the sheet says; *missing* are the characters already known to be
    in no font. Raises EditionError when the layout fails.
    """
    drawings, findings = draw(publication)
    try:
        data, pages, messages = _lay_out(publication, stylesheet, drawings, paper, forced, missing)
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise EditionError(
            f"The PDF cannot be laid out: {type(error).__name__}: {error}.",
            hint="Take out what was added last, and report the source that does this.",
        ) from error
    except RecursionError as error:
        raise EditionError("The PDF cannot be laid out: the text is nested too deep.") from error
    findings += to_findings(messages, publication, stylesheet, missing)
    return Edition("pdf", data, pages, tuple(findings))


def _lay_out(
    publication: Publication,
    stylesheet: Stylesheet,
    drawings: Drawings,
    paper: Paper,
    forced: bool,
    missing: frozenset[str],
) -> tuple[bytes, int, tuple[str, ...]]:
    """Return the PDF, the number of its pages, and what the layout logged."""
    size = f"@page {{ size: {paper.width:g}mm {paper.height:g}mm !important }}" if forced else ""
    bench = open_bench(
        (font_faces() + page_style(paper), stylesheet.text, size + STYLE), publication.pictures
    )
    root = print_tree(publication, drawings, longest_note(paper))
    own = own_files()
    text = set_text(root, bench, Place(missing=missing, own=frozenset(own)))
    with listening() as messages:
        data = join(root, [text], [], None, own)
    return data, len(text.leaves), (*text.messages, *messages)
