"""The PDF edition: sections set apart, numbered, and joined."""

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
from bifolio.pdf.cross_reference_passes import Work, set_texts
from bifolio.pdf.document.math import draw
from bifolio.pdf.engine.environment import own_files
from bifolio.pdf.engine.log import listening, of_sheet, to_findings
from bifolio.pdf.engine.styles.parsed_stylesheets import own_sheets, parsed
from bifolio.pdf.engine.typeset import TextContext
from bifolio.pdf.floats import placement
from bifolio.pdf.footnotes.hooks import STYLE
from bifolio.pdf.job import HeadTask, LayoutJob
from bifolio.pdf.laid_out import LaidOutPage, LaidOutText, PageResources
from bifolio.pdf.pages.gutter import FORCED, Binding
from bifolio.pdf.pages.margin_boxes import HeadOf
from bifolio.pdf.pages.page_numbers import Numbering
from bifolio.pdf.pages.page_settings import read_root_style
from bifolio.pdf.pages.page_size import (
    DEFAULT_PAPER,
    Paper,
    full_page,
    page_on,
    page_size,
    page_style,
    parse_paper,
)
from bifolio.pdf.pages.recto_openings import rectos
from bifolio.pdf.tables import overflow
from bifolio.pdf.workers import worker_pool
from bifolio.pdf.writing.assemble import join
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
    """Lay *publication* out on *paper*, dressed by *stylesheet*, as PDF/UA-1 and PDF/A-2a.

    Without *paper* it is what the sheet says, or A4; *missing* are the characters already known to be
    in no font; *cache* keeps the sections for the next time; *whole* sets all sections in one run;
    *binding* is how a press binds the pages; *tell* is told where they begin before they are written.
    Raises EditionError when the layout fails.
    """
    root_style = read_root_style(stylesheet)
    page = page_on(paper or parse_paper(root_style.paper or DEFAULT_PAPER), root_style)
    longest = max(page.paper.width, page.paper.height)
    pictures = tuple(convert_for_paper(picture, longest, cache) for picture in publication.pictures)
    publication = replace(publication, pictures=pictures)
    drawings, findings = draw(publication)
    own = own_files()
    figure_style = placement.FigureStyle(root_style.figures == "near", root_style.shrink)
    styles = (
        page_style(page)
        + (binding.style(page) if binding else "")
        + (placement.STYLE if figure_style.follow else ""),
        stylesheet.text,
        (page_size(page.paper) if paper else "")
        + (FORCED if binding else "")
        + STYLE
        + _bookmarks(publication),
    )
    order = LayoutJob(
        publication, drawings, styles, missing, frozenset(own), stylesheet.variants,
        rectos(publication, root_style.openings), root_style.addresses,
        figure_style, root_style.feet == "even",
    )  # fmt: skip
    whole = whole or len(publication.sections) == 1 or needs_whole_document(stylesheet.text)
    try:
        with _kept_in(cache) as kept, worker_pool(order, kept, 1 if whole else cores()) as work:
            own_sheets(kept)  # now, so that processes that are forked have them
            findings += of_sheet(parsed(stylesheet.text, kept).messages, stylesheet)
            edition, messages = _make(order, work, own, whole, full_page(page), tell)
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise EditionError(
            f"The PDF cannot be laid out: {type(error).__name__}: {error}.",
            hint="Take out what was added last, and report the source that does this.",
        ) from error
    except RecursionError as error:
        raise EditionError("The PDF cannot be laid out: the text is nested too deep.") from error
    findings += [overflow.to_finding(m, publication) for m in messages if m.startswith(overflow.MARK)]
    logged = [message for message in messages if not message.startswith(overflow.MARK)]
    findings += to_findings(logged, publication, missing)
    return replace(edition, findings=tuple(findings))


@contextmanager
def _kept_in(cache: Cache | None) -> Iterator[Cache]:
    """Give *cache*, or else one that is thrown away."""
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


def _make(
    order: LayoutJob,
    work: Work,
    own: Mapping[str, bytes],
    whole: bool,
    full: float,
    tell: Callable[[Sequence[PageBreak]], None],
) -> tuple[Edition, tuple[str, ...]]:
    """Return the PDF and what the layout logged; *full* characters fill a page; *tell* as for `bind_pdf`."""
    publication = order.publication
    texts, numbering = set_texts(order, work, whole, full)
    leaves = [leaf for text in texts for leaf in text.leaves]
    breaks = _page_breaks(leaves, numbering)
    tell(breaks)
    heads: list[PageResources] = []
    if not whole or any(leaf.is_turned for leaf in leaves):
        texts, heads = _set_heads(publication, texts, numbering, work, whole)
    with listening() as messages:
        data = join(publication.metadata, texts, heads, numbering.labels(), own)
    said = [message for text in texts for message in text.messages]
    return Edition("pdf", data, len(leaves), page_breaks=breaks), (*said, *messages)


def _page_breaks(leaves: Sequence[LaidOutPage], numbering: Numbering) -> tuple[PageBreak, ...]:
    """Return where each page begins in the text, under the number that it shows."""
    return tuple(
        PageBreak(numbering.shown(place), leaf.opening.section, leaf.opening.element, leaf.opening.offset)
        for place, leaf in enumerate(leaves)
        if leaf.opening is not None
    )


def _set_heads(
    publication: Publication, texts: Sequence[LaidOutText], numbering: Numbering, work: Work, whole: bool
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
            pages.append(HeadOf(kind, numbering.number(place), counters, leaf.strings))
            carried |= {name: words[-1] for name, words in leaf.strings.items()}
            place += 1
        tasks.append(HeadTask(tuple(pages), before, TextContext(apart=True)))
    made = work(tasks)
    texts = [
        replace(text, leaves=tuple(map(_headed, text.leaves, heads.operators, repeat(not whole))))
        for text, heads in zip(texts, made, strict=True)
    ]
    return texts, [heads.ink for heads in made]


def _headed(leaf: LaidOutPage, operators: bytes, wanted: bool) -> LaidOutPage:
    return replace(leaf, heads=operators) if wanted or leaf.is_turned else leaf
