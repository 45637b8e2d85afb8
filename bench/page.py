"""Measure printed pages: the evenness of word spaces, and the faults that a reader would see.

Bifolio, Typst and pandoc with WeasyPrint lay out the same text in the same font, size and measure; all
figures are read from the finished PDFs alone. README.md describes what is counted.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from article import CannotRun, find_peer
from faults import Faults, Measure, count, measure_of
from lines import read_lines
from texts import LONGFORM, write_text

ROOT = Path(__file__).resolve().parent.parent
STYLESHEET = ROOT / "styles" / "bifolio.css"
_LINK = re.compile(r"\]\(([^)]+\.md)\)")
_QUOTED = re.compile(r'"([^"]+\.md)"')
_FACES = ("Regular", 400, "normal"), ("It", 400, "italic"), ("Bold", 700, "normal"), ("BoldIt", 700, "italic")
_LABELS = {
    "pages": "pages", "lines": "justified lines", "spread": "spread of word spaces",
    "loose": "lines with loose spaces (> 1.5)", "tight": "lines with tight spaces (< 0.75)",
    "worst": "widest mean space of a line", "hyphens": "lines with a hyphen", "row": "most hyphens in a row",
    "across": "hyphens over a page", "widows": "widows", "orphans": "orphans",
    "stranded": "headings at the foot", "overfull": "overfull lines", "runts": "last lines of few letters",
    "spreads": "facing pages that are full", "uneven": "of these, feet more than 2 pt apart",
    "apart": "how far apart, in the median, in pt",
}  # fmt: skip


def files_of(source: Path) -> list[Path]:
    """Return the files of the text at *source*, in job: a file, a book of Bifolio or an mdBook."""
    if source.is_file():
        return [source]
    text = source / "src" if (source / "src" / "SUMMARY.md").is_file() else source
    summary, plan = text / "SUMMARY.md", text / "book.toml"
    if summary.is_file():
        named = _LINK.findall(summary.read_text("utf-8"))
    elif plan.is_file():
        named = _QUOTED.findall(plan.read_text("utf-8"))
    else:
        named = [path.name for path in sorted(text.glob("*.md"))]
    return [text / name for name in dict.fromkeys(named) if (text / name).is_file()]


def typeset_by_bifolio(source: Path, into: Path) -> Path:
    """Return the PDF of *source* laid out by Bifolio, on A5."""
    options: list[str | Path] = ["--paper", "a5", "--style", STYLESHEET, "--only", "pdf", "--no-cache"]
    _run([sys.executable, "-m", "bifolio", "build", source, "--into", into, *options], ROOT)
    return max(into.glob("*.pdf"), key=lambda path: path.stat().st_mtime)


@dataclass(frozen=True, slots=True)
class Job:
    """A text for the peers to lay out: Markdown in one file, on a page of the size of Bifolio's."""

    text: Path
    language: str
    page: tuple[float, float]
    measure: Measure
    into: Path
    image_folder: Path
    """The folder to which the paths of its images are relative."""


def typeset_by_typst(job: Job) -> Path:
    """Return the PDF laid out by Typst."""
    import typst

    made, page, measure = job.into / "typst.typ", job.page, job.measure
    _run([find_peer().pandoc, "--from", "markdown", job.text, "--to", "typst", "-o", made], job.image_folder)
    preamble = (
        f'#set page(width: {page[0]}pt, height: {page[1]}pt, numbering: "1", '
        f"margin: (left: {measure.left}pt, right: {page[0] - measure.right}pt, y: {page[1] * 0.11}pt))\n"
        f'#set text(font: "Source Serif Pro", size: {measure.size}pt, '
        f'lang: "{job.language.partition("-")[0]}", top-edge: 0.7em, bottom-edge: -0.3em)\n'
        f"#set par(justify: true, first-line-indent: 1.2em, leading: {measure.pitch - measure.size}pt, "
        f"spacing: {measure.pitch - measure.size}pt)\n"
        "#let horizontalrule = line(length: 20%)\n"
    )
    # Images, whose files are in other folders, are left out; so are links that pandoc gave no anchor.
    text = re.sub(r"#?(?:box\()?image\(\"[^\"]*\"[^)]*\)\)?", "[]", made.read_text("utf-8"))
    text = re.sub(r"#link\(<[^>]*>\)\[", "#[", text)
    made.write_text(preamble + text, "utf-8")
    typst.compile(made, output=job.into / "typst.pdf", font_paths=[_fonts()])
    return job.into / "typst.pdf"


def typeset_by_weasyprint(job: Job) -> Path:
    """Return the PDF laid out by pandoc with WeasyPrint, with Bifolio's stylesheet."""
    stylesheet, made = job.into / "page.css", job.into / "pandoc.pdf"
    page, measure = job.page, job.measure
    faces = "".join(
        f'@font-face {{ font-family: "Source Serif Pro"; font-weight: {weight}; font-style: {style};'
        f" src: url({(_fonts() / f'SourceSerifPro-{name}.otf').as_uri()}) }}\n"
        for name, weight, style in _FACES
    )
    stylesheet.write_text(
        f"{faces}@page {{ size: {page[0]}pt {page[1]}pt; "
        f"margin: {page[1] * 0.095}pt {page[0] - measure.right}pt {page[1] * 0.12}pt {measure.left}pt }}\n"
        f"html {{ font-size: {measure.size}pt }}\n",
        "utf-8",
    )
    peer = find_peer()
    metadata = ("document-css=false", f"lang={job.language}", "title=Text")
    _run(
        [peer.pandoc, "--from", "markdown", job.text, "--standalone", "--to", "html5",
         *(part for one in metadata for part in ("--metadata", one)), "--css", stylesheet,
         "--css", STYLESHEET, "--pdf-engine", peer.weasyprint, "-o", made],
        job.image_folder,
    )  # fmt: skip
    return made


def _fonts() -> Path:
    spec = find_spec("font_source_serif_pro")
    if spec is None or spec.origin is None:
        raise CannotRun("The font Source Serif Pro is missing; install the project here.")
    return Path(spec.origin).parent / "files"


def _run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise CannotRun(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr)[-400:]}")


def compare(source: Path, *, alone: bool, keep: Path | None) -> dict[str, Faults]:
    """Return the faults in *source* by program; the PDFs are left in the folder *keep*, if given."""
    with tempfile.TemporaryDirectory() as scratch:
        into = keep or Path(scratch)
        into.mkdir(parents=True, exist_ok=True)
        lines, page = read_lines(typeset_by_bifolio(source, into / "bifolio"))
        measure = measure_of(lines)
        found = {"Bifolio": count(lines, measure)}
        if alone:
            return found
        files = files_of(source)
        whole = into / "whole.md"
        texts = [path.read_text("utf-8") for path in files]
        language = re.search(r"^lang(?:uage)?: *\"?([\w-]+)", texts[0], re.MULTILINE)
        job = Job(whole, language.group(1) if language else "en", page, measure, into, files[0].parent)
        whole.write_text("\n\n".join(texts), "utf-8")
        for name, typeset in _PEERS.items():
            found |= _found(name, partial(typeset, job), measure)
        return found


def _found(name: str, make: Callable[[], Path], measure: Measure) -> dict[str, Faults]:
    try:
        return {name: count(read_lines(make())[0], measure)}
    except (CannotRun, ImportError, RuntimeError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return {}


_PEERS = {"Typst": typeset_by_typst, "Pandoc with WeasyPrint": typeset_by_weasyprint}


def table(found: dict[str, Faults]) -> str:
    """Return *found* as a Markdown table."""
    lines = ["| | " + " | ".join(found) + " |", "| --- |" + " ---: |" * len(found)]
    for field in fields(Faults):
        cells = [_cell(field.name, getattr(faults, field.name)) for faults in found.values()]
        lines.append(f"| {_LABELS[field.name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(name: str, value: float) -> str:
    if name in ("loose", "tight", "hyphens", "uneven"):
        return f"{value:.1%}"
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def main() -> int:
    """Read the arguments, lay out and measure the texts, print a table for each; return the exit code."""
    parser = argparse.ArgumentParser(description="Measure printed pages against those of peers.")
    parser.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help="files or folders of books")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the PDFs in DIR, a folder a text")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            sources = arguments.sources or [
                ROOT / "source" / "article.md", ROOT / "tests" / "books" / "everything",
                write_text(LONGFORM, Path(scratch))[0],
            ]  # fmt: skip
            for source in sources:
                keep = arguments.keep and arguments.keep.resolve() / source.stem
                found = compare(source.resolve(), alone=arguments.alone, keep=keep)
                print(f"## {source.stem}\n\n{table(found)}\n", flush=True)
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
