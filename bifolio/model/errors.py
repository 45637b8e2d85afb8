"""What stops the work.

Each class carries the exit code of the command line (see docs/exit-codes.md):

    BifolioError
      UsageError      2   the call itself is wrong
      SourceError     3   the source cannot be read as a publication
      EditionError    4   an edition could not be made or written
"""

from __future__ import annotations

from typing import ClassVar

from bifolio.model.findings import Where


class BifolioError(Exception):
    """The base of all errors: a message for the author and the place it speaks of."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, where: Where | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """One paragraph: the place, what is wrong, what to do."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}" + (f" {self.hint}" if self.hint else "")


class UsageError(BifolioError):
    """The call cannot be carried out as it was made."""

    exit_code = 2


class SourceError(BifolioError):
    """The source cannot be read as a publication."""

    exit_code = 3


class EditionError(BifolioError):
    """An edition could not be made, or not be put in its place."""

    exit_code = 4
