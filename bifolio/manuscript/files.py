"""Which file is read, and its text: encoding, and where the front matter ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.errors import SourceError, UsageError
from bifolio.findings import Where

MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
PLAIN = frozenset({".txt", ".text"})
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source file, decoded and split."""

    path: Path
    """As the user named it; findings show it so."""
    root: Path
    """The real path of the folder that pictures may come from."""
    front: str
    """The front matter, without its fences; empty where there is none."""
    body: str
    first_line: int
    """The line of the file that `body` begins on, from 1."""
    plain: bool
    """Plain text: nothing in it is mark-up."""


def find_source(named: Path | None) -> Path:
    """Return the one file to read, given a file, a folder or nothing (the folder `source`).

    Raises UsageError when there is no such file, or more than one to choose from.
    """
    path = named or Path("source")
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:
        raise SourceError(f"The file cannot be read: {error.strerror}.", Where(path)) from error
    if is_folder:
        found = sorted(p for p in path.iterdir() if _is_source(p, path))
        if not found:
            raise UsageError(f"The folder {path} holds no Markdown or text file.")
        if len(found) > 1:
            names = ", ".join(p.name for p in found)
            raise UsageError(
                f"The folder {path} holds more than one source: {names}.",
                hint=f"Name the one to build, such as `bifolio build {found[0]}`.",
            )
        return found[0]
    if not is_there:
        if named is None:
            raise UsageError(
                "There is no folder `source` here.",
                hint="Name a file, or make a project with `bifolio new DIR`.",
            )
        raise SourceError("The file does not exist.", Where(path), "Check the name.")
    if path.suffix.lower() not in MARKDOWN | PLAIN:
        raise UsageError(
            f"{path} is neither Markdown nor plain text.",
            hint=f"A source ends in {', '.join(sorted(MARKDOWN | PLAIN))}.",
        )
    return path


def _is_source(path: Path, folder: Path) -> bool:
    """Say whether *path* is a source that really lies in *folder*: a link may lead out of it."""
    if path.suffix.lower() not in MARKDOWN | PLAIN:
        return False
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def read_file(path: Path) -> SourceFile:
    """Read and split the file at *path*.

    Raises SourceError when it cannot be read, is not UTF-8, or holds nothing.
    """
    text = _decode(path)
    if not text.strip():
        raise SourceError("The file is empty.", Where(path), "Write something in it first.")
    root = path.resolve().parent
    if path.suffix.lower() in PLAIN:
        return SourceFile(path, root, "", text, 1, plain=True)
    front, body, first_line = _split(text, path)
    return SourceFile(path, root, front, body, first_line, plain=False)


def _decode(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"The file is larger than {MAX_BYTES // 2**20} MiB.", Where(path), "Split it.")
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"The file cannot be read: {reason}.", Where(path)) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"The file is not UTF-8: byte 0x{data[error.start]:02x} stands for no character.",
            Where(path, line),
            "Save it as UTF-8 in your editor, or convert it with `iconv -t utf-8`.",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _split(text: str, path: Path) -> tuple[str, str, int]:
    """Split YAML front matter from the body; give both and the body's first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", text, 1
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    if len(lines) > 1 and ":" in lines[1]:
        raise SourceError(
            "The front matter opens with `---` and is never closed.",
            Where(path, 1),
            "Put a line `---` after its last key.",
        )
    return "", text, 1
