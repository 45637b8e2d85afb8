"""`bifolio new`: begin a project."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import click

from bifolio.errors import UsageError
from bifolio.findings import Where

_ARTICLE = """\
---
title: A title of your own
subtitle: What it is about, in a line
author: Your Name
date: 2026-01-31
language: en-GB
description: One sentence for the catalogue.
keywords: [first subject, second subject]
rights: Who may do what with it.
---

::: standfirst
The standfirst says in two sentences what the reader will get.
:::

The text begins here. A note stands at the foot of the page on paper, and pops up on a screen.[^first]

## A subhead

| What | How |
| --- | --- |
| a picture | `![what it shows](pictures/leaf.svg "its caption")` |
| a note | `[^label]`, and `[^label]: text` below |
| a word in another language | `[Սոթք]{lang=hy}` |

Table: How to write it {#tbl-marks}

![One sheet folded into two leaves.](pictures/leaf.svg){alt="A sheet of paper, folded." credit="You"}

::: pull-quote
One sheet, two leaves.
:::

[^first]: Like this one.
"""

_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="480" height="240" viewBox="0 0 480 240">
  <title>A folded sheet</title>
  <rect width="480" height="240" fill="#f6f3ec"/>
  <path d="M240 40 L90 60 V200 L240 180 L390 200 V60 Z" fill="#ffffff" stroke="#1d1d1b" stroke-width="3"/>
  <line x1="240" y1="40" x2="240" y2="180" stroke="#9b2d20" stroke-width="3"/>
</svg>
"""

_MAKEFILE = """\
.PHONY: all clean
all:
\t@BIFOLIO@ build
clean:
\trm -rf build
"""


@click.command(name="new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Begin a project in DIR: an article to write over, and the stylesheet to change."""
    from bifolio.stylesheet import default_path

    files = {
        "source/article.md": _ARTICLE,
        "source/pictures/leaf.svg": _PICTURE,
        "styles/bifolio.css": default_path().read_text("utf-8"),
        "Makefile": _MAKEFILE.replace("@BIFOLIO@", _program()),
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
    click.echo(f"Write {folder / 'source' / 'article.md'}, then: cd {place} && {_program()} build")


def _program() -> str:
    """Return how this program is called: by its name, or where the shell does not find it, by its place."""
    if shutil.which("bifolio"):
        return "bifolio"
    return f"{shlex.quote(sys.executable)} -m bifolio"
