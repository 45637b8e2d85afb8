"""The zip of an EPUB: what is in it, how it is packed, and that its bytes stay the same."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

from bifolio.epub.zip import write_reproducible_zip


def loose(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return out.getvalue()


def test_the_mimetype_is_first_and_stored_and_all_else_is_in_order() -> None:
    sealed = zipfile.ZipFile(
        BytesIO(write_reproducible_zip(loose({"b": b"b" * 99, "mimetype": b"m" * 99, "a": b"a" * 99})))
    )
    assert sealed.namelist() == ["mimetype", "a", "b"]
    assert [entry.compress_type for entry in sealed.infolist()] == [
        zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED,
    ]  # fmt: skip


def test_a_picture_that_was_not_packed_tightly_is_packed_and_another_is_stored() -> None:
    packed = random.Random(1).randbytes(1000)
    files = {"mimetype": b"", "loose.png": bytes(1000), "tight.png": packed}
    sealed = zipfile.ZipFile(BytesIO(write_reproducible_zip(loose(files))))
    assert sealed.getinfo("loose.png").compress_size < 100
    assert sealed.getinfo("tight.png").compress_type == zipfile.ZIP_STORED
    assert sealed.read("loose.png") == bytes(1000)
    assert sealed.read("tight.png") == packed


def test_the_same_files_make_the_same_bytes_in_any_order() -> None:
    one, two = {"mimetype": b"m", "a": b"1", "b": b"2"}, {"b": b"2", "a": b"1", "mimetype": b"m"}
    assert write_reproducible_zip(loose(one)) == write_reproducible_zip(loose(two))
