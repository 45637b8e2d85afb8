"""The sheet found and read."""

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
"""How a sheet gives a style a name: by a class of the root."""


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The author's sheet, checked."""

    path: Path
    text: str
    screen: str
    """The view for e-readers."""
    rules: tuple[Rule, ...]
    """The rules of that view."""
    findings: tuple[Finding, ...]
    variants: tuple[str, ...] = ()
    """The named styles of the sheet that paper wears."""


def default_path() -> Path:
    """Return the sheet that the package ships."""
    package = Path(__file__).parent.parent
    packaged = package / "bifolio.css"
    return packaged if packaged.exists() else package.parent / "styles" / "bifolio.css"


def find_stylesheet(source: Path) -> Path:
    """Return the sheet for *source*: the one in `styles/` beside its folder, else our own.

    Raises UsageError where `styles/` holds more than one.
    """
    folder = source.resolve().parent.parent / "styles"
    sheets = sorted(folder.glob("*.css")) if folder.is_dir() else []
    if len(sheets) > 1:
        raise UsageError(
            f"The folder {folder} holds more than one stylesheet.",
            hint="Name one with `--style`.",
        )
    return sheets[0] if sheets else default_path()


def read_stylesheet(path: Path, variants: Sequence[str] = (), cache: Cache | None = None) -> Stylesheet:
    """Read and check the sheet at *path*, and compile its view for screens.

    *variants* are its named styles that paper is to wear; *cache* keeps the view. Raises UsageError
    when it cannot be read, or has no such style.
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
        sheet = cached(cache, ("sheet", path, text), partial(_checked, path, text))
    except RecursionError as error:
        raise UsageError("The stylesheet is nested too deep to be read.", Where(path)) from error
    _check_variants(variants, text, path)
    return replace(sheet, variants=tuple(variants))


def _checked(path: Path, text: str) -> Stylesheet:
    """Return the sheet *text*, which stands at *path*."""
    rules, unread = read_rules(text, path)
    shown, dropped = ereader_view(rules, path)
    findings = (*unread, *dropped, *lint(shown, path))
    return Stylesheet(path, text, serialize_rules(shown), tuple(shown), findings)


def _check_variants(variants: Sequence[str], text: str, path: Path) -> None:
    known = sorted(set(_VARIANT.findall(_COMMENT.sub(" ", text))))
    for name in variants:
        if name not in known:
            raise UsageError(
                f"The stylesheet has no style `{name}`.",
                Where(path),
                f"It has {', '.join(known)}." if known else "It has none, for it has no rule `:root.NAME`.",
            )
