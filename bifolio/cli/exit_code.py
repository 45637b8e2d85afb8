"""Turns findings into the exit code of a command (docs/exit-codes.md)."""

from __future__ import annotations

from collections.abc import Sequence

from bifolio.model.findings import Finding, Severity


def exit_code(findings: Sequence[Finding], *, strict: bool = False) -> int:
    """Return 1 if a finding is an error or, with *strict*, a warning; else 0."""
    limit = Severity.WARNING if strict else Severity.ERROR
    return int(any(finding.severity >= limit for finding in findings))
