"""Template tags of other programs, which stay text: none is executed and none is lost.

Liquid `{% %}` and `{{ }}`, Hugo shortcodes `{{< >}}` and `{{% %}}`, kramdown's `{:toc}` and `{::options /}`,
and in MDX `import`, `export`, `<Component/>` and `{/* */}`. Each becomes a temporary element, which
`bifolio.manuscript.transforms.template_tags` counts and turns back into text.
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
"""The element that holds one tag; its attribute `kind` names the program."""
RAW_TEMPLATE = "bifolio-template"
"""The same in raw HTML, until that is parsed."""

# A tag cannot contain the beginning of another, except in quotes, and its length is limited: otherwise a
# text of unclosed tags would take quadratic time.
_MAX_LENGTH = 4_000
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
_FINAL_ATTRIBUTE_LIST = re.compile(rf"{ATTRIBUTE_LIST}\s*\Z")
_HTML = re.compile(
    r"<(?P<code>script|style|pre|code|textarea)\b.*?</(?P=code)|<!--.*?-->"
    r"""|<[A-Za-z/!?](?:[^<>"]|"[^"]{0,2000}")*>|<[A-Za-z/!?][^<>]*>""", re.DOTALL,
)  # fmt: skip


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline rule for tags before all others, and an HTML block rule that skips MDX."""
    tokenizer.inline.ruler.before("text", "template", _rule)
    tokenizer.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor for tags in raw HTML."""
    md.treeprocessors.register(_RawHtmlTags(md), "templates", 4)


def _match_tag(text: str, position: int, end: int) -> re.Match[str] | None:
    """Return the tag that begins at *position* of *text*; None if there is none."""
    match = _ANYWHERE.match(text, position, min(end, position + _MAX_LENGTH))
    if not match and (position == 0 or text[position - 1] == "\n"):
        match = _AT_LINE_START.match(text, position, end)
        # At the end of a paragraph, an attribute list is one, not kramdown.
        if match and position and _FINAL_ATTRIBUTE_LIST.match(text, position, end):
            return None
    name = match.groupdict().get("name") if match else None
    return None if name and _is_html(name) else match


def _is_html(name: str) -> bool:
    """Return whether *name* is an HTML element."""
    from lxml.html.defs import tags

    return name.lower() in tags


def _rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "{<ie":
        return False
    match = _match_tag(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("template", "", 0)
        token.content, token.info = match.group(), _kind(match)
    state.pos = match.end()
    return True


def _kind(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next(kind for kind in ("hugo", "liquid", "kramdown", "mdx") if groups.get(kind))


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    position = state.bMarks[start] + state.tShift[start]
    if state.src.startswith("<", position) and _match_tag(state.src, position, len(state.src)):
        return False
    return html_block(state, start, end, silent)


def _render(token: Token, parent: Element) -> Element:
    """Append the tag in *token* to *parent*."""
    element = SubElement(parent, TEMPLATE, {"kind": token.info})
    element.text = AtomicString(token.content)
    return element


class _RawHtmlTags(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter(RAW):
            element.text = AtomicString(_wrap_tags(element.text or ""))


def _wrap_tags(html: str) -> str:
    """Return *html* with a `RAW_TEMPLATE` around every template tag outside HTML tags."""
    pieces = []
    position = 0
    while position < len(html):
        match = _match_tag(html, position, len(html)) if html[position] in "{<" else None
        skipped = _HTML.match(html, position) if html[position] == "<" and not match else None
        whole = match or skipped
        end = whole.end() if whole else _next_candidate(html, position + 1)
        if match:
            escaped = escape(match.group(), quote=False)
            pieces.append(f'<{RAW_TEMPLATE} kind="{_kind(match)}">{escaped}</{RAW_TEMPLATE}>')
        else:
            pieces.append(html[position:end])
        position = end
    return "".join(pieces)


def _next_candidate(html: str, position: int) -> int:
    """Return the next position from *position* on at which a template or HTML tag could begin."""
    candidates = [at for at in (html.find("{", position), html.find("<", position)) if at >= 0]
    return min(candidates, default=len(html))


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"template": _render}, treeprocess=_register_treeprocessor
)
