"""The PDF of the sample article, read as a person and as a screen reader read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest

from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built, kinds


@pytest.fixture(scope="module")
def pdf(article: Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(article.pdf) as opened:
        yield opened


def page_texts(built: Built) -> list[str]:
    document = pypdfium2.PdfDocument(built.pdf)
    try:
        texts = []
        for page in document:
            letters = page.get_textpage()
            texts.append(letters.get_text_bounded())
            letters.close()
            page.close()
        return texts
    finally:
        document.close()


def test_it_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    xmp = pdf.Root.Metadata.read_bytes().decode()
    assert 'pdfaid:part="2"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    assert str(pdf.Root.Lang) == "en-GB"
    assert str(pdf.docinfo.Title) == "Fire exchanged at Sotk three days before Brussels talks"
    assert str(pdf.docinfo.Author) == "The Bifolio desk"
    assert str(pdf.docinfo.CreationDate) == "D:20230512000000Z" or "20230512" in str(pdf.docinfo.CreationDate)


def test_the_page_is_a4_and_another_paper_on_request(article: Built, tmp_path_factory: Any) -> None:
    from bifolio import make

    made = make(article.source, tmp_path_factory.mktemp("a5"), only="pdf", paper="a5")
    with pikepdf.open(article.pdf) as a4, pikepdf.open(made.files[0].path) as a5:
        sizes = [[round(float(n)) for n in p.pages[0].MediaBox][2:] for p in (a4, a5)]
    assert sizes == [[595, 842], [420, 595]]


def test_bookmarks_are_the_headings_on_their_pages(pdf: pikepdf.Pdf, article: Built) -> None:
    texts = page_texts(article)
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def read(items: Any) -> Iterator[tuple[str, int]]:
        for item in items:
            yield item.title, pages[item.destination[0].objgen]
            yield from read(item.children)

    with pdf.open_outline() as outline:
        bookmarks = list(read(outline.root))
    assert len(bookmarks) == 6
    for title, page in bookmarks:
        assert title in " ".join(texts[page].split())


def test_every_page_after_the_first_has_a_running_head_and_each_its_number(article: Built) -> None:
    texts = page_texts(article)
    for number, text in enumerate(texts, start=1):
        assert re.search(rf"(^|\s){number}(\s|$)", text), f"page {number} has no number"
        if number > 1:
            assert "Fire exchanged at Sotk" in " ".join(text.split())


def test_every_note_stands_on_the_page_that_cites_it(pdf: pikepdf.Pdf) -> None:
    marks, notes = [], []
    for name, node in kinds(pdf.Root.StructTreeRoot):
        if name == "/Reference":
            marks.append(node.Pg.objgen)
        elif name == "/Note":
            notes.append((marks[-1], node.Pg.objgen))
    assert len(notes) == 7
    assert [mark for mark, _ in notes] == [note for _, note in notes]


def test_notes_are_tagged_where_they_are_cited_and_linked_both_ways(pdf: pikepdf.Pdf) -> None:
    found = list(kinds(pdf.Root.StructTreeRoot))
    names = [name for name, _ in found]
    assert names.count("/Note") == 7
    assert names.count("/Reference") == 8
    for place, (name, _) in enumerate(found):
        if name == "/Note":
            assert names[place - 2 : place] == ["/Reference", "/Link"]
    destinations = {str(n) for n in pdf.Root.Names.Dests.Names if isinstance(n, pikepdf.String)}
    links = {str(a.Dest) for p in pdf.pages for a in p.get("/Annots", []) if "/Dest" in a}
    wanted = {f"note-{n}" for n in range(1, 8)} | {f"call-{n}-1" for n in range(1, 8)}
    assert wanted <= links <= destinations


def test_a_paragraph_over_two_pages_is_one_element(build: Callable[..., Built]) -> None:
    text = "---\ntitle: T\nlanguage: en\n---\n" + "One long paragraph goes on. " * 400 + "\n"
    built = build(text)
    with pikepdf.open(built.pdf) as pdf:
        assert len(pdf.pages) > 1
        paragraphs = [node for name, node in kinds(pdf.Root.StructTreeRoot) if name == "/P"]
        assert len(paragraphs) == 1
        assert {int(k.MCID) >= 0 for k in paragraphs[0].K if isinstance(k, pikepdf.Dictionary)} == {True}


def test_foreign_names_pictures_and_tables_are_tagged(pdf: pikepdf.Pdf) -> None:
    found = list(kinds(pdf.Root.StructTreeRoot))
    languages = sorted(str(n.Lang) for name, n in found if name == "/Span" and "/Lang" in n)
    assert languages == ["az"] * 4 + ["hy"] * 4
    assert [len(str(n.Alt)) > 100 for name, n in found if name == "/Figure"] == [True, True]
    assert [str(n.A.Scope) for name, n in found if name == "/TH"] == ["/Column"] * 3
    assert [name for name, _ in found].count("/Caption") == 3


def test_a_table_head_repeated_on_the_next_page_is_read_once(build: Callable[..., Built]) -> None:
    rows = "".join(f"| row {n} | b |\n" for n in range(120))
    built = build(f"---\ntitle: T\nlanguage: en\n---\n| Headword | x |\n|---|---|\n{rows}")
    assert sum("Headword" in text for text in page_texts(built)) > 1
    assert not [f for f in built.made.findings if f.code == "word-lost"]


def test_addresses_are_printed_once_and_not_behind_themselves(build: Callable[..., Built]) -> None:
    built = build(
        "---\ntitle: T\nlanguage: en\n---\n[One](https://example.org/a) and [two](https://example.org/a), "
        "<https://example.com/> and [mail](mailto:me@example.net).\n"
    )
    text = " ".join(page_texts(built)[0].split())
    assert "One (example.org/a) and two, https://example.com/ and mail (me@example.net)." in text


def test_only_our_own_fonts_and_the_one_for_armenian_are_embedded(pdf: pikepdf.Pdf) -> None:
    names = set()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            names.add(str(item.FontName).partition("+")[2].rstrip("-").lower())
            assert "/FontFile3" in item or "/FontFile2" in item
    ours = {name for name in names if name.startswith(("source-serif", "source-sans"))}
    assert len(ours) >= 3
    assert len(names - ours) <= 2


def test_lists_are_tagged_with_their_numbers_and_conform(build: Callable[..., Built]) -> None:
    built = build("---\ntitle: T\nlanguage: en\n---\n1. One\n   - inner\n2. Two\n\nTerm\n")
    with pikepdf.open(built.pdf) as pdf:
        names = [name for name, _ in kinds(pdf.Root.StructTreeRoot)]
    assert names[names.index("/L") :][:9] == [
        "/L", "/LI", "/Lbl", "/LBody", "/L", "/LI", "/Lbl", "/LBody", "/LI",
    ]  # fmt: skip


def test_a_drawing_in_the_text_keeps_its_colours(build: Callable[..., Built]) -> None:
    built = build(
        "---\ntitle: T\nlanguage: en\n---\n"
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><title>Square</title>'
        '<g style="fill: #ff0000; stroke:none"><path d="M0 0h90v90H0z"/></g></svg>\n'
    )
    assert built.made.findings == ()
    document = pypdfium2.PdfDocument(built.pdf)
    image = document[0].render().to_pil().convert("RGB")
    document.close()
    assert (255, 0, 0) in {colour for _, colour in image.getcolors(1 << 24)}


@pytest.mark.parametrize(
    "text", ["น้ำ ทำไม **ทำ** นาที", "[ភាសាខ្មែរ អានជាភាសាផ្សេងៗ]{lang=km}", "[ऑर्गनाइजेशन हिन्दी]{lang=hi}"]
)
def test_letters_drawn_as_several_are_copied_as_they_are_written(
    build: Callable[..., Built], text: str
) -> None:
    built = build(f"---\ntitle: T\nlanguage: th\n---\n{text} นา\n")
    if "glyph-missing" in {finding.code for finding in built.made.findings}:
        pytest.skip("no font here has these letters")
    assert built.made.findings == ()
    assert run_page_validation(built.pdf) == []
    words = re.sub(r"[*{}\[\]]|lang=\w+", "", text)
    assert words.split() == page_texts(built)[0].split()[1 : len(words.split()) + 1]


def test_a_machine_that_cuts_fonts_slowly_is_told_once_and_no_text_is_blamed(
    build: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    from weasyprint.pdf import fonts

    monkeypatch.setattr(fonts, "harfbuzz_subset", None)
    built = build("---\ntitle: T\nlanguage: en\n---\n\nText, **bold** and `code`.\n")
    assert [str(finding) for finding in built.made.findings] == [
        "note subsetter-missing: The library HarfBuzz-Subset is not installed, so fonts are subset more "
        "slowly. Install it with the command that `bifolio doctor` prints."
    ]
