"""Replaces the include lines of a source, `{! file !}`, by the files that they name."""

from __future__ import annotations

import re
from pathlib import Path

from bifolio.checks.source_parser.front_matter import read_front_matter

_LINE = re.compile(r"^([ \t]*)\{!\s*([^!\n]+?)\s*!\}[ \t]*$", re.M)
_MAX_DEPTH = 20


def expand_includes(text: str, path: Path, root: Path, ancestors: tuple[Path, ...] = ()) -> str:
    """Return *text*, the content of the file at *path*, with each include line replaced.

    No file outside of the folder *root* is opened. A line stays as it is if its file does not exist, cannot
    be read, or is one of *ancestors*, the files that include this one.
    """
    chain = (*ancestors, path.resolve())

    def content(line: re.Match[str]) -> str:
        for folder in (path.parent, root):
            file = (folder / line[2].lstrip("/")).resolve()
            if file.is_relative_to(root.resolve()) and file.is_file() and file not in chain:
                break
        else:
            return line[0]
        try:
            inner = file.read_text("utf-8-sig")
        except ValueError:
            return line[0]
        if len(chain) < _MAX_DEPTH:
            inner = expand_includes(read_front_matter(inner)[1], file, root, chain)
        else:
            inner = line[0]
        return "\n".join(line[1] + each for each in inner.rstrip("\n").split("\n"))

    return _LINE.sub(content, text)
