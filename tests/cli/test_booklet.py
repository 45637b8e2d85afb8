"""`bifolio booklet`, run as a user runs it: output, exit code, files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest


def booklet(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bifolio", "booklet", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip


def blank(path: Path, pages: int, **encryption: object) -> Path:
    """Write a PDF of *pages* blank A5 pages."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(419.528, 595.276))
    pdf.save(path, encryption=pikepdf.Encryption(**encryption) if encryption else False)  # type: ignore[arg-type]
    return path


PRINT = "Print: at 100 %, not fitted to the paper; on both sides, flipped on the"
SPINE = "page 1 outside, the fold on its"


@pytest.mark.parametrize(
    ("pages", "options", "expected"),
    [
        (6, [], [
            "a-booklet.pdf  1 kB  2 sheets",
            "6 pages on 4 sides of A4, at 100 % of their size; the last 2 places are blank",
            f"{PRINT} short edge.",
            f"Fold: all sheets together, {SPINE} left.",
            "Staple: through the fold, twice.",
        ]),
        (3, ["--right-to-left", "--paper", "a5"], [
            "a-booklet.pdf  1 kB  1 sheet",
            "3 pages on 2 sides of A5, at 70 % of their size; the last place is blank",
            f"{PRINT} short edge.",
            f"Fold: the sheet once, {SPINE} right.",
        ]),
        (20, ["--signature", "2", "--creep", "0.1"], [
            "a-booklet.pdf  1 kB  5 sheets",
            "20 pages on 10 sides of A4, at 100 % of their size",
            f"{PRINT} short edge.",
            f"Fold: sheets 1-2, 3-4 and 5, each of these signatures by itself, {SPINE} left.",
            "Sew: the signatures, stacked in order, through their folds.",
            "Trim: the edge opposite the fold.",
        ]),
        (5, ["--n-up", "4"], [
            "a-4-up.pdf  1 kB  1 sheet",
            "5 pages on 2 sides of A4, at 71 % of their size; the last 3 places are blank",
            f"{PRINT} long edge.",
        ]),
    ],
)  # fmt: skip
def test_the_output_says_how_to_print_and_fold(
    tmp_path: Path, pages: int, options: list[str], expected: list[str]
) -> None:
    blank(tmp_path / "a.pdf", pages)
    run = booklet("a.pdf", *options, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    first, *others = run.stdout.splitlines()
    assert first.split("  ")[::2] == expected[0].split("  ")[::2]
    assert others == expected[1:]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["a.pdf", expected[0].split()[0]])


def test_64_pages_are_stapled_and_65_pages_are_sewn(tmp_path: Path) -> None:
    assert "Staple:" in booklet(blank(tmp_path / "a.pdf", 64), cwd=tmp_path).stdout
    printed = booklet(blank(tmp_path / "b.pdf", 65), cwd=tmp_path).stdout
    assert "Fold: sheets 1-6, 7-12 and 13-17, each" in printed


def test_the_output_folder_is_created(tmp_path: Path) -> None:
    blank(tmp_path / "a.pdf", 1)
    assert booklet("a.pdf", "--into", "out/print", cwd=tmp_path).returncode == 0
    assert [p.name for p in (tmp_path / "out" / "print").iterdir()] == ["a-booklet.pdf"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.pdf"], 3, "bifolio: none.pdf: The file cannot be read: No such file or directory."),
        (["."], 3, "bifolio: .: The file cannot be read: Is a directory."),
        (["text.pdf"], 3, "bifolio: text.pdf: The file is not a whole PDF. Make it again."),
        (["void.pdf"], 3, "bifolio: void.pdf: The file is not a whole PDF. Make it again."),
        (["half.pdf"], 3, "bifolio: half.pdf: The file is not a whole PDF. Make it again."),
        (["locked.pdf"], 3, "bifolio: locked.pdf: The PDF is encrypted. Save it without a password first."),
        (["held.pdf"], 3, "bifolio: held.pdf: The PDF is encrypted. Save it without a password first."),
        (["empty.pdf"], 3, "bifolio: empty.pdf: The PDF has no pages."),
        (["flat.pdf"], 3, "bifolio: flat.pdf: The file is not a whole PDF. Make it again."),
        (["a.pdf", "--paper", "a99"], 2, "bifolio: `a99` is not a paper size."),
        (["a.pdf", "--signature", "0"], 2, "Invalid value for '--signature'"),
        (["a.pdf", "--creep", "-1"], 2, "Invalid value for '--creep'"),
        (["a.pdf", "--creep", "nan"], 2, "bifolio: The innermost pages would be moved nan mm into the fold."),
        (["a.pdf", "--creep", "2"], 2, "bifolio: The innermost pages would be moved 12.0 mm into the fold."),
        (["a.pdf", "--n-up", "3"], 2, "Invalid value for '--n-up'"),
        (["a.pdf", "--n-up", "2", "--signature", "4"], 2, "bifolio: `--n-up` does not fold sheets. Remove"),
        (["a.pdf", "--into", "text.pdf"], 4, "bifolio: text.pdf cannot be written: "),
        (["a.pdf", "--into", "/proc/none"], 4, "bifolio: /proc/none cannot be written: "),
        (["taken.pdf"], 4, "bifolio: taken-booklet.pdf cannot be written: it is a folder."),
    ],
)
def test_an_invalid_call_prints_a_message_and_changes_no_file(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    blank(tmp_path / "a.pdf", 28)
    blank(tmp_path / "taken.pdf", 1)
    blank(tmp_path / "locked.pdf", 1, user="secret", owner="secret")
    blank(tmp_path / "held.pdf", 1, owner="secret")
    blank(tmp_path / "empty.pdf", 0)
    (tmp_path / "text.pdf").write_text("No PDF.")
    (tmp_path / "void.pdf").touch()
    (tmp_path / "half.pdf").write_bytes((tmp_path / "a.pdf").read_bytes()[:200])
    with pikepdf.open(blank(tmp_path / "flat.pdf", 1), allow_overwriting_input=True) as pdf:
        pdf.pages[0].mediabox = pikepdf.Array([0, 0, 0, 0])
        pdf.save()
    for name in [path.stem for path in tmp_path.iterdir()]:
        (tmp_path / f"{name}-booklet.pdf").write_text("old")
    (tmp_path / "taken-booklet.pdf").unlink()
    (tmp_path / "taken-booklet.pdf").mkdir()
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    run = booklet(*arguments, cwd=tmp_path)
    assert (run.returncode, "Traceback" in run.stderr, run.stdout) == (code, False, "")
    assert message in run.stderr
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()} == before
