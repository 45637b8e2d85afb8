"""The PDF edition: the print tree laid out by WeasyPrint."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from bifolio.errors import EditionError
from bifolio.fonts import own_faces
from bifolio.pdf.conformance import VARIANT, compress, declare
from bifolio.pdf.fetcher import SCHEME, Shelf, address
from bifolio.pdf.formulas import Drawings, draw
from bifolio.pdf.log import listening, to_findings
from bifolio.pdf.notes import STYLE, kept
from bifolio.pdf.paper import Paper, longest_note, page_style
from bifolio.pdf.print_tree import print_tree
from bifolio.pdf.structure import mark_artifacts, own_tags
from bifolio.publication import Edition, Publication
from bifolio.stylesheet import Stylesheet


class _Tree(weasyprint.HTML):  # type: ignore[misc]
    """An HTML document made of a tree: WeasyPrint's own way in is a string, parsed again."""

    def __init__(self, root: Element, shelf: Shelf) -> None:
        self.base_url = f"{SCHEME}:text"
        self.url_fetcher = shelf
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


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
    shelf = Shelf(_files(publication))
    drawings, findings = draw(publication)
    with listening() as messages:
        try:
            data, pages = _lay_out(publication, stylesheet, drawings, paper, shelf, forced)
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
    shelf: Shelf,
    forced: bool,
) -> tuple[bytes, int]:
    """Return the PDF and the number of its pages."""
    fonts = FontConfiguration()
    size = f"@page {{ size: {paper.width:g}mm {paper.height:g}mm !important }}" if forced else ""
    sheets = [
        weasyprint.CSS(
            string=text, base_url=f"{SCHEME}:style", url_fetcher=shelf, font_config=fonts,
            media_type="print",
        )
        for text in (_font_faces() + page_style(paper), stylesheet.text, size + STYLE)
    ]  # fmt: skip
    root = print_tree(publication, drawings, longest_note(paper))
    with kept():
        document: Any = _Tree(root, shelf).render(
            font_config=fonts,
            stylesheets=sheets,
            pdf_variant=VARIANT,
            presentational_hints=True,
        )
    document.text_root = root
    mark_artifacts(document)
    declare(document)
    with own_tags():
        data: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=compress)
    return data, len(document.pages)


def _font_faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f" font-style: {face.style}; src: url({address('font', face.path.name)}) }}\n"
        for face in own_faces()
    )


def _files(publication: Publication) -> dict[str, tuple[str, bytes]]:
    """Return all that the layout may open."""
    files = {address("font", face.path.name): ("font/otf", face.path.read_bytes()) for face in own_faces()}
    files |= {
        address("picture", picture.name): (picture.media_type, picture.data)
        for picture in publication.pictures
    }
    return files
