"""Builds the PDF edition: lays out its sections, numbers their pages and assembles the file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import repeat
from pathlib import Path

from bifolio.model.errors import EditionError
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Edition, PageBreak, Publication
from bifolio.pdf.cross_reference_passes import RunTasks, lay_out_texts
from bifolio.pdf.document.math import draw_formulas
from bifolio.pdf.engine.environment import own_font_files
from bifolio.pdf.engine.log import layout_findings, log_messages, stylesheet_findings
from bifolio.pdf.engine.styles.parsed_stylesheets import parsed_stylesheet
from bifolio.pdf.engine.styles.user_agent import user_agent_stylesheets
from bifolio.pdf.floats import placement
from bifolio.pdf.footnotes.hooks import STYLE
from bifolio.pdf.job import FigureStyle, LayoutJob, MarginBoxPage, MarginBoxTask, TextContext
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, PageResources
from bifolio.pdf.pages.gutter import PRESS_OVERRIDES, Binding
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
    tell: Callable[[Sequence[PageBreak]], None] = lambda pages: None,
) -> Edition:
    """Lay out *publication* on *paper*, styled by *stylesheet*, as PDF/UA-1 and PDF/A-2a.

    Without *paper* the stylesheet says what it is, or it is A4. *missing* are the characters already known to
    be in no font; *cache* holds laid-out sections; *whole* lays out all sections in one run; *binding* is how
    a press binds the pages; *tell* gets the page breaks before the file is written.
    Raises EditionError when the layout fails.
    """
    settings = read_page_settings(stylesheet)
    page = page_layout(paper or parse_paper(settings.paper or DEFAULT_PAPER), settings)
    longest = max(page.paper.width, page.paper.height)
    pictures = tuple(convert_for_paper(picture, longest, cache) for picture in publication.pictures)
    publication = replace(publication, pictures=pictures)
    drawings, findings = draw_formulas(publication)
    fonts = own_font_files()
    figures = FigureStyle(settings.figures == "near", settings.shrink)
    job = LayoutJob(
        publication, drawings, _stylesheets(publication, stylesheet, page, paper, binding, figures), missing,
        frozenset(fonts), stylesheet.variants, recto_sections(publication, settings.openings),
        settings.addresses, figures, settings.feet == "even",
    )  # fmt: skip
    whole = whole or len(publication.sections) == 1 or needs_whole_document(stylesheet.text)
    processes = 1 if whole else cores()
    with _layout_errors(), _cache_or_temporary(cache) as kept, worker_pool(job, kept, processes) as work:
        user_agent_stylesheets(kept)  # now, so that worker processes that are forked have them
        findings += stylesheet_findings(parsed_stylesheet(stylesheet.text, kept).messages, stylesheet)
        edition, texts, messages = _make_edition(job, work, fonts, whole, characters_per_page(page), tell)
    findings += [overflow.to_finding(table, publication) for text in texts for table in text.narrow_tables]
    findings += layout_findings(messages, publication, missing)
    return replace(edition, findings=tuple(findings))


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
    before += placement.STYLE if figures.follow else ""
    after = (page_size_rule(page.paper) if paper else "") + (PRESS_OVERRIDES if binding else "")
    return before, stylesheet.text, after + STYLE + _bookmarks(publication)


@contextmanager
def _layout_errors() -> Iterator[None]:
    """Raise EditionError for every other error of a layout."""
    try:
        yield
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise EditionError(
            f"The PDF cannot be laid out: {type(error).__name__}: {error}.",
            hint="This is a bug in Bifolio. Please report it with the source file.",
        ) from error
    except RecursionError as error:
        raise EditionError("The PDF cannot be laid out: the text is nested too deep.") from error


@contextmanager
def _cache_or_temporary(cache: Cache | None) -> Iterator[Cache]:
    """Give *cache*, or a temporary one."""
    if cache is not None:
        yield cache
        return
    with staging_dir(Path(tempfile.gettempdir())) as folder:
        yield Cache(folder)


def _bookmarks(publication: Publication) -> str:
    """Return the rules that put the bookmarks of a chapter below that of its part."""
    depths = sorted({section.depth for section in publication.sections if section.depth})
    return "".join(
        f".depth-{depth} h{level} {{ bookmark-level: {level + depth} }}\n"
        for depth in depths
        for level in range(1, 7)
    )


def _make_edition(
    job: LayoutJob,
    work: RunTasks,
    fonts: Mapping[str, bytes],
    whole: bool,
    full: float,
    tell: Callable[[Sequence[PageBreak]], None],
) -> tuple[Edition, list[LaidOutText], tuple[str, ...]]:
    """Return the PDF, its texts and the log messages; *full* characters fill a page."""
    publication = job.publication
    texts, numbering = lay_out_texts(job, work, whole, full)
    leaves = [leaf for text in texts for leaf in text.leaves]
    breaks = _page_breaks(leaves, numbering)
    tell(breaks)
    heads: list[PageResources] = []
    if not whole or any(leaf.is_landscape for leaf in leaves):
        texts, heads = _add_margin_boxes(publication, texts, numbering, work, whole)
    with log_messages() as messages:
        data = assemble(publication.metadata, texts, heads, numbering.labels(), fonts)
    said = [message for text in texts for message in text.messages]
    return Edition("pdf", data, len(leaves), page_breaks=breaks), texts, (*said, *messages)


def _page_breaks(leaves: Sequence[LaidOutPage], numbering: Numbering) -> tuple[PageBreak, ...]:
    """Return where each page begins in the text, under the number that it shows."""
    return tuple(
        PageBreak(numbering.shown(place), leaf.opening.section, leaf.opening.element, leaf.opening.offset)
        for place, leaf in enumerate(leaves)
        if leaf.opening is not None
    )


def _add_margin_boxes(
    publication: Publication, texts: Sequence[LaidOutText], numbering: Numbering, work: RunTasks, whole: bool
) -> tuple[list[LaidOutText], list[PageResources]]:
    """Return *texts* with running heads and folios, and what these are drawn with.

    Texts that were set as a *whole* have them already, but on pages that are turned.
    """
    sides = ("right", "left") if direction(publication.metadata.language) == "ltr" else ("left", "right")
    carried: dict[str, str] = {}
    place, tasks = 0, []
    for text in texts:
        pages = []
        before = tuple(sorted(carried.items()))
        for leaf in text.leaves:
            kind = replace(leaf.kind, side=sides[place % 2], index=min(place, 1))
            counters = {name: values for name, values in leaf.counters.items() if name != "page"}
            pages.append(MarginBoxPage(kind, numbering.number(place), counters, leaf.strings))
            carried |= {name: words[-1] for name, words in leaf.strings.items()}
            place += 1
        tasks.append(MarginBoxTask(tuple(pages), before, TextContext(apart=True)))
    made = work(tasks)
    texts = [
        replace(text, leaves=tuple(map(_with_margin_boxes, text.leaves, heads.operators, repeat(not whole))))
        for text, heads in zip(texts, made, strict=True)
    ]
    return texts, [heads.ink for heads in made]


def _with_margin_boxes(leaf: LaidOutPage, operators: bytes, wanted: bool) -> LaidOutPage:
    return replace(leaf, heads=operators) if wanted or leaf.is_landscape else leaf
