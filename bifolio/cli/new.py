"""`bifolio new`: create a project."""

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
@click.option("--book", is_flag=True, help="Create a book instead of an article.")
def command(folder: Path, book: bool) -> None:
    """Create a project in DIR: a sample article or book, the stylesheet and a makefile."""
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
            raise UsageError("It exists and is not an empty folder.", Where(folder), "Use a new folder.")
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The project cannot be created: {reason}.", Where(folder)) from error
    click.echo(f"Edit {folder / starter.first}, then run: cd {shlex.quote(str(folder))} && {call}")


def _program() -> str:
    """Return the shell command of this program: its name, or its path if the shell does not find it."""
    if shutil.which("bifolio"):
        return "bifolio"
    return f"{shlex.quote(sys.executable)} -m bifolio"
