"""Recorded reads: the digest of each file, or `UNKNOWN` for one that cannot be checked later."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from bifolio.runtime.file_watch import (
    UNKNOWN,
    FileTooLarge,
    is_unchanged,
    merge_reads,
    read_bytes,
    record,
    record_reads,
    recorded_reads,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_bytes(b"one")
    return path


def test_a_file_is_recorded_by_the_digest_of_its_content(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    with record_reads() as digests:
        assert read_bytes(Path("a.md")) == b"one"
    assert digests == {str(file): sha256(b"one").digest()}
    assert is_unchanged(digests)
    file.write_bytes(b"two")
    assert not is_unchanged(digests)
    file.unlink()
    assert not is_unchanged(digests)


def test_nothing_is_recorded_without_a_recorder(file: Path) -> None:
    assert read_bytes(file) == b"one"
    record(file)
    assert recorded_reads() == {}


def test_a_file_that_changes_between_two_reads_is_unknown(file: Path) -> None:
    with record_reads() as digests:
        read_bytes(file)
        file.write_bytes(b"two")
        record(file)
    assert digests == {str(file): UNKNOWN}
    assert not is_unchanged(digests)


def test_a_file_that_another_process_read_with_other_content_is_unknown(file: Path) -> None:
    with record_reads() as digests:
        read_bytes(file)
        merge_reads({str(file): sha256(b"two").digest(), "/b": sha256(b"").digest()})
    assert digests == {str(file): UNKNOWN, "/b": sha256(b"").digest()}


def test_a_file_that_is_too_large_is_unknown(file: Path) -> None:
    with record_reads() as digests:
        assert read_bytes(file, 3) == b"one"
        with pytest.raises(FileTooLarge):
            read_bytes(file, 2)
    assert digests == {str(file): UNKNOWN}


def test_a_pipe_is_unknown(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, b"one")
    os.close(write_end)
    with record_reads() as digests:
        assert read_bytes(Path(f"/dev/fd/{read_end}")) == b"one"
    os.close(read_end)
    assert set(digests.values()) == {UNKNOWN}


def test_files_of_the_program_are_not_recorded() -> None:
    import bifolio

    with record_reads() as digests:
        record(Path(bifolio.__file__))
        read_bytes(Path(pytest.__file__))
    assert digests == {}
