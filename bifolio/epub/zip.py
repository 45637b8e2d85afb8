"""Rewrites the ZIP container of an EPUB reproducibly (EPUB 3.3, 4.2, OCF ZIP container)."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

_DATE = (1980, 1, 1, 0, 0, 0)
_COMPRESSION_LEVEL = 9
_TEXT = (".xhtml", ".opf", ".ncx", ".css")
"""The extensions of files that are always compressible."""


def write_reproducible_zip(data: bytes) -> bytes:
    """Return the EPUB *data* with `mimetype` first and stored, and with fixed dates and permissions.

    The same files give the same bytes.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        names = sorted(set(source.namelist()) - {"mimetype"})
        for name in ["mimetype", *names]:
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            content = source.read(name)
            # Some images deflate further; files that would not shrink are stored.
            deflate = name != "mimetype" and (name.endswith(_TEXT) or _is_compressible(content))
            entry.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
            target.writestr(entry, content, compresslevel=_COMPRESSION_LEVEL if deflate else None)
    return out.getvalue()


def _is_compressible(content: bytes) -> bool:
    return len(zlib.compress(content, _COMPRESSION_LEVEL)) < len(content)
