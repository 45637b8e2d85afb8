"""Pickled element trees: equality, depth, and no effect on the host's pickles."""

from __future__ import annotations

import pickle
import subprocess
import sys
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from bifolio.model.element_pickle import Packed, dumps, loads


def test_a_tree_is_equal_after_pickling() -> None:
    xml = '<p id="a">One <b class="x"><i>two</i> three</b><br /> four<c> </c></p>'
    tree = fromstring(xml)
    tree.tail = "tail"
    loaded = loads(dumps({"tree": tree}))["tree"]
    assert tostring(loaded, "unicode") == f"{xml}tail"
    assert (loaded[1].text, loaded[1].tail, loaded.tail) == (None, " four", "tail")


def nested(depth: int) -> Element:
    tree = element = Element("q")
    for _ in range(depth):
        element = SubElement(element, "q")
    element.text = "deep"
    return tree


def test_a_deep_tree_is_pickled() -> None:
    assert "".join(loads(dumps(nested(20_000))).itertext()) == "deep"


def test_a_deep_tree_is_pickled_by_the_standard_library() -> None:
    loaded = pickle.loads(pickle.dumps(Packed([nested(20_000)])))
    assert "".join(loaded.value[0].itertext()) == "deep"


def test_pickling_of_the_host_program_is_unchanged() -> None:
    code = (
        "import copyreg, bifolio\n"
        "from xml.etree.ElementTree import Element\n"
        "from bifolio.model import element_pickle, publication\n"
        "element_pickle.dumps(Element('p'))\n"
        "assert Element not in copyreg.dispatch_table\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
