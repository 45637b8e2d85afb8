"""Lists of terms and tasks, admonitions, inline notes, abbreviations and breaks, in both editions."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from bifolio.checks.compare import READERS, compare_files
from bifolio.checks.validators.ace import run_ace
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built, kinds
from tests.xhtml import words_in

FRONT = "---\ntitle: T\nlanguage: {}\n---\n"
X = {"x": "http://www.w3.org/1999/xhtml"}

EVERYTHING = """\
H~2~O, x^2^, a ==marked *word*== here.^[An inline note, x^2^.] A label.[^a]^[Outer^[Inner.].]

[^a]: A labelled note. %% unseen %%

Leaf *one* {#leaf}
: What you turn, in HTML.

Page

: One side.

    More of it.

: Another ~struck~ meaning.

*[HTML]: Hypertext Markup Language

- [ ] To do
- [x] Done
  - plain

!!! note "A *title* of its own"

    Body.[^a]

    - item

!!! warning
    Beware.

!!! kind-of-mine
    Mine.

> [!TIP]
> A tip.

::: {lang=de}
> [!IMPORTANT]
> Wichtig.
:::

!!! info ""
    No title. `a == b ~c~ %%d%%` \\~a\\~ \\==x==

Before %% a comment *with* x %% after. <!-- unseen --> Here.

%%
unseen

unseen
%%

```
%% code %%
*[HTML]: code
\\newpage
```

\\newpage

Last. 50%% and ==open.
"""


def chapter(built: Built) -> etree._Element:
    with zipfile.ZipFile(built.epub) as book:
        return etree.fromstring(book.read("EPUB/article.xhtml"))


def pages(built: Built) -> list[str]:
    document = pypdfium2.PdfDocument(built.pdf)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("language", ["en", "de", "hy", "el"])
def test_source_and_editions_say_the_same(build: Callable[..., Built], language: str) -> None:
    built = build(FRONT.format(language) + EVERYTHING)
    assert built.made.findings == ()
    assert compare_files([built.source, built.epub, built.pdf]) == []
    for path in (built.epub, built.pdf):
        reading = READERS[path.suffix](path)
        assert "unseen" not in reading.text + reading.notes
        assert "%% code %%" in " ".join(reading.text.split())


NESTED = """\
## A heading^[With a note.] of HTML and H~2~O {#h}

See [the ==h== part](#h), surely. `` ` `` %% unseen ` %% x

- item

  !!! note
      In an item.

- item

  > [!TIP]
  > Also.

  Term
  : Meaning

> Quoted
>
> !!! caution "Q"
>     In a quotation.
>
> - [ ] task
>
> *[ABC]: unseen
>
> ABC
>
> %% unseen
> unseen %%

- a %% b
- c %% d
  *[KB]: unseen
  1 KB
  %%
  unseen
  %%
  e

![Words *ABC*^[A caption's note].](a.svg){alt="x"}

Term
: First line
lazy line
: ```
  code %% x %%
  ```

Term two
: - [x] t

    1. [ ] u

<div>

!!! note
    In raw HTML. <b>ABC</b>

</div>

[^z]: A note.

    Leaf
    : Inner ABC.

    !!! warning
        In a note.

Cited[^z]. \\newpage stays. 5 ~ 6 ~ 7; a^b; 2^10; file~ and ~user.

%% unseen
unseen %% seen

\\pagebreak
"""


def test_they_may_stand_in_each_other(build: Callable[..., Built]) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    built = build(FRONT.format("en") + NESTED, a__svg=svg)
    assert built.made.findings == ()
    assert compare_files([built.source, built.epub, built.pdf]) == []
    text = " ".join(pages(built))
    assert "unseen" not in text
    for seen in ("code %% x %%", "newpage stays", "c %% d 1 KB e", "seen"):
        assert seen in text


@pytest.mark.parametrize("lost", ["Leaf", "Another", "A tip.", "Beware", "title", "Inner", "To do", "struck"])
def test_the_twin_check_misses_a_word_that_only_the_source_has(
    build: Callable[..., Built], lost: str
) -> None:
    built = build(FRONT.format("en") + EVERYTHING)
    built.source.write_text(FRONT.format("en") + EVERYTHING.replace(lost, lost + "zz", 1), "utf-8")
    assert {f.code for f in compare_files([built.source, built.epub])} == {"word-lost"}
    assert {f.code for f in compare_files([built.source, built.pdf])} == {"word-lost"}


def test_the_validators_accept_it(build: Callable[..., Built], epubcheck_here: None, ace_here: None) -> None:
    built = build(FRONT.format("en") + EVERYTHING)
    assert [*run_epubcheck([built.epub]), *run_ace(built.epub), *run_page_validation(built.pdf)] == []


def test_terms_and_meanings_are_tagged_as_labels_and_bodies(build: Callable[..., Built]) -> None:
    built = build(FRONT.format("en") + "Leaf\n: What you turn.\n\nPage\n: One side.\n: Another.\n")
    with pikepdf.open(built.pdf) as pdf:
        found = list(kinds(pdf.Root.StructTreeRoot))
        names = [name for name, _ in found]
        assert names[names.index("/L") :] == [
            "/L", "/LI", "/Lbl", "/LBody", "/LI", "/Lbl", "/LBody", "/LBody",
        ]  # fmt: skip
        assert [str(node.A.ListNumbering) for name, node in found if name == "/L"] == ["/None"]
    root = chapter(built)
    assert [words_in(n) for n in root.iterfind(".//x:dl/*", X)] == [
        "Leaf", "What you turn.", "Page", "One side.", "Another.",
    ]  # fmt: skip
    assert READERS[".pdf"](built.pdf).text.split() == "T Leaf What you turn. Page One side. Another.".split()


def test_a_div_may_hold_a_term_and_its_meaning(build: Callable[..., Built]) -> None:
    built = build(FRONT.format("en") + "<dl><div><dt>Leaf</dt><dd>Turn.</dd></div></dl>\n")
    with pikepdf.open(built.pdf) as pdf:
        names = [name for name, _ in kinds(pdf.Root.StructTreeRoot)]
        assert names[names.index("/L") :] == ["/L", "/LI", "/Lbl", "/LBody"]
    assert run_page_validation(built.pdf) == []


def test_boxes_of_tasks_are_letters_with_a_label_and_a_font(build: Callable[..., Built]) -> None:
    built = build(FRONT.format("fr") + "- [ ] Plier\n- [x] Couper\n- Relier\n")
    boxes = chapter(built).findall(".//x:li//x:span", X)
    assert [(b.text, b.get("role"), b.get("aria-label")) for b in boxes] == [
        ("☐", "img", "À faire"), ("☑", "img", "Fait"),
    ]  # fmt: skip
    assert chapter(built).find(".//x:input", X) is None
    with zipfile.ZipFile(built.epub) as book:
        assert "EPUB/fonts/boxes.otf" in book.namelist()
        assert "fonts/boxes.otf" in book.read("EPUB/style.css").decode()
    with pikepdf.open(built.pdf) as pdf:
        assert [str(n.Alt) for name, n in kinds(pdf.Root.StructTreeRoot) if name == "/Span"] == [
            "À faire",
            "Fait",
        ]
    assert "☐ Plier ☑ Couper • Relier" in pages(built)[0]


def test_no_font_of_boxes_where_there_are_none(build: Callable[..., Built]) -> None:
    with zipfile.ZipFile(build(FRONT.format("en") + "- a\n").epub) as book:
        assert not [name for name in book.namelist() if "boxes" in name]


@pytest.mark.parametrize(
    ("language", "titles"),
    [("en", ["Note", "Tip", "Mine", "Said"]), ("hy", ["Նշում", "Խորհուրդ", "Mine", "Said"])],
)
def test_admonitions_have_titles_in_the_language_of_the_text(
    build: Callable[..., Built], language: str, titles: list[str]
) -> None:
    text = '!!! note\n    a\n\n> [!TIP]\n> b\n\n!!! mine\n    c\n\n!!! note "Said"\n    d\n'
    built = build(FRONT.format(language) + text)
    asides = chapter(built).findall(".//x:aside", X)
    assert [[words_in(part) for part in aside] for aside in asides] == [
        [title, text] for title, text in zip(titles, "abcd", strict=True)
    ]
    assert [aside.get("aria-label") for aside in asides] == titles
    assert [aside.get("role") for aside in asides] == ["note", "doc-tip", "note", "note"]
    printed = pages(built)[0]
    assert " ".join(f"{t} {c}" for t, c in zip(titles, "abcd", strict=True)) in printed


def test_callouts_of_obsidian_are_admonitions(build: Callable[..., Built]) -> None:
    built = build(
        FRONT.format("de")
        + "> [!warning]- Mind the *nests*\n> Walk slowly.\n>\n> > [!tip]+\n> > - Boards.\n\n"
        "> [!Unknown] Words\n> Quoted.\n"
    )
    assert compare_files([built.source, built.epub, built.pdf]) == []
    asides = chapter(built).findall(".//x:aside", X)
    assert [aside.get("aria-label") for aside in asides] == ["Mind the nests", "Tipp"]
    assert words_in(asides[0]) == "Mind the nestsWalk slowly.TippBoards."
    assert words_in(chapter(built).find(".//x:blockquote", X)) == "[!Unknown] Words Quoted."


def test_a_class_of_the_authors_makes_no_note(build: Callable[..., Built]) -> None:
    built = build(FRONT.format("en") + "Text.[^a]\n\n[^a]: A note.\n\n::: note\nNo note.\n:::\n")
    assert built.made.findings == ()


def test_a_title_is_in_the_language_of_its_passage(build: Callable[..., Built]) -> None:
    built = build(FRONT.format("en") + "::: {lang=de}\n> [!WARNING]\n> Nass.\n:::\n\n> [!WARNING]\n> Wet.\n")
    titles = [words_in(p) for p in chapter(built).findall(".//x:aside/x:p[@class='admonition-title']", X)]
    assert titles == ["Warnung", "Warning"]


def test_inline_notes_are_numbered_with_the_others(build: Callable[..., Built]) -> None:
    text = "One^[First.] two[^b] three^[Third^[Fourth.].] two[^b]\n\n[^b]: Second.\n"
    built = build(FRONT.format("en") + text)
    assert built.made.findings == ()
    notes = chapter(built).findall(".//x:aside[@role='doc-footnote']", X)
    assert [words_in(note).rstrip(" ↑") for note in notes] == [
        "1 First.",
        "2 Second.",
        "3 Third4.",
        "4 Fourth.",
    ]
    calls = [words_in(a) for a in chapter(built).findall(".//x:p/x:a[@role='doc-noteref']", X)]
    assert calls == ["1", "2", "3", "2", "4"]
    with pikepdf.open(built.pdf) as pdf:
        assert [name for name, _ in kinds(pdf.Root.StructTreeRoot)].count("/Note") == 4


def test_an_inline_note_in_the_title_is_a_note(build: Callable[..., Built]) -> None:
    built = build("---\nlanguage: en\n---\n# A title^[Kept.]\n\nText.\n")
    assert built.made.findings == ()
    for path in (built.epub, built.pdf):
        assert "Kept." in READERS[path.suffix](path).notes


def test_abbreviations_are_explained_in_both_editions(build: Callable[..., Built]) -> None:
    text = "## HTML\n\nHTML, `HTML`, XHTML[^a]\n\n[^a]: HTML.\n\n*[HTML]: Hypertext Mark\n*[CSS]: Unused\n"
    built = build(FRONT.format("en") + text)
    assert built.made.findings == ()
    short = chapter(built).findall(".//x:abbr", X)
    assert [(a.text, a.get("title")) for a in short] == [("HTML", "Hypertext Mark")] * 3
    with pikepdf.open(built.pdf) as pdf:
        assert [str(node.E) for name, node in kinds(pdf.Root.StructTreeRoot) if "/E" in node] == [
            "Hypertext Mark"
        ] * 3
    assert not any("Unused" in page for page in pages(built))


@pytest.mark.parametrize("written", ["\\newpage", "\\pagebreak", '<div class="page-break"></div>'])
def test_a_page_ends_where_the_author_says(build: Callable[..., Built], written: str) -> None:
    built = build(FRONT.format("en") + f"First.\n\n{written}\n\nSecond.\n")
    texts = pages(built)
    assert len(texts) == 2
    assert "First." in texts[0]
    assert "Second." in texts[1]
    before = chapter(built).find(".//x:div[@class='page-break']", X)
    assert before is not None
    with zipfile.ZipFile(built.epub) as book:
        assert ".page-break {\n  page-break-after: always;\n}" in book.read("EPUB/style.css").decode()


def test_what_is_raised_lowered_and_marked_is_so_in_the_epub(build: Callable[..., Built]) -> None:
    built = build(FRONT.format("en") + "H~2~O x^2^ ==m==\n")
    found = [(e.tag.rpartition("}")[2], e.text) for e in chapter(built).iterfind(".//x:p[last()]/*", X)]
    assert found[-3:] == [("sub", "2"), ("sup", "2"), ("mark", "m")]
    assert "H2O x2 m" in pages(built)[0]
