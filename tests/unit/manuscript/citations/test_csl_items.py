"""CSL-JSON items: dates, names, and items that are not works."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.manuscript.citations.csl_items import Date, parse_date, read_date, read_item, read_name
from bifolio.model.findings import Where

HERE = Where(Path("works.json"), 1)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2001", Date((2001,))),
        ("2001-02-03", Date((2001, 2, 3))),
        ("1999/2003", Date((1999,), (2003,))),
        ("1800~", Date((1800,), circa=True)),
        ("in press", Date(literal="in press")),
        ({"date-parts": [["2001", 2]]}, Date((2001, 2))),
        ({"date-parts": [[2001], [2002]], "circa": 1}, Date((2001,), (2002,), circa=True)),
        ({"date-parts": [["soon"]]}, Date(literal="soon")),
        ({"raw": "2001-05"}, Date((2001, 5))),
        ({"literal": "spring"}, Date(literal="spring")),
        ([{"year": "2001", "month": "4"}], Date((2001, 4))),
        ({"date-parts": [[2001]], "season": 2}, Date((2001,), season=2)),
        ({"date-parts": [[2001, 13, 40]]}, Date((2001,))),
    ],
)
def test_dates_are_read_in_every_variant(written: object, date: Date) -> None:
    assert (parse_date(written) if isinstance(written, str) else read_date(written)) == date


def test_names_are_read_in_every_variant() -> None:
    assert read_name("WHO") == {"literal": "WHO"}
    assert read_name({"given": "Plato"}) == {"literal": "Plato"}
    assert read_name({"family": "Doe", "given": "J.", "comma-suffix": True}) == {
        "family": "Doe",
        "given": "J.",
    }


@pytest.mark.parametrize(("item", "why"), [("x", "it is not an object"), ({"title": "x"}, "it has no `id`")])
def test_an_invalid_item_is_refused(item: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_item(item, HERE)
