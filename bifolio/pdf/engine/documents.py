"""WeasyPrint documents of a tree, of HTML text or of drawn pages, and contexts for partial layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import weasyprint
from weasyprint import DEFAULT_OPTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, DocumentMetadata
from weasyprint.html import get_html_metadata

from bifolio.pdf.engine.fetcher import SCHEME, PublicationFetcher


class TreeDocument(weasyprint.HTML):  # type: ignore[misc]
    """An HTML document of a tree; WeasyPrint's own constructor parses text."""

    def __init__(self, root: Element, fetcher: PublicationFetcher) -> None:
        self.base_url = f"{SCHEME}:text"
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


def write_html(
    text: str,
    fetcher: PublicationFetcher,
    *,
    base_url: str | None = None,
    stylesheets: Iterable[Any] = (),
    fonts: Any = None,
) -> bytes:
    """Return the HTML *text* as an untagged PDF; *fetcher* opens images."""
    document = weasyprint.HTML(string=text, base_url=base_url, url_fetcher=fetcher)
    data: bytes = document.write_pdf(stylesheets=list(stylesheets), font_config=fonts)
    return data


def layout_context(document: TreeDocument, options: Mapping[str, Any]) -> Any:
    """Return a layout context for single boxes of *document*, whose text is not laid out."""
    rest = DEFAULT_OPTIONS | dict(options)
    fonts = rest.pop("font_config")
    return Document._build_layout_context(document, fonts, CounterStyle(), {}, rest)


def document_of_pages(document: TreeDocument, pages: Sequence[Any], intent: str) -> Any:
    """Return a WeasyPrint document of the drawn *pages*, with the metadata of *document*.

    *intent* names the colour profile of its output intent (ISO 32000-1, 14.11.5).
    """
    return Document(
        pages, DocumentMetadata(**get_html_metadata(document)), document.url_fetcher,
        SimpleNamespace(font_map=None), {}, intent,
    )  # fmt: skip
