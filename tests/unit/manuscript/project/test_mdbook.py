"""The directives of mdBook, such as `{{#include}}`, in mdBook projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio import Publication, read
from bifolio.manuscript.project.mdbook import select_lines
from bifolio.model.publication import text_of, words_of
from tests.unit.manuscript.project.test_book_toml import write_files

LISTING = """use std::io;

// ANCHOR: all
fn main() {
    // ANCHOR: here
    let x = 5;
    // ANCHOR_END: here
    drop(x);
    // ANCHOR: here
    let y = 6;
    // ANCHOR_END: here
}
// ANCHOR_END: all
"""
TOML = '[book]\ntitle = "T"\nauthors = ["A"]\n'


def book(folder: Path, text: str, toml: str = TOML, **files: str) -> Publication:
    """Read an mdBook project with the chapter *text* and a listing outside of `src`."""
    summary = "# Summary\n\n- [One](one.md)\n"
    return read(
        write_files(folder, book__toml=toml, src_in_SUMMARY__md=summary, src_in_one__md=text,
             listings_in_main__rs=LISTING, **files)
    )  # fmt: skip


def chapter(publication: Publication) -> str:
    """Return the words of the chapter after its title."""
    body = next(section.body for section in publication.sections if section.name == "one")
    return " ".join(words_of(body)).removeprefix("One ")


def code(publication: Publication) -> list[str]:
    body = next(section.body for section in publication.sections if section.name == "one")
    return [text_of(pre) for pre in body.iter("pre")]


def findings_of(publication: Publication) -> list[str]:
    return [f"{f.where.file.name}:{f.where.line} {f.code}" for f in publication.findings if f.where]


def test_a_listing_is_included(tmp_path: Path) -> None:
    text = (
        "# One\n\n```rust\n{{#include ../listings/main.rs:here}}\n```\n\n"
        "```rust,ignore\n{{#include ../listings/main.rs:4}}\n```\n"
    )
    publication = book(tmp_path, text)
    assert code(publication) == ["    let x = 5;\n", "fn main() {\n"]
    assert publication.findings == ()


def test_rustdoc_include_shows_the_selected_part_only(tmp_path: Path) -> None:
    publication = book(tmp_path, "# One\n\n```rust\n{{#rustdoc_include ../listings/main.rs:here}}\n```\n")
    assert code(publication) == ["    let x = 5;\n    let y = 6;\n"]


def test_hidden_lines_of_rust_are_removed_and_no_others(tmp_path: Path) -> None:
    rust = "# fn main() {\nlet x = 5;\n#\n  # }\n## one\n#![allow(unused)]\n#[derive(Debug)]\n"
    quoted = "> ```rust\n> # no\n> yes\n> ```\n"
    text = f"# One\n\n```rust,no_run\n{rust}```\n\n```sh\n# a remark\n```\n\n{quoted}\n# Two\n"
    publication = book(tmp_path, text)
    assert code(publication) == [
        "let x = 5;\n# one\n#![allow(unused)]\n#[derive(Debug)]\n", "# a remark\n", "yes\n",
    ]  # fmt: skip
    assert chapter(publication).endswith("Two")


@pytest.mark.parametrize(
    ("part", "lines"),
    [
        ("", [1, 2, 3, 4]), ("2", [2]), ("2:", [2, 3, 4]), (":2", [1, 2]), ("2:3", [2, 3]), ("0", [1]),
        ("3:99", [3, 4]), ("9", []), ("none", []), (":", [1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_a_part_is_a_line_range_or_an_anchor(part: str, lines: list[int]) -> None:
    assert [number for number, _ in select_lines("a\nb\nc\nd\n", part, once=True)] == lines


def test_included_text_is_markdown_and_may_be_within_a_line(tmp_path: Path) -> None:
    text = "# One\n\nBefore {{#include in/a.md}} behind.\n\n> {{#include in/b.md}}\n\n{{#title Web}}\n"
    files = {"src_in_in_in_a__md": "*words* {{#include c.md}}", "src_in_in_in_c__md": "inner\n"}
    publication = book(tmp_path, text, src_in_in_in_b__md="Two\n\nparagraphs [x](#no)\n", **files)
    assert chapter(publication) == "Before words inner behind. Two paragraphs x"
    body = next(section.body for section in publication.sections if section.name == "one")
    assert len(body.findall(".//blockquote/p")) == 2
    assert findings_of(publication) == ["b.md:3 link-broken"]


def test_a_playground_is_a_rust_code_block(tmp_path: Path) -> None:
    publication = book(tmp_path, "# One\n\n{{#playground ../listings/main.rs:6 editable}}\n")
    assert code(publication) == ["    let x = 5;\n"]
    body = next(section.body for section in publication.sections if section.name == "one")
    assert [each.get("class") for each in body.iter("code")] == ["language-rust"]


@pytest.mark.parametrize(
    ("directive", "finding"),
    [
        ("{{#include none.rs}}", "include-missing"),
        ("{{#include ../../out.rs}}", "include-outside"),
        ("{{#include ../listings/link.rs}}", "include-outside"),
        ("{{#include one.md}}", "include-loop"),
        ("{{#rustdoc_include ../listings/main.rs:there}}", "include-part"),
        ("{{#include ../listings/main.rs:99}}", "include-part"),
    ],
)
def test_an_include_that_fails_is_reported_and_stays(tmp_path: Path, directive: str, finding: str) -> None:
    (tmp_path / "out.rs").write_text("secret", "utf-8")
    (tmp_path / "book" / "listings").mkdir(parents=True)
    (tmp_path / "book" / "listings" / "link.rs").symlink_to(tmp_path / "out.rs")
    publication = book(tmp_path / "book", f"# One\n\n```text\n{directive}\n```\n")
    assert code(publication) == [f"{directive}\n"]
    assert findings_of(publication) == [f"one.md:4 {finding}"]


def test_an_include_loop_over_two_files_is_stopped(tmp_path: Path) -> None:
    publication = book(tmp_path, "# One\n\n{{#include a.md}}\n", src_in_a__md="A {{#include one.md}}\n")
    assert chapter(publication) == "A {{#include one.md}}"
    assert findings_of(publication) == ["a.md:1 include-loop"]


def test_a_backslash_escapes_a_directive(tmp_path: Path) -> None:
    publication = book(tmp_path, "# One\n\n```text\n\\{{#include none.rs}}\n```\n")
    assert code(publication) == ["{{#include none.rs}}\n"]
    assert publication.findings == ()


def test_other_books_do_not_expand_directives(tmp_path: Path) -> None:
    text = "# One\n\n```rust\n{{#include none.rs}}\n# shown\n```\n"
    toml = 'title = "T"\nlanguage = "en"\nchapters = ["one.md"]\n'
    publication = read(write_files(tmp_path, book__toml=toml, one__md=text))
    assert code(publication) == ["{{#include none.rs}}\n# shown\n"]


def test_preprocessors_are_reported(tmp_path: Path) -> None:
    toml = TOML + "\n[preprocessor.links]\n\n[preprocessor.toc]\ncommand = 'toc'\n"
    publication = book(tmp_path, "# One\n\nWords.\n", toml)
    assert [str(f) for f in publication.findings] == [
        f"{tmp_path / 'book.toml'}:7: warning preprocessor-unrun: The preprocessor `toc` is a program and "
        "was not run, so its changes to the text are missing. Write its result as Markdown if readers need "
        "it; its directives were kept as typed."
    ]


def test_a_listing_element_becomes_a_figure_with_a_caption(tmp_path: Path) -> None:
    text = """# One

<Listing number="2-1" file-name="src/main.rs" caption="A `User` with *its* `Vec<T>`">

```rust,ignore
{{#include ../listings/main.rs:4}}
```

</Listing>

> <Listing file-name="src/lib.rs" caption='Sending `"hi"`'>
>
> ```rust
> x
> ```
>
> </Listing>

<Listing number="2-2" caption="Without code">

Words.

</Listing>

```html
<Listing number="2-3">
```
"""
    publication = book(tmp_path, text, TOML + "\n[preprocessor.trpl-listing]\ncommand = 'x'\n")
    body = next(section.body for section in publication.sections if section.name == "one")
    figures = [(text_of(f.find("figcaption")), text_of(f.find("pre"))) for f in body.iter("figure")]  # type: ignore[arg-type]
    assert figures == [
        ("Listing 2-1: A User with its Vec<T> (src/main.rs)", "fn main() {\n"),
        ("Sending \u201chi\u201d (src/lib.rs)", "x\n"),
    ]
    assert "Words. Listing 2-2: Without code" in chapter(publication)
    assert code(publication)[-1] == '<Listing number="2-3">\n'
    assert publication.findings == ()
