"""The PDF edition: sections set apart, numbered, and joined."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bifolio.cache import Cache
from bifolio.errors import EditionError
from bifolio.passing import passing_folder
from bifolio.pdf import figures, narrow
from bifolio.pdf.bench import font_faces, own_files
from bifolio.pdf.binding import FORCED, Binding
from bifolio.pdf.formulas import draw
from bifolio.pdf.heads import HeadOf
from bifolio.pdf.holes import fill
from bifolio.pdf.joining import join
from bifolio.pdf.leaves import Ink, Leaf, Setting
from bifolio.pdf.log import listening, to_findings
from bifolio.pdf.notes import STYLE
from bifolio.pdf.numbering import Numbering, blank_leaf, guess_pages, number_pages, shown_pages
from bifolio.pdf.orders import HeadTask, Order, TextTask
from bifolio.pdf.paper import (
    DEFAULT_PAPER,
    Paper,
    full_page,
    longest_note,
    page_on,
    page_size,
    page_style,
    parse_paper,
)
from bifolio.pdf.print_tree import GUESS, anchor_of, targets
from bifolio.pdf.rectos import numbered_from, rectos
from bifolio.pdf.root_style import read_root_style
from bifolio.pdf.setting import Place
from bifolio.pdf.workshop import workshop
from bifolio.pictures import for_paper
from bifolio.processes import cores
from bifolio.publication import Edition, PageBreak, Publication, Section
from bifolio.stylesheet import Stylesheet, reaches_across
from bifolio.terms import direction

_ROUNDS = 8
"""How often texts are set again until every page that they name is right."""
_LISTS = frozenset({"toc", "loi", "lot"})
"""The roles of contents, and of lists of figures and tables."""
Work = Callable[[Sequence[Any]], list[Any]]


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
    pictures = tuple(for_paper(picture, longest, cache) for picture in publication.pictures)
    publication = replace(publication, pictures=pictures)
    drawings, findings = draw(publication)
    own = own_files()
    figure_style = figures.FigureStyle(root_style.figures == "near", root_style.shrink)
    styles = (
        font_faces()
        + page_style(page)
        + (binding.style(page) if binding else "")
        + (figures.STYLE if figure_style.follow else ""),
        stylesheet.text,
        (page_size(page.paper) if paper else "")
        + (FORCED if binding else "")
        + STYLE
        + _bookmarks(publication),
    )
    order = Order(
        publication, drawings, styles, longest_note(page), missing, frozenset(own), stylesheet.variants,
        rectos(publication, root_style.openings), root_style.addresses,
        figure_style,
    )  # fmt: skip
    whole = whole or len(publication.sections) == 1 or reaches_across(stylesheet.text)
    try:
        with _kept_in(cache) as kept, workshop(order, kept, 1 if whole else cores()) as work:
            edition, messages = _make(order, work, own, whole, full_page(page), tell)
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise EditionError(
            f"The PDF cannot be laid out: {type(error).__name__}: {error}.",
            hint="Take out what was added last, and report the source that does this.",
        ) from error
    except RecursionError as error:
        raise EditionError("The PDF cannot be laid out: the text is nested too deep.") from error
    findings += [narrow.to_finding(m, publication) for m in messages if m.startswith(narrow.MARK)]
    logged = [message for message in messages if not message.startswith(narrow.MARK)]
    findings += to_findings(logged, publication, stylesheet, missing)
    return replace(edition, findings=tuple(findings))


@contextmanager
def _kept_in(cache: Cache | None) -> Iterator[Cache]:
    """Give *cache*, or else one that is thrown away."""
    if cache is not None:
        yield cache
        cache.trim()
        return
    with passing_folder(Path(tempfile.gettempdir())) as folder:
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
    order: Order,
    work: Work,
    own: Mapping[str, bytes],
    whole: bool,
    full: float,
    tell: Callable[[Sequence[PageBreak]], None],
) -> tuple[Edition, tuple[str, ...]]:
    """Return the PDF and what the layout logged; *full* characters fill a page; *tell* as for `bind_pdf`."""
    publication = order.publication
    texts, numbering = _set_texts(order, work, whole, full)
    leaves = [leaf for text in texts for leaf in text.leaves]
    breaks = _page_breaks(leaves, numbering)
    tell(breaks)
    heads: list[Ink] = []
    if not whole:
        texts, heads = _set_heads(publication, texts, numbering, work)
    with listening() as messages:
        data = join(publication.metadata, texts, heads, numbering.labels(), own)
    said = [message for text in texts for message in text.messages]
    return Edition("pdf", data, len(leaves), page_breaks=breaks), (*said, *messages)


def _page_breaks(leaves: Sequence[Leaf], numbering: Numbering) -> tuple[PageBreak, ...]:
    """Return where each page begins in the text, under the number that it shows."""
    return tuple(
        PageBreak(numbering.shown(place), leaf.opening.section, leaf.opening.element, leaf.opening.offset)
        for place, leaf in enumerate(leaves)
        if leaf.opening is not None
    )


def _set_texts(order: Order, work: Work, whole: bool, full: float) -> tuple[list[Setting], Numbering]:
    """Set all texts until every page that they name is the right one; return them with their numbers."""
    publication = order.publication
    count = len(publication.sections)
    groups = [tuple(range(count))] if whole else [(number,) for number in range(count)]
    named = [sorted({a for n in group for a in targets(publication.sections[n])}) for group in groups]
    opening = numbered_from(publication)
    start = anchor_of(opening) if opening else ""
    texts: dict[int, Setting] = {}
    used: dict[int, TextTask] = {}
    closed: set[int] = set()  # those in which no numbers can be put afterwards
    pages: Mapping[str, str] = guess_pages(publication, start, frozenset().union(*named), full)
    # What does little but name pages waits until it is known how many digits these have.
    late = () if whole else [place for place in range(count) if publication.sections[place].role in _LISTS]
    for turn in range(_ROUNDS):
        tasks = {
            place: TextTask(
                group,
                _numbers(named[place], pages, waiting=not whole and place not in closed),
                Place(apart=not whole, opens=place == 0, start=start if whole else ""),
            )
            for place, group in enumerate(groups)
            if turn or place not in late
        }
        stale = [place for place, task in tasks.items() if used.get(place) != task]
        if turn and not stale:
            break
        texts |= zip(stale, work([tasks[place] for place in stale]), strict=True)
        used = tasks
        closed |= {place for place in stale if not texts[place].open}
        row = [texts[place] for place in sorted(texts)]
        if not whole:
            row = _with_blanks([publication.sections[place] for place in sorted(texts)], row, order.rectos)
        leaves = [leaf for text in row for leaf in text.leaves]
        numbering = number_pages(leaves, start)
        pages = shown_pages(leaves, numbering)
    if not whole:
        row = [replace(text, leaves=tuple(fill(leaf, pages) for leaf in text.leaves)) for text in row]
    return row, numbering


def _numbers(
    anchors: Sequence[str], pages: Mapping[str, str], *, waiting: bool
) -> tuple[tuple[str, str], ...]:
    """Return the numbers of *pages* that a text is set with; zeros in their place where it is to wait."""
    numbers = ((anchor, pages.get(anchor, GUESS)) for anchor in anchors)
    return tuple(
        (anchor, "0" * len(number) if waiting and number.isdecimal() else number)
        for anchor, number in numbers
    )


def _with_blanks(
    sections: Sequence[Section], texts: Sequence[Setting], right: Container[str]
) -> list[Setting]:
    """Return *texts*, each of a section, with a blank page before those in *right* where one is wanted."""
    row: list[Setting] = []
    count = 0
    for section, text in zip(sections, texts, strict=True):
        if section.name in right and count % 2:
            row.append(Setting((blank_leaf(text.leaves[0]),), Ink((), {}, {}, {}), (), ()))
            count += 1
        row.append(text)
        count += len(text.leaves)
    return row


def _set_heads(
    publication: Publication, texts: Sequence[Setting], numbering: Numbering, work: Work
) -> tuple[list[Setting], list[Ink]]:
    """Return *texts* with running heads and folios, and what these are drawn with."""
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
        tasks.append(HeadTask(tuple(pages), before, Place(apart=True)))
    made = work(tasks)
    texts = [
        replace(text, leaves=tuple(map(_headed, text.leaves, heads.operators)))
        for text, heads in zip(texts, made, strict=True)
    ]
    return texts, [heads.ink for heads in made]


def _headed(leaf: Leaf, operators: bytes) -> Leaf:
    return replace(leaf, heads=operators)
