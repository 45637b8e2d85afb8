"""What stops the work.

Each class carries the exit code of the command line (see docs/exit-codes.md):

    BifolioError
      UsageError      2   the call itself is wrong
      SourceError     3   the source cannot be read as a publication
      EditionError    4   an edition could not be made or written
        EngineMismatch  4   WeasyPrint, or another library that is extended, is another version
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
