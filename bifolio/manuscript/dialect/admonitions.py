"""Admonitions: `!!! kind "Title"` above indented blocks, or GitHub's `> [!KIND]`; one tree for both.

A title that the author does not give is left empty: its words depend on the language around it.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin

from bifolio.manuscript.dialect.construct import Construct

ADMONITION = "admonition"
"""The class of an admonition, and the beginning of the class that names its kind."""
TITLE = "admonition-title"

_UNTITLED = "untitled"
"""An attribute that lasts until the title is built."""
_NOT_IN_CLASS = re.compile(r"[^\w-]")


def _find(finder: MarkdownIt) -> None:
    """Let *finder* find both forms."""
    admon_plugin(finder)
    finder.options["alerts"] = True


def _admonition(token: Token, parent: Element) -> Element:
    """Add the admonition that *token* opens to *parent*."""
    kind, *more = (_NOT_IN_CLASS.sub("", name) for name in str(token.attrs["class"]).split()[1:])
    # What opens and closes on a screen stands open here.
    more = [name for name in more if not name.startswith(("is-collapsible", "collapsible-"))]
    aside = _aside(parent, kind, *more)
    if len(token.info.split()) == 1:
        aside.set(_UNTITLED, "")
    return aside


def _alert(token: Token, parent: Element) -> Element:
    """Add the alert that *token* opens to *parent*."""
    aside = _aside(parent, token.info.lower())
    aside.set(_UNTITLED, "")
    return aside


def _aside(parent: Element, kind: str, *classes: str) -> Element:
    named = f"{ADMONITION}-{kind or 'note'}"
    return SubElement(parent, "aside", {"class": " ".join((ADMONITION, named, *classes))})


def _title(token: Token, parent: Element) -> Element:
    """Add the title that *token* opens to *parent*; return what its text goes into."""
    title = SubElement(parent, "p", {"class": TITLE})
    # The parser's own title is in English.
    return Element("p") if parent.attrib.pop(_UNTITLED, None) is not None else title


CONSTRUCT = Construct(
    find=_find,
    build={
        "admonition_open": _admonition,
        "admonition_title_open": _title,
        "alert_open": _alert,
        "alert_title_open": _title,
    },
)
