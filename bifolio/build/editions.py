"""Makes the editions of one publication: lays out, binds, compares, moves into place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from bifolio.build.verify import preflight_staged, proof_staged
from bifolio.model.destinations import Destination
from bifolio.model.findings import Finding, sort_findings
from bifolio.model.vendors import VENDORS
from bifolio.runtime.atomic_write import commit, staged
from bifolio.runtime.background import in_background
from bifolio.runtime.cache import Cache

if TYPE_CHECKING:
    from bifolio.model.publication import Edition, PageBreak, Publication

Comparison = Callable[[], list[Finding]]
"""Waits for a comparison of two editions and returns its findings."""


@dataclass(frozen=True, slots=True)
class BuildJob:
    """The options of a build, with what it runs on."""

    options: BuildOptions
    """Settings of the publication included."""
    cache: Cache | None
    on_stage: Callable[[str], None]


def make_one(publication: Publication, into: Path, job: BuildJob) -> Made:
    """Make the editions of *publication* in the folder *into*. Raises BifolioError."""
    options = job.options
    styling = resolve_styling(publication, options.style, options.variants, job.cache)
    if options.only or options.destinations:
        return _make(publication, styling, into, job, lambda parts: list)
    pdf = into / f"{stem_of(publication.source)}.pdf"
    with in_background(partial(_proof, pdf, job)) as proofing:

        def compare(parts: Sequence[Path]) -> Comparison:
            proofing.send(parts)
            return proofing.result

        return _make(publication, styling, into, job, compare)


def _make(
    publication: Publication,
    styling: Styling,
    into: Path,
    job: BuildJob,
    compare: Callable[[Sequence[Path]], Comparison],
) -> Made:
    """Make the editions; *compare* starts the comparison of the staged files."""
    if job.options.destinations:
        editions = _for_destinations(publication, styling, job)
    else:
        editions = _epub_and_pdf(publication, styling, job)
    job.on_stage("Proofing")
    findings = [*publication.findings, *styling.findings]
    for edition in editions:
        findings += edition.findings
    stem = stem_of(publication.source)
    names = [f"{stem}{edition.suffix}.{edition.kind}" for edition in editions]
    contents = {name: edition.data for name, edition in zip(names, editions, strict=True)}
    if job.options.onix:
        from bifolio.onix import onix_message

        contents[f"{stem}.onix.xml"] = onix_message(publication, editions)
    with staged(into, contents) as parts:
        comparison = compare(parts[: len(editions)])
        words = publication.words()
        if job.cache is not None:
            job.cache.trim()  # while the comparison runs
        for target in job.options.targets:
            findings += preflight_staged(parts, target, into)
        findings += comparison()
        paths = commit(parts, into)
    pages = {name: edition.pages for name, edition in zip(names, editions, strict=True)}
    files = tuple(MadeFile(path, len(contents[path.name]), pages.get(path.name, 0)) for path in paths)
    return Made(files, words, tuple(sort_findings(findings)))


def _epub_and_pdf(publication: Publication, styling: Styling, job: BuildJob) -> list[Edition]:
    """Return the EPUB and the PDF, or the one of them that is asked for."""
    if job.options.only == "epub":
        job.on_stage("Binding the EPUB")
        return [bind_epub_styled(publication, styling, (), job.cache)]
    job.on_stage("Laying out the PDF")
    if job.options.only == "pdf":
        return [_pdf(publication, styling, job)]
    # The EPUB waits for the page breaks of the PDF, and is bound while the PDF is written.
    with in_background(partial(_epub, publication, styling, job)) as binding:
        pdf = _pdf(publication, styling, job, binding.send)
        job.on_stage("Binding the EPUB")
        return [binding.result(), pdf]


def _epub(
    publication: Publication, styling: Styling, job: BuildJob, page_breaks: Callable[[], Sequence[PageBreak]]
) -> Edition:
    """Return the EPUB. Its modules are imported and its cover is made before *page_breaks* is called."""
    cover = import_module("bifolio.covers.front_cover").cover_image(
        publication, styling.fallbacks, cache=job.cache
    )
    publication = replace(publication, cover=cover)
    return bind_epub_styled(publication, styling, page_breaks(), job.cache)


def _proof(pdf: Path, job: BuildJob, parts: Callable[[], Sequence[Path]]) -> list[Finding]:
    """Compare the staged editions *parts*, one of which will be moved to *pdf*.

    The modules for it are imported before *parts* is called, which waits for the files.
    """
    for module in (
        "bifolio.checks.compare",
        "bifolio.checks.file_readers.page_text_cache",
        "pikepdf",
        "pypdfium2",
    ):
        import_module(module)
    return proof_staged(parts, pdf, job.cache)


def _pdf(
    publication: Publication,
    styling: Styling,
    job: BuildJob,
    send_breaks: Callable[[Sequence[PageBreak]], None] = lambda page_breaks: None,
) -> Edition:
    """Return the PDF; *send_breaks* is called with its page breaks as soon as they are known."""
    edition = bind_pdf_styled(publication, styling, job.options.paper, job.cache, send_breaks)
    return with_cover(edition, publication, styling, job.cache) if job.options.cover else edition


def _for_destinations(publication: Publication, styling: Styling, job: BuildJob) -> list[Edition]:
    """Return the editions for each destination: PDFs first, since the EPUBs list their pages."""
    editions: list[Edition] = []
    targets = job.options.targets
    for target in (each for each in targets if each.kind == "pdf"):
        job.on_stage(f"Laying out the PDF for {target.title}")
        editions += _for_print(publication, styling, job, target)
    page_breaks = editions[0].page_breaks if editions else ()
    for target in (each for each in targets if each.kind == "epub"):
        job.on_stage(f"Binding the EPUB for {target.title}")
        edition = bind_epub_styled(publication, styling, page_breaks, job.cache, target.name)
        editions.append(replace(edition, suffix=target.suffix))
    return editions


def _for_print(
    publication: Publication, styling: Styling, job: BuildJob, target: Destination
) -> list[Edition]:
    """Return the interior and the cover that *target* prints."""
    import_pdf()
    from bifolio.prepress.print_job import create_print_job, make_print_editions

    options = job.options
    wanted = create_print_job(VENDORS[target.name], options.paper, options.stock, options.spine)
    return make_print_editions(
        publication, styling.stylesheet, styling.fallbacks, styling.missing, wanted, job.cache
    )


def stem_of(source: Path) -> str:
    """Return the file name of the editions of *source* without suffix: that of the file, or of the folder."""
    return source.resolve().name if source.is_dir() else source.stem
