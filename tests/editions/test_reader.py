"""The EPUB of the article in a real reading system."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.conftest import ROOT, Built


def test_a_reader_shows_the_article_its_notes_and_the_way_back(
    article: Built, reader_here: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        ["node", ROOT / "tests/judges/reader.mjs", article.epub, tmp_path,
         "--pages", "all", "--sizes", "390x844", "--note"],
        capture_output=True, text=True, check=False, env={"CHROMIUM": reader_here, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    said = [json.loads(line) for line in run.stdout.splitlines()]
    screens = [screen for screen in said if "screen" in screen]
    assert len(screens) > 4
    assert [screen["problems"] for screen in screens] == [[]] * len(screens)
    text = " ".join(screen["text"] for screen in screens)
    for words in ("Armenia and Azerbaijan exchanged fire on", "That leaves two dates ahead"):
        assert words in text
    mark = next(part["reference"] for part in said if "reference" in part)
    note = next(part["note"] for part in said if "note" in part)
    back = next(part["back"] for part in said if "back" in part)
    assert (mark["mark"], mark["href"]) == ("1", "#note-1")
    assert "The Brussels talks are the three-sided ones" in note["text"]
    assert back["href"] == "#call-1-1"
    assert back["section"] == mark["section"]
