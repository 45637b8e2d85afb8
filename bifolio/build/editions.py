"""The editions of one publication: made, proofed and put in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.build.editions_io import (
    Styling,
    bind_epub_styled,
    bind_pdf_styled,
    import_pdf,
    resolve_styling,
    with_cover,
)
from bifolio.build.options import BuildOptions
from bifolio.build.result import Made, MadeFile
from bifolio.build.verify import preflight_parts, proof_parts
from bifolio.model.destinations import Destination
from bifolio.model.findings import Finding, in_order
from bifolio.model.vendors import VENDORS
from bifolio.runtime.atomic_write import commit, staged
from bifolio.runtime.background import in_background

if TYPE_CHECKING:
    from bifolio.model.publication import Edition, PageBreak, Publication


def make_one(publication: Publication, into: Path, order: BuildOptions) -> Made:
    """Make the editions of *publication* alone."""
    dress = resolve_styling(publication, order.style, order.variants, order.cache)
    if order.only or order.destinations:
        return _made(publication, dress, into, order, lambda parts: list)
    paper = into / f"{stem_of(publication.source)}.pdf"
    with in_background(partial(_proofed, paper, order)) as proofing:

        def compare(parts: Sequence[Path]) -> Callable[[], list[Finding]]:
            proofing.send(parts)
            return proofing.result

        return _made(publication, dress, into, order, compare)


def _made(
    publication: Publication,
    dress: Styling,
    into: Path,
    order: BuildOptions,
    compare: Callable[[Sequence[Path]], Callable[[], list[Finding]]],
) -> Made:
    """Make the editions of *publication*; those that are twins *compare* gets, and is asked about later."""
    editions = _for_destinations(publication, dress, order) if order.destinations else []
    if not order.destinations:
        editions = _usual(publication, dress, order)
    order.on_stage("Proofing")
    findings = [*publication.findings, *dress.findings]
    for edition in editions:
        findings += edition.findings
    stem = stem_of(publication.source)
    names = [f"{stem}{edition.suffix}.{edition.kind}" for edition in editions]
    contents = {name: edition.data for name, edition in zip(names, editions, strict=True)}
    if order.onix:
        from bifolio.onix import onix_message

        contents[f"{stem}.onix.xml"] = onix_message(publication, editions)
    with staged(into, contents) as parts:
        compared = compare(parts[: len(editions)])
        words = publication.words()
        if order.cache is not None:
            order.cache.trim()  # now, while they are compared
        for place in order.destinations:
            findings += preflight_parts(parts, place, into)
        findings += compared()
        places = commit(parts, into)
    pages = {name: edition.pages for name, edition in zip(names, editions, strict=True)}
    files = tuple(MadeFile(path, len(contents[path.name]), pages.get(path.name, 0)) for path in places)
    return Made(files, words, tuple(in_order(findings)))


def _usual(publication: Publication, dress: Styling, order: BuildOptions) -> list[Edition]:
    """Return the EPUB and the PDF, or the one of them that is wanted."""
    if order.only == "epub":
        order.on_stage("Binding the EPUB")
        return [bind_epub_styled(publication, dress, (), order.cache)]
    order.on_stage("Laying out the PDF")
    if order.only == "pdf":
        return [_paper(publication, dress, order)]
    # It waits for the pages of the PDF, and is bound while that is written.
    with in_background(partial(_bound, publication, dress, order)) as binding:
        paper = _paper(publication, dress, order, binding.send)
        order.on_stage("Binding the EPUB")
        return [binding.result(), paper]


def _bound(
    publication: Publication, dress: Styling, order: BuildOptions, pages: Callable[[], Sequence[PageBreak]]
) -> Edition:
    """Return the EPUB; what binds it is imported, and its cover set, before *pages* are waited for."""
    cover = import_module("bifolio.covers.front_cover").cover_image(
        publication, dress.fallbacks, cache=order.cache
    )
    publication = replace(publication, cover=cover)
    return bind_epub_styled(publication, dress, pages(), order.cache)


def _proofed(paper: Path, order: BuildOptions, parts: Callable[[], Sequence[Path]]) -> list[Finding]:
    """Compare the editions at *parts*, one of which is to stand at *paper*.

    What compares them is imported before these are waited for.
    """
    for module in (
        "bifolio.checks.compare",
        "bifolio.checks.readers.page_text_cache",
        "pikepdf",
        "pypdfium2",
    ):
        import_module(module)
    return proof_parts(parts, paper, order.cache)


def _paper(
    publication: Publication,
    dress: Styling,
    order: BuildOptions,
    tell: Callable[[Sequence[PageBreak]], None] = lambda pages: None,
) -> Edition:
    """Return the PDF; *tell* is told where its pages begin as soon as that is known."""
    edition = bind_pdf_styled(publication, dress, order.paper, order.cache, tell)
    return with_cover(edition, publication, dress, order.cache) if order.cover else edition


def _for_destinations(publication: Publication, dress: Styling, order: BuildOptions) -> list[Edition]:
    """Return what each destination gets: those on paper first, whose pages the EPUBs then list."""
    editions: list[Edition] = []
    for place in (each for each in order.destinations if each.kind == "pdf"):
        order.on_stage(f"Laying out the PDF for {place.title}")
        editions += _for_print(publication, dress, order, place)
    breaks = editions[0].page_breaks if editions else ()
    for place in (each for each in order.destinations if each.kind == "epub"):
        order.on_stage(f"Binding the EPUB for {place.title}")
        edition = bind_epub_styled(publication, dress, breaks, order.cache, place.name)
        editions.append(replace(edition, suffix=place.suffix))
    return editions


def _for_print(
    publication: Publication, dress: Styling, order: BuildOptions, place: Destination
) -> list[Edition]:
    """Return the pages and the cover that are printed at *place*."""
    import_pdf()
    from bifolio.prepress.print_job import create_print_job, make_print_editions

    wanted = create_print_job(VENDORS[place.name], order.paper, order.stock, order.spine)
    return make_print_editions(
        publication, dress.stylesheet, dress.fallbacks, dress.missing, wanted, order.cache
    )


def stem_of(source: Path) -> str:
    """Return what the editions of *source* are called: as the file, or the folder."""
    return source.resolve().name if source.is_dir() else source.stem
