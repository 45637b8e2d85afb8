"""Every file of a plan, drafted: taken from an earlier build, made here, or by another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bifolio.manuscript.chapter import ParsedChapter, parse_chapter
from bifolio.manuscript.chapter_cache import chapter_key, load_chapter, store_chapter
from bifolio.manuscript.metadata.front_matter import FrontMatter
from bifolio.manuscript.project.plan import Item, Plan
from bifolio.manuscript.project.source_file import SourceFile, read_file
from bifolio.manuscript.transforms.footnote_numbers import offset_numbers
from bifolio.manuscript.transforms.images import ImageInfo, probe_images
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where, found
from bifolio.model.publication import Metadata
from bifolio.runtime.background import in_background
from bifolio.runtime.cache import Cache

_MIN_CHARACTERS = 100_000
"""How many characters are worth another process."""
_BACKGROUND_SHARE = 0.45
"""The share of the work that it does: what it makes is still to be sent."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A file to be drafted."""

    file: SourceFile
    key: str
    """Under which the draft is kept; empty where it is not."""
    make: Callable[[], ParsedChapter]


def parse_chapters(
    plan: Plan,
    book: Metadata | None,
    extensions: Sequence[str],
    cache: Cache | None,
    pictures: Mapping[bytes, ImageInfo],
) -> list[ParsedChapter]:
    """Draft every file of *plan*, and its parts that have none; *book* describes the whole, if it is one.

    Notes are numbered so that no two drafts share a number, and one more in a file changes none in another.
    *cache* has what earlier builds have drafted; *pictures* is what they know of those. Raises SourceError.
    """
    # What has neither a file nor a title is made from the others.
    items = [item for item in plan.items if item.path or (item.title and item.where)]
    keeps = cache is not None and not extensions
    jobs = [_job(item, plan, book, extensions, keeps=keeps) for item in items]
    if not any(item.path for item in plan.items):
        raise SourceError("The book has no chapters.", Where(plan.path), "Name one.")
    done = {place: load_chapter(cache, job.key) for place, job in enumerate(jobs)}
    known = {place: made for place, made in done.items() if made is not None}
    missing = {place: job for place, job in enumerate(jobs) if place not in known}
    known |= _run_jobs(missing, cache, pictures)
    drafts = [known[place] for place in range(len(jobs))]
    step = 10 ** len(str(max(len(each.notes) for each in drafts)))
    for place, each in enumerate(drafts):
        each.notes = offset_numbers(each.trees(), each.notes, place * step)
    return drafts


def _job(item: Item, plan: Plan, book: Metadata | None, extensions: Sequence[str], *, keeps: bool) -> _Job:
    """Return what is to be done for *item*; *keeps* says that its draft is to be kept, if it can be."""
    if item.path is None:
        titled = _title_only_file(item, plan)
        return _Job(titled, "", partial(_parse_title_only, titled, item, book))
    file = read_file(item.path, plan.folder, mdbook=plan.mdbook)
    key = chapter_key(file, (item, book)) if keeps else ""
    return _Job(file, key, partial(parse_chapter, file, item, book=book, extensions=extensions))


def _title_only_file(item: Item, plan: Plan) -> SourceFile:
    """Return a file that holds the title of *item* and nothing else."""
    assert item.where is not None
    root = plan.folder.resolve()
    text = f"{item.title}\n"
    return SourceFile(item.where.file, root, FrontMatter(), text, item.where.line, plain=True)


def _parse_title_only(file: SourceFile, item: Item, book: Metadata | None) -> ParsedChapter:
    """Return the draft of a part that has no file, or of a chapter whose file is yet to be written."""
    done = parse_chapter(file, item, book=book)
    done.file = replace(file, plain=False)
    if item.role != "part":
        done.findings.append(found("section-empty", item.where, file=item.title))
    return done


def _run_jobs(
    jobs: Mapping[int, _Job], cache: Cache | None, pictures: Mapping[bytes, ImageInfo]
) -> dict[int, ParsedChapter]:
    """Do *jobs*, the later half of much work in another process meanwhile; keep what is made.

    Where there are two, each looks at the pictures of its chapters as well, but for those that are known.
    """
    weights = {place: len(job.file.body) for place, job in jobs.items()}
    half, left = [], sum(weights.values()) * _BACKGROUND_SHARE
    for place in sorted(jobs, reverse=True):
        if left > 0:
            half.append(place)
            left -= weights[place]
    if sum(weights.values()) < _MIN_CHARACTERS or len(half) == len(jobs):
        return _run_each(jobs, cache)
    there = {place: jobs[place] for place in reversed(half)}
    with in_background(lambda _: _probe_all_images(_run_each(there, cache), pictures)) as errand:
        here = _run_each({place: job for place, job in jobs.items() if place not in there}, cache)
        return _probe_all_images(here, pictures) | errand.result()


def _run_each(jobs: Mapping[int, _Job], cache: Cache | None) -> dict[int, ParsedChapter]:
    made: dict[int, ParsedChapter] = {}
    for place, job in jobs.items():
        made[place] = job.make()
        store_chapter(cache, job.key, made[place])
    return made


def _probe_all_images(
    drafts: dict[int, ParsedChapter], known: Mapping[bytes, ImageInfo]
) -> dict[int, ParsedChapter]:
    """Return *drafts* with what their pictures are, but for those that are *known*."""
    met = dict(known)
    for each in drafts.values():
        each.pictures = probe_images(each.trees(), each.file, met)
        met |= each.pictures
    return drafts
