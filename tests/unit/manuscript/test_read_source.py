"""Texts read into a Publication: title, headings, anchors, links, notes, template tags, findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import Publication, read
from bifolio.model.errors import SourceError
from bifolio.model.publication import NOTE_CALL, text_of, words_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def findings_of(publication: Publication) -> list[str]:
    return [f"{f.where.line if f.where else 0} {f.code}" for f in publication.findings]


def links(publication: Publication) -> list[tuple[str, str | None]]:
    return [(text_of(a), a.get("href")) for tree, _ in publication.trees() for a in tree.iter("a")]


def test_the_first_heading_is_the_title(write: Write) -> None:
    publication = read(write("---\nlanguage: en\n---\n# A title\n\nText.\n"))
    assert publication.metadata.title == "A title"
    assert words_of(publication.sections[0].body) == ["A", "title", "Text."]


def test_the_first_heading_of_a_lower_level_is_the_title_too(write: Write) -> None:
    publication = read(write("---\nlanguage: en\n---\n## A title\n\n### One\n\n#### Two\n"))
    assert publication.metadata.title == "A title"
    assert [(h.level, h.title) for h in publication.sections[0].headings] == [(2, "One"), (3, "Two")]


def test_the_first_of_several_headings_of_level_two_is_not_the_title(write: Write) -> None:
    publication = read(write("---\nlanguage: en\n---\n## One\n\n## Two\n"))
    assert findings_of(publication) == ["1 title-missing"]
    assert [(h.level, h.title) for h in publication.sections[0].headings] == [(2, "One"), (2, "Two")]


def test_headings_of_the_level_of_the_title_move_below_it(write: Write) -> None:
    publication = read(write("# Title\n\nText.\n\n# One\n\n## Two\n"))
    assert publication.metadata.title == "Title"
    assert [(h.level, h.title) for h in publication.sections[0].headings] == [(2, "One"), (3, "Two")]


def test_a_heading_that_is_not_the_title_stays_in_the_text(write: Write) -> None:
    publication = read(write(FRONT + "# Another\n\nText.\n\n## Below\n"))
    assert [(h.level, h.title) for h in publication.sections[0].headings] == [
        (2, "Another"),
        (3, "Below"),
    ]


def test_headings_get_readable_anchors_in_every_script(write: Write) -> None:
    text = FRONT + "## Two words\n\n## Սոթք\n\n## Two words\n\n## 1986\n\n## C++ & co.\n"
    anchors = [h.anchor for h in read(write(text)).sections[0].headings]
    assert anchors == ["two-words", "սոթք", "two-words-1", "_1986", "c--co"]


def test_links_to_headings_are_resolved(write: Write) -> None:
    text = FRONT + (
        "[a](#two-words) [b](#1986) [c](#two-words-1) [d](#%D5%BD) [e](#own)\n\n"
        "## Two words\n\n## Two words\n\n## 1986\n\n## ս\n\n## Other {#own}\n"
    )
    publication = read(write(text))
    assert [href for _, href in links(publication)] == [
        "#two-words", "#_1986", "#two-words-1", "#ս", "#own",
    ]  # fmt: skip
    assert findings_of(publication) == []


def test_a_broken_link_keeps_its_words_and_is_reported_at_its_line(write: Write) -> None:
    publication = read(write(FRONT + "One\ntwo [words](#nowhere).\n"))
    assert links(publication) == []
    assert words_of(publication.sections[0].body)[-2:] == ["two", "words."]
    assert [str(f).partition("text.md")[2] for f in publication.findings] == [
        ":6: error link-broken: The link leads to `#nowhere`, which is not in the text; its words were "
        "kept without the link. Fix the target, or remove the link."
    ]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("file:///etc/hostname", "link-refused"),
        ("javascript:alert(1)", "link-refused"),
        ("data:text/html,x", "link-refused"),
        ("//example.org/x", "link-refused"),
        ("other.html", "link-outside"),
    ],
)
def test_links_with_other_schemes_and_to_other_files_are_removed(
    write: Write, target: str, code: str
) -> None:
    publication = read(write(FRONT + f"[words](<{target}>)\n"))
    assert (links(publication), findings_of(publication)) == ([], [f"5 {code}"])


def test_a_duplicate_anchor_is_reported(write: Write) -> None:
    publication = read(write(FRONT + "## A {#x}\n\n## B {#x}\n"))
    assert findings_of(publication) == ["7 anchor-twice"]
    assert [h.anchor for h in publication.sections[0].headings] == ["x", "x-1"]


def test_a_skipped_heading_level_is_reported(write: Write) -> None:
    publication = read(write(FRONT + "## A\n\n#### B\n\n#### C\n\n### D\n\n## E\n\n##### F\n"))
    assert findings_of(publication) == ["7 heading-skipped", "9 heading-skipped", "15 heading-skipped"]
    levels = [(heading.level, heading.title) for heading in publication.sections[0].headings]
    assert levels == [(2, "A"), (3, "B"), (3, "C"), (3, "D"), (2, "E"), (3, "F")]
    tags = [element.tag for element in publication.sections[0].body.iter() if element.tag[0] == "h"]
    assert [tag for tag in tags if tag[1:].isdigit()] == ["h1", "h2", "h3", "h3", "h3", "h2", "h3"]


def test_notes_are_numbered_by_their_first_call(write: Write) -> None:
    text = FRONT + "a[^two] b[^one] c[^two]\n\n[^one]: First[^three].\n[^two]: Second.\n[^three]: Third.\n"
    publication = read(write(text))
    assert [(n.number, text_of(n.body), n.calls, n.where.line) for n in publication.notes()] == [
        (1, "Second.", 2, 8),
        (2, "First.", 1, 7),
        (3, "Third.", 1, 9),
    ]
    calls = [(c.get("note"), c.get("nth")) for t, _ in publication.trees() for c in t.iter(NOTE_CALL)]
    assert calls == [("1", "1"), ("2", "1"), ("1", "2"), ("3", "1")]


def test_undefined_uncalled_and_duplicate_notes_are_reported(write: Write) -> None:
    publication = read(write(FRONT + "One\ntwo[^gone].\n\n[^idle]: Text.\n\n[^idle]: Again.\n"))
    assert findings_of(publication) == ["10 note-twice", "6 note-undefined", "8 note-uncited"]
    assert "two[^gone]." in text_of(publication.sections[0].body)


def test_plain_text_is_a_title_and_paragraphs(write: Write) -> None:
    publication = read(write("A title\nFirst *line*\nsecond line.\n\nNext & last.\n", "text.txt"))
    body = publication.sections[0].body
    assert publication.metadata.title == "A title"
    assert [p.text for p in body.findall("p")] == ["First *line*\nsecond line.", "Next & last."]


def test_the_header_has_title_subtitle_authors_and_date(write: Write) -> None:
    front = "---\ntitle: T\nsubtitle: S\nauthor: [A, B]\ndate: 2023-05-12\nlanguage: en-GB\n---\nText.\n"
    header = read(write(front)).sections[0].body.find("header")
    assert header is not None
    assert [" ".join(text_of(part).split()) for part in header] == ["T", "S", "A, B 12 May 2023"]


def test_control_characters_are_replaced_and_reported(write: Write) -> None:
    publication = read(write(FRONT + "One\ntwo\x0bthree\n"))
    assert "two\ufffdthree" in text_of(publication.sections[0].body)
    assert findings_of(publication) == ["6 character-invalid"]


def test_blocks_nested_too_deeply_are_refused(write: Write) -> None:
    with pytest.raises(SourceError, match="more than 100 deep"):
        read(write(FRONT + ">" * 1000 + " a\n"))


def test_inline_html_nested_a_thousand_deep_is_read_or_refused(write: Write) -> None:
    try:
        text = text_of(read(write(FRONT + "<b>" * 1000 + "a\n")).sections[0].body)
    except SourceError as error:
        assert "more than 120 deep" in str(error)
    else:
        assert text.endswith("a")


def test_internal_elements_in_the_source_are_unwrapped(write: Write) -> None:
    publication = read(write(FRONT + "a<note-call>b</note-call> <note label='x'>c</note>\n"))
    assert words_of(publication.sections[0].body)[1:] == ["ab", "c"]
    assert findings_of(publication) == ["5 html-unwrapped", "5 html-unwrapped"]


def test_links_to_the_title_are_resolved(write: Write) -> None:
    text = "---\nlanguage: en\n---\n# A title {#top}\n\n[a](#top) [b](#a-title)\n"
    publication = read(write(text))
    assert [href for _, href in links(publication)] == ["#top", "#top"]
    assert findings_of(publication) == []


def test_pandoc_title_block_gives_title_authors_and_date(write: Write) -> None:
    publication = read(write("% A title\n  in two lines\n% Ann\n  Bob; Cid\n% 12 May 2023\n\n[a](b.html)\n"))
    metadata = publication.metadata
    assert (metadata.title, metadata.authors, metadata.date) == (
        "A title in two lines", ("Ann", "Bob", "Cid"), "2023-05-12",
    )  # fmt: skip
    assert findings_of(publication) == ["1 language-missing", "7 link-outside"]


TEMPLATE_TAGS = (
    "Text\n{% include x.html %}\nmore {{ a }}.\n\n{{<youtube id>}}\n\n{{% b %}}kept{{% /b %}}\n\n"
    "- One\n{:toc}\n\nimport A from 'a'\n\n<Tabs>\n\nin\n\n</Tabs>\n\n<div>x {{ c }}</div>\n\n`{{ d }}`\n"
)


def test_template_tags_stay_text_and_are_reported_once_per_program(write: Write) -> None:
    publication = read(write(FRONT + TEMPLATE_TAGS))
    assert " ".join(text_of(publication.sections[0].body).split()) == (
        "TText {% include x.html %} more {{ a }}.{{<youtube id>}}{{% b %}}kept{{% /b %}}One {:toc}"
        "import A from 'a'<Tabs>in</Tabs>x {{ c }} {{ d }}"
    )
    assert [str(f).partition("text.md:")[2] for f in publication.findings] == [
        f"{line}: warning template-kept: A template tag of {program} appears in the text {count} and was "
        f"kept as typed, without effect; the first is `{first}`. Remove it, or remove all such tags with "
        "`templates: drop` in the front matter."
        for line, program, count, first in (
            (6, "Liquid", "3 times", "{% include x.html %}"),
            (9, "Hugo", "3 times", "{{<youtube id>}}"),
            (14, "kramdown", "once", "{:toc}"),
            (16, "MDX or the like", "3 times", "import A from 'a'"),
        )
    ]


def test_only_template_tags_are_dropped_on_request(write: Write) -> None:
    publication = read(write(FRONT.replace("---\n", "---\ntemplates: drop\n", 1) + TEMPLATE_TAGS))
    body = publication.sections[0].body
    assert words_of(body) == "T Text more . kept One in x {{ d }}".split()
    assert [p for p in body.iter("p") if not text_of(p).strip()] == []
    assert [f"{f.where.line if f.where else 0} {f.code} {f.severity.name}" for f in publication.findings] == [
        f"{line} template-dropped NOTE" for line in (7, 10, 15, 17)
    ]


def test_another_value_of_templates_is_refused(write: Write) -> None:
    with pytest.raises(SourceError, match=r"text.md:2: `templates: run` is neither `keep` nor `drop`."):
        read(write("---\ntemplates: run\n---\nText\n"))


def test_wiki_links_lead_to_headings_only(write: Write) -> None:
    text = FRONT + "[[#Two words]] [[#two words|there]]\n\n[[Page|that page]] [[#Nowhere]]\n\n## Two words\n"
    publication = read(write(text))
    assert links(publication) == [("Two words", "#two-words"), ("there", "#two-words")]
    assert "that page Nowhere" in text_of(publication.sections[0].body)
    assert findings_of(publication) == ["7 link-outside", "7 link-broken"]


@pytest.mark.parametrize("opening", ["{{", "{% ", "{{<", "<Ab ", '<Ab "', "<Ab {", "{/* ", "{!a", "![a](b ="])
def test_unclosed_template_tags_are_text(write: Write, opening: str) -> None:
    publication = read(write(FRONT.replace("---\n", "---\nsmart: false\n", 1) + opening * 10_000 + "\n"))
    assert text_of(publication.sections[0].body).count(opening.strip()) == 10_000
