"""What is laid out is let go when it has been drawn, without a search for garbage: a book has much of it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bifolio import bind_pdf, read
from bifolio.pdf import typeset
from bifolio.pdf.tagging.artifacts import mark_artifacts

PARAGRAPH = "Words.[^n] Many more words, so that there are pages, and [a link](#one).\n\n"
TEXT = f"# One\n\n{PARAGRAPH * 60}[^n]: A note.\n"


@pytest.fixture
def no_search() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_pages_are_let_go_when_they_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_search: None
) -> None:
    (tmp_path / "text.md").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("BIFOLIO_CORES", "1")  # in this process
    held: list[weakref.ref[Any]] = []

    def watch(pages: Any) -> None:
        mark_artifacts(pages)
        for page in pages:
            held.extend(weakref.ref(box) for box in page._page_box.descendants())

    monkeypatch.setattr(typeset, "mark_artifacts", watch)
    pages = bind_pdf(read(tmp_path / "text.md"), None, "a6").pages
    assert pages >= 3
    assert len(held) > 100 * pages
    assert [box() for box in held if box() is not None] == []
