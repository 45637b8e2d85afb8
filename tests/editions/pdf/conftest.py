"""A fixture that builds a text on A5."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from tests.editions.pdf.a5 import BuildA5, build_a5


@pytest.fixture
def a5(write: Callable[..., Path], tmp_path: Path) -> BuildA5:
    """Give a function that builds a text on A5, and returns the text of its pages."""

    def build(source: str, more: str = "", **properties: str) -> list[str]:
        document = pypdfium2.PdfDocument(build_a5(write, tmp_path, source, more, **properties))
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]

    return build
