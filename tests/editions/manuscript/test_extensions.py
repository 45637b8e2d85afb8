"""Extensions of Python-Markdown by other people, as a reader of both editions sees them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from bifolio import make, read
from bifolio.checks.compare import READERS
from bifolio.checks.file_readers.extracted_text import letters
from bifolio.model.errors import UsageError
from bifolio.model.findings import Severity
from tests.conftest import kinds
from tests.xhtml import text_in

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\nsmart: false\n---\n"
X = {"x": "http://www.w3.org/1999/xhtml"}
TEXT = """\
Press ++ctrl+f++, *and ++x++* too.[^a]

A word {++put *in*++} and one {--taken out--}.

NOTE: **Mind this.** A *remark* in a box.[^a]

- In a list:

    +-------+------------------+
    | Leaf  | Page             |
    +=======+==================+
    | two   | Four, and *more* |
    +-------+------------------+

[^a]: A note with ++y++.

A [link](#nowhere).
"""


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("extensions")
    source = folder / "text.md"
    source.write_text(FRONT + TEXT, "utf-8")
    names = ("pymdownx.keys", "pymdownx.critic", "callouts", "markdown_grid_tables")
    made = make(source, folder / "build", extensions=names)
    assert [(f.code, f.where and f.where.line) for f in made.findings if f.severity > Severity.NOTE] == [
        ("link-broken", 22)
    ]
    epub, pdf = (file.path for file in made.files)
    return epub, pdf


def chapter(epub: Path) -> etree._Element:
    with zipfile.ZipFile(epub) as book:
        name = next(n for n in book.namelist() if n.endswith("article.xhtml"))
        return etree.fromstring(book.read(name))


def test_both_editions_read_alike(editions: tuple[Path, Path]) -> None:
    for file in editions:
        assert letters(READERS[file.suffix](file).text) == letters(
            "T Press Ctrl+F, and X too. A word put in and one taken out. Mind this A remark in a box. "
            "In a list: Leaf Page two Four, and more A link."
        )
        assert letters(READERS[file.suffix](file).notes) == letters("A note with Y.")


def test_the_epub_has_the_elements_of_the_extensions(editions: tuple[Path, Path]) -> None:
    tree = chapter(editions[0])
    assert [text_in(k) for k in tree.iterfind(".//x:kbd", X)] == ["Ctrl", "F", "X", "Y"]
    assert [text_in(e) for e in tree.iterfind(".//x:ins", X)] == ["put in"]
    assert [text_in(e) for e in tree.iterfind(".//x:del", X)] == ["taken out"]
    assert tree.find(".//x:li//x:table//x:td//x:em", X) is not None


def test_the_pdf_has_a_table_with_heads(editions: tuple[Path, Path]) -> None:
    with pikepdf.open(editions[1]) as pdf:
        found = [kind for kind, _ in kinds(pdf.Root.StructTreeRoot)]
    assert (found.count("/TH"), found.count("/TD")) == (2, 2)


def test_what_has_little_effect_is_told(write: Write) -> None:
    source = write(FRONT + "> *Text*\n")
    told = [f for f in read(source, extensions=["pymdownx.quotes"]).findings if f.code == "extension-part"]
    assert [f.message for f in told] == [
        "The extension `pymdownx.quotes` changes blocks that CommonMark has too; "
        "this part of it has little or no effect here."
    ]
    told = list(read(source, extensions=["pymdownx.critic"]).findings)
    assert ["finished HTML" in f.message for f in told] == [True]


def test_lines_that_a_preprocessor_moves_are_found_again(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bifolio_test_extension.py").write_text(
        "from markdown.extensions import Extension\n"
        "from markdown.preprocessors import Preprocessor\n"
        "class Pre(Preprocessor):\n"
        "    def run(self, lines):\n"
        "        return ['New.', '', 'New.', ''] + [l.replace('old', 'new') for l in lines if l != 'gone']\n"
        "class Mine(Extension):\n"
        "    def extendMarkdown(self, md):\n"
        "        md.preprocessors.register(Pre(md), 'mine', 10)\n"
        "def makeExtension(**options):\n"
        "    return Mine(**options)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    source = write(FRONT + "A [b](#old).\n\ngone\n\nC [d](#e).\n")
    for name in ("bifolio_test_extension", "bifolio_test_extension:Mine"):
        findings = read(source, extensions=[name]).findings
        assert [(f.where and f.where.line, f.message[:22]) for f in findings] == [
            (6, "The link leads to `#ne"),
            (10, "The link leads to `#e`"),
        ]


def test_a_pattern_may_find_a_word_without_marks(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bifolio_test_words.py").write_text(
        "from markdown.extensions import Extension\n"
        "from markdown.inlinepatterns import SimpleTagInlineProcessor\n"
        "class Mine(Extension):\n"
        "    def extendMarkdown(self, md):\n"
        "        md.inlinePatterns.register(SimpleTagInlineProcessor('()(CamelCase)', 'em'), 'mine', 10)\n"
        "def makeExtension(**options):\n"
        "    return Mine(**options)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    body = read(write(FRONT + "A CamelCase is here.\n"), extensions=["bifolio_test_words"]).sections[0].body
    assert [em.text for em in body.iter("em")] == ["CamelCase"]


def test_front_matter_cannot_name_an_extension(write: Write) -> None:
    source = write(
        FRONT.replace("smart", "extensions: [pymdownx.keys]\nextension: pymdownx.keys\nsmart") + "++a++\n"
    )
    assert read(source).sections[0].body.find(".//kbd") is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("calouts", "There is no Markdown extension `calouts`. Did you mean `callouts`?"),
        ("no.such", "There is no Markdown extension `no.such`. Check the name, "
                    "or install it next to Bifolio."),
        ("json", "The Markdown extension `json` cannot be enabled: Failed to initiate extension 'json': "
                 "module 'json' has no attribute 'makeExtension'."),
    ],
)  # fmt: skip
def test_a_name_that_is_none(write: Write, name: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(write(FRONT + "Text.\n"), extensions=[name])
    assert str(refused.value) == message
    assert refused.value.exit_code == 2


def test_an_extension_that_fails_is_named(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bifolio_test_failing.py").write_text(
        "from markdown.extensions import Extension\n"
        "from markdown.treeprocessors import Treeprocessor\n"
        "class Tree(Treeprocessor):\n"
        "    def run(self, root):\n"
        "        raise KeyError('x')\n"
        "class Mine(Extension):\n"
        "    def extendMarkdown(self, md):\n"
        "        md.treeprocessors.register(Tree(md), 'mine', 10)\n"
        "def makeExtension(**options):\n"
        "    return Mine(**options)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        UsageError, match=r"The text cannot be read with `bifolio_test_failing`: KeyError: 'x'\."
    ):
        read(write(FRONT + "Text.\n"), extensions=["bifolio_test_failing"])
