"""Checkboxes in raw HTML."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from bifolio.manuscript.markdown.dialect.tasks import replace_checkboxes


@pytest.mark.parametrize(
    ("item", "read", "is_task"),
    [
        ('<li><input type="checkbox" /> a</li>', "☐ a", True),
        ('<li><p>\n<input type="CheckBox" checked="" />a</p></li>', "☑ a", True),
        ('<li><b>a</b> <input type="checkbox" /> b</li>', "a ☐ b", False),
        ('<li>a <input type="checkbox" checked="" /> b</li>', "a ☑ b", False),
        ('<li><p>a</p><p><input type="checkbox" /> b</p></li>', "a☐ b", False),
        ('<li>a <input type="text" /></li>', "a ", False),
    ],
)
def test_an_item_that_begins_with_a_checkbox_is_a_task(item: str, read: str, is_task: bool) -> None:
    root = fromstring(f"<ul>{item}</ul>")
    replace_checkboxes(root)
    assert "".join(root.itertext()) == read
    assert ("task" in root[0].get("class", "").split()) is is_task
