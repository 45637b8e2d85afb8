"""Reads a source into a Publication: parses each file, then joins the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.manuscript.book.assemble import assemble_book
from bifolio.manuscript.book.split_long_file import is_book_length, sections_with_notes, split_at_headings
from bifolio.manuscript.chapter_cache import load_image_store, store_image_info
from bifolio.manuscript.markdown.parse import pause_garbage_collection
from bifolio.manuscript.metadata.read import read_metadata
from bifolio.manuscript.parse_chapter import ParsedChapter
from bifolio.manuscript.parse_chapters import parse_chapters
from bifolio.manuscript.project.find_plan import find_plan
from bifolio.manuscript.project.includes import set_origins
from bifolio.manuscript.project.plan import Item, Plan, unlisted_files
from bifolio.manuscript.transforms.anchors import Anchors, set_anchors
from bifolio.manuscript.transforms.aria_labels import set_labels
from bifolio.manuscript.transforms.headings import heading_text, outline
from bifolio.manuscript.transforms.image_files import UnreadableImage
from bifolio.manuscript.transforms.images import ImageStore, load_images, read_image
from bifolio.manuscript.transforms.links import resolve_links
from bifolio.manuscript.transforms.references import fill_references
from bifolio.manuscript.transforms.smart_punctuation.replace import (
    apply_smart_punctuation,
    plain_text,
    remove_escapes,
    smart_metadata,
)
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import terms
from bifolio.model.publication import Metadata, Picture, Publication, Section
from bifolio.runtime.build_lock import build_lock
from bifolio.runtime.cache import Cache

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9]+")


def read(
    source: Path | None = None, *, fetch_pictures: bool = False, extensions: Sequence[str] = ()
) -> Publication:
    """Read *source*, a Markdown or plain-text file or the folder of an article or a book.

    *fetch_pictures* allows images to be downloaded from the web; they are kept beside the source.
    *extensions* names extensions of Python-Markdown, whose code is run.
    Raises UsageError if there is nothing to read or an extension fails, SourceError if the source cannot be
    read.
    """
    with build_lock():
        return read_with(None, source, fetch_pictures=fetch_pictures, extensions=extensions)


@pause_garbage_collection()
def read_with(
    cache: Cache | None, source: Path | None, *, fetch_pictures: bool = False, extensions: Sequence[str] = ()
) -> Publication:
    """Read *source* as `read` does, taking what has not changed from *cache* and storing the rest in it.

    The order of the steps matters: each changes the trees of the chapters in place, and relies on the
    steps before it.
    """
    # 1. Parse each file by itself.
    plan = find_plan(source)
    book, findings = _read_book_metadata(plan) if plan.is_book else (None, [])
    images = load_image_store(cache, plan.path)
    chapters = parse_chapters(plan, book, extensions, cache, images.cached)
    if book is None and is_book_length(chapters[0]):
        plan = _split_into_book(plan, chapters[0])

    # 2. Resolve links between files. Anchors are made from titles as typed, so punctuation comes later.
    findings += _link_chapters(chapters, book, {item.role for item in plan.items})

    # 3. Replace punctuation, and load the images.
    metadata = _apply_smart_punctuation(chapters, book)
    _load_images(chapters, images, _image_fetcher(plan) if fetch_pictures else None)
    cover = _read_cover(plan, images)
    store_image_info(cache, plan.path, images)

    # 4. Make the sections. Lines are mapped to included files last: findings need them as parsed.
    groups = _make_sections(chapters, metadata, plan)
    _set_origins(chapters)
    sections = _arrange_sections(groups, metadata, plan, is_split=book is None)

    # 5. Collect the findings.
    findings += chain.from_iterable(chapter.findings for chapter in chapters)
    if book:
        findings += unlisted_files(plan, (path for each in chapters for path in each.file.included))
    findings += [*plan.findings, *images.findings]
    return Publication(
        metadata, tuple(sections), tuple(images.by_path.values()), _source_path(plan), tuple(findings), cover,
        plan.paper, plan.style, plan.variants,
    )  # fmt: skip


def _read_book_metadata(plan: Plan) -> tuple[Metadata, list[Finding]]:
    """Return the metadata that *plan* gives for the whole book."""
    metadata, findings = read_metadata(plan.entries, plan.path, plan.title)
    if not any(entry.key == "title" for entry in plan.entries):
        findings.append(found("title-missing", Where(plan.path), title=plan.title))
    name, position = plan.series
    return replace(metadata, series=name, position=position), findings


def _split_into_book(plan: Plan, chapter: ParsedChapter) -> Plan:
    """Split *chapter*, an article of the length of a book, and return the plan of that book."""
    split_at_headings(chapter)
    title = Item(plan.items[0].path, "titlepage", "front")
    return replace(plan, is_book=True, items=(title, Item(None, "toc", "front"), *plan.items))


def _link_chapters(chapters: list[ParsedChapter], book: Metadata | None, roles: set[str]) -> list[Finding]:
    """Set the labels, anchors, links and cross-references of all *chapters*.

    *roles* are those of the plan: a list of figures or tables numbers them all.
    """
    notes = [note for chapter in chapters for note in chapter.notes]
    taken = {f"{kind}-{note.number}" for note in notes for kind in ("note", "call")}
    last_number: dict[str, int] = {}
    for chapter in chapters:
        chapter.anchors = Anchors(taken=taken, last_number=last_number)
        set_labels(chapter.trees(), chapter.metadata.language)
        chapter.findings += set_anchors(chapter.trees(), chapter.file, chapter.anchors)
        for note in chapter.notes:
            chapter.anchors.ids.setdefault(note.label, f"note-{note.number}")
    files = {each.file.path.resolve(): each.anchors for each in chapters if each.item.path}
    for chapter in chapters:
        for tree in chapter.trees():
            chapter.findings += resolve_links(tree, chapter.file, chapter.anchors, files)
    trees = [(tree, chapter.file) for chapter in chapters for tree in chapter.trees()]
    listed = {kind for kind, role in (("figure", "loi"), ("table", "lot")) if role in roles}
    language = book.language if book else chapters[0].metadata.language
    return fill_references(trees, notes, terms(language), listed)


def _apply_smart_punctuation(chapters: Sequence[ParsedChapter], book: Metadata | None) -> Metadata:
    """Replace the punctuation in all *chapters*; return the metadata of the publication, replaced likewise.

    These are the metadata of *book*, or of the one chapter of an article. Plain text is left as it was typed.
    """
    for chapter in chapters:
        for tree in chapter.trees():
            if _is_smart(chapter):
                apply_smart_punctuation(tree, chapter.metadata.language)
            remove_escapes(tree)
    if book:
        return smart_metadata(book, book.title) if book.smart else book
    article = chapters[0]
    if _is_smart(article):
        return smart_metadata(article.metadata, article.escaped_title)
    return replace(article.metadata, title=plain_text(article.escaped_title))


def _is_smart(chapter: ParsedChapter) -> bool:
    return chapter.metadata.smart and not chapter.file.plain


def _load_images(
    chapters: Iterable[ParsedChapter], images: ImageStore, fetch: Callable[[str], str] | None
) -> None:
    """Load the images of all *chapters* into *images*; *fetch* downloads those on the web."""
    for chapter in chapters:
        images.probed |= chapter.image_info
        whole = Element("div")
        whole.extend(chapter.trees())
        load_images(whole, chapter.file, images, fetch)


def _image_fetcher(plan: Plan) -> Callable[[str], str]:
    """Return the function that downloads images into the folder of *plan*."""
    from bifolio.manuscript.project.remote_images import ImageFetcher

    return ImageFetcher(plan.folder.resolve()).fetch


def _read_cover(plan: Plan, images: ImageStore) -> Picture | None:
    """Return the cover image that *plan* names, if it names one that can be read."""
    if plan.cover is None or plan.cover.path is None:
        return None
    try:
        return read_image(plan.cover.path.resolve(), images)
    except UnreadableImage as error:
        name = plan.cover.title
        images.findings.append(found("picture-unreadable", plan.cover.where, picture=name, why=error.why))
        return None


def _make_sections(chapters: Iterable[ParsedChapter], metadata: Metadata, plan: Plan) -> list[list[Section]]:
    """Return the sections of each of *chapters*, in order; *metadata* is that of the publication."""
    groups: list[list[Section]] = []
    names: set[str] = {"title", "nav"}
    for chapter in chapters:
        language = chapter.metadata.language if chapter.metadata.language != metadata.language else ""
        groups.append([])
        for section, notes in sections_with_notes(chapter):
            heading = section.root.find(".//h1")
            title = heading_text(heading) if heading is not None else section.title
            matter = chapter.item.matter if section.role != "titlepage" else "front"
            name = "article" if not plan.is_book else _section_name(chapter.file.path.stem, names)
            headings = tuple(outline(section.root, chapter.file, chapter.findings))
            groups[-1].append(
                Section(
                    name, title if plan.is_book else metadata.title, section.root, headings,
                    chapter.file.path, notes, section.role, matter, section.depth, language,
                )
            )  # fmt: skip
    return groups


def _arrange_sections(
    groups: list[list[Section]], metadata: Metadata, plan: Plan, *, is_split: bool
) -> list[Section]:
    """Return the sections of an article, or those of a book with the generated ones.

    *is_split* is whether the book is one long file, whose title page is an item of its own.
    """
    if not plan.is_book:
        return list(chain(*groups))
    if is_split:
        groups = [groups[0][:1], groups[0][1:]]
    return assemble_book(groups, plan.items, metadata, plan.path)


def _section_name(stem: str, taken: set[str]) -> str:
    """Return a unique name for a section of the file *stem*, and add it to *taken*."""
    plain = _NOT_IN_NAME.sub("-", stem).strip("-").lower() or "section"
    plain = plain if plain[0].isalpha() else f"section-{plain}"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    taken.add(name)
    return name


def _set_origins(chapters: Iterable[ParsedChapter]) -> None:
    """Give every element of *chapters* its file and line, also where the text was included."""
    for chapter in chapters:
        for tree in chapter.trees():
            set_origins(tree, chapter.file)


def _source_path(plan: Plan) -> Path:
    """Return the path that the editions are named after: the file of an article, the folder of a book."""
    if plan.path.name not in ("book.toml", "SUMMARY.md", "Book.txt"):
        return plan.path
    return plan.folder if plan.folder.name else plan.folder.resolve()
