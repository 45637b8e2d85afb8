"""The options of a build, each declared once: type, default, help, command-line flag and check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypedDict

from bifolio.model.destinations import DESTINATIONS, Destination
from bifolio.model.errors import UsageError
from bifolio.model.paper_sizes import parse_paper_size
from bifolio.model.vendors import STOCKS, parse_width

_OPTION = "option"
_WITHOUT_DESTINATIONS = ("only", "onix", "cover")
"""The options that describe the usual two editions."""


@dataclass(frozen=True, slots=True)
class Option:
    """How an option is declared: its help, its form on the command line, and what its values may be."""

    help: str
    flag: str | None
    """The flag of `bifolio build`; None for an option that another flag sets."""
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    """The permitted values; empty if any is."""
    validate: Callable[[str], object] | None = None
    """Raises UsageError for a value that is not permitted."""
    is_repeatable: bool = False
    """Whether the value is a tuple, to which each use of the flag adds."""
    is_flag_repeatable: bool = False
    """Whether the flag may be repeated although the value is single: `--style` sets two options."""
    parse: Callable[[str], Any] | None = None
    """Converts the text of the command line. Raises UsageError."""
    is_cacheable: bool = True
    """Whether a build with this option may be skipped if its files are unchanged: it reads only files."""

    def check(self, name: str, value: Any) -> None:
        """Raise UsageError if *value* is not permitted for the option *name*."""
        if self.validate and value is not None:
            self.validate(value)
        for each in value if self.is_repeatable else [value]:
            if self.choices and each is not None and each not in self.choices:
                raise UsageError(
                    f"`{each}` is not a value of `{name}`.", hint=f"Use one of {', '.join(self.choices)}."
                )


def _option(flag: str | None, help: str, **more: Any) -> Mapping[str, Option]:
    """Return the metadata of a field that declares an option."""
    return {_OPTION: Option(help, flag, **more)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """The options of a build. Raises UsageError for a value, or a combination, that is not permitted.

    Sequences are stored as tuples.
    """

    only: str | None = field(
        default=None, metadata=_option("--only", "Build this edition alone.", choices=("epub", "pdf"))
    )
    destinations: Sequence[str] = field(
        default=(),
        metadata=_option(
            "--for",
            f"Build only the edition for this destination (repeatable): {', '.join(DESTINATIONS)}.",
            metavar="DESTINATION",
            choices=tuple(DESTINATIONS),
            is_repeatable=True,
        ),
    )
    stock: str | None = field(
        default=None,
        metadata=_option("--stock", "The paper and inks of a printed book.", choices=tuple(STOCKS)),
    )
    spine: float | None = field(
        default=None,
        metadata=_option(
            "--spine",
            "The width of the spine, such as 0.62in or 15.8mm, if the vendor states it.",
            metavar="WIDTH",
            parse=parse_width,
        ),
    )
    """In inches."""
    paper: str | None = field(
        default=None,
        metadata=_option(
            "--paper",
            "The page size: a4, a5, letter, ..., or a size such as 6x9in or 148x210mm.",
            metavar="SIZE",
            validate=parse_paper_size,
        ),
    )
    style: Path | None = field(
        default=None,
        metadata=_option(
            "--style",
            "A stylesheet to use instead of the project's, or the name of a style in it (repeatable): "
            "large-print, e-ink, two-columns, ...",
            metavar="FILE|NAME",
            is_flag_repeatable=True,
        ),
    )
    variants: Sequence[str] = field(
        default=(),
        metadata=_option(None, "The named styles of the stylesheet that the PDF uses.", is_repeatable=True),
    )
    fetch_pictures: bool = field(
        default=False,
        metadata=_option(
            "--fetch-pictures",
            "Download images from the web, once, into a folder beside the source.",
            is_cacheable=False,
        ),
    )
    extensions: Sequence[str] = field(
        default=(),
        metadata=_option(
            "--extension",
            "Enable an extension of Python-Markdown (repeatable). Its code is run.",
            metavar="NAME",
            is_repeatable=True,
            is_cacheable=False,
        ),
    )
    cache: bool = field(
        default=True, metadata=_option("--no-cache", "Neither read the build cache nor write to it.")
    )
    also_each: bool = field(
        default=False,
        metadata=_option(
            "--also-each", "Build each article of a collection on its own as well.", is_cacheable=False
        ),
    )
    cover: bool = field(
        default=False, metadata=_option("--cover", "Add the cover to the PDF as its first page.")
    )
    onix: bool = field(
        default=False, metadata=_option("--onix", "Write an ONIX 3.0 record beside the editions.")
    )

    def __post_init__(self) -> None:
        for name, option in OPTIONS.items():
            value = getattr(self, name)
            if option.is_repeatable:
                value = tuple(value)
                object.__setattr__(self, name, value)
            option.check(name, value)
        for name in _WITHOUT_DESTINATIONS:
            if self.destinations and getattr(self, name):
                raise UsageError(
                    f"`{OPTIONS[name].flag}` cannot be combined with `--for`.",
                    hint="Run two separate builds.",
                )

    @property
    def is_cacheable(self) -> bool:
        """Whether the build reads only files, so that it can be skipped when these are unchanged."""
        return self.cache and not any(
            getattr(self, name) for name, option in OPTIONS.items() if not option.is_cacheable
        )

    @property
    def targets(self) -> tuple[Destination, ...]:
        """The destinations, each once."""
        return tuple(DESTINATIONS[name] for name in dict.fromkeys(self.destinations))

    @property
    def has_pdf(self) -> bool:
        """Whether a PDF is among the editions."""
        targets = self.targets
        return any(each.kind == "pdf" for each in targets) if targets else self.only != "epub"


def _option_of(each: Field[Any]) -> Option:
    option = each.metadata[_OPTION]
    assert isinstance(option, Option)
    return option


OPTIONS: Mapping[str, Option] = {each.name: _option_of(each) for each in fields(BuildOptions)}
"""The declaration of each field of BuildOptions."""


class BuildSettings(TypedDict, total=False):
    """The fields of BuildOptions as keyword arguments, for type checkers."""

    only: str | None
    destinations: Sequence[str]
    stock: str | None
    spine: float | None
    paper: str | None
    style: Path | None
    variants: Sequence[str]
    fetch_pictures: bool
    extensions: Sequence[str]
    cache: bool
    also_each: bool
    cover: bool
    onix: bool
