"""The ZIP container of an EPUB: order of files, compression, reproducible bytes."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

from bifolio.epub.zip import write_reproducible_zip


def write_zip(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_the_mimetype_is_first_and_stored_and_the_others_are_sorted() -> None:
    archive = zipfile.ZipFile(
        BytesIO(write_reproducible_zip(write_zip({"b": b"b" * 99, "mimetype": b"m" * 99, "a": b"a" * 99})))
    )
    assert archive.namelist() == ["mimetype", "a", "b"]
    assert [entry.compress_type for entry in archive.infolist()] == [
        zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED,
    ]  # fmt: skip


def test_an_image_is_deflated_only_if_that_makes_it_smaller() -> None:
    incompressible = random.Random(1).randbytes(1000)
    files = {"mimetype": b"", "sparse.png": bytes(1000), "dense.png": incompressible}
    archive = zipfile.ZipFile(BytesIO(write_reproducible_zip(write_zip(files))))
    assert archive.getinfo("sparse.png").compress_size < 100
    assert archive.getinfo("dense.png").compress_type == zipfile.ZIP_STORED
    assert archive.read("sparse.png") == bytes(1000)
    assert archive.read("dense.png") == incompressible


def test_the_same_files_give_the_same_bytes_in_any_order() -> None:
    one, two = {"mimetype": b"m", "a": b"1", "b": b"2"}, {"b": b"2", "a": b"1", "mimetype": b"m"}
    assert write_reproducible_zip(write_zip(one)) == write_reproducible_zip(write_zip(two))
