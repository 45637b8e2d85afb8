"""What is wanted of a source, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bifolio.model.destinations import Destination, destination
from bifolio.model.errors import UsageError
from bifolio.runtime.cache import Cache


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What is wanted of a source, and how."""

    only: str | None
    paper: str | None
    style: Path | None
    variants: tuple[str, ...]
    onix: bool
    cover: bool
    destinations: tuple[Destination, ...]
    stock: str | None
    spine: float | None
    cache: Cache | None
    on_stage: Callable[[str], None]


def destinations_of(
    names: Sequence[str], *, only: str | None, onix: bool, cover: bool
) -> tuple[Destination, ...]:
    """Return the destinations of *names*, each once. Raises UsageError for what does not go with them."""
    places = tuple(destination(name) for name in dict.fromkeys(names))
    for option, given in (("--only", only), ("--onix", onix), ("--cover", cover)):
        if places and given:
            raise UsageError(
                f"`{option}` does not go with `--for`.",
                hint="Build once with the one and once with the other.",
            )
    return places
