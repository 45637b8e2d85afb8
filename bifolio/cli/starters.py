"""The files of a new project, with sample texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Starter:
    """The files of a new project."""

    files: dict[str, str]
    """Texts by path."""
    first: str
    """The file to edit first."""
    call: str
    """The arguments of `bifolio` that build it, in its folder."""


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

_BOOK = """\
title = "A title of your own"
subtitle = "What it is about, in a line"
author = ["Your Name", {name = "A Friend", role = "illustrator"}]
date = "2026-01"
language = "en-GB"
description = "One sentence for the catalogue."
keywords = ["first subject", "second subject"]
publisher = "Your Press"
rights = "© 2026 Your Name"
paper = "a5"
style = "styles/bifolio.css"
front = ["half-title", "title-page", "colophon", "dedication.md", "contents", "preface.md"]
chapters = [
  {part = "The sheet", chapters = ["folding.md"]},
  {part = "The book", chapters = ["sewing.md"]},
]
back = ["index", "about-the-author.md"]

# More keys: cover = "pictures/cover.jpg", series = {name = "...", position = "1"},
# identifier = {epub = "ISBN", pdf = "ISBN"}, certifier = "who answers for its accessibility".
"""

_DEDICATION = """\
For whoever reads this first.
"""

_PREFACE = """\
# Preface

Say here why there is a book. Each file is a section, and `book.toml` says in what order they stand.
"""

_FOLDING = """\
# Folding

A sheet that is folded once is a [bifolio]{.index}: two leaves, four pages.[^four] [](#fig-leaf) shows one.

![One sheet folded into two leaves.](pictures/leaf.svg){#fig-leaf alt="A folded sheet." credit="A Friend"}

## Along the grain

Paper has a [grain]{.index}. It folds along it willingly, and across it under protest.

[^four]: A note stands at the foot of the page on paper, and pops up on a screen. Its label is your own
    affair; each chapter numbers its notes anew.
"""

_SEWING = """\
# Sewing

Folded sheets that lie in each other are a [gathering]{.index}. They are sewn through the fold, as in
[the chapter before](folding.md#along-the-grain) they were creased.

| Sheets | Leaves | Pages |
| -----: | -----: | ----: |
|      1 |      2 |     4 |
|      4 |      8 |    16 |

Table: What a gathering holds {#tbl-gathering}

As [](#tbl-gathering) says, four sheets make sixteen pages. A [bifolio]{.index} is the least of them.
"""

_AUTHOR = """\
# About the author

You, in two sentences.
"""

ARTICLE = Starter(
    {"source/article.md": _ARTICLE, "source/pictures/leaf.svg": _PICTURE}, "source/article.md", "build"
)
BOOK = Starter(
    {
        "book.toml": _BOOK,
        "dedication.md": _DEDICATION,
        "preface.md": _PREFACE,
        "folding.md": _FOLDING,
        "sewing.md": _SEWING,
        "about-the-author.md": _AUTHOR,
        "pictures/leaf.svg": _PICTURE,
    },
    "book.toml",
    "build",
)
