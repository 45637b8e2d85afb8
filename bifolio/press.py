"""From a source to finished editions: read, bind, proof, put in place. The only room that knows them all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from threading import Thread

from bifolio.cache import Cache, user_cache
from bifolio.errors import EditionError
from bifolio.findings import Finding, Where, in_order
from bifolio.fonts import Fallback, find_fallbacks
from bifolio.manuscript import read
from bifolio.publication import Edition, Publication
from bifolio.stylesheet import Stylesheet, find_stylesheet, read_stylesheet

KINDS = ("epub", "pdf")
DEFAULT_PAPER = "a4"


@dataclass(frozen=True, slots=True)
class MadeFile:
    """An edition in its place."""

    path: Path
    size: int
    """In bytes."""
    pages: int
    """0 where the edition has no pages of its own."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a build has made."""

    files: tuple[MadeFile, ...]
    words: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Dress:
    """What both editions wear: the sheet, and the system fonts that the text needs."""

    stylesheet: Stylesheet
    fallbacks: tuple[Fallback, ...]
    missing: frozenset[str]
    """The characters that no font has."""
    findings: tuple[Finding, ...]


def make(
    source: Path | None = None,
    into: Path = Path("build"),
    *,
    only: str | None = None,
    paper: str | None = None,
    style: Path | None = None,
    fetch_pictures: bool = False,
    extensions: Sequence[str] = (),
    cache: bool = True,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Made:
    """Read *source*, bind its editions into the folder *into*, and proof them against each other.

    *source* is a file, a folder with one file in it, or None for the folder `source`. *only* is `epub` or
    `pdf`; *paper* as `bifolio build --paper` takes it; *style* a stylesheet in the place of the project's.
    *fetch_pictures* lets pictures on the web be fetched. *extensions* names extensions of Python-Markdown,
    whose code is run. *cache* uses what earlier builds have left, and leaves something for the next.
    *on_stage* is told what is being done. Raises a BifolioError where nothing could be made; the files of
    an earlier build are then as they were.
    """
    if only != "epub":
        # Part of its importing passes while the source is read and the EPUB bound.
        importing = Thread(target=_import_layout, daemon=True)
        importing.start()
    on_stage("Reading the source")
    publication = read(source, fetch_pictures=fetch_pictures, extensions=extensions)
    dress = _dress(publication, style)
    editions = []
    if only != "pdf":
        on_stage("Binding the EPUB")
        editions.append(_epub(publication, dress))
    if only != "epub":
        on_stage("Laying out the PDF")
        importing.join()  # processes that are forked must find no thread at work
        editions.append(
            _pdf(publication, dress, paper or publication.paper or None, user_cache() if cache else None)
        )
    on_stage("Proofing")
    findings = [*publication.findings, *dress.findings]
    for edition in editions:
        findings += edition.findings
    with ExitStack() as waste:
        parts = [_write_beside(into, publication.source, edition, waste) for edition in editions]
        findings += _proof_parts(parts, into)
        for part in parts:
            if (into / part.name).is_dir():
                raise EditionError(f"{into / part.name} cannot be written: it is a folder.")
        files = tuple(
            _put_in_place(part, into, edition) for part, edition in zip(parts, editions, strict=True)
        )
    return Made(files, publication.words(), tuple(in_order(findings)))


def bind_epub(publication: Publication, style: Path | None = None) -> Edition:
    """Bind *publication* into an EPUB, dressed by the sheet *style* or else the project's."""
    return _epub(publication, _dress(publication, style))


def bind_pdf(publication: Publication, style: Path | None = None, paper: str | None = None) -> Edition:
    """Lay *publication* out as a PDF on *paper*, dressed by the sheet *style* or else the project's."""
    return _pdf(publication, _dress(publication, style), paper, None)


def proof(files: Sequence[Path]) -> list[Finding]:
    """Let every judge that is here read the finished *files*, and compare them with each other.

    *files* are EPUB and PDF files, and the source if it is to be compared too.
    """
    from bifolio.proofing import proof_files

    return in_order(proof_files(files))


def _import_layout() -> None:
    """Import what lays out the PDF; what stands in its way is told when it is needed."""
    with suppress(OSError):
        import_module("bifolio.pdf")


def _dress(publication: Publication, style: Path | None) -> _Dress:
    sheet = read_stylesheet(style or publication.style or find_stylesheet(publication.source))
    fallbacks, missing, findings = find_fallbacks(publication)
    return _Dress(sheet, fallbacks, missing, (*sheet.findings, *findings))


def _epub(publication: Publication, dress: _Dress) -> Edition:
    from bifolio.epub import bind_epub

    return bind_epub(publication, dress.stylesheet, dress.fallbacks)


def _pdf(publication: Publication, dress: _Dress, paper: str | None, cache: Cache | None) -> Edition:
    from bifolio.pdf.paper import parse_paper

    size = parse_paper(paper or DEFAULT_PAPER)
    try:
        from bifolio.pdf import bind_pdf
    except OSError as error:
        raise EditionError(
            f"The PDF cannot be laid out: {str(error).splitlines()[0]}.",
            hint="A library is missing; `bifolio doctor` says which, and how to install it.",
        ) from error
    forced = paper is not None
    return bind_pdf(publication, dress.stylesheet, size, forced=forced, missing=dress.missing, cache=cache)


def _stem(source: Path) -> str:
    """Return what the editions of *source* are called: as the file, or the folder."""
    return source.resolve().name if source.is_dir() else source.stem


def _write_beside(into: Path, source: Path, edition: Edition, waste: ExitStack) -> Path:
    """Write *edition* into a folder of its own in *into*; *waste* takes the folder away again."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        folder = waste.enter_context(tempfile.TemporaryDirectory(prefix=".bifolio-", dir=into))
        part = Path(folder) / f"{_stem(source)}.{edition.kind}"
        part.write_bytes(edition.data)
    except OSError as error:
        raise _cannot_write(into, error) from error
    return part


def _put_in_place(part: Path, into: Path, edition: Edition) -> MadeFile:
    path = into / part.name
    try:
        part.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return MadeFile(path, len(edition.data), edition.pages)


def _cannot_write(path: Path, error: OSError) -> EditionError:
    return EditionError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Give another folder with `--into`, or make this one writable.",
    )


def _proof_parts(parts: Sequence[Path], into: Path) -> list[Finding]:
    """Compare two editions before they are put in their places in *into*."""
    if len(parts) < len(KINDS):
        return []
    from bifolio.proofing.twins import compare_files

    return [
        replace(finding, where=Where(into / finding.where.file.name) if finding.where else None)
        for finding in compare_files(parts)
    ]
