"""A text laid out for all who are timed with it, and the commands of the peers.

Each peer gets the same words on A5 in the same language. Those that set the type with WeasyPrint wear the
sheet and the typefaces of the project; WeasyPrint itself gets the notes at the foot of the page, as Bifolio
sets them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from article import find_peer
from texts import Size, write_text

from bifolio.fonts.faces import bundled_faces

ROOT = Path(__file__).resolve().parent.parent
SHEET = ROOT / "styles" / "bifolio.css"
TITLE = "The book of salt"
_TOOLS = Path(__file__).parent / "node_modules" / ".bin"
_A5 = "@page { size: A5; margin: 19.95mm 16.44mm 25.2mm } html { font-size: 10pt }\n"
"""What `bifolio build --paper a5` says of the page."""
_BOOK = f"""
#title-block-header {{ display: none }}
section.level1 {{ page: chapter; break-before: page }}
h1 {{ string-set: title "{TITLE}", chapter content(text) }}
span.note {{
  float: footnote; footnote-policy: line; box-sizing: border-box; width: 100vw; margin: 0 0 0.3em;
  padding-left: 1.5em; font: 0.8rem/1.36 var(--serif); text-align: left; text-indent: 0;
}}
"""
"""What the sheet says of the elements of our editions, for those of pandoc."""
_TYPEFACE = "Libertinus Serif"
"""For Typst, which brings it along."""
_CALL = re.compile(r'<a\s+href="#(fn\d+)"\s+class="footnote-ref".*?</a>', re.DOTALL)
_NOTE = re.compile(r'<li\s+id="(fn\d+)"\s*><p>(.*?)<a\s+href="#fnref', re.DOTALL)
_NOTES = re.compile(r'<section\s+id="footnotes".*?</section>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a text lies, and where editions go."""

    text: Path
    """The source as Bifolio reads it: the folder of a book, or one file."""
    whole: Path
    """All chapters in one file, beside what the peers read made of it."""
    out: Path
    cache: Path

    @property
    def peers(self) -> Path:
        """The folder where peers work."""
        return self.whole.parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that is timed."""

    name: str
    command: tuple[str, ...]
    """Empty where it is not here."""
    makes: str
    """The name of its edition."""


def lay_out(size: Size, folder: Path) -> Desk:
    """Write the text of *size* into *folder*, and what the peers read made of it."""
    text, peers, out = folder / "text", folder / "peers", folder / "out"
    chapters = write_text(size, text)
    shutil.copytree(text / "pictures", peers / "pictures")
    out.mkdir()
    (peers / "whole.md").write_text("\n\n".join(path.read_text("utf-8") for path in chapters), "utf-8")
    if size.chapters > 1:
        (text / "book.toml").write_text(f'title = "{TITLE}"\nlanguage = "en"\nfront = []\n', "utf-8")
    else:
        words = chapters[0].read_text("utf-8")
        chapters[0].write_text(f"---\ntitle: {TITLE}\nlanguage: en\n---\n\n{words}", "utf-8")
    desk = Desk(text if size.chapters > 1 else chapters[0], peers / "whole.md", out, folder / "cache")
    (peers / "a5.css").write_text(_A5 + _faces(), "utf-8")
    (peers / "book.css").write_text(_A5 + _faces() + _BOOK, "utf-8")
    read = [*_pandoc(desk), "--standalone"]
    for command in (
        [*read, "--to", "html5", "--section-divs", "-o", "whole.html"],
        [
            *read,
            "--to",
            "typst",
            "-V",
            "papersize=a5",
            "-V",
            "fontsize=10pt",
            "-V",
            f"mainfont={_TYPEFACE}",
            "-o",
            "whole.typ",
        ],
    ):
        subprocess.run(command, cwd=peers, check=True)
    page = (peers / "whole.html").read_text("utf-8")
    (peers / "notes.html").write_text(_notes_in_place(page), "utf-8")
    return desk


def _faces() -> str:
    """Return the rules that let the sheet call the typefaces of the project, as both editions have them."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f" font-style: {face.style}; src: url({face.path.as_uri()}) }}\n"
        for face in bundled_faces()
    )


def _pandoc(desk: Desk) -> list[str]:
    """Return the command that reads the text with pandoc."""
    described = ["--metadata", f"title={TITLE}", "--metadata", "lang=en"]
    return [str(find_peer().pandoc), "--from", "markdown", str(desk.whole), *described]


def _notes_in_place(page: str) -> str:
    """Return *page*, of pandoc, with its notes where they are cited and without its own sheet."""
    notes = dict(_NOTE.findall(page))
    page = _CALL.sub(lambda call: f'<span class="note">{notes[call[1]]}</span>', _NOTES.sub("", page))
    return re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def environment(cache: Path) -> dict[str, str]:
    """Return the variables that all are run with; *cache* is the folder for what builds keep."""
    chromium = {"PUPPETEER_EXECUTABLE_PATH": shutil.which("chromium") or ""}
    # What is installed has its bytecode; a checkout has it from its second run on, where it may be kept.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **chromium, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)}


def bifolio(desk: Desk, *options: str) -> tuple[str, ...]:
    """Return the command that binds the text."""
    return (sys.executable, "-m", "bifolio", "build", str(desk.text), "--into", str(desk.out),
            "--paper", "a5", "--style", str(SHEET), *options)  # fmt: skip


def weasyprint(desk: Desk) -> Peer:
    """Return what every ratio is to: WeasyPrint on the whole document."""
    sheets = ("--stylesheet", str(desk.peers / "book.css"), "--stylesheet", str(SHEET))
    command = (str(find_peer().weasyprint), *sheets, "notes.html", str(desk.out / "w.pdf"))
    return Peer("WeasyPrint, whole", command, "w.pdf")


def others(desk: Desk) -> Iterator[Peer]:
    """Give the other peers."""
    read, page = _pandoc(desk), str(desk.peers / "whole.html")
    sheets = ("--css", str(desk.peers / "a5.css"), "--css", str(SHEET))
    yield Peer("Pandoc EPUB", (*read, "--css", str(SHEET), "-o", str(desk.out / "p.epub")), "p.epub")
    engine = ("--standalone", "--to", "html5", "--pdf-engine", str(find_peer().weasyprint))
    yield Peer(
        "Pandoc PDF with WeasyPrint", (*read, *sheets, *engine, "-o", str(desk.out / "p.pdf")), "p.pdf"
    )
    script = f"import typst; typst.compile('whole.typ', output={str(desk.out / 't.pdf')!r})"
    yield Peer("Typst PDF", (sys.executable, "-c", script) if find_spec("typst") else (), "t.pdf")
    yield Peer("percollate PDF", _of_npm(
        "percollate", "pdf", "--unsafe", "--no-sandbox",
        "--css", "@page { size: A5 } html { font-size: 10pt }", "-o", str(desk.out / "c.pdf"), page,
    ), "c.pdf")  # fmt: skip
    yield Peer("Vivliostyle PDF", _of_npm(
        "vivliostyle", "build", page, "--size", "A5", "-o", str(desk.out / "v.pdf"),
        "--executable-browser", shutil.which("chromium") or "",
    ), "v.pdf")  # fmt: skip


def _of_npm(name: str, *arguments: str) -> tuple[str, ...]:
    """Return the command of a program that npm has installed here; none where it or Chromium is missing."""
    here = (_TOOLS / name).exists() and shutil.which("chromium")
    return (str(_TOOLS / name), *arguments) if here else ()
