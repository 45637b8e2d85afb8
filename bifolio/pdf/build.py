"""Builds the PDF edition: lays out its sections, numbers their pages and assembles the file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bifolio.model.errors import EditionError
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Edition, PageBreak, Publication
from bifolio.pdf.cross_reference_passes import Pagination, RunTasks, lay_out_texts
from bifolio.pdf.engine.layout_environment import own_font_files
from bifolio.pdf.engine.log import layout_findings, log_messages, stylesheet_findings
from bifolio.pdf.engine.styles.parsed_stylesheets import parsed_stylesheet
from bifolio.pdf.engine.styles.user_agent import user_agent_stylesheets
from bifolio.pdf.floats import placement
from bifolio.pdf.footnotes.layout import STYLE
from bifolio.pdf.job import FigureStyle, LayoutJob, MarginBoxPage, MarginBoxTask, TextContext
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText
from bifolio.pdf.pages.gutter import PRESS_OVERRIDES, Binding
from bifolio.pdf.pages.margin_boxes import DrawnMarginBoxes
from bifolio.pdf.pages.page_numbers import Numbering
from bifolio.pdf.pages.page_settings import read_page_settings
from bifolio.pdf.pages.page_size import (
    DEFAULT_PAPER,
    PageLayout,
    Paper,
    characters_per_page,
    page_layout,
    page_rules,
    page_size_rule,
    parse_paper,
)
from bifolio.pdf.pages.recto_openings import recto_sections
from bifolio.pdf.print_html.math import draw_formulas
from bifolio.pdf.tables import overflow
from bifolio.pdf.workers import worker_pool
from bifolio.pdf.writing.assemble import assemble
from bifolio.pictures import convert_for_paper
from bifolio.runtime.background import cores
from bifolio.runtime.cache import Cache
from bifolio.runtime.temp_dirs import staging_dir
from bifolio.stylesheet import Stylesheet, needs_whole_document


def bind_pdf(
    publication: Publication,
    stylesheet: Stylesheet,
    paper: Paper | None = None,
    *,
    missing: frozenset[str] = frozenset(),
    cache: Cache | None = None,
    whole: bool = False,
    binding: Binding | None = None,
    on_page_breaks: Callable[[Sequence[PageBreak]], None] = lambda page_breaks: None,
) -> Edition:
    """Lay out *publication* on *paper*, styled by *stylesheet*, as PDF/UA-1 and PDF/A-2a.

    Without *paper*, the stylesheet sets it, or it is A4. *missing* are the characters already known to be in
    no font. *cache* holds laid-out sections. With *whole*, all sections are laid out as one text. *binding*
    gives the margins of a bound book. *on_page_breaks* gets the page breaks before the file is written.
    Raises EditionError when the layout fails.
    """
    settings = read_page_settings(stylesheet)
    page = page_layout(paper or parse_paper(settings.paper or DEFAULT_PAPER), settings)
    longer_side = max(page.paper.width, page.paper.height)
    pictures = tuple(convert_for_paper(picture, longer_side, cache) for picture in publication.pictures)
    publication = replace(publication, pictures=pictures)
    drawings, findings = draw_formulas(publication)
    fonts = own_font_files()
    figures = FigureStyle(settings.figures == "near", settings.shrink)
    job = LayoutJob(
        publication,
        drawings,
        stylesheets=_stylesheets(publication, stylesheet, page, paper, binding, figures),
        missing=missing,
        own_fonts=frozenset(fonts),
        variants=stylesheet.variants,
        recto_sections=recto_sections(publication, settings.openings),
        link_urls=settings.addresses,
        figures=figures,
        vertical_justification=settings.feet == "even",
    )
    whole = whole or len(publication.sections) == 1 or needs_whole_document(stylesheet.text)
    processes = 1 if whole else cores()
    with _layout_errors(), _cache_or_temporary(cache) as results, worker_pool(job, results, processes) as run:
        user_agent_stylesheets(results)  # before worker processes are forked, which inherit them
        findings += stylesheet_findings(parsed_stylesheet(stylesheet.text, results).messages, stylesheet)
        edition, texts, messages = _make_edition(
            job, run, fonts, whole, characters_per_page(page), on_page_breaks
        )
    findings += [overflow.to_finding(table, publication) for text in texts for table in text.narrow_tables]
    findings += layout_findings(messages, publication, missing)
    return replace(edition, findings=(*findings, *edition.findings))


def _stylesheets(
    publication: Publication,
    stylesheet: Stylesheet,
    page: PageLayout,
    paper: Paper | None,
    binding: Binding | None,
    figures: FigureStyle,
) -> tuple[str, ...]:
    """Return the stylesheets of a layout, in the order of the cascade."""
    before = page_rules(page) + (binding.style(page) if binding else "")
    before += placement.STYLE if figures.may_float else ""
    after = (page_size_rule(page.paper) if paper else "") + (PRESS_OVERRIDES if binding else "")
    return before, stylesheet.text, after + STYLE + _bookmarks(publication)


@contextmanager
def _layout_errors() -> Iterator[None]:
    """Turn the errors that a layout raises into EditionError."""
    try:
        yield
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise EditionError(
            f"The PDF cannot be laid out: {type(error).__name__}: {error}.",
            hint="This is a bug in Bifolio. Please report it with the source file.",
        ) from error
    except RecursionError as error:
        raise EditionError("The PDF cannot be laid out: its elements are nested too deeply.") from error


@contextmanager
def _cache_or_temporary(cache: Cache | None) -> Iterator[Cache]:
    """Yield *cache*, or a temporary one."""
    if cache is not None:
        yield cache
        return
    with staging_dir(Path(tempfile.gettempdir())) as folder:
        yield Cache(folder)


def _bookmarks(publication: Publication) -> str:
    """Return the rules that put the bookmarks of a chapter below that of its part (CSS GCPM 3, 3)."""
    depths = sorted({section.depth for section in publication.sections if section.depth})
    return "".join(
        f".depth-{depth} h{level} {{ bookmark-level: {level + depth} }}\n"
        for depth in depths
        for level in range(1, 7)
    )


def _make_edition(
    job: LayoutJob,
    run: RunTasks,
    fonts: Mapping[str, bytes],
    whole: bool,
    page_capacity: float,
    on_page_breaks: Callable[[Sequence[PageBreak]], None],
) -> tuple[Edition, tuple[LaidOutText, ...], list[str]]:
    """Return the PDF with findings on its page references, its texts, and the log messages.

    About *page_capacity* characters fill a page; *fonts* are the program's own font files, by digest.
    """
    pagination, findings = lay_out_texts(job, run, whole, page_capacity)
    pages = pagination.pages()
    page_breaks = _page_breaks(pages, pagination.numbering)
    on_page_breaks(page_breaks)
    margin_boxes: list[DrawnMarginBoxes] = []
    if not whole or any(page.is_landscape for page in pages):
        margin_boxes = _draw_margin_boxes(job.publication, pagination, run)
        pagination = _with_margin_boxes(pagination, margin_boxes, landscape_only=whole)
    resources = [drawn.resources for drawn in margin_boxes]
    labels = pagination.numbering.page_labels()
    with log_messages() as messages:
        data = assemble(job.publication.metadata, pagination.texts, resources, labels, fonts)
    edition = Edition("pdf", data, len(pages), findings=tuple(findings), page_breaks=page_breaks)
    return edition, pagination.texts, [m for text in pagination.texts for m in text.messages] + messages


def _page_breaks(pages: Sequence[LaidOutPage], numbering: Numbering) -> tuple[PageBreak, ...]:
    """Return where each of *pages* begins in the text, with its label."""
    return tuple(
        PageBreak(numbering.label(index), page.start.section, page.start.element, page.start.offset)
        for index, page in enumerate(pages)
        if page.start is not None
    )


def _draw_margin_boxes(
    publication: Publication, pagination: Pagination, run: RunTasks
) -> list[DrawnMarginBoxes]:
    """Return the margin boxes of each text of *pagination*."""
    sides = ("right", "left") if direction(publication.metadata.language) == "ltr" else ("left", "right")
    strings: dict[str, str] = {}
    page_index, tasks = 0, []
    for text in pagination.texts:
        margin_box_pages = []
        strings_before = tuple(sorted(strings.items()))
        for page in text.pages:
            page_type = replace(page.page_type, side=sides[page_index % 2], index=min(page_index, 1))
            counters = {name: values for name, values in page.counters.items() if name != "page"}
            number = pagination.numbering.number(page_index)
            margin_box_pages.append(MarginBoxPage(page_type, number, counters, page.strings))
            strings |= {name: values[-1] for name, values in page.strings.items()}
            page_index += 1
        context = TextContext(is_separate=True)
        tasks.append(MarginBoxTask(tuple(margin_box_pages), strings_before, context))
    return run(tasks)


def _with_margin_boxes(
    pagination: Pagination, margin_boxes: Sequence[DrawnMarginBoxes], *, landscape_only: bool
) -> Pagination:
    """Return *pagination* with *margin_boxes* on its pages.

    With *landscape_only*, all other pages were laid out with their margin boxes.
    """
    texts = (
        replace(text, pages=tuple(
            replace(page, margin_box_content=content) if page.is_landscape or not landscape_only else page
            for page, content in zip(text.pages, drawn.operators, strict=True)
        ))
        for text, drawn in zip(pagination.texts, margin_boxes, strict=True)
    )  # fmt: skip
    return replace(pagination, texts=tuple(texts))
