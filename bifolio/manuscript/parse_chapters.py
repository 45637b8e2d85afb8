"""Parses every file of a plan, taking chapters from the cache and dividing the work between two processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bifolio.manuscript.chapter_cache import chapter_key, load_chapter, store_chapter
from bifolio.manuscript.metadata.front_matter import FrontMatter
from bifolio.manuscript.parse_chapter import ParsedChapter, parse_chapter
from bifolio.manuscript.project.plan import Item, Plan
from bifolio.manuscript.project.source_file import SourceFile, read_file
from bifolio.manuscript.transforms.footnote_numbers import offset_numbers
from bifolio.manuscript.transforms.image_files import ImageInfo
from bifolio.manuscript.transforms.images import probe_images
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where, found
from bifolio.model.publication import Metadata
from bifolio.runtime.background import in_background
from bifolio.runtime.cache import Cache

_MIN_CHARACTERS = 100_000
"""The amount of text from which a second process saves time."""
_BACKGROUND_SHARE = 0.45
"""The share of the text for the second process, less than half because its results must be sent back."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A file to be parsed."""

    file: SourceFile
    key: str
    """The cache key; empty if the chapter is not cached."""
    run: Callable[[], ParsedChapter]


def parse_chapters(
    plan: Plan,
    book: Metadata | None,
    extensions: Sequence[str],
    cache: Cache | None,
    cached_images: Mapping[bytes, ImageInfo],
) -> list[ParsedChapter]:
    """Parse every file of *plan*, and make a chapter of each title without a file.

    *book* is the metadata of the whole, None for an article. Note numbers are unique across chapters, and
    one note more in a chapter does not change the numbers in another. *cache* is read and filled;
    *cached_images* holds the facts about images that it has. Raises SourceError.
    """
    # An item with neither a file nor a title is generated from the others later.
    items = [item for item in plan.items if item.path or (item.title and item.where)]
    is_cached = cache is not None and not extensions
    jobs = [_job(item, plan, book, extensions, is_cached=is_cached) for item in items]
    if not any(item.path for item in plan.items):
        raise SourceError("The book has no chapters.", Where(plan.path), "Add a file to it.")
    cached = {index: load_chapter(cache, job.key) for index, job in enumerate(jobs)}
    done = {index: chapter for index, chapter in cached.items() if chapter is not None}
    done |= _run_jobs({i: job for i, job in enumerate(jobs) if i not in done}, cache, cached_images)
    chapters = [done[index] for index in range(len(jobs))]
    step = 10 ** len(str(max(len(chapter.notes) for chapter in chapters)))
    for index, chapter in enumerate(chapters):
        chapter.notes = offset_numbers(chapter.trees(), chapter.notes, index * step)
    return chapters


def _job(
    item: Item, plan: Plan, book: Metadata | None, extensions: Sequence[str], *, is_cached: bool
) -> _Job:
    if item.path is None:
        titled = _title_only_file(item, plan)
        return _Job(titled, "", partial(_parse_title_only, titled, item, book))
    file = read_file(item.path, plan.folder, mdbook=plan.mdbook)
    key = chapter_key(file, (item, book)) if is_cached else ""
    return _Job(file, key, partial(parse_chapter, file, item, book=book, extensions=extensions))


def _title_only_file(item: Item, plan: Plan) -> SourceFile:
    """Return a file that contains the title of *item* and nothing else."""
    assert item.where is not None
    root = plan.folder.resolve()
    text = f"{item.title}\n"
    return SourceFile(item.where.file, root, FrontMatter(), text, item.where.line, plain=True)


def _parse_title_only(file: SourceFile, item: Item, book: Metadata | None) -> ParsedChapter:
    """Return a chapter with a title and no text: a part, or a chapter whose file is not written yet."""
    chapter = parse_chapter(file, item, book=book)
    chapter.file = replace(file, plain=False)
    if item.role != "part":
        chapter.findings.append(found("section-empty", item.where, file=item.title))
    return chapter


def _run_jobs(
    jobs: Mapping[int, _Job], cache: Cache | None, cached_images: Mapping[bytes, ImageInfo]
) -> dict[int, ParsedChapter]:
    """Run *jobs*, with much text the later ones in a second process, and store the results in *cache*.

    If there are two processes, each also probes the images of its chapters that are not in *cached_images*.
    """
    sizes = {index: len(job.file.body) for index, job in jobs.items()}
    later, left = [], sum(sizes.values()) * _BACKGROUND_SHARE
    for index in sorted(jobs, reverse=True):
        if left > 0:
            later.append(index)
            left -= sizes[index]
    if sum(sizes.values()) < _MIN_CHARACTERS or len(later) == len(jobs):
        return _run_each(jobs, cache)
    background = {index: jobs[index] for index in reversed(later)}
    foreground = {index: job for index, job in jobs.items() if index not in background}
    with in_background(lambda _: _probe_all_images(_run_each(background, cache), cached_images)) as task:
        done = _probe_all_images(_run_each(foreground, cache), cached_images)
        return done | task.result()


def _run_each(jobs: Mapping[int, _Job], cache: Cache | None) -> dict[int, ParsedChapter]:
    chapters: dict[int, ParsedChapter] = {}
    for index, job in jobs.items():
        chapters[index] = job.run()
        store_chapter(cache, job.key, chapters[index])
    return chapters


def _probe_all_images(
    chapters: dict[int, ParsedChapter], cached: Mapping[bytes, ImageInfo]
) -> dict[int, ParsedChapter]:
    """Return *chapters* with facts about their images, except those that are *cached*."""
    known = dict(cached)
    for chapter in chapters.values():
        chapter.image_info = probe_images(chapter.trees(), chapter.file, known)
        known |= chapter.image_info
    return chapters
