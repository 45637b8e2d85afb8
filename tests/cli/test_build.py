"""`bifolio build` and other commands, run as a user runs them: output, exit code, files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, bifolio

Write = Callable[..., Path]
GOOD = "---\ntitle: T\nlanguage: en\n---\nText.\n"


def test_a_build_prints_each_file_and_a_summary(write: Write, tmp_path: Path) -> None:
    write(GOOD)
    run = bifolio("build", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert lines[0].startswith("build/text.epub ")
    assert lines[1].startswith("build/text.pdf ")
    assert lines[1].endswith(" kB 1 page")
    assert lines[2] == "2 words, no findings"


def test_only_builds_a_single_edition(write: Write, tmp_path: Path) -> None:
    for kind in ("epub", "pdf"):
        folder = tmp_path / kind
        assert bifolio("build", write(GOOD), "--only", kind, "--into", folder, cwd=tmp_path).returncode == 0
        assert [p.name for p in folder.iterdir()] == [f"text.{kind}"]


def test_an_extension_is_enabled_by_name(write: Write, tmp_path: Path) -> None:
    source = write(GOOD + "\n++Ctrl++\n")
    run = bifolio("build", source, "--only", "epub", "--extension", "pymdownx.keys", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    run = bifolio("build", source, "--extension", "pymdownx.keys", "--extension", "calouts", cwd=tmp_path)
    assert run.returncode == 2
    assert "There is no Markdown extension `calouts`. Did you mean `callouts`?" in run.stderr


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"", 3, "text.md: The file is empty. Add some text to it."),
        (b"---\ntitle: [\n---\nText.\n", 3, "text.md:2: The front matter is not YAML: "),
        (b"---\ntitle: T\ndate: 2014-02-30\n---\nText.\n", 3, "text.md:3: `date: 2014-02-30` is not a date"),
        (b"T\xf6xt\n", 3, "text.md:1: The file is not UTF-8: byte 0xf6 is invalid."),
        (b">" * 300 + b"a", 3, "text.md:1: Blocks are nested more than 100 deep."),
    ],
)
def test_a_source_that_cannot_be_read_leaves_the_old_editions_unchanged(
    write: Write, tmp_path: Path, text: bytes, code: int, message: str
) -> None:
    source = write(GOOD)
    assert bifolio("build", source, cwd=tmp_path).returncode == 0
    before = {p.name: p.read_bytes() for p in (tmp_path / "build").iterdir()}
    write(text)
    run = bifolio("build", source, cwd=tmp_path)
    assert run.returncode == code
    assert message in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr
    assert {p.name: p.read_bytes() for p in (tmp_path / "build").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["build", "none.md"], 3, "bifolio: none.md: The file does not exist. Check the name."),
        (["build"], 2, "bifolio: There is no folder `source` here. Give the name of a file, or create"),
        (["build", "source/text.md", "--paper", "a99"], 2, "bifolio: `a99` is not a paper size."),
        (
            ["build", "source/text.md", "--paper", "1x1mm"],
            2,
            "bifolio: The paper size 1x1mm is out of",
        ),
        (["build", "source/text.md", "--style", "none.css"], 2, "bifolio: none.css: The stylesheet cannot"),
        (["build", "source/text.md", "--only", "mobi"], 2, "Invalid value for '--only'"),
        (["build", "source/text.md", "--into", "source/text.md"], 4, "cannot be written: "),
        (["build", "source/text.md", "--into", "/proc/none"], 4, "bifolio: /proc/none cannot be written: "),
        (["proof", "none.epub"], 2, "bifolio: none.epub: There is no such file."),
        (
            ["proof", "source/text.png"],
            2,
            "bifolio: source/text.png: The file is neither an edition nor a source.",
        ),
        (["new", "source"], 2, "bifolio: source: It exists and is not an empty folder. Use a new folder."),
        (["burn"], 2, "No such command 'burn'."),
    ],
)
def test_an_invalid_call_prints_a_message(
    write: Write, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    if arguments != ["build"]:
        write(GOOD)
        write("x", "text.png")
    run = bifolio(*arguments, cwd=tmp_path)
    assert (run.returncode, "Traceback" in run.stderr) == (code, False)
    assert message in run.stderr


def test_findings_are_printed_in_order_and_errors_set_the_exit_code(write: Write, tmp_path: Path) -> None:
    source = write(GOOD + "\n[a](#none)\n\n![](x.png)\n")
    run = bifolio("build", source.relative_to(tmp_path), cwd=tmp_path)
    assert run.returncode == 1
    starts = [line.split(" The ")[0].split(" (")[0] for line in run.stderr.splitlines()]
    assert starts == [
        "source/text.md:7: error link-broken:",
        "source/text.md:9: error picture-missing:",
        "source/text.md:9: warning alt-missing:",
    ]
    assert run.stdout.splitlines()[-1].endswith("2 errors, 1 warning")


def test_strict_makes_warnings_set_the_exit_code(write: Write, tmp_path: Path) -> None:
    source = write("---\ntitle: 1984\nlanguage: en\n---\nText.\n")
    assert bifolio("build", source, cwd=tmp_path).returncode == 0
    assert bifolio("build", source, "--strict", cwd=tmp_path).returncode == 1


def test_plain_text_builds_both_editions(write: Write, tmp_path: Path) -> None:
    source = write("A title\nA paragraph & *more*.\n", "text.txt")
    run = bifolio("build", source, cwd=tmp_path)
    assert run.returncode == 0
    assert sorted(p.name for p in (tmp_path / "build").iterdir()) == ["text.epub", "text.pdf"]


def test_a_failed_layout_leaves_the_old_editions_unchanged(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bifolio import make
    from bifolio.model.errors import EditionError
    from bifolio.pdf import build

    source = write(GOOD)
    make(source, tmp_path / "build")
    before = {p.name: p.read_bytes() for p in (tmp_path / "build").iterdir()}

    def fail(*_: object) -> None:
        raise ValueError("no room")

    monkeypatch.setattr(build, "_make_edition", fail)
    with pytest.raises(EditionError, match="The PDF cannot be laid out: ValueError: no room"):
        make(write(GOOD + "More."), tmp_path / "build")
    assert {p.name: p.read_bytes() for p in (tmp_path / "build").iterdir()} == before


def test_a_new_project_builds_without_findings(tmp_path: Path) -> None:
    run = bifolio("new", "mine", cwd=tmp_path)
    assert run.stdout.startswith("Edit mine/source/article.md, then run: cd mine && ")
    assert run.stdout.endswith("bifolio build\n")
    built = bifolio("build", cwd=tmp_path / "mine")
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / "mine/styles/bifolio.css").read_text() == (ROOT / "styles/bifolio.css").read_text()


def test_a_new_book_builds_without_findings(tmp_path: Path) -> None:
    run = bifolio("new", "--book", "mine", cwd=tmp_path)
    assert run.stdout.startswith("Edit mine/book.toml, then run: cd mine && ")
    assert run.stdout.endswith("bifolio build\n")
    call = ["make", "-s"] if shutil.which("make") else [sys.executable, "-m", "bifolio", "build", "."]
    built = subprocess.run(call, cwd=tmp_path / "mine", capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    assert sorted(p.name for p in (tmp_path / "mine" / "build").iterdir()) == ["mine.epub", "mine.pdf"]
    listed = sample_file_trees()["my-book/"]
    real = {
        p.relative_to(tmp_path / "mine").as_posix() for p in (tmp_path / "mine").rglob("*") if p.is_file()
    }
    assert listed | {".gitignore", "build/mine.epub", "build/mine.pdf"} == real


def sample_file_trees() -> dict[str, set[str]]:
    """Return the file trees shown in docs/command-line.md, by their first line."""
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    trees = [part.split() for part in re.findall(r"```text\n(\S+/\n.*?)```", page, flags=re.S)]
    return {tree[0]: set(tree[1:]) for tree in trees}


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['bifolio', '--help']\n"
        "from bifolio.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'weasyprint', 'ebooklib', 'PIL', 'markdown', 'rich', 'yaml', 'lxml', 'babel'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Usage: bifolio" in run.stdout


def test_doctor_finds_the_required_libraries(tmp_path: Path) -> None:
    run = bifolio("doctor", cwd=tmp_path)
    assert run.returncode == 0
    assert "here     Pango: lays out the PDF" in run.stdout


def test_doctor_says_how_to_install_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from bifolio.cli import doctor

    monkeypatch.setattr(doctor, "find_library", lambda name: None)
    parts = tuple(
        doctor._Requirement(p.name, p.purpose, lambda: False, p.is_needed)
        for p in doctor._REQUIREMENTS
        if p.name == "Pango"
    )
    monkeypatch.setattr(doctor, "_REQUIREMENTS", parts)
    monkeypatch.setattr(doctor, "_manager", lambda: "apt-get")
    result = CliRunner().invoke(doctor.command)
    assert result.exit_code == 1
    assert "MISSING  Pango: lays out the PDF" in result.output
    assert "apt-get install libpango-1.0-0\n" in result.output


def test_proof_finds_no_errors_in_the_article(article: object, tmp_path: Path) -> None:
    from tests.conftest import Built

    assert isinstance(article, Built)
    run = bifolio("proof", article.source, article.epub, article.pdf, cwd=tmp_path)
    errors = [line for line in run.stderr.splitlines() if not line.startswith("note judge-missing")]
    assert (run.returncode, errors) == (0, [])
