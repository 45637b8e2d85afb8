"""What an edition depends on besides its source: the program, its libraries, the fonts of the machine."""

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
    """Return the digest of all files of the program."""
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
    """Return Python's version, and the name and version of everything that it could import."""
    names = [sys.version]
    for folder in sys.path:
        try:
            names += (name for name in sorted(os.listdir(folder or ".")) if name.endswith("-info"))  # noqa: PTH208
        except OSError:
            continue
    return "\n".join(names)


@lru_cache(maxsize=1)
def start_fc_list() -> subprocess.Popen[bytes] | None:
    """Let another process list the fonts of this machine, for `fonts_here` to read; None where it cannot."""
    command = ["fc-list", ":", "file", "family", "style", "fontversion"]
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None


@lru_cache(maxsize=1)
def font_fingerprint() -> str:
    """Return the digest of what fonts this machine has: the layout may take any of them."""
    asked = start_fc_list()
    if asked is None:
        return ""
    try:
        listed, _ = asked.communicate(timeout=60)
    except (OSError, subprocess.SubprocessError):
        asked.kill()
        return ""
    return hashlib.sha256(b"\n".join(sorted(listed.splitlines()))).hexdigest()


def variables() -> list[tuple[str, str]]:
    """Return the variables of the environment that an edition may depend on."""
    return sorted((name, value) for name, value in os.environ.items() if name.startswith(_VARIABLES))
