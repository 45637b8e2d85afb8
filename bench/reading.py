"""Time the reading of Markdown: against Python-Markdown, as texts grow, and on texts made to be slow.

Each time is that of the processor, in one process; the first ones are medians. Look at the ratios;
no test depends on them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from markdown import markdown

from bifolio import BifolioError, read
from bifolio.manuscript.markdown.parse import parse_markdown

_TEXT = """## A heading {name}

A paragraph with *emphasis*, **strong words**, `code` and [a link](https://example.org/{name}). It goes on for
a while, as paragraphs do, and ends in the third line or so, with nothing that is out of the ordinary in it
at all.

- An item
- Another, with *emphasis*

1. First
2. Second

> A quotation of some length, so that there is something to read in it.

| Year | Price |
| ---- | ----: |
| 1801 |   1.2 |

"""
_SLOW: dict[str, str] = {
    "brackets, 50,000 open": "[a" * 50_000,
    "brackets, 50,000 open, one closed": "[a" * 50_000 + "]",
    "notes, 20,000": "".join(f"Text.[^{n}]\n\n[^{n}]: Note.\n\n" for n in range(20_000)),
    "one note, cited 2,000 times": "Text.[^a] " * 2_000 + "\n\n[^a]: Note.\n",
    "emphasis, 50 KB nested": "*a **b " * 3_600 + "c" + " d** e*" * 3_600,
    "emphasis, 50 KB never closed": "*a " * 17_000,
    "quotations, 1,000 deep": ">" * 1_000 + " a",
    "CDATA, 10,000 at the beginning": "<![CDATA[" * 10_000,
    "CDATA, 10,000 in a line": "a <![CDATA[" * 10_000,
    "pictures of wikis, 20,000 begun": "![[" * 20_000,
    "links of wikis, 20,000 begun": "[[a|" * 20_000,
    "pictures, 50,000 begun": "![" * 50_000,
    "notes in the line, 20,000 begun": "^[" * 20_000,
    "marks of notes, 20,000 begun": "[^a " * 20_000,
    "marked words, 20,000 begun": "==a " * 20_000,
    "links without a target, 5,000": "".join(f"[a](#x{n})\n\n" for n in range(5_000)),
    "headings with the same words, 5,000": "## Same\n\n" * 5_000,
    "bare addresses, 10,000 begun": "(www.http:a_" * 10_000,
}


def text_of_size(sections: int) -> str:
    """Return a text of *sections* sections of about 600 characters each."""
    return "".join(_TEXT.replace("{name}", str(index)) for index in range(sections))


def seconds(work: Callable[[], object], runs: int) -> float:
    """Return the median CPU time of *work* in *runs* runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times)


def compare(runs: int) -> None:
    """Print the time for a text, for the same text in Python-Markdown, and for ten times the text."""
    small, large = text_of_size(100), text_of_size(1_000)
    parse_markdown(small, 1)
    markdown(small, extensions=["extra"])
    ours = seconds(lambda: parse_markdown(small, 1), runs)
    theirs = seconds(lambda: markdown(small, extensions=["extra"]), runs)
    tenfold = seconds(lambda: parse_markdown(large, 1), max(runs // 2, 1))
    print(f"{len(small):,} characters: {ours:.3f} s, Python-Markdown with `extra` {theirs:.3f} s", end="; ")
    print(f"ratio {ours / theirs:.2f} (goal: 1.5)")
    print(f"{len(large):,} characters: {tenfold:.3f} s; ratio {tenfold / ours:.1f} (goal: 12)")


def time_slow_texts() -> bool:
    """Print the time for each slow text; return whether each is read or refused within 2 seconds."""
    good = True
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "text.md"
        for name, text in _SLOW.items():
            source.write_text(f"---\ntitle: T\nlanguage: en\n---\n{text}\n", "utf-8")
            start = time.process_time()
            try:
                read(source)
                result = "read"
            except BifolioError as error:
                result = f"refused: {error.message}"
            took = time.process_time() - start
            good = good and took <= 2
            print(f"{took:6.2f} s  {name}: {result}")
    return good


def main() -> int:
    """Time all texts; return 1 if a slow text takes more than 2 seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="number of times each text is read")
    compare(parser.parse_args().runs)
    return 0 if time_slow_texts() else 1


if __name__ == "__main__":
    sys.exit(main())
