"""Bibliographies that cannot be read, completely or in part."""

from __future__ import annotations

import pytest

from bifolio import read
from tests.unit.manuscript.citations.works import Write

UNREADABLE = "bibliography-unreadable"


@pytest.mark.parametrize(
    ("named", "files", "code", "line", "message"),
    [
        ("no.json", {}, "bibliography-missing", 4,
         "The file `no.json`, named by `bibliography`, does not exist."),
        ("../w.json", {}, "bibliography-outside", 4,
         "The file `../w.json`, named by `bibliography`, is outside the folder of the source"),
        ("/etc/passwd", {}, "bibliography-missing", 4, "The file `/etc/passwd`"),
        ("https://a.b/w.json", {}, "bibliography-outside", 4, "is outside"),
        ("w.json", {"w__json": "[{"}, UNREADABLE, 4, "line 1 is not JSON"),
        ("w.json", {"w__json": "{}"}, UNREADABLE, 4, "it is not a CSL-JSON list of works"),
        ("w.json", {"w__json": b"\xff"}, UNREADABLE, 4, "the file is not UTF-8"),
        ("w.yaml", {"w__yaml": "a: [b"}, UNREADABLE, 4, "is not YAML"),
        ("w.yaml", {"w__yaml": "a: &x 1\nb: *x"}, UNREADABLE, 4, "it has YAML aliases"),
        ("w.json", {"w__json": '[\n1,\n{"title": "x"}]'}, "work-unreadable", 2, "it is not an object"),
        ("w.bib", {"w__bib": "\n@book{x"}, "work-unreadable", 2, "unexpectedly"),
        ("w.json", {"w__json": '[{"id": "a"},\n{"id": "a"}]'}, "work-twice", 2, "The work 'a' is"),
    ],
)  # fmt: skip
def test_an_unreadable_bibliography_or_work_is_reported_at_its_line(
    write: Write, named: str, files: dict[str, str], code: str, line: int, message: str
) -> None:
    path = write(f"---\ntitle: T\nlanguage: en\nbibliography: {named}\n---\nText.\n", **files)
    path.parent.with_name("w.json").write_text("[]")
    findings = read(path).findings
    assert (findings[0].code, findings[0].where and findings[0].where.line) == (code, line)
    assert message in findings[0].message
