"""Findings: problems and notes for the author."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.model.catalogue import CATALOGUE, Kind, Severity


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A position in a source file or an edition."""

    file: Path
    """The path as the user gave it."""
    line: int = 0
    """From 1; 0 is the file as a whole."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem or note for the author."""

    code: str
    severity: Severity
    where: Where | None
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.severity.name.lower()} {self.code}: {self.message} {self.hint}".rstrip()


def found(code: str, where: Where | None, /, **fields: object) -> Finding:
    """Return the finding *code* at *where*, its message and hint formatted with *fields*."""
    kind = CATALOGUE[code]
    return Finding(code, kind.severity, where, kind.message.format(**fields), kind.hint.format(**fields))


def sort_findings(findings: list[Finding]) -> list[Finding]:
    """Return *findings* without duplicates, ordered by file and line, then by descending severity."""

    def key(finding: Finding) -> tuple[str, int, int, str]:
        where = finding.where
        file, line = (str(where.file), where.line) if where else ("", 0)
        return file, line, -finding.severity, finding.message

    return sorted(dict.fromkeys(findings), key=key)


__all__ = ["CATALOGUE", "Finding", "Kind", "Severity", "Where", "found", "sort_findings"]
