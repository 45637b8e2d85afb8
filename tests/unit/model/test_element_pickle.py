from __future__ import annotations

import pickle
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

import bifolio.model.element_pickle  # noqa: F401


def test_a_tree_is_the_same_behind_another_process() -> None:
    written = '<p id="a">One <b class="x"><i>two</i> three</b><br /> four<c> </c></p>'
    tree = fromstring(written)
    tree.tail = "behind"
    again = pickle.loads(pickle.dumps({"tree": tree}))["tree"]
    assert tostring(again, "unicode") == f"{written}behind"
    assert (again[1].text, again[1].tail, again.tail) == (None, " four", "behind")


def test_a_tree_may_be_nested_deep() -> None:
    tree = element = Element("q")
    for _ in range(20_000):
        element = SubElement(element, "q")
    element.text = "deep"
    assert "".join(pickle.loads(pickle.dumps(tree)).itertext()) == "deep"
