"""Reads and decodes a source file and separates its front matter from its body."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from bifolio.manuscript.metadata.front_matter import FrontMatter, json_error
from bifolio.model.errors import SourceError, UsageError
from bifolio.model.findings import Where
from bifolio.runtime.file_watch import FileTooLarge, read_bytes

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown"})
PLAIN_TEXT_SUFFIXES = frozenset({".txt", ".text"})
MAX_BYTES = 64 * 1024 * 1024

_FENCE = re.compile(r"(---|\+\+\+|;;;)(\w*)")
_FORMAT_BY_FENCE = {"---": "yaml", "+++": "toml", ";;;": "json"}
_FORMAT_BY_NAME = {"": "", "yaml": "yaml", "yml": "yaml", "toml": "toml", "json": "json"}
_JSON_OBJECT = re.compile(r'\{\s*(?:"|$)')
_TITLE_LINE = re.compile(r"%(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source file, decoded, with its front matter separated."""

    path: Path
    """The path as the user gave it and findings show it."""
    root: Path
    """The real path of the folder that images and included files must be in."""
    front: FrontMatter
    """The front matter, not yet parsed."""
    body: str
    first_line: int
    """The number of the first line of `body` in the file."""
    plain: bool
    """Whether the file is plain text, without any markup."""
    origins: tuple[Where, ...] = ()
    """The position of each line of `body`, if some are included from other files."""
    included: tuple[Path, ...] = ()
    """The real paths of the included files, one per include."""
    mdbook: bool = False
    """Whether the file can contain mdBook's directives."""

    def where(self, line: int) -> Where:
        """Return the position of *line*, a number that counts the included lines too."""
        index = line - self.first_line
        if 0 <= index < len(self.origins):
            return self.origins[index]
        return Where(self.path, line)


def check_suffix(path: Path) -> None:
    """Raise UsageError if *path* does not have the suffix of a source file."""
    if path.suffix.lower() not in MARKDOWN_SUFFIXES | PLAIN_TEXT_SUFFIXES:
        raise UsageError(
            f"{path} is neither Markdown nor plain text.",
            hint=f"Use a file that ends in {', '.join(sorted(MARKDOWN_SUFFIXES | PLAIN_TEXT_SUFFIXES))}.",
        )


def read_file(path: Path, folder: Path, *, mdbook: bool = False) -> SourceFile:
    """Read the file at *path*, which is part of the project in *folder*.

    *mdbook* is whether it can contain mdBook's directives. Raises SourceError if it cannot be read or is not
    UTF-8.
    """
    text = read_text(path)
    root = folder.resolve()
    if path.suffix.lower() in PLAIN_TEXT_SUFFIXES:
        return SourceFile(path, root, FrontMatter(), text, 1, plain=True)
    front, body, first_line = split_front_matter(text, path)
    return SourceFile(path, root, front, body, first_line, plain=False, mdbook=mdbook)


def read_text(path: Path) -> str:
    """Return the text of the UTF-8 file at *path* with line endings `\\n`. Raises SourceError."""
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileTooLarge as error:
        message = f"The file is larger than {MAX_BYTES // 2**20} MiB."
        raise SourceError(message, Where(path), "Split it.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"The file cannot be read: {reason}.", Where(path)) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"The file is not UTF-8: byte 0x{data[error.start]:02x} is invalid.",
            Where(path, line),
            "Save it as UTF-8 in your editor, or convert it with `iconv -t utf-8`.",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")


def split_front_matter(text: str, path: Path) -> tuple[FrontMatter, str, int]:
    """Return the front matter of *text*, its body, and the number of the first line of the body.

    Raises SourceError if the front matter is not closed, or is a program.
    """
    lines = text.split("\n")
    fence = _FENCE.fullmatch(lines[0].rstrip())
    if fence:
        return _split_fenced(lines, fence, path)
    if _JSON_OBJECT.match(lines[0]):
        return _split_object(text, path)
    if _TITLE_LINE.match(lines[0]):
        end = 1
        while end < len(lines) and (_TITLE_LINE.match(lines[end]) or re.match(r"[ \t]+\S", lines[end])):
            end += 1
        return FrontMatter("pandoc", "\n".join(lines[:end])), "\n".join(lines[end:]), end + 1
    return FrontMatter(), text, 1


def _split_fenced(lines: list[str], fence: re.Match[str], path: Path) -> tuple[FrontMatter, str, int]:
    mark, name = fence.groups()
    if name in ("js", "javascript"):
        raise SourceError(
            "The front matter is a program, which is not run.", Where(path, 1), "Write it in YAML."
        )
    if name not in _FORMAT_BY_NAME:
        return FrontMatter(), "\n".join(lines), 1
    closing = (mark, "...") if mark == "---" else (mark,)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in closing:
            front = FrontMatter(
                _FORMAT_BY_NAME[name] or _FORMAT_BY_FENCE[mark], "\n".join(lines[1:number]), 2
            )
            return front, "\n".join(lines[number + 1 :]), number + 2
    if len(lines) > 1 and re.search("[:=]" if mark == "+++" else ":", lines[1]):
        raise SourceError(
            f"The front matter begins with `{mark}` and has no end.",
            Where(path, 1),
            f"Add a line `{mark}` after its last key.",
        )
    return FrontMatter(), "\n".join(lines), 1


def _split_object(text: str, path: Path) -> tuple[FrontMatter, str, int]:
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise json_error(error, path, 1) from error
    rest, _, body = text[end:].partition("\n")
    if rest.strip():
        return FrontMatter(), text, 1
    return FrontMatter("json", text[:end]), body, text.count("\n", 0, end) + 2
