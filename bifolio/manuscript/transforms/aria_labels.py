"""Adds generated text: titles of admonitions, and ARIA labels of admonitions and checkboxes.

Each is in the language of the surrounding text.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from bifolio.manuscript.markdown.dialect.admonitions import ADMONITION, TITLE
from bifolio.model.localized_strings import terms
from bifolio.model.publication import CHECKED, TASK_BOX, text_of

_ROLES = {"tip": "doc-tip"}
"""Roles of kinds of admonitions (DPUB-ARIA 1.1, doc-tip); the others are `note` (WAI-ARIA 1.2, note)."""


def set_labels(trees: Iterable[Element], language: str) -> None:
    """Set the titles and labels in *trees*; *language* is the language of text without a `lang`."""
    for tree in trees:
        if not any("class" in element.attrib for element in tree.iter()):
            continue
        stack = [(tree, language)]
        while stack:
            element, outer = stack.pop()
            inner = element.get("lang") or outer
            classes = element.get("class", "").split()
            if element.tag == "aside" and classes[:1] == [ADMONITION]:
                _label_admonition(element, classes, inner)
            elif element.tag == "span" and TASK_BOX in classes:
                words = terms(inner)
                element.set("role", "img")
                element.set("aria-label", words.done if element.text == CHECKED else words.to_do)
            stack.extend((child, inner) for child in element)


def _label_admonition(aside: Element, classes: list[str], language: str) -> None:
    """Set the role and the label of *aside*, and its title if the author gave none."""
    start = f"{ADMONITION}-"
    kind = next((name.removeprefix(start) for name in classes if name.startswith(start)), "note")
    aside.set("role", _ROLES.get(kind, "note"))
    title = aside[0] if len(aside) and aside[0].get("class") == TITLE else None
    if title is not None and not len(title) and not (title.text or "").strip():
        title.text = terms(language).admonition(kind)
    label = " ".join(text_of(title).split()) if title is not None else terms(language).admonition(kind)
    aside.set("aria-label", label)
