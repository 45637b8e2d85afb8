"""The comparison of texts: the words of the source are in both editions, and a missing word is found."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pikepdf
import pytest

from bifolio.checks.compare import READERS, compare, compare_files
from bifolio.checks.counts.pdf_counts import count_pdf
from bifolio.checks.file_readers.extracted_text import ExtractedText, letters
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.qpdf import run_qpdf
from tests.conftest import Built


def test_the_article_and_its_editions_say_the_same(article: Built) -> None:
    assert compare_files([article.source, article.epub, article.pdf]) == []
    words = {
        path.suffix: len(READERS[path.suffix](path).text.split()) for path in (article.source, article.epub)
    }
    assert words[".md"] > 800


def without(text: str, place: int) -> str:
    words = text.split()
    return " ".join([*words[:place], *words[place + 1 :]])


@pytest.mark.parametrize("part", ["text", "notes"])
@pytest.mark.parametrize("kind", ["epub", "pdf"])
def test_each_single_word_taken_out_of_an_edition_is_missed(article: Built, kind: str, part: str) -> None:
    source = READERS[".md"](article.source)
    path = article.epub if kind == "epub" else article.pdf
    reading = READERS[path.suffix](path)
    written = getattr(reading, part)
    assert compare(source, ExtractedText(reading.name, reading.text, reading.notes), path) == []
    date = {"12", "May", "2023"}  # set from the metadata; the source has it in other words
    for place, word in enumerate(written.split()):
        if not any(c.isalnum() for c in word) or (word in date and place < 45):
            continue
        text, notes = reading.text, reading.notes
        text, notes = (without(written, place), notes) if part == "text" else (text, without(written, place))
        findings = compare(source, ExtractedText(reading.name, text, notes), path)
        assert [finding.code for finding in findings] == ["word-lost"], f"{word} ({place})"
        assert f"of the {part} is in article." in findings[0].message, f"{word} ({place})"


def test_a_word_taken_out_of_the_epub_file_is_named(article: Built, tmp_path: Path) -> None:
    broken = tmp_path / "article.epub"
    with zipfile.ZipFile(article.epub) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("article.xhtml"):
                assert data.count(b"an ambulance carrying") == 1
                data = data.replace(b"an ambulance carrying", b"an carrying")
            new.writestr(entry, data)
    findings = compare_files([broken, article.pdf])
    assert "The word 'ambulance' of the text is in article.pdf" in findings[0].message
    assert [f.code for f in compare_files([article.source, broken])] == ["word-lost"]


def test_a_word_taken_out_of_the_pdf_file_is_named(article: Built, tmp_path: Path) -> None:
    broken = tmp_path / "article.pdf"
    with pikepdf.open(article.pdf) as pdf:
        page = pdf.pages[0]
        operations = pikepdf.parse_content_stream(page)
        shown = [n for n, o in enumerate(operations) if str(o.operator) in ("TJ", "Tj")]
        del operations[shown[len(shown) // 2]]
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(operations))
        pdf.save(broken)
    whole, rest = (Counter(READERS[".pdf"](path).text.split()) for path in (article.pdf, broken))
    for other in (article.epub, article.source):
        (finding,) = compare_files([other, broken])
        assert finding.code == "word-lost"
        assert any(
            f"The word {word!r} of the text is in {other.name}" in finding.message for word in whole - rest
        )


def test_two_words_that_change_places_are_found(article: Built) -> None:
    reading = READERS[".epub"](article.epub)
    words = reading.text.split()
    assert compare(ExtractedText("a", " ".join(words), reading.notes), reading, article.epub) == []
    words[300], words[301] = words[301], words[300]
    findings = compare(ExtractedText("a", " ".join(words), reading.notes), reading, article.epub)
    assert [finding.code for finding in findings] == ["word-lost"]


def test_hyphens_ligatures_and_line_breaks_make_no_difference() -> None:
    one = ExtractedText("a", "The office of co-operation, first", "")
    other = ExtractedText("b", "The oﬃce of co‐ opera‐ tion – ﬁrst", "")
    assert compare(one, other, Path("b")) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.epub", b"no zip"), ("a.pdf", b"no pdf"), ("a.md", b"\xff")],
)
def test_a_file_that_is_none_is_a_finding(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert [f.code for f in compare_files([path])] == ["edition-unreadable"]


def test_a_locked_pdf_is_a_finding_of_all_who_read_it(article: Built, tmp_path: Path) -> None:
    locked = tmp_path / "article.pdf"
    with pikepdf.open(article.pdf) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user="user"))
    (finding,) = compare_files([article.epub, locked])
    assert finding.code == "edition-unreadable"
    assert "password" in finding.message
    assert [f.code for f in run_qpdf(locked)] == ["pdf-damaged"]
    with pytest.raises(ValueError, match="password"):
        count_pdf(locked)


def test_a_loss_in_a_build_is_reported_by_the_build(
    build: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bifolio.epub.content import chapters

    convert = chapters._convert

    def lose(source, parent, anchors):  # type: ignore[no-untyped-def]
        copy = convert(source, parent, anchors)
        copy.text = copy.text and copy.text.replace("ambulance", "")
        return copy

    monkeypatch.setattr(chapters, "_convert", lose)
    built = build("---\ntitle: T\nlanguage: en\n---\nAn ambulance came.\n")
    assert [f.code for f in built.made.findings] == ["word-lost"]


@pytest.mark.parametrize(
    "top",
    [
        "# البداية في جيت",
        "---\ntitle: البداية في جيت\nauthor: سلمى\ndate: 2024-05-12\nlanguage: ar\n---",
        "---\ntitle: البداية في Git\nlanguage: ar\n---\n\n# البداية في Git",
    ],
)
def test_words_from_right_to_left_differ_only_where_one_is_missing(
    build: Callable[..., Built], top: str
) -> None:
    text = "يحتوي هذا Git 123 و SVN 4 الفصل، *GitHub actions* على `-<n>` (`http://a.b`) ما يلزم."
    built = build(f"{top}\n\n{text}\n\n## مبادئ Git\n\n{text * 20}\n")
    orders = list(permutations((built.source, built.epub, built.pdf), 2))
    for files in orders:
        assert compare_files(files) == []
    built.source.write_text(built.source.read_text("utf-8").replace("هذا ", "", 1), "utf-8")
    for files in orders:
        assert [f.code for f in compare_files(files)] == ["word-lost"] * (built.source in files)


def test_what_stands_for_a_missing_picture_is_in_both_editions_and_no_loss(
    build: Callable[..., Built],
) -> None:
    built = build(
        "---\ntitle: T\nlanguage: en\n---\nSee ![a cat](cat.png) there.[^n]\n\n![A dog](dog.png)\n\n"
        '<p>A <img src="x.png" alt="bird"> flies.</p>\n\n[^n]: So ![a cow](cow.png) does.\n'
    )
    assert compare_files([built.source, built.epub, built.pdf]) == []
    for path in (built.epub, built.pdf):
        words = READERS[path.suffix](path).references
        assert words
        assert words.split() == ["[a", "cat]", "[A", "dog]", "[bird]", "[a", "cow]"]


def test_editions_of_different_texts_differ(
    article: Built, tmp_path: Path, build: Callable[..., Built]
) -> None:
    other = build("---\ntitle: T\nlanguage: en\n---\nAnother text.\n")
    shutil.copy(other.pdf, tmp_path / "other.pdf")
    findings = compare_files([article.epub, tmp_path / "other.pdf"])
    assert {finding.code for finding in findings} == {"word-lost"}


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: A title\nauthor:\n  - name: Ann\n    affiliation: X\n  - Bob\nlang: en\n---\n",
        '+++\ntitle = "A title"\nlang = "en"\n[[author]]\nname = "Ann"\n[[author]]\nname = "Bob"\n+++\n',
        '{"title": "A title", "lang": "en", "authors": ["Ann", "Bob"]}\n',
        ';;;\n"title": "A title", "lang": "en", "authors": ["Ann", "Bob"]\n;;;\n',
        "% A\n  title\n% Ann; Bob\n% 12 May 2023\n",
    ],
)
def test_front_matter_of_every_form_reaches_both_editions(build: Callable[..., Built], front: str) -> None:
    built = build(front + "\nText *here*.\n\n## More\n\nEnd.\n")
    assert compare_files([built.source, built.epub, built.pdf]) == []
    for path in (built.epub, built.pdf):
        assert letters(READERS[path.suffix](path).text).startswith("atitleannbob")


@pytest.mark.parametrize("wish", ["keep", "drop"])
def test_marks_of_other_programs_reach_both_editions_or_neither(
    build: Callable[..., Built], wish: str
) -> None:
    front = f"---\ntitle: T\nlanguage: en\ntemplates: {wish}\n---\n"
    text = (
        "Text\n{% include xa %}\nmore {{ xb | *f* }} `{{ code }}`.\n\n{{<xc id>}}\n\n"
        "{{% xd %}}kept{{% /xd %}}\n\n"
        "- One\n{:xe}\n\nLast\n{: .a}\n\nimport Xf from 'a'\n\nexport const xg = {\n  a: 1\n}\n\n"
        "<Xhh data={rows} />\n\n<Xii>\n\nin\n\n</Xii>\n\n"
        "```\n{{ fenced }}\n```\n\n    {{ indented }}\n\nEnd.\n"
    )
    built = build(front + text)
    assert compare_files([built.source, built.epub, built.pdf]) == []
    for path in (built.epub, built.pdf):
        read = letters(READERS[path.suffix](path).text)
        for mark in ("xa", "xb|f", "xcid", "xd", "xe", "xf", "xg", "xhh", "xii"):
            assert (mark in read) is (wish == "keep"), mark
        assert read.endswith("fencedindentedend") and "kept" in read


def test_wiki_links_and_sized_pictures_reach_both_editions(
    build: Callable[..., Built], epubcheck_here: None
) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><rect width="9" height="9"/></svg>'
    )
    text = (
        "---\ntitle: T\nlanguage: en\n---\nSee [[#More|there]], [[#More]] and `[[a|b]]`.\n\n"
        '![a](a.svg =200x "Caption one")\n\n![[a.svg|words|50]]\n\n'
        '![Caption *two*](a.svg){width=50% alt="b"}\n\n'
        "![[a.svg|words]]\n\n## More\n\nEnd.\n"
    )
    built = build(text, a__svg=drawing)
    assert built.made.findings == ()
    assert compare_files([built.source, built.epub, built.pdf]) == []
    words = "tseetheremoreanda|bcaptiononecaptiontwomoreend"
    assert run_epubcheck([built.epub]) == []
    for path in (built.epub, built.pdf):
        assert letters(READERS[path.suffix](path).text) == words


def test_included_files_reach_both_editions(build: Callable[..., Built]) -> None:
    text = "---\ntitle: T\nlanguage: en\n---\nOne\n\n{!a.md!}\n\n- Item\n\n    {!b.md!}\n\nEnd.\n"
    built = build(
        text,
        a__md="---\ntitle: X\n---\n## Two\n\nThree[^n]\n\n{!b.md!}\n\n[^n]: Note.",
        b__md="Four *five*\n",
    )
    assert [f.code for f in built.made.findings] == ["include-front"]
    assert compare_files([built.source, built.epub, built.pdf]) == []
    for path in (built.epub, built.pdf):
        assert letters(READERS[path.suffix](path).text) == "tonetwothreefourfiveitemfourfiveend"
    with zipfile.ZipFile(built.epub) as epub:
        assert [name for name in epub.namelist() if b"a.md" in epub.read(name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "A line.\n\n      %%\n      a\n      %%\n\nAnother line %%unseen%% here.",
        "1) One:\n\n    <Response>\n      <Say>a</Say>\n    </Response>\n\nTwo.",
        "A line.\n\n    {[[[[}  |  {]]].[[}\n    [[a|b]] `\n\nAnother [[a|b]] `tick`.",
        "A `stray tick.\n\nThen C<TEMP>/C<RESTORE> here.\n\nAnother ` tick.",
        "A <title>picture</title> here.\n\n<div><title>one</title> two</div>",
        "Text.\n\nTable: A caption {#t}\n\n| a |\n| - |\n| 1 |\n\nTable: Its own\n\n| b |\n| - |\n| 2 |",
        "Text.\n\nTable: One\n\n| a |\n| - |\n| 1 |\n\nText.",
        "A *word*{.x}, **b**{lang=de}, ~~c~~{.x}, *d* {e}, *[f](http://a.b)*{.x} and `g`{.y}.\n\n- *h*{.x}",
        "With \N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} here.",
        "[a.b/~c/d](http://a.b/~c/d) and H~2~O and x^[a]^.",
    ],
)
def test_what_is_read_twice_is_read_alike(build: Callable[..., Built], text: str) -> None:
    built = build(f"---\ntitle: T\nlanguage: en\n---\n{text}\n")
    assert compare_files([built.source, built.epub, built.pdf]) == []


@pytest.mark.parametrize(
    ("front", "text"),
    [
        ("title: One\nauthor: Ann", "One\n---\n\nText.\n\n### Two\n\nMore."),
        ("title: One\nauthor: Ann", "## One\n\nText.\n\n## Two\n\nMore."),
        ("author: Ann", "## One\n\nText.\n\n### Two\n\nMore."),
        ("author: Ann", "<span id='a'></span>One\n===\n\nText."),
    ],
)
def test_a_heading_that_gives_the_title_is_no_difference(
    build: Callable[..., Built], front: str, text: str
) -> None:
    built = build(f"---\n{front}\ndate: 2024-05-12\nlanguage: en\n---\n{text}\n")
    assert compare_files([built.source, built.epub, built.pdf]) == []
