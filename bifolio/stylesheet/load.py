"""Finds, reads and checks the stylesheet of a source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bifolio.model.errors import UsageError
from bifolio.model.findings import Finding, Where
from bifolio.runtime.cache import Cache, cached
from bifolio.runtime.file_watch import FileTooLarge, read_bytes
from bifolio.stylesheet.ereader import ereader_view, serialize_rules
from bifolio.stylesheet.lint import lint
from bifolio.stylesheet.rules import Rule, read_rules

_LENGTH_LIMIT = 2 * 1024 * 1024
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VARIANT = re.compile(r"(?::root|\bhtml)\.([A-Za-z][\w-]*)")
"""A named style: a class of the root element."""


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A stylesheet that has been checked and compiled."""

    path: Path
    text: str
    screen: str
    """The CSS for e-readers."""
    rules: tuple[Rule, ...]
    """The rules of `screen`."""
    findings: tuple[Finding, ...]
    variants: tuple[str, ...] = ()
    """The named styles that are applied in print."""


def default_path() -> Path:
    """Return the path of the stylesheet that comes with the program."""
    package = Path(__file__).parent.parent
    packaged = package / "bifolio.css"
    return packaged if packaged.exists() else package.parent / "styles" / "bifolio.css"


def find_stylesheet(source: Path) -> Path:
    """Return the stylesheet for *source*: the one in `styles/` beside its folder, else the default.

    Raises UsageError if `styles/` contains more than one.
    """
    folder = source.resolve().parent.parent / "styles"
    sheets = sorted(folder.glob("*.css")) if folder.is_dir() else []
    if len(sheets) > 1:
        raise UsageError(
            f"The folder {folder} contains more than one stylesheet.",
            hint="Choose one with `--style`.",
        )
    return sheets[0] if sheets else default_path()


def read_stylesheet(path: Path, variants: Sequence[str] = (), cache: Cache | None = None) -> Stylesheet:
    """Read and check the stylesheet at *path*, and compile its CSS for e-readers.

    *variants* are the named styles to apply in print. The compiled CSS is kept in *cache*. Raises UsageError
    if the file cannot be read or does not define one of *variants*.
    """
    try:
        text = read_bytes(path, _LENGTH_LIMIT).decode("utf-8-sig")
    except FileTooLarge as error:
        raise UsageError("The stylesheet is larger than 2 MiB.", Where(path)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The stylesheet cannot be read: {reason}.", Where(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError("The stylesheet is not UTF-8.", Where(path)) from error
    try:
        sheet = cached(cache, ("sheet", path, text), partial(_compile, path, text))
    except RecursionError as error:
        raise UsageError("The stylesheet is nested too deeply.", Where(path)) from error
    _check_variants(variants, text, path)
    return replace(sheet, variants=tuple(variants))


def _compile(path: Path, text: str) -> Stylesheet:
    """Return the checked and compiled stylesheet *text* of the file at *path*."""
    all_rules, invalid = read_rules(text, path)
    rules, dropped = ereader_view(all_rules, path)
    findings = (*invalid, *dropped, *lint(rules, path))
    return Stylesheet(path, text, serialize_rules(rules), tuple(rules), findings)


def _check_variants(variants: Sequence[str], text: str, path: Path) -> None:
    known = sorted(set(_VARIANT.findall(_COMMENT.sub(" ", text))))
    for name in variants:
        if name not in known:
            raise UsageError(
                f"The stylesheet has no style `{name}`.",
                Where(path),
                f"It has {', '.join(known)}." if known else "It has no rule `:root.NAME`.",
            )
