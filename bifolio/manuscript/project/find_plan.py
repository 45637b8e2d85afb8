"""Finds the plan of a source: a file, or a folder with or without a list of chapters."""

from __future__ import annotations

from pathlib import Path

from bifolio.manuscript.project.book_toml import read_book
from bifolio.manuscript.project.plan import Item, Plan, read_folder, title_from_folder
from bifolio.manuscript.project.source_file import check_suffix
from bifolio.manuscript.project.summary import read_book_txt, read_summary
from bifolio.model.errors import SourceError, UsageError
from bifolio.model.findings import Where


def find_plan(source: Path | None) -> Plan:
    """Return the plan of *source*, a file or a folder.

    None is the folder `source`, or else the current folder if it has a `book.toml`. A folder is read by its
    `book.toml`, or by a `SUMMARY.md` or `Book.txt` in it or in its folders `src` and `manuscript`. Without
    these, all its files are a book, in natural order. Raises UsageError and SourceError.
    """
    path = source or (Path() if _is_book_here() else Path("source"))
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:
        raise SourceError(f"The file cannot be read: {error.strerror}.", Where(path)) from error
    if not is_there and source is None:
        raise UsageError(
            "There is no folder `source` here.",
            hint="Give the name of a file, or create a project with `bifolio new DIR`.",
        )
    if not is_there:
        raise SourceError("The file does not exist.", Where(path), "Check the name.")
    if is_folder:
        return _read_folder(path)
    if path.name == "book.toml":
        return read_book(path)
    if path.name == "SUMMARY.md":
        return read_summary(path, path.parent, title=title_from_folder(path.parent))
    if path.name == "Book.txt":
        return read_book_txt(path, title_from_folder(path.parent))
    check_suffix(path)
    return Plan(path, path.parent, (Item(path, "article"),), is_book=False)


def _is_book_here() -> bool:
    return not Path("source").exists() and Path("book.toml").is_file()


def _read_folder(folder: Path) -> Plan:
    if (folder / "book.toml").is_file():
        return read_book(folder / "book.toml")
    for candidate in (folder, folder / "src", folder / "manuscript"):
        if (candidate / "SUMMARY.md").is_file():
            return read_summary(candidate / "SUMMARY.md", folder, title=title_from_folder(folder))
        if (candidate / "Book.txt").is_file():
            return read_book_txt(candidate / "Book.txt", title_from_folder(folder))
    return read_folder(folder)
