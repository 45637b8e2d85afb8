"""ONIX messages, validated against EDItEUR's schema of ONIX for Books 3.0 and read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from onixcheck import schema

from bifolio import make, read
from bifolio.manuscript.metadata.contributors import MARC_RELATORS
from bifolio.model.publication import Contributor, Edition
from bifolio.onix import onix_message
from bifolio.onix.code_lists import ROLES, contributor_role, language_codes
from tests.conftest import EVERYTHING

EDITIONS = (Edition("epub", b"", 0), Edition("pdf", b"", 7))
O = "{http://ns.editeur.org/onix/3.0/reference}"  # noqa: E741
Write = Callable[..., Path]


@pytest.fixture(scope="module")
def xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(schema.O30_XSD_REFERENCE))


def products(source: Path, xsd: etree.XMLSchema) -> list[etree._Element]:
    """Return the products in the message for *source*, validated against the schema."""
    root = etree.fromstring(onix_message(read(source), EDITIONS))
    assert xsd.validate(root), xsd.error_log
    return root.findall(f"{O}Product")


def texts(product: etree._Element, *path: str) -> list[str]:
    return [element.text or "" for element in product.iterfind("/".join(f".//{O}{name}" for name in path))]


def features(product: etree._Element, kind: str = "09") -> list[str]:
    return [
        feature.findtext(f"{O}ProductFormFeatureValue", "")
        for feature in product.iter(f"{O}ProductFormFeature")
        if feature.findtext(f"{O}ProductFormFeatureType") == kind
    ]


def test_a_book_is_one_product_for_each_edition(xsd: etree.XMLSchema) -> None:
    epub, pdf = products(EVERYTHING, xsd)
    assert texts(epub, "RecordReference") == ["urn:isbn:9783161484100"]
    assert texts(pdf, "RecordReference") == ["urn:isbn:9780306406157"]
    for product, own_isbn, other_isbn in (
        (epub, "9783161484100", "9780306406157"),
        (pdf, "9780306406157", "9783161484100"),
    ):
        assert texts(product, "ProductIDType") == ["15", "15"]
        assert texts(product, "IDValue") == [own_isbn, other_isbn]
        assert texts(product, "ProductRelationCode") == ["06"]
        assert texts(product, "ProductForm") == ["EA"]
        assert texts(product, "EditionStatement") == ["Second edition"]
    assert [texts(p, "ProductFormDetail") + features(p, "15") for p in (epub, pdf)] == [
        ["E101", "101F"], ["E107", "107G"],
    ]  # fmt: skip
    assert texts(epub, "ExtentType") == ["02"]
    assert (texts(pdf, "ExtentType"), texts(pdf, "ExtentValue")[0]) == (["07", "02"], "7")


def test_a_product_has_the_metadata_of_the_book(xsd: etree.XMLSchema) -> None:
    for product in products(EVERYTHING, xsd):
        assert texts(product, "TitleText") == ["Small books", "A small book of salt"]
        assert texts(product, "PartNumber") == ["3"]
        assert texts(product, "Subtitle") == ["How it is won, carried and kept"]
        assert texts(product, "PersonName") == ["Mara Lind", "Anahit Sar", "Jon Ray", "Mara Lind"]
        assert texts(product, "ContributorRole") == ["A01", "B06", "A12"]
        assert texts(product, "LanguageCode") + texts(product, "CountryCode") == ["eng", "GB"]
        assert texts(product, "SubjectHeadingText") == ["salt; trade"]
        assert texts(product, "PublisherName") == ["Two Leaves"]
        assert texts(product, "PublishingDate", "Date") == ["202603"]
        assert texts(product, "CopyrightYear") == ["2026"]
        assert texts(product, "EpubLicenseName") == ["© 2026 Mara Lind. You may copy and share this book."]
        assert texts(product, "Text") == ["A short book that uses every part that a book can have."]


def test_accessibility_features_are_those_of_the_editions(xsd: etree.XMLSchema) -> None:
    epub, pdf = products(EVERYTHING, xsd)
    assert features(epub) == ["00", "04", "82", "85", "90", "29", "11", "13", "36", "14", "17", "12", "52"]
    assert texts(epub, "ProductFormFeatureDescription") == [
        "The text can be read aloud, enlarged and restyled, with contents and headings to go by. "
        "Every picture is described in words. Formulas are MathML, with their TeX as alternative text.",
        "Two Leaves",
    ]
    assert features(pdf) == ["05", "29", "11", "13", "14", "52"]


def test_no_conformance_is_claimed_with_a_barrier(write: Write, xsd: etree.XMLSchema) -> None:
    source = write(
        "---\ntitle: T\nlanguage: en\ncertifier: Us\n---\n![](a.svg)\n",
        a__svg='<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    )
    epub, pdf = products(source, xsd)
    assert features(epub) == ["00", "29", "11", "13", "36"]
    assert features(pdf) == ["29", "11", "13"]


def test_a_text_without_metadata_makes_a_valid_record(write: Write, xsd: etree.XMLSchema) -> None:
    epub, pdf = products(write("Text.\n"), xsd)
    assert texts(epub, "ProductIDType") == ["01", "01"]
    assert [v.partition("#")[2] for v in texts(epub, "IDValue") + texts(pdf, "IDValue")] == [
        "",
        "pdf",
        "pdf",
        "",
    ]
    assert epub.find(f".//{O}NoContributor") is not None
    assert epub.find(f"{O}PublishingDetail") is None


def test_without_a_publisher_the_authors_are_the_publisher(write: Write, xsd: etree.XMLSchema) -> None:
    epub, _ = products(write("---\ntitle: T\nauthor: [Ann, Ed]\ndate: 2026\n---\nText.\n"), xsd)
    assert texts(epub, "PublisherName") == ["Ann, Ed"]
    assert [d.get("dateformat") for d in epub.iter(f"{O}Date")] == ["05"]


def test_an_isbn_identifies_one_edition_and_has_13_digits(write: Write, xsd: etree.XMLSchema) -> None:
    front = "---\ntitle: T\nlanguage: en\nidentifier: 0-306-40615-2\n---\nText.\n"
    epub, pdf = products(write(front), xsd)
    assert (texts(epub, "ProductIDType")[0], texts(epub, "IDValue")[0]) == ("15", "9780306406157")
    assert (texts(pdf, "ProductIDType")[0], texts(pdf, "IDValue")[0]) == ("01", "urn:isbn:0306406152#pdf")


def test_a_licence_has_its_url(write: Write, xsd: etree.XMLSchema) -> None:
    rights = (
        "Copyright 2025 by The Two Leaves Press, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)."
    )
    epub, _ = products(
        write(f'---\ntitle: T\nlanguage: en\nauthor: Ann\nrights: "{rights}"\n---\nText.\n'), xsd
    )
    assert texts(epub, "EpubLicenseExpressionLink") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert texts(epub, "CorporateName") == ["The Two Leaves Press"]


@pytest.mark.parametrize(
    ("tag", "codes"),
    [
        ("de", ("ger", "", "")), ("pt-BR", ("por", "BR", "")), ("zh-Hant-TW", ("chi", "TW", "Hant")),
        ("hy", ("arm", "", "")), ("ckb", ("ckb", "", "")), ("sr-Latn", ("srp", "", "Latn")),
        ("xx", ("und", "", "")),
    ],
)  # fmt: skip
def test_language_codes_have_three_letters(
    write: Write, xsd: etree.XMLSchema, tag: str, codes: tuple[str, str, str]
) -> None:
    assert tuple(language_codes(tag).values()) == codes
    products(write(f"---\ntitle: T\nlanguage: {tag}\n---\nText.\n"), xsd)


def test_every_marc_relator_has_an_onix_role() -> None:
    assert set(MARC_RELATORS.values()) | {"ctb"} == set(ROLES)
    words = {word: contributor_role(Contributor("N", word, code)) for word, code in MARC_RELATORS.items()}
    assert [words[w] for w in ("foreword", "preface", "introduction")] == ["A23", "A15", "A24"]


def test_the_same_source_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "everything.onix.xml"
    made = make(EVERYTHING, tmp_path, only="epub", onix=True)
    assert [file.path.name for file in made.files] == ["everything.epub", path.name]
    first = path.read_bytes()
    assert b"<SentDateTime>20260301T000000Z</SentDateTime>" in first
    assert first.count(b"<Product>") == 1
    make(EVERYTHING, tmp_path, only="epub", onix=True)
    assert path.read_bytes() == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    make(EVERYTHING, tmp_path, only="epub", onix=True)
    assert b"<SentDateTime>19700102T000000Z</SentDateTime>" in path.read_bytes()


def test_page_list_and_contrast_are_in_the_features(
    write: Write, tmp_path: Path, xsd: etree.XMLSchema
) -> None:
    source = write("---\ntitle: T\nlanguage: en\ncertifier: Us\n---\n[Words]{.faint}.\n")
    style = tmp_path / "own.css"
    claims = []
    for colour in ("inherit", "#999"):
        style.write_text(f".faint {{ color: {colour} }}", "utf-8")
        make(source, tmp_path, onix=True, style=style)
        root = etree.parse(tmp_path / "text.onix.xml").getroot()
        assert xsd.validate(root), xsd.error_log
        claims.append(features(root.findall(f"{O}Product")[0]))
    assert {"19", "41"} <= set(claims[0])
    assert set(claims[0]) - set(claims[1]) == {"04", "82", "85", "90"} & set(claims[0]) != set()
