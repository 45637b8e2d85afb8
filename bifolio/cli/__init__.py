"""The command line, one command a module; the only package that prints and exits.

In: arguments, environment variables. Out: files, findings on the error stream, results on the output stream,
and an exit code of docs/exit-codes.md.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from bifolio import __version__
from bifolio.model.errors import BifolioError

_COMMANDS = {
    "build": "Build the editions of a source.",
    "proof": "Check finished editions.",
    "booklet": "Impose a PDF as a booklet for printing.",
    "new": "Create a project.",
    "doctor": "Report what this machine lacks.",
    "cache": "Show or clear the build cache.",
}
_GC_THRESHOLD = 1_000_000
"""The number of new objects between two garbage collections."""


class _Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"bifolio.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="bifolio")
def bifolio() -> None:
    """One Markdown source, two editions: an EPUB for e-readers and a PDF for paper.

    Exit codes: 0 success, 1 findings of severity error, 2 usage, 3 source, 4 edition.
    """


def main() -> None:
    """Run the command line. Exits with a code of docs/exit-codes.md."""
    # A command ends soon, and little of what it allocates is garbage before.
    gc.set_threshold(_GC_THRESHOLD)
    try:
        bifolio.main(prog_name="bifolio", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BifolioError as error:
        click.echo(f"bifolio: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if os.environ.get("BIFOLIO_TRACEBACK"):
            raise
        click.echo(
            f"bifolio: This is a bug in Bifolio, not in your text: {type(error).__name__}: {error}. "
            "Please report it with the output of BIFOLIO_TRACEBACK=1. Nothing was written.",
            err=True,
        )
        sys.exit(BifolioError.exit_code)
