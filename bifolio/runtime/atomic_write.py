"""Files put in their places: written beside them, and moved there when they are whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bifolio.model.errors import EditionError
from bifolio.runtime.temp_dirs import staging_dir


@contextmanager
def staged(into: Path, files: Mapping[str, bytes]) -> Iterator[list[Path]]:
    """Write *files*, by name, into a passing folder in *into*; give their paths, in order.

    Raises EditionError where nothing can be written.
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
    """Move *parts* into *into*, over what has their names; return where they are. Raises EditionError."""
    places = [into / part.name for part in parts]
    for place in places:
        if place.is_dir():
            raise EditionError(f"{place} cannot be written: it is a folder.")
    for part, place in zip(parts, places, strict=True):
        try:
            part.replace(place)
        except OSError as error:
            raise _cannot_write(place, error) from error
    return places


def _cannot_write(path: Path, error: OSError) -> EditionError:
    return EditionError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Give another folder with `--into`, or make this one writable.",
    )
