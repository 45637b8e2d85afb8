"""What a build reads: which files, and what stands in the folders that it looks into."""

from __future__ import annotations

import functools
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bifolio.runtime.temp_dirs import PREFIX

_NEW = 50_000_000
"""Nanoseconds within which a file can be written twice and seem untouched."""
_READING = os.O_RDONLY
_WRITING = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file as it was when it was opened."""

    state: tuple[int, ...]
    opened: int

    def is_still(self, path: str) -> bool:
        """Say whether the file at *path* is surely as it was."""
        return self.state == _state(path) and self.opened - self.state[0] > _NEW


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in some folders: every name, whether it is a folder, where it leads if it is a link."""

    names: tuple[tuple[str, bool, str], ...]

    def without(self, outputs: Iterable[Path]) -> Listing:
        """Return the same without the files *outputs*, and the folders that hold them."""
        left_out = {str(path) for output in outputs for path in (output, output.parent)}
        return Listing(tuple(name for name in self.names if name[0] not in left_out))

    def holds_program(self) -> bool:
        """Say whether files of the program stand there, which are not watched."""
        own = _own()
        return any(name.startswith(own) for name, *_ in self.names)


def listing(folders: Iterable[Path], most: int) -> Listing | None:
    """Return what stands in *folders* and all below, or None where that is more than *most* names."""
    names: list[tuple[str, bool, str]] = []
    pending = [str(folder.resolve()) for folder in folders]
    try:
        while pending:
            folder = pending.pop()
            if not Path(folder).is_dir():
                continue
            with os.scandir(folder) as entries:
                for entry in entries:
                    below = entry.is_dir(follow_symlinks=False)
                    leads = str(Path(entry.path).resolve()) if entry.is_symlink() else ""
                    names.append((entry.path, below, leads))
                    if below and entry.name != ".git":
                        pending.append(entry.path)
            if len(names) > most:
                return None
    except OSError:
        return None
    return Listing(tuple(sorted(names)))


@functools.cache
def _own() -> tuple[str, ...]:
    """Return where the program and its libraries lie: `bifolio.runtime.environment` answers for these."""
    import sysconfig

    libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return tuple(dict.fromkeys([str(Path(__file__).resolve().parent.parent), *libraries]))


_NO_FILES = ("/proc/", "/sys/", "/dev/")
_PASSING = f"/{PREFIX}"
_seen: dict[str, FileStamp] | None = None
_apart: tuple[str, ...] = ()
_hooked = False


@contextmanager
def recording_opens(apart: Path) -> Iterator[dict[str, FileStamp]]:
    """Note each file that is opened to be read meanwhile, but for those in the folder *apart*."""
    global _seen, _apart, _hooked
    if not _hooked:
        sys.addaudithook(_note)
        _hooked = True
    kept, _seen = (_seen, _apart), {}
    _apart = (*_own(), *_NO_FILES, f"{apart}{os.sep}")
    try:
        yield _seen
    finally:
        _seen, _apart = kept


def opened_files() -> dict[str, FileStamp]:
    """Return what has been noted so far."""
    return dict(_seen or {})


def merge(seen: Mapping[str, FileStamp]) -> None:
    """Note what another process has *seen*, which began with what was noted here."""
    if _seen is not None:
        for name, watched in seen.items():
            _seen.setdefault(name, watched)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    """Note a file that is opened; called by Python for every event that can be audited."""
    if _seen is None or event != "open":
        return
    path, _, flags = arguments
    if not isinstance(path, str | os.PathLike) or not isinstance(flags, int) or flags & _WRITING:
        return
    name = os.path.abspath(os.fspath(path))  # noqa: PTH100
    if not isinstance(name, str) or name in _seen or _PASSING in name:
        return
    if not name.startswith(_apart):
        state = _state(name)
        if state:
            _seen[name] = FileStamp(state, time.time_ns())


def _state(path: str) -> tuple[int, ...]:
    """Return what changes when the file at *path* does; nothing where there is none."""
    try:
        state = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return ()
    if not stat.S_ISREG(state.st_mode):
        return ()
    return state.st_mtime_ns, state.st_size, state.st_ino, state.st_dev
