"""Every file of a plan, drafted: taken from an earlier build, made here, or by another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bifolio.manuscript.chapter import Draft, draft
from bifolio.manuscript.chapter_cache import draft_key, keep_draft, known_draft
from bifolio.manuscript.metadata.front_matter import FrontMatter
from bifolio.manuscript.project.plan import Item, Plan
from bifolio.manuscript.project.source_file import SourceFile, read_file
from bifolio.manuscript.transforms.footnote_numbers import number_on
from bifolio.manuscript.transforms.images import ImageInfo, probe_images
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where, found
from bifolio.model.publication import Metadata
from bifolio.runtime.background import in_background
from bifolio.runtime.cache import Cache

_MUCH = 100_000
"""How many characters are worth another process."""
_THERE = 0.45
"""The share of the work that it does: what it makes is still to be sent."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A file to be drafted."""

    file: SourceFile
    key: str
    """Under which the draft is kept; empty where it is not."""
    make: Callable[[], Draft]


def draft_all(
    plan: Plan,
    book: Metadata | None,
    extensions: Sequence[str],
    cache: Cache | None,
    pictures: Mapping[bytes, ImageInfo],
) -> list[Draft]:
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
    done = {place: known_draft(cache, job.key) for place, job in enumerate(jobs)}
    known = {place: made for place, made in done.items() if made is not None}
    missing = {place: job for place, job in enumerate(jobs) if place not in known}
    known |= _draft_here_and_there(missing, cache, pictures)
    drafts = [known[place] for place in range(len(jobs))]
    step = 10 ** len(str(max(len(each.notes) for each in drafts)))
    for place, each in enumerate(drafts):
        each.notes = number_on(each.trees(), each.notes, place * step)
    return drafts


def _job(item: Item, plan: Plan, book: Metadata | None, extensions: Sequence[str], *, keeps: bool) -> _Job:
    """Return what is to be done for *item*; *keeps* says that its draft is to be kept, if it can be."""
    if item.path is None:
        titled = _titled(item, plan)
        return _Job(titled, "", partial(_part, titled, item, book))
    file = read_file(item.path, plan.folder, mdbook=plan.mdbook)
    key = draft_key(file, (item, book)) if keeps else ""
    return _Job(file, key, partial(draft, file, item, book=book, extensions=extensions))


def _titled(item: Item, plan: Plan) -> SourceFile:
    """Return a file that holds the title of *item* and nothing else."""
    assert item.where is not None
    root = plan.folder.resolve()
    text = f"{item.title}\n"
    return SourceFile(item.where.file, root, FrontMatter(), text, item.where.line, plain=True)


def _part(file: SourceFile, item: Item, book: Metadata | None) -> Draft:
    """Return the draft of a part that has no file, or of a chapter whose file is yet to be written."""
    done = draft(file, item, book=book)
    done.file = replace(file, plain=False)
    if item.role != "part":
        done.findings.append(found("section-empty", item.where, file=item.title))
    return done


def _draft_here_and_there(
    jobs: Mapping[int, _Job], cache: Cache | None, pictures: Mapping[bytes, ImageInfo]
) -> dict[int, Draft]:
    """Do *jobs*, the later half of much work in another process meanwhile; keep what is made.

    Where there are two, each looks at the pictures of its chapters as well, but for those that are known.
    """
    weights = {place: len(job.file.body) for place, job in jobs.items()}
    half, left = [], sum(weights.values()) * _THERE
    for place in sorted(jobs, reverse=True):
        if left > 0:
            half.append(place)
            left -= weights[place]
    if sum(weights.values()) < _MUCH or len(half) == len(jobs):
        return _draft_each(jobs, cache)
    there = {place: jobs[place] for place in reversed(half)}
    with in_background(lambda _: _seen(_draft_each(there, cache), pictures)) as errand:
        here = _draft_each({place: job for place, job in jobs.items() if place not in there}, cache)
        return _seen(here, pictures) | errand.result()


def _draft_each(jobs: Mapping[int, _Job], cache: Cache | None) -> dict[int, Draft]:
    made: dict[int, Draft] = {}
    for place, job in jobs.items():
        made[place] = job.make()
        keep_draft(cache, job.key, made[place])
    return made


def _seen(drafts: dict[int, Draft], known: Mapping[bytes, ImageInfo]) -> dict[int, Draft]:
    """Return *drafts* with what their pictures are, but for those that are *known*."""
    met = dict(known)
    for each in drafts.values():
        each.pictures = probe_images(each.trees(), each.file, met)
        met |= each.pictures
    return drafts
