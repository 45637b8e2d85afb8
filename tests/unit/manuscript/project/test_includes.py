"""Included files: their text, findings in them, and limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import Publication, read
from bifolio.model.errors import SourceError
from bifolio.model.publication import text_of, words_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect/></svg>'


def findings_of(publication: Publication, below: Path) -> list[str]:
    return [
        f"{f.where.file.relative_to(below)}:{f.where.line} {f.code}" for f in publication.findings if f.where
    ]


@pytest.fixture
def chapters(write: Write) -> Path:
    """A source that includes two files of a subfolder, one of which includes the other."""
    path = write(FRONT + "# One\n\n{!chapters/a.md!}\n\n- Item\n\n    {!chapters/b.md!}\n\nEnd [x](#no).\n")
    folder = path.parent / "chapters"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\nlayout: x\n---\n\n## In A\n\n![p](p.svg) [y](#no)\n\n{!b.md!}\n", "utf-8"
    )
    (folder / "b.md").write_text("Words of B[^n].\n", "utf-8")
    (folder / "p.svg").write_text(SVG, "utf-8")
    path.write_text(path.read_text("utf-8") + "\n[^n]: A note.\n", "utf-8")
    return path


def test_include_lines_are_replaced_by_the_files(chapters: Path) -> None:
    publication = read(chapters)
    body = publication.sections[0].body
    assert " ".join(words_of(body)) == "T One In A y Words of B. Item Words of B. End x."
    assert [h.title for h in publication.sections[0].headings] == ["One", "In A"]
    item = body.find(".//li")
    assert item is not None and "Words of B" in text_of(item)
    assert [p.name for p in publication.pictures] == ["p.svg"]


def test_findings_name_the_file_and_its_line(chapters: Path) -> None:
    assert findings_of(read(chapters), chapters.parent) == [
        "chapters/a.md:1 include-front",
        "chapters/a.md:7 link-broken",
        "text.md:13 link-broken",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "{!none.md!}",
            "include-missing: The file `none.md` does not exist and was not included; the line was "
            "kept as typed. Fix the path; it is relative to the folder of this file or of the source.",
        ),
        (
            "{!../out.md!}",
            "include-outside: The file `../out.md` is outside the folder of the source and was not "
            "included. Copy it into that folder.",
        ),
        (
            "{!link.md!}",
            "include-outside: The file `link.md` is outside the folder of the source and was not "
            "included. Copy it into that folder.",
        ),
        (
            "{!text.md!}",
            "include-loop: The file `text.md` includes itself, directly or through another file; it "
            "was not included again. Remove the line.",
        ),
        (
            "{!bad.md!}",
            "include-unreadable: The file `bad.md` was not included: the file is not UTF-8: byte 0xff is "
            "invalid. Save it as text in UTF-8.",
        ),
    ],
)
def test_a_file_that_cannot_be_included_is_reported_and_its_line_stays(
    write: Write, tmp_path: Path, line: str, expected: str
) -> None:
    (tmp_path / "out.md").write_text("secret", "utf-8")
    path = write(FRONT + f"One\n\n{line}\n", bad__md=b"a\xff")
    (path.parent / "link.md").symlink_to(tmp_path / "out.md")
    publication = read(path)
    assert text_of(publication.sections[0].body).strip().endswith(line)
    assert [str(f) for f in publication.findings] == [f"{path}:7: error {expected}"]


def test_an_include_loop_over_two_files_is_stopped(write: Write) -> None:
    path = write(FRONT + "{!a.md!}\n", a__md="A\n\n{!b.md!}\n", b__md="B\n\n{!a.md!}\n")
    publication = read(path)
    assert " ".join(words_of(publication.sections[0].body)) == "T A B {!a.md!}"
    assert findings_of(publication, path.parent) == ["b.md:3 include-loop"]


def test_exponential_includes_are_stopped(write: Write) -> None:
    files = {f"f{n}__md": f"{{!f{n + 1}.md!}}\n{{!f{n + 1}.md!}}\n" for n in range(20)}
    with pytest.raises(SourceError, match="includes more than 1000 files or 64 MiB"):
        read(write(FRONT + "{!f0.md!}\n", f20__md="x", **files))


def test_code_can_be_included_and_include_lines_can_be_escaped(write: Write) -> None:
    path = write(FRONT + "```\n{!a.py!}\n{!none.py!}\n```\n\n\\{!a.py!}\n", a__py="# print\n\n\nx = 1\n")
    publication = read(path)
    code = publication.sections[0].body.find(".//code")
    assert code is not None and code.text == "# print\n\n\nx = 1\n{!none.py!}\n"
    assert text_of(publication.sections[0].body).endswith("{!a.py!}")
    assert publication.findings == ()


def test_a_character_without_a_font_is_reported_in_the_included_file(write: Write) -> None:
    from bifolio.fonts.coverage import find_fallbacks

    path = write(FRONT + "One\n\n{!a.md!}\n", a__md="Two\n\n\U000f0000\n")
    _, _, findings = find_fallbacks(read(path))
    assert [(f.code, str(f.where)) for f in findings] == [("glyph-missing", f"{path.parent / 'a.md'}:3")]
