"""The model: what the manuscript room hands to both editions.

The body of a section and of a note is a standard-library element tree with the names of HTML, and with
two elements of our own:

- `NOTE_CALL`, with `note="12" sign="3" nth="1"`, stands where note 12 is cited for the first time; the reader
  sees its sign, 3.
- `MATH` holds a formula as TeX, with `display="block"` where it stands on a line of its own.

The `src` of an `<img>` is the `name` of a `Picture`. Any element may carry its line in the
source as the attribute `LINE`, and its file as `FILE`; no edition shows them. An edition copies a tree
before it changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.model.findings import Finding, Where

LINE = "{bifolio}line"
"""The attribute that holds an element's line in its source file."""

FILE = "{bifolio}file"
"""The attribute that holds the file of an element's line, where a text includes files."""

NOTE_CALL = "{bifolio}note-call"
"""The element that cites a note; no HTML of the author's can make one."""

MATH = "{bifolio}math"
"""The element that holds a formula as TeX that can be read (`bifolio.model.math`)."""

BOX = "task-box"
"""The class of the box of a task."""

OPEN, DONE = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH CHECK}"
"""What such a box holds."""

GENERATED = "data-generated"
"""The attribute of words that no author wrote: `reference`, `number` of a caption, `page`, or `picture`, in
whose place they stand. No HTML of the author's can have it."""

INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup "
    f"time u var wbr {NOTE_CALL} {MATH}".split()
)
"""The elements that are part of a line; any other begins a block."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """Someone who is not the author, but had a hand in it."""

    name: str
    role: str
    """What the author calls it: `translator`, `Übersetzung`."""
    code: str = "ctb"
    """The code of MARC for it."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of the publication besides its text."""

    title: str
    language: str = "en"
    """A BCP 47 tag."""
    subtitle: str = ""
    short_title: str = ""
    """The title as running heads give it; empty where they give it whole."""
    authors: tuple[str, ...] = ()
    date: str = ""
    """Year, year and month, or day, as ISO 8601 writes them."""
    modified: str = ""
    """When the text was last changed, written as `date` is."""
    description: str = ""
    keywords: tuple[str, ...] = ()
    publisher: str = ""
    edition: str = ""
    """Which edition it is, in the words of its publisher: `Second edition`."""
    rights: str = ""
    identifier: str = ""
    """A URI, such as `urn:uuid:...` or `urn:isbn:...`."""
    pdf_identifier: str = ""
    """That of the PDF, where it has its own."""
    contributors: tuple[Contributor, ...] = ()
    series: str = ""
    position: str = ""
    """The place in the series."""
    certifier: str = ""
    """Who answers for the accessibility of the EPUB (EPUB Accessibility 1.1, 4.2)."""
    smart: bool = True
    """Whether punctuation is set as the language does, and not as it was typed."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a section, in the order of the text."""

    level: int
    """2 to 6; the section's own title is its heading of level 1."""
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note, numbered by its first citation."""

    number: int
    """Unique in the publication."""
    body: Element
    calls: int
    """How often it is cited."""
    where: Where
    label: str = ""
    """What the author calls it, in small letters."""
    sign: str = ""
    """What stands for it in the text: its number among those of its section."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the publication that starts a page and is a file of its own in the EPUB."""

    name: str
    """Unique in the publication; an NCName."""
    title: str
    body: Element
    headings: tuple[Heading, ...]
    source: Path
    notes: tuple[Note, ...] = ()
    """The notes that it cites first, in the order of their signs."""
    role: str = "article"
    """What it is, in a word of EPUB 3 Structural Semantics: `chapter`, `part`, `dedication`, ..."""
    matter: str = "body"
    """`front`, `body` or `back`."""
    depth: int = 0
    """How many parts and chapters it stands in."""
    language: str = ""
    """A BCP 47 tag, where it is not the language of the publication."""
    continues: bool = False
    """Whether it goes on where the one before it ended, and is the same to a reader."""

    def trees(self) -> Iterator[Element]:
        """Give the tree of the text, then those of the notes."""
        yield self.body
        for note in self.notes:
            yield note.body


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it stands in the source folder, checked and safe to show."""

    name: str
    """Unique in the publication; safe as a file name."""
    media_type: str
    data: bytes
    width: int
    """CSS px, as it is to be seen; 0 where the picture does not say."""
    height: int
    moving: bool = False
    """Whether it has more than one frame."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One manuscript, read whole: all that an edition needs."""

    metadata: Metadata
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...]
    source: Path
    """The file of an article, the folder of a book; it gives the editions their name."""
    findings: tuple[Finding, ...] = ()
    cover: Picture | None = None
    """The author's own cover."""
    paper: str = ""
    """The paper that the source asks for."""
    style: Path | None = None
    """The stylesheet that the source asks for."""
    variants: tuple[str, ...] = ()
    """The named styles of the sheet that the source asks for."""

    @property
    def is_book(self) -> bool:
        """Whether it has a title page, contents and chapters of its own, as an article has not."""
        return self.sections[0].role != "article"

    def trees(self) -> Iterator[tuple[Element, Path]]:
        """Give every tree of the text, the notes after the sections, with the file it is from."""
        for section in self.sections:
            yield section.body, section.source
        for note in self.notes():
            yield note.body, note.where.file

    def notes(self) -> tuple[Note, ...]:
        """Return the notes of all sections."""
        return tuple(note for section in self.sections for note in section.notes)

    def words(self) -> int:
        """Count the words of the text and its notes."""
        return sum(len(words_of(tree)) for tree, _ in self.trees())


def text_of(element: Element) -> str:
    """Return all text in *element*, its own tail left out."""
    return "".join(element.itertext())


def words_of(element: Element) -> list[str]:
    """Return the words in *element*; a block ends a word, a change of type within it does not."""
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
    """Where a printed page begins in the text."""

    label: str
    """The number of the page as it is printed."""
    section: str
    """The name of the section."""
    element: int
    """Which element of the section's body, in document order, the body itself being 0."""
    offset: int | None
    """Before which character of the element's own text, its `text` and the `tail` of each child taken
    together; None where the page begins with the element itself: a picture, a formula."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A finished edition, not yet written to disk."""

    kind: str
    """`epub` or `pdf`, the ending of its file."""
    data: bytes
    pages: int
    """0 where the edition has no pages of its own."""
    findings: tuple[Finding, ...] = ()
    page_breaks: tuple[PageBreak, ...] = ()
    """Where its pages begin; a page that has nothing of the running text is not among them."""
    suffix: str = ""
    """What stands behind the name of the source in that of its file: `-kdp`."""
