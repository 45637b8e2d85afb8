"""Typographic punctuation by language, and the text that must stay as typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bifolio import read
from bifolio.checks.file_readers.extracted_text import letters
from bifolio.manuscript.transforms.smart_punctuation.quote_styles import _BY_LANGUAGE, quote_style
from bifolio.manuscript.transforms.smart_punctuation.replace import smart_text
from bifolio.model.errors import SourceError
from bifolio.model.publication import Metadata, text_of

Write = Callable[..., Path]
NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        ("en-US", """"So," she said, "he said 'no'." """, "“So,” she said, “he said ‘no’.” "),
        ("en-GB", """'So,' she said, 'he said "no".' """, "‘So,’ she said, ‘he said “no”.’ "),
        ("de", """"Er sagte 'nein'." """, "„Er sagte ‚nein‘.“ "),
        ("de-CH", '"ja"', "«ja»"),
        ("fr", """"Il a dit 'non'." """, f"«{NARROW}Il a dit “non”.{NARROW}» "),
        ("es", '"sí"', "«sí»"),
        ("it", """"l'uomo" """, "«l’uomo» "),
        ("nl", """'s Avonds "ja" """, "’s Avonds “ja” "),
        ("pt", '"sim"', "“sim”"),
        ("pl", """"tak 'nie'" """, "„tak «nie»” "),
        ("cs", '"ano"', "„ano“"),
        ("sk", '"áno"', "„áno“"),
        ("hu", """"igen 'nem'" """, "„igen »nem«” "),
        ("ru", """"да 'нет'" """, "«да „нет“» "),
        ("uk", '"так"', "«так»"),
        ("sv", """"ja" och 'nej'""", "”ja” och ’nej’"),
        ("fi", '"joo"', "”joo”"),
        ("da", '"ja"', "“ja”"),
        ("no", '"ja"', "«ja»"),
        ("tr", """"evet" Türkiye'de""", "“evet” Türkiye’de"),
        ("el", '"ναι"', "«ναι»"),
        ("hy", '"այո"', "«այո»"),
        ("zh", """"是" -- '...'""", """"是" -- '...'"""),
        ("ja-JP", '"はい"', '"はい"'),
        ("tlh", '"HIja\'"', '"HIja\'"'),
    ],
)
def test_each_language_has_its_quotation_marks(language: str, typed: str, expected: str) -> None:
    assert smart_text(typed, language) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("don't, the '90s, '68, rock 'n' roll", "don’t, the ’90s, ’68, rock ’n’ roll"),
        ("'Tis the workers' plan", "’Tis the workers’ plan"),
        ("'The workers' plan,' he said", "‘The workers’ plan,’ he said"),
        (""""'Tis 'so'," he said""", "“’Tis ‘so’,” he said"),
        (""""Salt"'s end; (it's "here")""", "“Salt”’s end; (it’s “here”)"),
        ("""He said--"no"--and "--yes--" """, "He said–“no”–and “–yes–” "),
        ("""5' 10" or 6'2½", 40° 26' 46" N""", "5′ 10″ or 6′2½″, 40° 26′ 46″ N"),
        ("""a 12" record, "aged 12" and "12" """, "a 12″ record, “aged 12” and “12” "),
        ('in "1999" it\'s the 1980\'s', "in “1999” it’s the 1980’s"),
        ('"Speech goes on', "“Speech goes on"),
        ("'Speech goes on", "‘Speech goes on"),
        ("1--2 --- so... well....", "1–2 — so… well…."),
        ("---- <-- --> ..... a \" b", "---- <-- --> ..... a \" b"),
        ("“Set” – ‘so’ — it’s… 5′", "“Set” – ‘so’ — it’s… 5′"),
        ("www.example.org/a--b, me--you@example.org", "www.example.org/a--b, me--you@example.org"),
    ],
)  # fmt: skip
def test_english_punctuation(typed: str, expected: str) -> None:
    assert smart_text(typed, "en") == expected


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        ("fr", "Quoi? Non!", "Quoi_? Non_!"),
        ("fr", "Quoi ?! (sic!) Si : oui", "Quoi_?! (sic_!) Si_: oui"),
        ("fr", "Quoi\N{NO-BREAK SPACE}? 10:30", "Quoi\N{NO-BREAK SPACE}? 10:30"),
        ("fr", "« oui » «non»", "«_oui_» «non»"),
        ("fr", """"Oui"! L'"homme": l'eau""", "«_Oui_»_! L’«_homme_»_: l’eau"),
        ("fr-CA", 'Quoi? "Oui": non', "Quoi? «_Oui_»_: non"),
        ("fr", "voir https://example.org/a:b!", "voir https://example.org/a:b_!"),
    ],
)
def test_french_spacing(language: str, typed: str, expected: str) -> None:
    assert smart_text(typed, language) == expected.replace("_", NARROW)


TYPED = st.text(st.sampled_from("ab1 é.…,;:!?()-–—\"'“”‘’«»„/\n\N{NARROW NO-BREAK SPACE}"), max_size=40)
LANGUAGES = st.sampled_from([*sorted(_BY_LANGUAGE), "zh"])


@given(TYPED | st.text(max_size=40), LANGUAGES)
def test_the_letters_of_a_text_never_change(typed: str, language: str) -> None:
    smart = smart_text(typed, language)
    # Primes are symbols or punctuation, so `letters` and `isalnum` ignore them.
    assert letters(smart) == letters(typed)
    assert [c for c in smart if c.isalnum()] == [c for c in typed if c.isalnum()]


@given(TYPED, LANGUAGES)
def test_the_replacement_is_idempotent(typed: str, language: str) -> None:
    once = smart_text(typed, language)
    assert smart_text(once, language) == once


def test_every_quote_style_has_a_source_and_complete_pairs() -> None:
    for row in _BY_LANGUAGE.values():
        assert row.source
        assert (len(row.double), len(row.single)) == (2, 2)
    assert quote_style("en-GB-oxendict") is quote_style("EN")


def body(path: Path) -> str:
    return text_of(read(path).sections[0].body).partition("T")[2]


def front(language: str = "en-GB", more: str = "") -> str:
    return f"---\ntitle: T\nlanguage: {language}\n{more}---\n"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"*So*, [it](https://example.org/) **is**," he said.', "“So, it is,” he said."),
        ('*"So"*, `it\'s` "`code`" `a`\'s', "“So”, it's “code” a’s"),
        ('"So"[^a] and ("so").\n\n[^a]: Note.', "“So” and (“so”)."),
        ('He said\n"so".', "He said\n“so”."),
        ("""\\"So\\" \\'so\\' \\-- \\... &quot;""", """"So" 'so' -- ... \""""),
        ('"So\n\n"And so', "“So“And so"),
        ('["oui!"]{lang=fr} "no" ["是"]{lang=zh}', f'«{NARROW}oui{NARROW}!{NARROW}» “no” "是"'),
        ('"[oui]{lang=fr}"', "“oui”"),
        ("<https://example.org/it's--so>", "https://example.org/it's--so"),
        ('    "code" --', '"code" --\n'),
        ('<dl><dt>"Leaf"</dt><dd>it\'s</dd></dl>', "“Leaf”it’s\n"),
        ('- "a\n- b"', "“ab”"),
    ],
)
def test_quotation_marks_are_resolved_across_the_elements_of_a_block(
    write: Write, typed: str, expected: str
) -> None:
    assert body(write(front() + typed + "\n")).replace("\n\n", "\n").strip("\n") == expected.strip("\n")


def test_attributes_stay_as_typed(write: Write) -> None:
    section = read(write(front() + '[a]{title="it\'s --"} ![\\"b\\" it\'s](x.png) c\n')).sections[0]
    assert [e.get("title") for e in section.body.iter("span") if "title" in e.attrib] == ["it's --"]
    assert '["b" it\'s]' in text_of(section.body)


def test_smart_punctuation_can_be_disabled(write: Write) -> None:
    publication = read(write(front(more="smart: false\nsubtitle: It's\n") + 'It\'s "so" \\"so\\" -- ...\n'))
    assert text_of(publication.sections[0].body).endswith('It\'s "so" "so" -- ...')
    assert publication.metadata.subtitle == "It's"
    assert publication.findings == ()


def test_a_value_of_smart_other_than_true_or_false_is_refused(write: Write) -> None:
    with pytest.raises(SourceError, match="neither true nor false"):
        read(write(front(more="smart: perhaps\n") + "Text.\n"))


def test_front_matter_gets_smart_punctuation_and_the_identifier_does_not_change(write: Write) -> None:
    def metadata(smart: str) -> Metadata:
        keys = f"---\nlanguage: en\nauthor: Pat O'Hara\nsmart: {smart}\n---\n"
        return read(write(keys + '# It\'s \\"so\\" -- "so"\n\nText.\n')).metadata

    typed, smart = metadata("false"), metadata("true")
    assert (typed.title, typed.authors) == ('It\'s "so" -- "so"', ("Pat O'Hara",))
    assert (smart.title, smart.authors) == ('It’s "so" – “so”', ("Pat O’Hara",))
    assert typed.identifier == smart.identifier


def test_anchors_are_made_from_the_text_as_typed(write: Write) -> None:
    publication = read(write(front() + "[here](#a----its-b)\n\n## A -- it's B\n\nText.\n"))
    assert publication.findings == ()
    assert [(h.anchor, h.title) for h in publication.sections[0].headings] == [("a----its-b", "A – it’s B")]


def test_plain_text_stays_as_typed(write: Write) -> None:
    publication = read(write('T\n\nIt\'s "so" -- ...\n', "text.txt"))
    assert text_of(publication.sections[0].body).endswith('It\'s "so" -- ...')


@pytest.mark.parametrize("piece", ["a", "'b ", "\"a 'b c' ", 'c" ', "a1'", "a@b.", ".-", "!", "\"'"])
def test_a_very_long_paragraph_takes_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        start = process_time()
        smart_text(piece * times, "fr")
        return process_time() - start

    # Quadratic time would take a hundred times as long for the longer text.
    assert seconds(50_000) < 40 * max(seconds(5_000), 0.01)
