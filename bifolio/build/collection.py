"""Builds a collection: the book, and each of its articles on its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.build.editions import BuildJob, make_one, stem_of
from bifolio.build.result import Made
from bifolio.model.errors import BifolioError, UsageError
from bifolio.model.findings import Where, sort_findings

if TYPE_CHECKING:
    from bifolio.model.publication import Publication

_BOOK_FILES = frozenset({"book.toml", "SUMMARY.md", "Book.txt"})
"""The source of a section that has no file of its own."""


def make_all(book: Publication, into: Path, job: BuildJob, read: Callable[[Path], Publication]) -> Made:
    """Build *book* in *into*, then each of its articles in a folder named after the book.

    All have the same style. An article that fails does not stop the others; its error is among the failures
    of the result. Raises UsageError if no chapter is a file of its own, or for options that suit none.
    """
    from bifolio.stylesheet import find_stylesheet

    style = job.options.style or find_stylesheet(book.source)
    job = replace(job, options=replace(job.options, style=style))
    articles = list(_articles(book, into))
    if not articles:
        raise UsageError("`--also-each` needs a book whose chapters are separate files.", Where(book.source))
    made: list[Made] = []
    failures: list[BifolioError] = []
    for path, folder in [(None, into), *articles]:
        try:
            made.append(make_one(read(path) if path else book, folder, job))
        except UsageError:
            raise  # the options are wrong for all of them
        except BifolioError as error:
            failures.append(error)
    return Made(
        tuple(file for each in made for file in each.files),
        book.words(),
        tuple(sort_findings([finding for each in made for finding in each.findings])),
        tuple(failures),
    )


def _articles(book: Publication, into: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file of the body of *book* except part titles, with the folder for its editions.

    Sub-folders of the book are repeated in *into*.
    """
    texts = [
        section.source for section in book.sections if section.matter == "body" and section.role != "part"
    ]
    paths = [path for path in dict.fromkeys(texts) if path != book.source and path.name not in _BOOK_FILES]
    if paths:
        common = Path(os.path.commonpath([path.parent for path in paths]))
        for path in paths:
            yield path, into / stem_of(book.source) / path.parent.relative_to(common)
