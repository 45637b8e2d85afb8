"""The keys of laid-out texts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bifolio import read
from bifolio.pdf.cache_keys import NAMING_DIGITS, task_key
from bifolio.pdf.job import FigureStyle, LayoutJob, TextContext, TextTask

TEXT = "---\ntitle: T\nlanguage: en\n---\n\nOne.\n"


def key(source: Path, program: bytes, context: TextContext) -> str:
    job = LayoutJob(read(source), {}, (), frozenset(), frozenset(), figures=FigureStyle())
    return task_key(hashlib.sha256(program), job, TextTask((0,), (), context))


def test_another_version_of_the_program_names_the_resources_of_a_text_the_same(tmp_path: Path) -> None:
    source = tmp_path / "text.md"
    source.write_text(TEXT, encoding="utf-8")
    one, other = (key(source, program, TextContext()) for program in (b"1.0", b"2.0"))
    assert one[:NAMING_DIGITS] == other[:NAMING_DIGITS]
    assert one != other
    assert key(source, b"1.0", TextContext(is_separate=True))[:NAMING_DIGITS] != one[:NAMING_DIGITS]
    source.write_text(TEXT.replace("One", "Two"), encoding="utf-8")
    assert key(source, b"1.0", TextContext())[:NAMING_DIGITS] != one[:NAMING_DIGITS]
