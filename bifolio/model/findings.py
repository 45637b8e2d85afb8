"""What the author should know: findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.model.catalogue import CATALOGUE, Kind, Severity


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file."""

    file: Path
    """The file as the user named it."""
    line: int = 0
    """The line, counted from 1; 0 is the file as a whole."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the author should know."""

    code: str
    severity: Severity
    where: Where | None
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.severity.name.lower()} {self.code}: {self.message} {self.hint}".rstrip()


def found(code: str, where: Where | None, /, **fields: object) -> Finding:
    """Make the finding *code* at *where*, its texts filled in with *fields*."""
    kind = CATALOGUE[code]
    return Finding(code, kind.severity, where, kind.message.format(**fields), kind.hint.format(**fields))


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return *findings* by file and line, the weightier first, each only once."""

    def key(finding: Finding) -> tuple[str, int, int, str]:
        where = finding.where
        file, line = (str(where.file), where.line) if where else ("", 0)
        return file, line, -finding.severity, finding.message

    return sorted(dict.fromkeys(findings), key=key)


__all__ = ["CATALOGUE", "Finding", "Kind", "Severity", "Where", "found", "in_order"]
