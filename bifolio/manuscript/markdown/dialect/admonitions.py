"""Admonitions: `!!! kind "Title"` above indented blocks, GitHub's `> [!KIND]`, Obsidian's `> [!kind] Title`.

All three become the same tree: an `aside` whose first child is its title. A default title stays empty here,
as its wording depends on the language of the text.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin

from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.model.publication import LINE

ADMONITION = "admonition"
"""The class of an admonition, and the prefix of the class for its kind."""
TITLE = "admonition-title"

_UNTITLED = "untitled"
"""A temporary attribute: the title token that follows holds only a default title."""
_CALLOUT = re.compile(
    r"\[!(note|abstract|summary|tldr|info|todo|tip|hint|important|success|check|done|question|help|faq|warning"
    r"|caution|attention|failure|fail|missing|danger|error|bug|example|quote|cite)\][+-]?(?:[ \t]+([^\n]*))?"
    r"(?:\n|$)",
    re.IGNORECASE,
)
"""The first line of an Obsidian callout; its fold marker `+` or `-` has no effect."""
_NOT_IN_CLASS = re.compile(r"[^\w-]")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the rules for the `!!!` and the GitHub form."""
    admon_plugin(tokenizer)
    tokenizer.options["alerts"] = True


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor for callouts, before the inline parser."""
    md.treeprocessors.register(_Callouts(md), "callouts", 24)


class _Callouts(Treeprocessor):
    def run(self, root: Element) -> None:
        for quotation in list(root.iter("blockquote")):
            first = quotation[0] if len(quotation) else None
            callout = _CALLOUT.match(first.text or "") if first is not None and first.tag == "p" else None
            if first is None or callout is None:
                continue
            quotation.tag = "aside"
            quotation.set("class", f"{ADMONITION} {ADMONITION}-{callout[1].lower()}")
            title = Element("p", {"class": TITLE, LINE: first.get(LINE, "0")})
            title.text = (callout[2] or "").strip()
            first.text = (first.text or "")[callout.end() :]
            if not first.text and not len(first):
                quotation.remove(first)
            quotation.insert(0, title)


def _render_admonition(token: Token, parent: Element) -> Element:
    """Append the admonition that *token* opens to *parent*."""
    kind, *more = (_NOT_IN_CLASS.sub("", name) for name in str(token.attrs["class"]).split()[1:])
    # A collapsible admonition is always open in an edition.
    more = [name for name in more if not name.startswith(("is-collapsible", "collapsible-"))]
    aside = _aside(parent, kind, *more)
    if len(token.info.split()) == 1:
        aside.set(_UNTITLED, "")
    return aside


def _render_alert(token: Token, parent: Element) -> Element:
    """Append the GitHub alert that *token* opens to *parent*."""
    aside = _aside(parent, token.info.lower())
    aside.set(_UNTITLED, "")
    return aside


def _aside(parent: Element, kind: str, *classes: str) -> Element:
    named = f"{ADMONITION}-{kind or 'note'}"
    return SubElement(parent, "aside", {"class": " ".join((ADMONITION, named, *classes))})


def _render_title(token: Token, parent: Element) -> Element:
    """Append the title that *token* opens to *parent*; return the element that takes its text."""
    title = SubElement(parent, "p", {"class": TITLE})
    # A default title is English: its text goes into an element that is thrown away.
    return Element("p") if parent.attrib.pop(_UNTITLED, None) is not None else title


CONSTRUCT = Construct(
    tokenize=_register_rules,
    treeprocess=_register_treeprocessor,
    render={
        "admonition_open": _render_admonition,
        "admonition_title_open": _render_title,
        "alert_open": _render_alert,
        "alert_title_open": _render_title,
    },
)
