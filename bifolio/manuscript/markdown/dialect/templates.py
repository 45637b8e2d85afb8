"""Marks of other programs' templates, which stay text: nothing of them is run, and none is swallowed.

Liquid `{% %}` and `{{ }}`, shortcodes of Hugo `{{< >}}` and `{{% %}}`, kramdown's `{:toc}` and
`{::options /}`, and of MDX `import`, `export`, `<Component/>` and `{/* */}`. Each becomes an element of our
own, by which it is counted, and then text again (`bifolio.manuscript.transforms.template_tags`).
"""

from __future__ import annotations

import re
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.attributes import ATTRIBUTE_LIST
from bifolio.manuscript.markdown.dialect.blocks import RAW
from bifolio.manuscript.markdown.dialect.construct import Construct

TEMPLATE = "{bifolio}template"
"""The element that holds one mark, its program in the attribute `kind`."""
RAW_TEMPLATE = "bifolio-template"
"""The same within the author's own HTML, until that is parsed."""

# No mark reaches over the beginning of another, unless in quotes, and none far: a text of open marks is not
# searched again and again.
_LONGEST = 4_000
_COMPONENT = (
    r"</?(?P<name>[A-Z][A-Za-z0-9]+)(?:\.[A-Za-z0-9]+)*"
    r"""(?:\s(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{(?:[^{}<]|\{[^{}<]*\})*\})*)?/?>"""
)
_ANYWHERE = re.compile(
    r"(?P<hugo>\{\{[<%](?:(?!\{\{).){0,2000}?[>%]\}\})"
    r"|(?P<liquid>\{%(?:(?!\{%).){0,2000}?%\}|\{\{(?!\s*\}\})(?:(?!\{\{).){0,2000}?\}\})"
    r"|(?P<kramdown>\{::[^{}\n]{0,2000}\})"
    rf"|(?P<mdx>\{{/\*(?:(?!\{{/).){{0,2000}}?\*/\}}|{_COMPONENT})",
    re.DOTALL,
)
_IMPORT = (
    r"import\s+(?:(?:[\w$]+|\*\s+as\s+[\w$]+|(?:[\w$]+\s*,\s*)?\{[^}'\"]{0,500}\})\s+from\s+)?"
    r"(?P<quote>['\"])[^'\"\n]+(?P=quote);?[ \t]*(?=\n|\Z)"
)
_EXPORT = (
    r"export\s+(?:(?:const|let|var)\s+[\w${\[]+|(?:default\s+)?(?:async\s+)?function\s*\w*\s*\("
    r"|(?:default\s+)?class\s+[A-Z]|default\s+[\w$({]+[^\n]*;|\{[^}\n]*\}|\*\s+from\b)"
    r"(?:[^\n]*[{(\[][ \t]*\n.{0,2000}?\n[\])}]+;?[ \t]*(?=\n|\Z)|[^\n]*)"
)
_AT_LINE_START = re.compile(
    rf"(?P<kramdown>\{{:[^{{}}\n]{{0,2000}}\}}[ \t]*(?=\n|\Z))|(?P<mdx>{_IMPORT}|{_EXPORT})", re.DOTALL
)
_ATTRIBUTES = re.compile(rf"{ATTRIBUTE_LIST}\s*\Z")
_HTML = re.compile(
    r"<(?P<code>script|style|pre|code|textarea)\b.*?</(?P=code)|<!--.*?-->"
    r"""|<[A-Za-z/!?](?:[^<>"]|"[^"]{0,2000}")*>|<[A-Za-z/!?][^<>]*>""", re.DOTALL,
)  # fmt: skip


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find the marks before all else in a line, and no HTML in a component of MDX."""
    tokenizer.inline.ruler.before("text", "template", _rule)
    tokenizer.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the search in blocks of the author's own HTML."""
    md.treeprocessors.register(_InHtml(md), "templates", 4)


def _mark(text: str, place: int, end: int) -> re.Match[str] | None:
    """Return the mark that begins at *place* of *text*."""
    found = _ANYWHERE.match(text, place, min(end, place + _LONGEST))
    if not found and (place == 0 or text[place - 1] == "\n"):
        found = _AT_LINE_START.match(text, place, end)
        # Behind a paragraph, what can be read as its attributes is read so.
        if found and place and _ATTRIBUTES.match(text, place, end):
            return None
    name = found.groupdict().get("name") if found else None
    return None if name and _is_html(name) else found


def _is_html(name: str) -> bool:
    """Say whether *name* is that of an element of HTML."""
    from lxml.html.defs import tags

    return name.lower() in tags


def _rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "{<ie":
        return False
    found = _mark(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("template", "", 0)
        token.content, token.info = found.group(), _kind(found)
    state.pos = found.end()
    return True


def _kind(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next(kind for kind in ("hugo", "liquid", "kramdown", "mdx") if groups.get(kind))


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    place = state.bMarks[start] + state.tShift[start]
    if state.src.startswith("<", place) and _mark(state.src, place, len(state.src)):
        return False
    return html_block(state, start, end, silent)


def _render(token: Token, parent: Element) -> Element:
    """Add the mark that *token* stands for to *parent*."""
    element = SubElement(parent, TEMPLATE, {"kind": token.info})
    element.text = AtomicString(token.content)
    return element


class _InHtml(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter(RAW):
            element.text = AtomicString(_tagged(element.text or ""))


def _tagged(html: str) -> str:
    """Return *html* with every mark in its text, not in its tags, within a tag of ours."""
    pieces = []
    place = 0
    while place < len(html):
        found = _mark(html, place, len(html)) if html[place] in "{<" else None
        skipped = _HTML.match(html, place) if html[place] == "<" and not found else None
        whole = found or skipped
        end = whole.end() if whole else _next(html, place + 1)
        if found:
            tag = escape(found.group(), quote=False)
            pieces.append(f'<{RAW_TEMPLATE} kind="{_kind(found)}">{tag}</{RAW_TEMPLATE}>')
        else:
            pieces.append(html[place:end])
        place = end
    return "".join(pieces)


def _next(html: str, place: int) -> int:
    """Return where at or behind *place* a mark or a tag could begin."""
    found = [at for at in (html.find("{", place), html.find("<", place)) if at >= 0]
    return min(found, default=len(html))


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"template": _render}, treeprocess=_register_treeprocessor
)
