"""Atomic file writes: stage beside the target, then rename."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bifolio.model.errors import EditionError
from bifolio.runtime.temp_dirs import staging_dir


@contextmanager
def staged(into: Path, files: Mapping[str, bytes]) -> Iterator[list[Path]]:
    """Write *files*, data by name, into a temporary folder in *into*; yield their paths, in order.

    Raises EditionError if they cannot be written.
    """
    with ExitStack() as stack:
        try:
            into.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(staging_dir(into))
            parts = [folder / name for name in files]
            for part, data in zip(parts, files.values(), strict=True):
                part.write_bytes(data)
        except OSError as error:
            raise _cannot_write(into, error) from error
        yield parts


def commit(parts: Sequence[Path], into: Path) -> list[Path]:
    """Move the staged files *parts* into *into*, replacing files of the same name; return their new paths.

    Raises EditionError.
    """
    targets = [into / part.name for part in parts]
    for target in targets:
        if target.is_dir():
            raise EditionError(f"{target} cannot be written: it is a folder.")
    for part, target in zip(parts, targets, strict=True):
        try:
            part.replace(target)
        except OSError as error:
            raise _cannot_write(target, error) from error
    return targets


def _cannot_write(path: Path, error: OSError) -> EditionError:
    return EditionError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Use another folder with `--into`, or make this one writable.",
    )
