"""Modules that the layout imports only when they are used."""

from __future__ import annotations

import subprocess
import sys

LAZY = "{'fontTools.subset', 'fontTools.ttLib.woff2', 'fontTools.varLib.instancer', 'tinyhtml5'}"


def run(code: str) -> list[str]:
    """Run *code* after importing the layout; return the lines that it prints."""
    code = f"import sys\nimport bifolio.pdf.build\nfrom weasyprint.pdf import fonts\nlazy = {LAZY}\n{code}"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return result.stdout.splitlines()


def test_rarely_needed_modules_are_not_imported() -> None:
    assert run("print(lazy & sys.modules.keys())") == ["set()"]


def test_they_are_imported_on_first_use() -> None:
    """Subset a font with fontTools, decompress a WOFF2 font, try to instantiate a static font, parse HTML."""
    assert run("""
import io
from bifolio.fonts.faces import bundled_faces
from weasyprint.text import fonts as faces
path = bundled_faces()[0].path
font = fonts.Font.__new__(fonts.Font)
font.file_content, font.index, font.missing = path.read_bytes(), 0, {}
font._fonttools_subset({1: "A", 2: "B"}, True)
print(len(font.file_content) < path.stat().st_size / 3)
packed, unpacked = io.BytesIO(), io.BytesIO()
faces.woff2.compress(path.open("rb"), packed)
faces.woff2.decompress(packed, unpacked)
print(fonts.TTFont(unpacked)["maxp"].numGlyphs == fonts.TTFont(path)["maxp"].numGlyphs)
try:
    fonts.instantiateVariableFont(fonts.TTFont(path), {"wght": 400})
except Exception as problem:
    print(type(problem).__name__)
import weasyprint
print(len(weasyprint.HTML(string="<p>Read").render().pages))
print(lazy - sys.modules.keys())
""") == ["True", "True", "ValueError", "1", "set()"]
