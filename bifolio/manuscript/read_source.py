"""The source, read whole: each file by itself, then all of them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.manuscript.book.assemble import assemble_book
from bifolio.manuscript.book.split_long_file import is_book_length, sections_with_notes, split_at_headings
from bifolio.manuscript.chapter import ParsedChapter
from bifolio.manuscript.chapter_cache import load_image_store, store_image_info
from bifolio.manuscript.chapters import parse_chapters
from bifolio.manuscript.markdown.parse import pause_garbage_collection
from bifolio.manuscript.metadata.metadata import read_metadata
from bifolio.manuscript.project.book_toml import find_plan
from bifolio.manuscript.project.includes import set_origins
from bifolio.manuscript.project.plan import Item, Plan, unlisted_files
from bifolio.manuscript.transforms.aria_labels import set_labels
from bifolio.manuscript.transforms.images import ImageStore, UnreadableImage, load_images, read_image
from bifolio.manuscript.transforms.references import fill_references
from bifolio.manuscript.transforms.smart_punctuation.replace import (
    apply_smart_punctuation,
    plain_text,
    remove_escapes,
    smart_text,
)
from bifolio.manuscript.transforms.structure import Anchors, outline, resolve_links, set_anchors, title_of
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import terms
from bifolio.model.publication import Metadata, Picture, Publication, Section
from bifolio.runtime.cache import Cache

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9]+")


def read(
    source: Path | None = None, *, fetch_pictures: bool = False, extensions: Sequence[str] = ()
) -> Publication:
    """Read *source* into a Publication: a Markdown or plain-text file, or the folder of an article or a book.

    *fetch_pictures* allows to go on the web, for pictures alone; they are kept beside the source.
    *extensions* names extensions of Python-Markdown, whose code is run.
    Raises UsageError when there is nothing to read or an extension fails, SourceError when the source cannot
    be read.
    """
    return read_with(None, source, fetch_pictures=fetch_pictures, extensions=extensions)


@pause_garbage_collection()
def read_with(
    cache: Cache | None, source: Path | None, *, fetch_pictures: bool = False, extensions: Sequence[str] = ()
) -> Publication:
    """Read *source* as `read` does; *cache* has what earlier builds have read, and keeps it for the next."""
    plan = find_plan(source)
    book, findings = _read_book_metadata(plan) if plan.is_book else (None, [])
    gathered = load_image_store(cache, plan.path)
    drafts = parse_chapters(plan, book, extensions, cache, gathered.known)
    if book is None and is_book_length(drafts[0]):
        split_at_headings(drafts[0])
        title = Item(plan.items[0].path, "titlepage", "front")
        plan = replace(plan, is_book=True, items=(title, Item(None, "toc", "front"), *plan.items))
    language = book.language if book else drafts[0].metadata.language
    findings += _link_chapters(drafts, language, {item.role for item in plan.items})
    metadata = _apply_smart_punctuation(drafts)
    if book:
        metadata = _with_smart_punctuation(book, book.title) if book.smart else book
    for each in drafts:
        gathered.ahead |= each.pictures
        whole = Element("div")  # notes are set back under one root, so that their pictures are gathered too
        whole.extend(each.trees())
        load_images(whole, each.file, gathered, _image_fetcher(each) if fetch_pictures else None)
    cover = _read_cover(plan, gathered)
    store_image_info(cache, plan.path, gathered)
    groups = _make_sections(drafts, metadata, plan)
    for each in drafts:
        for tree in each.trees():
            set_origins(tree, each.file)
        findings += each.findings
    sections = list(chain(*groups))
    if plan.is_book:
        if book is None:  # one file, its title page before all else
            groups = [groups[0][:1], groups[0][1:]]
        sections = assemble_book(groups, plan.items, metadata, plan.path)
    if book:
        findings += unlisted_files(plan, (path for each in drafts for path in each.file.included))
    findings += [*plan.findings, *gathered.findings]
    pictures = tuple(gathered.by_path.values())
    return Publication(
        metadata, tuple(sections), pictures, _source_path(plan), tuple(findings), cover, plan.paper,
        plan.style, plan.variants,
    )  # fmt: skip


def _image_fetcher(draft: ParsedChapter) -> Callable[[str], str]:
    """Return what fetches pictures for *draft*."""
    from bifolio.manuscript.project.remote_images import ImageFetcher

    return ImageFetcher(draft.file.root).fetch


def _source_path(plan: Plan) -> Path:
    """Return what names the editions: the file of an article, the folder of a book."""
    if plan.path.name not in ("book.toml", "SUMMARY.md", "Book.txt"):
        return plan.path
    return plan.folder if plan.folder.name else plan.folder.resolve()


def _read_book_metadata(plan: Plan) -> tuple[Metadata, list[Finding]]:
    """Return what is known of the book as a whole."""
    metadata, findings = read_metadata(plan.entries, plan.path, plan.title)
    if not any(entry.key == "title" for entry in plan.entries):
        findings.append(found("title-missing", Where(plan.path), title=plan.title))
    name, position = plan.series
    return replace(metadata, series=name, position=position), findings


def _link_chapters(drafts: list[ParsedChapter], language: str, roles: set[str]) -> list[Finding]:
    """Set the anchors, links and references of all *drafts*."""
    notes = [note for each in drafts for note in each.notes]
    taken = {f"{kind}-{note.number}" for note in notes for kind in ("note", "call")}
    last: dict[str, int] = {}
    for each in drafts:
        each.anchors = Anchors(taken=taken, last=last)
        set_labels(each.trees(), each.metadata.language)
        each.findings += set_anchors(each.trees(), each.file, each.anchors)
        for note in each.notes:
            each.anchors.names.setdefault(note.label, f"note-{note.number}")
    files = {each.file.path.resolve(): each.anchors for each in drafts if each.item.path}
    for each in drafts:
        for tree in each.trees():
            each.findings += resolve_links(tree, each.file, each.anchors, files)
    parts = [(tree, each.file) for each in drafts for tree in each.trees()]
    listed = {kind for kind, role in (("figure", "loi"), ("table", "lot")) if role in roles}
    return fill_references(parts, notes, terms(language), listed)


def _apply_smart_punctuation(drafts: Iterable[ParsedChapter]) -> Metadata:
    """Set the punctuation of all *drafts*; return what the first says of itself, set likewise.

    In plain text nothing is mark-up, and so is no mark of punctuation.
    """
    first: Metadata | None = None
    for each in drafts:
        smart = each.metadata.smart and not each.file.plain
        for tree in each.trees():
            if smart:
                apply_smart_punctuation(tree, each.metadata.language)
            remove_escapes(tree)
        title = each.marked_title
        if first is None:
            metadata = each.metadata
            first = (
                _with_smart_punctuation(metadata, title)
                if smart
                else replace(metadata, title=plain_text(title))
            )
    assert first is not None
    return first


def _with_smart_punctuation(metadata: Metadata, title: str) -> Metadata:
    """Return *metadata* with the punctuation of its language.

    *title* is the title with the marks that keep a character as it was typed.
    """
    language = metadata.language
    set_: Callable[[str], str] = lambda text: smart_text(text, language)  # noqa: E731
    return replace(
        metadata,
        title=set_(title),
        subtitle=set_(metadata.subtitle),
        short_title=set_(metadata.short_title),
        authors=tuple(set_(name) for name in metadata.authors),
        description=set_(metadata.description),
        publisher=set_(metadata.publisher),
        edition=set_(metadata.edition),
        rights=set_(metadata.rights),
    )


def _read_cover(plan: Plan, gathered: ImageStore) -> Picture | None:
    """Return the picture that the plan names for the cover."""
    if plan.cover is None or plan.cover.path is None:
        return None
    try:
        return read_image(plan.cover.path.resolve(), gathered)
    except UnreadableImage as error:
        named = plan.cover.title
        gathered.findings.append(found("picture-unreadable", plan.cover.where, picture=named, why=error.why))
        return None


def _make_sections(drafts: Iterable[ParsedChapter], metadata: Metadata, plan: Plan) -> list[list[Section]]:
    """Return the sections of each of *drafts*, in order."""
    groups: list[list[Section]] = []
    names: set[str] = {"title", "nav"}
    for each in drafts:
        groups.append([])
        for piece, notes in sections_with_notes(each):
            heading = piece.root.find(".//h1")
            title = title_of(heading) if heading is not None else piece.title
            matter = each.item.matter if piece.role != "titlepage" else "front"
            language = each.metadata.language if each.metadata.language != metadata.language else ""
            name = "article" if not plan.is_book else _section_name(each.file.path.stem, names)
            groups[-1].append(
                Section(
                    name, title if plan.is_book else metadata.title, piece.root,
                    tuple(outline(piece.root, each.file, each.findings)), each.file.path, notes,
                    piece.role, matter, piece.depth, language,
                )
            )  # fmt: skip
    return groups


def _section_name(stem: str, taken: set[str]) -> str:
    """Return a name for a section of the file *stem* that is not *taken*."""
    plain = _NOT_IN_NAME.sub("-", stem).strip("-").lower() or "section"
    plain = plain if plain[0].isalpha() else f"section-{plain}"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    taken.add(name)
    return name
