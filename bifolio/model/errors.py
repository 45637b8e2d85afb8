"""Errors that stop a build, with the exit code of the command line (docs/exit-codes.md).

BifolioError
  UsageError      2   the options or arguments are wrong
  SourceError     3   the source cannot be read
  EditionError    4   an edition cannot be made or written
    EngineMismatch  4   WeasyPrint, or another library that is extended, is another version
"""

from __future__ import annotations

from typing import ClassVar

from bifolio.model.findings import Where


class BifolioError(Exception):
    """The base of all errors: a message for the author, its position and a hint."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, where: Where | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """The position, the message and the hint, in one paragraph."""
        position = f"{self.where}: " if self.where else ""
        return f"{position}{self.message}" + (f" {self.hint}" if self.hint else "")


class UsageError(BifolioError):
    """The options or arguments are wrong."""

    exit_code = 2


class SourceError(BifolioError):
    """The source cannot be read."""

    exit_code = 3


class EditionError(BifolioError):
    """An edition cannot be made or written."""

    exit_code = 4


class EngineMismatch(EditionError):
    """A library that Bifolio extends is not the version that the extensions were written against."""

    def __init__(self, library: str, needed: str, found: str, difference: str) -> None:
        """Name the *library*, the version *needed* and the one *found*, and the *difference* between them."""
        super().__init__(
            f"Bifolio needs {library} {needed}; this is {library} {found}, in which {difference}.",
            hint=f"Install it: `pip install {library.lower()}=={needed}`.",
        )
        self.arguments = library, needed, found, difference

    def __reduce__(self) -> tuple[type[EngineMismatch], tuple[str, str, str, str]]:
        """Pickle by the arguments: a worker process may have raised it."""
        return EngineMismatch, self.arguments
