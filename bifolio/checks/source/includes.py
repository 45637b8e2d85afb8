"""A source with the files that it includes, as its reader meets it."""

from __future__ import annotations

import re
from pathlib import Path

from bifolio.checks.source.front_matter import read_front_matter

_LINE = re.compile(r"^([ \t]*)\{!\s*([^!\n]+?)\s*!\}[ \t]*$", re.M)
_DEEPEST = 20


def expand_includes(text: str, path: Path, root: Path, within: tuple[Path, ...] = ()) -> str:
    """Return *text*, which stands in the file at *path*, with each file that it includes in its place.

    No file outside of the folder *root* is opened. What cannot be included stays as it is.
    """
    here = (*within, path.resolve())

    def content(line: re.Match[str]) -> str:
        for folder in (path.parent, root):
            file = (folder / line[2].lstrip("/")).resolve()
            if file.is_relative_to(root.resolve()) and file.is_file() and file not in here:
                break
        else:
            return line[0]
        try:
            inner = file.read_text("utf-8-sig")
        except ValueError:
            return line[0]
        inner = (
            expand_includes(read_front_matter(inner)[-1], file, root, here)
            if len(here) < _DEEPEST
            else line[0]
        )
        return "\n".join(line[1] + each for each in inner.rstrip("\n").split("\n"))

    return _LINE.sub(content, text)
