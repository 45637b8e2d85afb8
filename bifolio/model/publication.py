"""The publication: the parsed manuscript from which both editions are made.

The body of a section or a note is an ElementTree of HTML elements and two elements of our own:

- `NOTE_CALL`, with `note="12" sign="3" nth="1"`, is the first call of note 12; the reader sees its sign, 3.
- `MATH` holds a formula as TeX, with `display="block"` if it is a block.

The `src` of an `<img>` is the `name` of a `Picture`. Any element may have its source line as the attribute
`LINE`, and its file as `FILE`; no edition contains them. An edition copies a tree before it changes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.model.findings import Finding, Where

LINE = "{bifolio}line"
"""The attribute for the line of an element in its source file."""

FILE = "{bifolio}file"
"""The attribute for the file of that line, if the text includes files."""

NOTE_CALL = "{bifolio}note-call"
"""The element of a note call; raw HTML cannot contain one."""

MATH = "{bifolio}math"
"""The element of a formula, as TeX that `bifolio.model.math` can convert."""

TASK_BOX = "task-box"
"""The class of a task box."""

UNCHECKED, CHECKED = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH CHECK}"
"""The characters in a task box."""

GENERATED = "data-generated"
"""The attribute of generated text: `reference`, `number` of a caption, `page`, or `picture` for the text that
replaces an image. Raw HTML cannot have it."""

INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup "
    f"time u var wbr {NOTE_CALL} {MATH}".split()
)
"""The inline elements; any other is a block."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A contributor other than the author."""

    name: str
    role: str
    """As the source gives it: `translator`, `Übersetzung`."""
    code: str = "ctb"
    """The MARC relator code."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a publication."""

    title: str
    language: str = "en"
    """A BCP 47 tag."""
    subtitle: str = ""
    short_title: str = ""
    """The title for running heads; empty for the full title."""
    authors: tuple[str, ...] = ()
    date: str = ""
    """A year, a month or a day, in ISO 8601."""
    modified: str = ""
    """The date of the last change, in the form of `date`."""
    description: str = ""
    keywords: tuple[str, ...] = ()
    publisher: str = ""
    edition: str = ""
    """The edition statement: `Second edition`."""
    rights: str = ""
    identifier: str = ""
    """A URI, such as `urn:uuid:...` or `urn:isbn:...`."""
    pdf_identifier: str = ""
    """The identifier of the PDF, if it differs."""
    contributors: tuple[Contributor, ...] = ()
    series: str = ""
    position: str = ""
    """The number in the series."""
    certifier: str = ""
    """The certifier of the accessibility of the EPUB (EPUB Accessibility 1.1, 4.2)."""
    smart: bool = True
    """Whether typed punctuation is replaced by that of the language."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    level: int
    """2 to 6; the title of the section is level 1."""
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note, numbered by its first call."""

    number: int
    """Unique in the publication."""
    body: Element
    calls: int
    """The number of calls."""
    where: Where
    label: str = ""
    """The label in the source, in lower case."""
    sign: str = ""
    """The text of its calls: its number within the section."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the publication that begins on a new page and is a file in the EPUB."""

    name: str
    """Unique in the publication; an NCName."""
    title: str
    body: Element
    headings: tuple[Heading, ...]
    source: Path
    notes: tuple[Note, ...] = ()
    """The notes whose first call is here, in the order of their signs."""
    role: str = "article"
    """A term of EPUB 3 Structural Semantics: `chapter`, `part`, `dedication`, ..."""
    matter: str = "body"
    """`front`, `body` or `back`."""
    depth: int = 0
    """The number of parts and chapters that contain it."""
    language: str = ""
    """A BCP 47 tag, if it differs from that of the publication."""
    continues: bool = False
    """Whether it continues the section before it, as one section to the reader."""

    def trees(self) -> Iterator[Element]:
        """Yield the tree of the body, then those of the notes."""
        yield self.body
        for note in self.notes:
            yield note.body


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of the source, checked and safe to show."""

    name: str
    """Unique in the publication; safe as a file name."""
    media_type: str
    data: bytes
    width: int
    """The intended width in CSS px; 0 if the image does not state it."""
    height: int
    moving: bool = False
    """Whether it is animated."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A manuscript, read completely: all that an edition needs."""

    metadata: Metadata
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...]
    source: Path
    """The file of an article or the folder of a book; the editions are named after it."""
    findings: tuple[Finding, ...] = ()
    cover: Picture | None = None
    """The cover of the author, if there is one."""
    paper: str = ""
    """The paper size that the source sets."""
    style: Path | None = None
    """The stylesheet that the source sets."""
    variants: tuple[str, ...] = ()
    """The named styles that the source sets."""

    @property
    def is_book(self) -> bool:
        """Whether it is a book, with title page, contents and chapters; else it is an article."""
        return self.sections[0].role != "article"

    def trees(self) -> Iterator[tuple[Element, Path]]:
        """Yield every tree with its source file: the bodies of the sections, then the notes."""
        for section in self.sections:
            yield section.body, section.source
        for note in self.notes():
            yield note.body, note.where.file

    def notes(self) -> tuple[Note, ...]:
        """Return the notes of all sections."""
        return tuple(note for section in self.sections for note in section.notes)

    def words(self) -> int:
        """Return the number of words in the text and its notes."""
        return sum(len(words_of(tree)) for tree, _ in self.trees())


def text_of(element: Element) -> str:
    """Return the text of *element*, without its tail."""
    return "".join(element.itertext())


def words_of(element: Element) -> list[str]:
    """Return the words in *element*; the end of a block ends a word, that of an inline element does not."""
    parts: list[str] = []

    def read(node: Element) -> None:
        block = node.tag not in INLINE
        parts.append(("\n" if block or node.tag == "br" else "") + (node.text or ""))
        for child in node:
            read(child)
            parts.append(child.tail or "")
        parts.append("\n" if block else "")

    read(element)
    return "".join(parts).split()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The position in the text where a printed page begins."""

    label: str
    """The page number as it is printed."""
    section: str
    """The name of the section."""
    element: int
    """The index of the element in the body of the section, in document order; the body itself is 0."""
    offset: int | None
    """The index of the character in the text of the element: its `text` and the `tail` of each child. None if
    the page begins with the element itself, such as an image or a formula."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A finished edition in memory."""

    kind: str
    """`epub` or `pdf`; the suffix of its file."""
    data: bytes
    pages: int
    """0 for an EPUB."""
    findings: tuple[Finding, ...] = ()
    page_breaks: tuple[PageBreak, ...] = ()
    """The beginnings of its pages; pages without body text are left out."""
    suffix: str = ""
    """The end of the file name after the name of the source, such as `-kdp`."""
