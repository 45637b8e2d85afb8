"""BibTeX and BibLaTeX entries as CSL works."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.manuscript.citations.bibtex import read_bibtex
from bifolio.manuscript.citations.csl_items import Date, Work
from bifolio.model.findings import Where

BIB = r"""@string{oup = "Oxford University Press"}
@book{doe, author = {Doe, Jane and van der Berg, Jr, Piet and {World Health Org} and others},
  title = {Salt}, subtitle = {A history}, publisher = oup, year = 2001, month = mar, langid = {ngerman}}
@inproceedings{in, crossref = {proc}, title = {A paper}, pages = {1--3}, url = {https://a.b/c\_d%20e}}
@proceedings{proc, title = {The meeting}, date = {2003-05/2003-06}}
@book{two, title = {One}, title = {Other}}
@book{doe, title = {Again}}
@book{broken author = {x}}
@article{last, journal = {J}, number = 4, series = {S}, doi = {10.1/x}}
"""


def test_entries_become_csl_works_and_errors_are_reported() -> None:
    read = list(read_bibtex(BIB, Path("w.bib")))
    works = {work.key: work for work in reversed(read) if isinstance(work, Work)}
    assert works["doe"].names["author"] == (
        {"family": "Doe", "given": "Jane"},
        {"family": "Berg", "given": "Piet", "suffix": "Jr", "non-dropping-particle": "van der"},
        {"literal": "World Health Org"},
        {"literal": "\ufddb"},
    )
    assert works["doe"].texts == {
        "title": "Salt: A history", "publisher": "Oxford University Press", "language": "de",
    }  # fmt: skip
    assert works["doe"].dates == {"issued": Date((2001, 3))}
    assert works["in"].kind == "paper-conference"
    assert works["in"].texts == {
        "title": "A paper", "container-title": "The meeting", "page": "1-3", "URL": "https://a.b/c_d%20e",
    }  # fmt: skip
    assert works["in"].dates == {"issued": Date((2003, 5), (2003, 6))}
    assert works["two"].texts == {"title": "Other"}
    assert works["last"].texts == {
        "container-title": "J",
        "issue": "4",
        "collection-title": "S",
        "DOI": "10.1/x",
    }
    assert [(str(one[0]), one[1]) for one in read if isinstance(one, tuple)] == [
        ("w.bib:6", "it has a field twice, of which the last counts: title"),
        ("w.bib:8", "expected comma after entry key, but found ="),
    ]


@pytest.mark.parametrize("title", ["{" * 3000 + "}" * 3000, "x\\&" * 8000, "\\emph{" * 3000 + "}" * 3000])
def test_a_field_that_would_take_too_long_is_reported(title: str) -> None:
    assert list(read_bibtex(f"@book{{a, title = {{{title}}}}}", Path("w.bib"))) == [
        (Where(Path("w.bib"), 1), "a field has more than 20000 characters or 150 braces")
    ]


def test_reading_bibtex_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    list(read_bibtex(BIB, Path("w.bib")))
    assert capfd.readouterr() == ("", "")
