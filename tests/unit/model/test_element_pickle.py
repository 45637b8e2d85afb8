from __future__ import annotations

import pickle
import subprocess
import sys
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from bifolio.model.element_pickle import Packed, dumps, loads


def test_a_tree_is_the_same_behind_another_process() -> None:
    written = '<p id="a">One <b class="x"><i>two</i> three</b><br /> four<c> </c></p>'
    tree = fromstring(written)
    tree.tail = "behind"
    again = loads(dumps({"tree": tree}))["tree"]
    assert tostring(again, "unicode") == f"{written}behind"
    assert (again[1].text, again[1].tail, again.tail) == (None, " four", "behind")


def nested(depth: int) -> Element:
    tree = element = Element("q")
    for _ in range(depth):
        element = SubElement(element, "q")
    element.text = "deep"
    return tree


def test_a_tree_may_be_nested_deep() -> None:
    assert "".join(loads(dumps(nested(20_000))).itertext()) == "deep"


def test_a_tree_may_be_nested_deep_for_a_library_that_pickles_it() -> None:
    again = pickle.loads(pickle.dumps(Packed([nested(20_000)])))
    assert "".join(again.value[0].itertext()) == "deep"


def test_pickles_of_the_host_stay_as_they_are() -> None:
    code = (
        "import copyreg, bifolio\n"
        "from xml.etree.ElementTree import Element\n"
        "from bifolio.model import element_pickle, publication\n"
        "element_pickle.dumps(Element('p'))\n"
        "assert Element not in copyreg.dispatch_table\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
