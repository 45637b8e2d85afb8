"""`bifolio build`: build the editions of a source."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from bifolio.build.options import OPTIONS, BuildOptions, Option
from bifolio.cli.exit_code import exit_code
from bifolio.cli.progress import progress
from bifolio.cli.report import print_failures, print_findings, print_made
from bifolio.model.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
_STYLE_NAME = re.compile(r"[A-Za-z][\w-]*")


def _build_options(command: F) -> F:
    """Add a click option to *command* for each field of BuildOptions that has a flag."""
    for each in reversed(fields(BuildOptions)):
        option = OPTIONS[each.name]
        if option.flag is not None:
            command = click.option(option.flag, each.name, **_settings(option, each.default))(command)
    return command


def _settings(option: Option, default: object) -> dict[str, Any]:
    """Return the settings of the click option for *option*."""
    settings: dict[str, Any] = {"help": option.help}
    if isinstance(default, bool):
        return settings | {"is_flag": True, "flag_value": not default, "default": default}
    settings |= {"metavar": option.metavar, "multiple": option.is_repeatable or option.is_flag_repeatable}
    if option.choices:
        settings["type"] = click.Choice(option.choices)
    return settings


@click.command(name="build")
@click.argument("source", required=False, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), default=Path("build"), show_default=True,
              help="The folder for the editions.")  # fmt: skip
@_build_options
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
def command(source: Path | None, into: Path, strict: bool, **given: Any) -> None:
    """Build the editions of SOURCE: an EPUB and a PDF.

    SOURCE is a Markdown or text file, or a folder. The default is the folder `source`, or else the book in
    this folder.
    """
    from bifolio.build import make

    options = _options(given)
    with progress() as show:
        made = make(source, into, options, on_stage=show)
    print_findings(made.findings)
    print_failures(made.failures)
    print_made(made)
    codes = [failure.exit_code for failure in made.failures]
    sys.exit(max(exit_code(made.findings, strict=strict), *codes, 0))


def _options(given: dict[str, Any]) -> BuildOptions:
    """Return the options *given* on the command line. Raises UsageError."""
    given["style"], given["variants"] = _styles(given["style"])
    for name, option in OPTIONS.items():
        if option.parse and given[name] is not None:
            given[name] = option.parse(given[name])
    return BuildOptions(**given)


def _styles(styles: tuple[str, ...]) -> tuple[Path | None, tuple[str, ...]]:
    """Divide *styles* into the stylesheet and the names of styles in it: no name has a dot or a slash."""
    sheets = [style for style in styles if not _STYLE_NAME.fullmatch(style) or Path(style).is_file()]
    if len(sheets) > 1:
        raise UsageError("`--style` names more than one stylesheet.", hint="Use one.")
    return (Path(sheets[0]) if sheets else None), tuple(style for style in styles if style not in sheets)
