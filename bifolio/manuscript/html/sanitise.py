"""Removes HTML and SVG that is not on an allow-list, and reports what it removes."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import locate, parent_map, replace_element, unwrap, walk
from bifolio.manuscript.markdown.dialect.citations import CITATION, CITE, PREFIX, SUFFIX, UNKNOWN
from bifolio.manuscript.markdown.dialect.notes import LABEL, NOTE
from bifolio.manuscript.markdown.dialect.tasks import replace_checkboxes
from bifolio.manuscript.markdown.dialect.wiki_links import WIKI
from bifolio.manuscript.markdown.highlight import LINE_NUMBER
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.publication import LINE, MATH, NOTE_CALL, text_of

SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

ALLOWED_ELEMENTS = frozenset(
    f"{CITATION} {CITE} {PREFIX} {SUFFIX} "
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn "
    "div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark nav "
    f"{MATH} {NOTE} {NOTE_CALL} ol p pre q rp rt ruby s samp section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul var wbr".split()
)
REMOVED_ELEMENTS = frozenset(
    "script style template head title iframe frame frameset object embed applet link meta base "
    "input select textarea audio video source track canvas".split()
)
"""Elements that are removed with their content, because readers would not see it as text."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""A language tag, by a simplified form of its grammar (RFC 5646, 2.1)."""
GLOBAL_ATTRIBUTES = frozenset({"id", "class", "lang", "dir", "title", LINE, WIKI})
ATTRIBUTES_BY_ELEMENT: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "li": frozenset({"value"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "span": frozenset({LINE_NUMBER}),
    "time": frozenset({"datetime"}),
    MATH: frozenset({"display"}),
    CITATION: frozenset({UNKNOWN}),
    CITE: frozenset({"key", "author", "label", "locator"}),
    NOTE: frozenset({LABEL}),
    NOTE_CALL: frozenset({LABEL}),
}

_BROWSER_ATTRIBUTES = re.compile(
    r"on\w+|data-.*|rel|target|loading|decoding|fetchpriority|crossorigin|referrerpolicy|tabindex"
)
"""Attributes that only browsers use; they are removed without a finding."""

_SVG_ELEMENTS = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop clipPath mask pattern symbol use marker".split()
)
_SVG_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_OPENS_FILE = re.compile(
    r"url\(\s*['\"]?(?!#)|image-set|image\(|src\(|import|https?:|file:|\\\\", re.IGNORECASE
)
"""Values of attributes that make a renderer open a file or a URL."""


_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that are not allowed in XML (XML 1.0, 2.2)."""


def sanitise(root: Element, source: SourceFile) -> list[Finding]:
    """Remove from *root* everything that is not allowed in an edition; return the findings."""
    findings: list[Finding] = []
    dropped: set[str] = set()
    replace_checkboxes(root)
    above = parent_map(root)
    clean = _is_clean(root)
    for element, line in list(walk(root)):
        for character in () if clean else _clean_text(element):
            where = locate(source, line, character)
            findings.append(found("character-invalid", where, point=f"U+{ord(character):04X}"))
        if element is root or element not in above:
            continue
        tag = element.tag
        if not isinstance(tag, str):  # comment or processing instruction
            replace_element(above[element], element, [])
        elif tag.startswith(SVG):
            if tag == f"{SVG}svg":
                where = locate(source, line, "<svg")
                findings += [found("svg-removed", where, what=w) for w in clean_svg(element)]
        elif tag.startswith("{") and tag not in ALLOWED_ELEMENTS:
            # Another vocabulary, such as MathML, which WeasyPrint does not render.
            name = tag.rpartition("}")[2]
            findings.append(found("html-unwrapped", locate(source, line, f"<{name}"), tag=name))
            replace_element(above[element], element, [], " ".join("".join(element.itertext()).split()))
            for inner in element.iter():
                above.pop(inner, None)
        elif tag in REMOVED_ELEMENTS:
            findings.append(found("html-removed", locate(source, line, f"<{tag}"), tag=tag))
            replace_element(above[element], element, [])
            for inner in element.iter():
                above.pop(inner, None)
        elif tag not in ALLOWED_ELEMENTS:
            findings.append(found("html-unwrapped", locate(source, line, f"<{tag}"), tag=tag))
            parent = above[element]
            for child in element:
                above[child] = parent
            unwrap(parent, element)
        else:
            findings += _clean_attributes(element, source, line, dropped)
    return findings


def _is_clean(root: Element) -> bool:
    """Return whether every character in *root* is allowed in XML: a fast check for the usual case."""
    values = "".join(value for element in root.iter() for value in element.attrib.values())
    return not _NOT_XML.search(text_of(root)) and not _NOT_XML.search(values)


def _clean_text(element: Element) -> list[str]:
    """Replace the characters in *element* that XML does not allow by U+FFFD; return those characters."""
    removed: list[str] = []

    def clean(text: str | None) -> str | None:
        if not text or not _NOT_XML.search(text):
            return text
        removed.extend(_NOT_XML.findall(text))
        return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)

    element.text, element.tail = clean(element.text), clean(element.tail)
    for name, value in element.attrib.items():
        element.attrib[name] = clean(value) or ""
    return removed


def _clean_attributes(element: Element, source: SourceFile, line: int, dropped: set[str]) -> list[Finding]:
    """Remove attributes of *element* that are not allowed; return one finding per name not in *dropped*."""
    findings = []
    more = ATTRIBUTES_BY_ELEMENT.get(element.tag, frozenset())
    for name in [name for name in element.attrib if name not in GLOBAL_ATTRIBUTES and name not in more]:
        del element.attrib[name]
        if (
            name not in dropped
            and not name.startswith("{")
            and not _BROWSER_ATTRIBUTES.fullmatch(name.lower())
        ):
            where = locate(source, line, f"{name}=", name)
            findings.append(found("attribute-dropped", where, name=name, tag=element.tag))
        dropped.add(name)
    language = element.get("lang")
    if language is not None and not _LANGUAGE.fullmatch(language):
        del element.attrib["lang"]
        where = locate(source, line, f'"{language}"', f"lang={language}", "lang=")
        findings.append(found("language-invalid", where, language=language))
    return findings


def clean_svg(root: Element) -> list[str]:
    """Remove everything from the SVG *root* that is not drawing; return the names of what was removed."""
    removed: list[str] = []
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str):
                replace_element(parent, child, [])
            elif child.tag.removeprefix(SVG) not in _SVG_ELEMENTS:
                removed.append(f"<{child.tag.rpartition('}')[2]}>")
                parent.remove(child)
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name in (XLINK_HREF, XML_LANG, LINE) or _SVG_NAME.fullmatch(name):
                link = name in ("href", XLINK_HREF) and not value.startswith("#")
                if not (link or name.lower().startswith("on") or _OPENS_FILE.search(value)):
                    continue
                removed.append(f"{name.rpartition('}')[2]}={value[:40]!r}")
            # Names in other namespaces are private data of drawing programs, and not reported.
            del element.attrib[name]
    return removed + _remove_nested_use(root)


def _remove_nested_use(root: Element) -> list[str]:
    """Remove every `<use>` if the target of one contains another: nested copies multiply exponentially."""
    uses = list(root.iter(f"{SVG}use"))
    names = {(c.get("href") or c.get(XLINK_HREF) or "#")[1:] for c in uses}
    targets = [element for element in root.iter() if element.get("id") in names]
    if not any(c.find(f".//{SVG}use") is not None or c.tag == f"{SVG}use" for c in targets):
        return []
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{SVG}use":
                replace_element(parent, child, [])
    return ["<use>"]
