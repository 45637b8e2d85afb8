"""What of the author's HTML and SVG may stand in an edition: an allow-list; the rest is reported."""

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
"""What has no text of its own that a reader would see."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""The form of a language tag (RFC 5646, 2.1), near enough."""
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
"""Attributes that only a browser has a use for; nobody misses them in an edition."""

_SVG_ELEMENTS = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop clipPath mask pattern symbol use marker".split()
)
_SVG_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_OPENS_FILE = re.compile(
    r"url\(\s*['\"]?(?!#)|image-set|image\(|src\(|import|https?:|file:|\\\\", re.IGNORECASE
)
"""What in an attribute would have a file opened."""


_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""


def sanitise(root: Element, source: SourceFile) -> list[Finding]:
    """Take out of *root* what no edition may carry; return what was taken."""
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
        if not isinstance(tag, str):  # a comment or a processing instruction
            replace_element(above[element], element, [])
        elif tag.startswith(SVG):
            if tag == f"{SVG}svg":
                where = locate(source, line, "<svg")
                findings += [found("svg-removed", where, what=w) for w in clean_svg(element)]
        elif tag.startswith("{") and tag not in ALLOWED_ELEMENTS:
            # Another vocabulary, such as MathML: paper knows none of its own accord.
            name = tag.rpartition("}")[2]
            findings.append(found("html-unwrapped", locate(source, line, f"<{name}"), tag=name))
            replace_element(above[element], element, [], " ".join("".join(element.itertext()).split()))
            for gone in element.iter():
                above.pop(gone, None)
        elif tag in REMOVED_ELEMENTS:
            findings.append(found("html-removed", locate(source, line, f"<{tag}"), tag=tag))
            replace_element(above[element], element, [])
            for gone in element.iter():
                above.pop(gone, None)
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
    """Say whether XML can hold every character in *root*, as nearly always: that is soon known."""
    values = "".join(value for element in root.iter() for value in element.attrib.values())
    return not _NOT_XML.search(text_of(root)) and not _NOT_XML.search(values)


def _clean_text(element: Element) -> list[str]:
    """Put U+FFFD for every character in *element* that XML cannot hold; return those characters."""
    taken: list[str] = []

    def clean(text: str | None) -> str | None:
        if not text or not _NOT_XML.search(text):
            return text
        taken.extend(_NOT_XML.findall(text))
        return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)

    element.text, element.tail = clean(element.text), clean(element.tail)
    for name, value in element.attrib.items():
        element.attrib[name] = clean(value) or ""
    return taken


def _clean_attributes(element: Element, source: SourceFile, line: int, dropped: set[str]) -> list[Finding]:
    """Take out of *element* the attributes that no edition has; tell of each name once, by *dropped*."""
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
    """Take out of the SVG *root* what is not a drawing; return the names of what was taken."""
    taken: list[str] = []
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str):
                replace_element(parent, child, [])
            elif child.tag.removeprefix(SVG) not in _SVG_ELEMENTS:
                taken.append(f"<{child.tag.rpartition('}')[2]}>")
                parent.remove(child)
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name in (XLINK_HREF, XML_LANG, LINE) or _SVG_NAME.fullmatch(name):
                link = name in ("href", XLINK_HREF) and not value.startswith("#")
                if not (link or name.lower().startswith("on") or _OPENS_FILE.search(value)):
                    continue
                taken.append(f"{name.rpartition('}')[2]}={value[:40]!r}")
            # Other names are the notes of drawing programs; they go without a word.
            del element.attrib[name]
    return taken + _remove_nested_use(root)


def _remove_nested_use(root: Element) -> list[str]:
    """Take out every `<use>` if one stands in what another copies: a few of them fill the memory."""
    copies = list(root.iter(f"{SVG}use"))
    names = {(c.get("href") or c.get(XLINK_HREF) or "#")[1:] for c in copies}
    copied = [element for element in root.iter() if element.get("id") in names]
    if not any(c.find(f".//{SVG}use") is not None or c.tag == f"{SVG}use" for c in copied):
        return []
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{SVG}use":
                replace_element(parent, child, [])
    return ["<use>"]
