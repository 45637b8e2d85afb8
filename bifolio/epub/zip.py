"""The zip of an EPUB, the same bytes for the same content (EPUB 3.3, 4.2; OCF)."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

_DATE = (1980, 1, 1, 0, 0, 0)
_TIGHT = 9
_TEXT = (".xhtml", ".opf", ".ncx", ".css")
"""The endings of files that shrink in any case."""


def write_reproducible_zip(data: bytes) -> bytes:
    """Return the EPUB *data* with its mimetype first and stored, its dates and permissions fixed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as loose, zipfile.ZipFile(out, "w") as sealed:
        names = sorted(set(loose.namelist()) - {"mimetype"})
        for name in ["mimetype", *names]:
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            content = loose.read(name)
            # Many a picture is not packed as tightly as it could be; what would not shrink is stored.
            small = name != "mimetype" and (name.endswith(_TEXT) or _is_compressible(content))
            entry.compress_type = zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED
            sealed.writestr(entry, content, compresslevel=_TIGHT if small else None)
    return out.getvalue()


def _is_compressible(content: bytes) -> bool:
    return len(zlib.compress(content, _TIGHT)) < len(content)
