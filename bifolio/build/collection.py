"""A collection: the book, and each of its articles by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.build.editions import make_one, stem_of
from bifolio.build.options import BuildOptions
from bifolio.build.result import Made
from bifolio.model.errors import BifolioError, UsageError
from bifolio.model.findings import Where, in_order

if TYPE_CHECKING:
    from bifolio.model.publication import Publication

_LISTS = frozenset({"book.toml", "SUMMARY.md", "Book.txt"})
"""What a section without a file of its own is from."""


def make_all(
    book: Publication, into: Path, order: BuildOptions, reading: Callable[[Path], Publication]
) -> Made:
    """Make *book*, then each of its articles in a folder called as the book is, dressed alike.

    What cannot be made is told in the end and takes nothing else with it.
    """
    from bifolio.stylesheet import find_stylesheet

    order = replace(order, style=order.style or find_stylesheet(book.source))
    articles = list(_articles(book, into))
    if not articles:
        raise UsageError(
            "`--also-each` wants a book whose chapters are files of their own.", Where(book.source)
        )
    made: list[Made] = []
    failures: list[BifolioError] = []
    for path, folder in [(None, into), *articles]:
        try:
            made.append(make_one(reading(path) if path else book, folder, order))
        except UsageError:
            raise  # the call is wrong for all of them
        except BifolioError as error:
            failures.append(error)
    return Made(
        tuple(file for each in made for file in each.files),
        book.words(),
        tuple(in_order([finding for each in made for finding in each.findings])),
        tuple(failures),
    )


def _articles(book: Publication, into: Path) -> Iterator[tuple[Path, Path]]:
    """Give each file of the text of *book* that is no part's, with the folder for its editions.

    Files that lie in folders of the book's lie in such folders again.
    """
    texts = [
        section.source for section in book.sections if section.matter == "body" and section.role != "part"
    ]
    paths = [path for path in dict.fromkeys(texts) if path != book.source and path.name not in _LISTS]
    if paths:
        common = Path(os.path.commonpath([path.parent for path in paths]))
        for path in paths:
            yield path, into / stem_of(book.source) / path.parent.relative_to(common)
