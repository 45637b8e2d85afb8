"""`bifolio new`: begin a project."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import click

from bifolio.cli.starters import ARTICLE, BOOK
from bifolio.model.errors import UsageError
from bifolio.model.findings import Where

_MAKEFILE = """\
.PHONY: all clean
all:
\t@CALL@
clean:
\trm -rf build
"""


@click.command(name="new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--book", is_flag=True, help="Begin a book in place of an article.")
def command(folder: Path, book: bool) -> None:
    """Begin a project in DIR: an article or a book to write over, and the stylesheet to change."""
    from bifolio.stylesheet import default_path

    starter = BOOK if book else ARTICLE
    call = f"{_program()} {starter.call}"
    files = {
        **starter.files,
        "styles/bifolio.css": default_path().read_text("utf-8"),
        "Makefile": _MAKEFILE.replace("@CALL@", call),
        ".gitignore": "/build/\n",
    }
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError("There is something here already.", Where(folder), "Name a new folder.")
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The project cannot be begun here: {reason}.", Where(folder)) from error
    place = shlex.quote(str(folder))
    click.echo(f"Write {folder / starter.first}, then: cd {place} && {call}")


def _program() -> str:
    """Return how this program is called: by its name, or where the shell does not find it, by its place."""
    if shutil.which("bifolio"):
        return "bifolio"
    return f"{shlex.quote(sys.executable)} -m bifolio"
