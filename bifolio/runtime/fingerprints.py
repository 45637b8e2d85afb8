"""Fingerprints of the program, its libraries, the environment and the installed fonts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

_VARIABLES = ("SOURCE_DATE_EPOCH", "LANG", "LC_", "LANGUAGE", "FC_", "FONTCONFIG_", "PANGO", "XDG_", "HOME")


@lru_cache(maxsize=1)
def program() -> str:
    """Return the SHA-256 digest of all files of the program."""
    digest = hashlib.sha256()
    pending = [str(Path(__file__).parent.parent)]
    paths = []
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    pending += [] if entry.name == "__pycache__" else [entry.path]
                else:
                    paths.append(entry.path)
    for path in sorted(paths):
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def libraries() -> str:
    """Return the version of Python, and the name and version of each installed distribution."""
    names = [sys.version]
    for folder in sys.path:
        try:
            names += (name for name in sorted(os.listdir(folder or ".")) if name.endswith("-info"))  # noqa: PTH208
        except OSError:
            continue
    return "\n".join(names)


@lru_cache(maxsize=1)
def start_fc_list() -> subprocess.Popen[bytes] | None:
    """Start `fc-list`, whose output `font_fingerprint` reads; return None if it is not installed."""
    command = ["fc-list", ":", "file", "family", "style", "fontversion"]
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None


@lru_cache(maxsize=1)
def font_fingerprint() -> str:
    """Return a digest of the installed fonts, any of which the layout may use; empty if it is unknown."""
    process = start_fc_list()
    if process is None:
        return ""
    try:
        listed, _ = process.communicate(timeout=60)
    except (OSError, subprocess.SubprocessError):
        process.kill()
        return ""
    return hashlib.sha256(b"\n".join(sorted(listed.splitlines()))).hexdigest()


def variables() -> list[tuple[str, str]]:
    """Return the environment variables that an edition may depend on, by name."""
    return sorted((name, value) for name, value in os.environ.items() if name.startswith(_VARIABLES))
