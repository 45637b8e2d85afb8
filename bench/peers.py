"""Prepares a text for every program that is timed, and gives the commands of the peers.

Each peer gets the same words on A5 in the same language. Those that use WeasyPrint get the stylesheet and the
fonts of the project; WeasyPrint alone also gets footnotes, as Bifolio has them.
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
STYLESHEET = ROOT / "styles" / "bifolio.css"
TITLE = "The book of salt"
_TOOLS = Path(__file__).parent / "node_modules" / ".bin"
_A5 = "@page { size: A5; margin: 19.95mm 16.44mm 25.2mm } html { font-size: 10pt }\n"
"""The page rules of `bifolio build --paper a5`."""
_BOOK = f"""
#title-block-header {{ display: none }}
section.level1 {{ page: chapter; break-before: page }}
h1 {{ string-set: title "{TITLE}", chapter content(text) }}
span.note {{
  float: footnote; footnote-policy: line; box-sizing: border-box; width: 100vw; margin: 0 0 0.3em;
  padding-left: 1.5em; font: 0.8rem/1.36 var(--serif); text-align: left; text-indent: 0;
}}
"""
"""The stylesheet's rules for elements of Bifolio's editions, rewritten for those of pandoc."""
_TYPEFACE = "Libertinus Serif"
"""The typeface for Typst, which bundles it."""
_CALL = re.compile(r'<a\s+href="#(fn\d+)"\s+class="footnote-ref".*?</a>', re.DOTALL)
_NOTE = re.compile(r'<li\s+id="(fn\d+)"\s*><p>(.*?)<a\s+href="#fnref', re.DOTALL)
_NOTES = re.compile(r'<section\s+id="footnotes".*?</section>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The files of a text, and the folders for its editions and for the cache."""

    text: Path
    """The source as Bifolio reads it: the folder of a book, or one file."""
    whole: Path
    """All chapters in one file, in a folder with the versions of it that the peers read."""
    out: Path
    cache: Path

    @property
    def peers(self) -> Path:
        """The working folder of the peers."""
        return self.whole.parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that is timed."""

    name: str
    command: tuple[str, ...]
    """Empty if the program is not installed."""
    makes: str
    """The name of its edition."""


def prepare_text(size: Size, folder: Path) -> Workspace:
    """Write a text of *size* into *folder*, and the versions of it that the peers read."""
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
    workspace = Workspace(
        text if size.chapters > 1 else chapters[0], peers / "whole.md", out, folder / "cache"
    )
    (peers / "a5.css").write_text(_A5 + _faces(), "utf-8")
    (peers / "book.css").write_text(_A5 + _faces() + _BOOK, "utf-8")
    read = [*_pandoc(workspace), "--standalone"]
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
    return workspace


def _faces() -> str:
    """Return `@font-face` rules for the fonts of the project, as both editions have them."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f" font-style: {face.style}; src: url({face.path.as_uri()}) }}\n"
        for face in bundled_faces()
    )


def _pandoc(workspace: Workspace) -> list[str]:
    """Return the command that reads the text with pandoc."""
    metadata = ["--metadata", f"title={TITLE}", "--metadata", "lang=en"]
    return [str(find_peer().pandoc), "--from", "markdown", str(workspace.whole), *metadata]


def _notes_in_place(page: str) -> str:
    """Return *page*, made by pandoc, with its notes at their calls and without its own stylesheet."""
    notes = dict(_NOTE.findall(page))
    page = _CALL.sub(lambda call: f'<span class="note">{notes[call[1]]}</span>', _NOTES.sub("", page))
    return re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def environment(cache: Path) -> dict[str, str]:
    """Return the environment variables of every run; *cache* is the folder for the build cache."""
    chromium = {"PUPPETEER_EXECUTABLE_PATH": shutil.which("chromium") or ""}
    # Installed programs have bytecode; a checkout gets it in its first run, if it may be written.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **chromium, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)}


def bifolio(workspace: Workspace, *options: str) -> tuple[str, ...]:
    """Return the command that builds the text with Bifolio."""
    return (sys.executable, "-m", "bifolio", "build", str(workspace.text), "--into", str(workspace.out),
            "--paper", "a5", "--style", str(STYLESHEET), *options)  # fmt: skip


def weasyprint(workspace: Workspace) -> Peer:
    """Return the peer that every ratio is to: WeasyPrint on the whole document."""
    stylesheets = ("--stylesheet", str(workspace.peers / "book.css"), "--stylesheet", str(STYLESHEET))
    command = (str(find_peer().weasyprint), *stylesheets, "notes.html", str(workspace.out / "w.pdf"))
    return Peer("WeasyPrint, whole", command, "w.pdf")


def others(workspace: Workspace) -> Iterator[Peer]:
    """Yield the other peers."""
    read, page = _pandoc(workspace), str(workspace.peers / "whole.html")
    stylesheets = ("--css", str(workspace.peers / "a5.css"), "--css", str(STYLESHEET))
    yield Peer(
        "Pandoc EPUB", (*read, "--css", str(STYLESHEET), "-o", str(workspace.out / "p.epub")), "p.epub"
    )
    engine = ("--standalone", "--to", "html5", "--pdf-engine", str(find_peer().weasyprint))
    yield Peer(
        "Pandoc PDF with WeasyPrint",
        (*read, *stylesheets, *engine, "-o", str(workspace.out / "p.pdf")),
        "p.pdf",
    )
    script = f"import typst; typst.compile('whole.typ', output={str(workspace.out / 't.pdf')!r})"
    yield Peer("Typst PDF", (sys.executable, "-c", script) if find_spec("typst") else (), "t.pdf")
    yield Peer("percollate PDF", _npm_command(
        "percollate", "pdf", "--unsafe", "--no-sandbox",
        "--css", "@page { size: A5 } html { font-size: 10pt }", "-o", str(workspace.out / "c.pdf"), page,
    ), "c.pdf")  # fmt: skip
    yield Peer("Vivliostyle PDF", _npm_command(
        "vivliostyle", "build", page, "--size", "A5", "-o", str(workspace.out / "v.pdf"),
        "--executable-browser", shutil.which("chromium") or "",
    ), "v.pdf")  # fmt: skip


def _npm_command(name: str, *arguments: str) -> tuple[str, ...]:
    """Return the command of a program installed by npm; empty if it or Chromium is missing."""
    is_installed = (_TOOLS / name).exists() and shutil.which("chromium")
    return (str(_TOOLS / name), *arguments) if is_installed else ()
