"""The zip of an EPUB, the same bytes for the same content (EPUB 3.3, 4.2; OCF)."""

from __future__ import annotations

import zipfile
from io import BytesIO

_DATE = (1980, 1, 1, 0, 0, 0)
_STORED = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def seal(data: bytes) -> bytes:
    """Return the EPUB *data* with its mimetype first and stored, its dates and permissions fixed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as loose, zipfile.ZipFile(out, "w") as sealed:
        names = sorted(set(loose.namelist()) - {"mimetype"})
        for name in ["mimetype", *names]:
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            stored = name == "mimetype" or name.endswith(_STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            sealed.writestr(entry, loose.read(name), compresslevel=None if stored else 9)
    return out.getvalue()
