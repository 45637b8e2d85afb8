"""Reads the types of C that the layout calls, and writes them down: `python -m bifolio.pdf.c_reading`.

It writes `c_declarations.py`, in the form that cffi has for this (out-of-line, ABI mode).
"""

from __future__ import annotations

import re
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

from bifolio.pdf.c_types import OWN, digest, theirs

_DECLARED = re.compile(r"ffi\.cdef\('''(.*?)'''\)", re.DOTALL)
_FILE = Path(__file__).parent / "c_declarations.py"


def declarations() -> str:
    """Return what `c_declarations.py` is to say."""
    types: Any = cffi.FFI()
    for source in (*_DECLARED.findall(theirs()), OWN):
        types.cdef(source)
    types.set_source(_FILE.stem, None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _FILE.name
        types.emit_python_code(str(path))
        written = path.read_text("ascii").partition("_cffi_backend.FFI(")[2]
    whose = f"WeasyPrint {version('weasyprint')}"
    return (
        f'"""What {whose} and `c_types.py` declare, as cffi has read it; `c_reading.py` writes this."""\n\n'
        "from bifolio.pdf.c_types import Known\n\n"
        f'DIGEST = "{digest()}"\n\n'
        f"ffi = Known({written}"
    )


if __name__ == "__main__":
    _FILE.write_text(declarations(), "ascii")
