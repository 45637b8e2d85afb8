"""The catalogue of findings: every code, how much it weighs, and its texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How much a finding weighs; only an error changes the exit code."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue."""

    severity: Severity
    message: str
    """A template; its fields are the keywords of `found`."""
    hint: str
    """What to do, a template with the same fields."""


NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

CATALOGUE: dict[str, Kind] = {
    # the source
    "title-missing": Kind(
        WARNING,
        "There is no title; the file's name is taken: {title!r}.",
        "Write `title:` in the front matter, or begin with a heading `# ...`.",
    ),
    "section-empty": Kind(
        WARNING,
        "The section {file} has no text.",
        "Write it, or take it out of the book.",
    ),
    "file-unbound": Kind(
        NOTE,
        "{count} of the files in the folder are no part of the book: {files}.",
        "Name them in the list of chapters, or leave it so.",
    ),
    "language-missing": Kind(
        NOTE,
        "The text does not say its language; English is taken.",
        "Write `language:` in the front matter, such as `language: en-GB`.",
    ),
    "key-unknown": Kind(
        NOTE,
        "The {keys} of the front matter {judged} and {verb} left alone.",
        "docs/source.md lists the keys.",
    ),
    "key-misspelt": Kind(
        WARNING,
        "The key `{key}` of the front matter is unknown and was left alone.",
        "Did you mean `{meant}`?",
    ),
    "key-twice": Kind(
        WARNING,
        "The key `{key}` of the front matter is set a second time; the last one counts.",
        "Leave one of them.",
    ),
    "value-not-text": Kind(
        WARNING,
        "YAML reads `{key}: {value}` as a value of the kind {kind}; it was taken as text.",
        'Put it in quotes: `{key}: "{value}"`.',
    ),
    "template-kept": Kind(
        WARNING,
        "A mark of {program} stands in the text {count}, as it was typed and without effect; "
        "the first is `{first}`.",
        "Take it out, or leave all such marks out with `templates: drop` in the front matter.",
    ),
    "template-dropped": Kind(
        NOTE,
        "A mark of {program} was left out {count}, as the front matter asks; the first is `{first}`.",
        "What it would have brought into the text is in no edition.",
    ),
    "note-undefined": Kind(
        ERROR,
        "The note [^{label}] is cited and never defined; the mark stands in the text.",
        "Add a paragraph `[^{label}]: ...`, or take the mark out.",
    ),
    "note-uncited": Kind(
        WARNING,
        "The note [^{label}] is defined and never cited; it is in no edition.",
        "Cite it with `[^{label}]`, or take it out.",
    ),
    "note-twice": Kind(
        ERROR,
        "The note [^{label}] is defined a second time; only the first is in the editions.",
        "Give one of them another label.",
    ),
    "anchor-twice": Kind(
        WARNING,
        "The anchor `{anchor}` is set a second time; links lead to the first.",
        "Give one of them another name.",
    ),
    "link-broken": Kind(
        ERROR,
        "The link leads to `{target}`, which is not in the text; its words stay, unlinked.",
        "Mend the target, or take the link out.",
    ),
    "link-outside": Kind(
        WARNING,
        "The link leads to `{target}`, a file outside the editions; its words stay, unlinked.",
        "Link to an address on the web, or take the link out.",
    ),
    "link-refused": Kind(
        ERROR,
        "The link leads to `{target}`, which no edition may open; its words stay, unlinked.",
        "Link to an address on the web, or take the link out.",
    ),
    "reference-unnamed": Kind(
        WARNING,
        "The link to `{target}` has no words, and what it leads to has no caption and is no heading.",
        "Put words between the brackets, or give the target a caption.",
    ),
    "heading-skipped": Kind(
        WARNING,
        "A heading of level {level} stands below one of level {last}; the editions give it level {set}.",
        "Write it so: readers who listen find their way by the levels.",
    ),
    "alt-missing": Kind(
        WARNING,
        "The picture `{picture}` has no text for those who cannot see it.",
        'Say what it shows: `![...](...)`, or mark it as decoration: `{{alt=""}}`.',
    ),
    "picture-missing": Kind(
        ERROR,
        "The picture `{picture}` is not there; its text stands in its place.",
        "Mend the path; it begins at the folder of the source.",
    ),
    "picture-respelt": Kind(
        WARNING,
        "The picture `{picture}` is called `{name}`, in other capitals; it was taken.",
        "Write `{name}`: many systems tell capitals from small letters.",
    ),
    "size-unknown": Kind(
        WARNING,
        "The {side} `{value}` of the picture `{picture}` is no length that both editions know; "
        "it was left aside.",
        "Write a width such as `50%`, `8cm` or `300`, a number of pixels.",
    ),
    "picture-outside": Kind(
        ERROR,
        "The picture `{picture}` lies outside the folder of the source and was not read.",
        "Copy it into that folder.",
    ),
    "picture-remote": Kind(
        ERROR,
        "The picture `{picture}` is on the web and was not fetched; its text stands in its place.",
        "Save it in the folder of the source, and name it there; or build with `--fetch-pictures`.",
    ),
    "picture-unfetched": Kind(
        ERROR,
        "The picture `{picture}` could not be fetched: {why}; its text stands in its place.",
        "Look whether the address is right, or save it in the folder of the source.",
    ),
    "picture-unreadable": Kind(
        ERROR,
        "The picture `{picture}` cannot be read: {why}.",
        "Save it again as PNG, JPEG or SVG.",
    ),
    "picture-moving": Kind(
        WARNING,
        "The picture `{picture}` moves; {edition} shows its first frame alone.",
        "Look whether that frame says enough, or show what matters as several pictures.",
    ),
    "character-invalid": Kind(
        WARNING,
        "The control character {point} can stand in no edition; U+FFFD stands in its place.",
        "Take it out; an editor that shows control characters finds it.",
    ),
    "formula-unreadable": Kind(
        ERROR,
        "The formula `{tex}` cannot be read: {why}; its TeX stands in the text as code.",
        "Mend it; docs/source.md says what formulas know.",
    ),
    "svg-removed": Kind(
        WARNING,
        "{what} is not part of a drawing and was taken out of the SVG.",
        "Draw it with shapes and text, without scripts and outside files.",
    ),
    "attribute-dropped": Kind(
        NOTE,
        "The attribute `{name}` on <{tag}> is known to no edition and was left out, here and elsewhere.",
        "Give the element a class, and say the rest in the stylesheet.",
    ),
    "language-invalid": Kind(
        WARNING,
        "`lang={language}` names no language and was left out.",
        "Write a BCP 47 tag, such as `fr` or `en-GB`.",
    ),
    "cells-dropped": Kind(
        ERROR,
        "A row of the table has more cells than its head; from `{cell}` on they are in no edition.",
        "Give the head a cell for each column, or write `\\|` for a bar within a cell.",
    ),
    "abbreviation-twice": Kind(
        WARNING,
        "The abbreviation {short} is defined a second time, in other words; the last ones count.",
        "Leave one of them.",
    ),
    "reference-twice": Kind(
        WARNING,
        "The address of [{label}] is given a second time, and is another one; the first counts.",
        "Give one of them another label.",
    ),
    "div-unclosed": Kind(
        WARNING,
        "The div `{opening}` is never closed; all that follows stands in it.",
        "Put a line with as many colons behind its last block.",
    ),
    "div-unread": Kind(
        WARNING,
        "The line `{line}` neither begins nor ends a div; it stands in the text.",
        "A div begins with colons and one name or braces, and ends with as many colons alone.",
    ),
    "heading-empty": Kind(
        WARNING,
        "A heading has no words; it is in no edition.",
        "Give it words, or take it out.",
    ),
    "html-removed": Kind(
        WARNING,
        "<{tag}> cannot stand in an edition and was left out.",
        "Say it in Markdown, or take it out.",
    ),
    "html-unwrapped": Kind(
        WARNING,
        "<{tag}> is not known to the editions; its content stays without it.",
        "Use an element of HTML, or a span or div with a class.",
    ),
    "include-missing": Kind(
        ERROR,
        "The file `{file}` is not there and was not included; its line stands as it was typed.",
        "Mend the path; it begins at the folder of this file or of the source.",
    ),
    "include-outside": Kind(
        ERROR,
        "The file `{file}` lies outside the folder of the source and was not included.",
        "Copy it into that folder.",
    ),
    "include-loop": Kind(
        ERROR,
        "The file `{file}` includes itself, here or further on; this time it was not included.",
        "Take the line out.",
    ),
    "include-unreadable": Kind(
        ERROR,
        "The file `{file}` was not included: {why}.",
        "Save it as text in UTF-8.",
    ),
    "include-part": Kind(
        ERROR,
        "The file `{file}` has no part `{part}`; the mark stands as it was typed.",
        "Name lines that it has, or an anchor that a line `ANCHOR: name` in it begins.",
    ),
    "preprocessor-unrun": Kind(
        WARNING,
        "The preprocessor `{name}` is a program and was not run; what it would make of the text is not made.",
        "Marks that it knows stand as they were typed; write them as Markdown if readers need them.",
    ),
    "include-front": Kind(
        NOTE,
        "The front matter of `{file}` was left aside, for the file is included in another.",
        "What both should say stands in the file that is built.",
    ),
    "extension-part": Kind(
        NOTE,
        "The extension `{extension}` changes {part}; that part of it has little or no effect here.",
        "docs/source.md says how extensions are read; look whether the text came out as you meant it.",
    ),
    # the works that are cited
    "citation-unknown": Kind(
        ERROR,
        "The work [@{key}] is cited and stands in no bibliography; the mark stands in the text.",
        "Mend the key, or add the work to a file that `bibliography:` names.",
    ),
    "bibliography-missing": Kind(
        ERROR,
        "The file `{file}` that `{key}` names is not there.",
        "Mend the path; it begins at the folder of the source.",
    ),
    "bibliography-outside": Kind(
        ERROR,
        "The file `{file}` that `{key}` names lies outside the folder of the source and was not read.",
        "Copy it into that folder.",
    ),
    "bibliography-unreadable": Kind(
        ERROR,
        "The file `{file}` that `{key}` names cannot be read: {why}.",
        "Save it again, in UTF-8; docs/source.md says what forms are known.",
    ),
    "style-unusable": Kind(
        ERROR,
        "The citation style `{file}` was not used: {why}.",
        "Take a style that cites in the text; without one, works are set by author and date.",
    ),
    "work-unreadable": Kind(
        ERROR,
        "An entry of the bibliography cannot be read as it is: {why}.",
        "Mend the entry.",
    ),
    "work-twice": Kind(
        WARNING,
        "The work {key!r} stands in the bibliography a second time; the first one counts.",
        "Leave one of them, or give one another key.",
    ),
    "work-unset": Kind(
        ERROR,
        "The style cannot set the work {key!r}: {why}; its people, year and title stand in its place.",
        "Look at its fields, or take another style.",
    ),
    # the stylesheet and the fonts
    "css-invalid": Kind(
        WARNING,
        "The stylesheet cannot be read here: {text}.",
        "Mend the rule; it has no effect.",
    ),
    "css-unknown": Kind(
        WARNING,
        "The stylesheet says {what}, which no edition understands.",
        "Check the spelling, or take it out.",
    ),
    "css-media": Kind(
        WARNING,
        "`@media {medium}` has no effect: some readers drop a whole sheet for it.",
        "Use `@media print` for paper and `@media screen` for e-readers.",
    ),
    "css-variable": Kind(
        WARNING,
        "`{name}` uses a variable that `:root` does not set; e-readers do without it.",
        "Set the variable in a rule for `:root`.",
    ),
    "css-dropped": Kind(
        WARNING,
        "E-readers do without `{what}`: {why}.",
        "Write it as docs/stylesheet.md says that they take it, or move it into `@media print`.",
    ),
    "css-misread": Kind(
        WARNING,
        "E-readers misread `{what}`: {why}.",
        "docs/stylesheet.md says what they take; what is for paper alone belongs into `@media print`.",
    ),
    "css-contrast": Kind(
        WARNING,
        "The contrast of {what} is {ratio}:1 on a {page} page and ought to be {least}:1 or more.",
        "Take another colour, set `color` and `background` together, or leave the colours to the reader.",
    ),
    "css-url": Kind(
        ERROR,
        "The stylesheet names the file `{url}`, which was not opened.",
        "A stylesheet stands alone; put pictures into the text.",
    ),
    "glyph-missing": Kind(
        ERROR,
        "No font here has the character {character} ({code}, {name}); paper would show a box.",
        "Install a font that has it; `bifolio doctor` says how.",
    ),
    "font-restricted": Kind(
        WARNING,
        "The licence of the font {font} does not let the EPUB carry a part of it.",
        "Install a free font for {sample}; `bifolio doctor` says how.",
    ),
    # the editions
    "css-ignored": Kind(
        WARNING,
        "The layout of the PDF left a rule of the stylesheet aside. {text}.",
        "Check its spelling; docs/stylesheet.md says what paper knows.",
    ),
    "formula-undrawn": Kind(
        ERROR,
        "The formula `{tex}` cannot be drawn for paper: {why}; its TeX stands there as code.",
        "Write it in another way; the EPUB holds it as it should be.",
    ),
    "subsetter-missing": Kind(
        NOTE,
        "The library HarfBuzz-Subset is not on this machine; fonts are cut down in a slower way.",
        "`bifolio doctor` prints the command that installs it.",
    ),
    "table-narrow": Kind(
        WARNING,
        "The columns of this table are too narrow on paper: `{word}` has no room.",
        "Make the table of fewer columns, or the paper wider, such as `--paper a4`.",
    ),
    "layout-warning": Kind(WARNING, "The layout of the PDF says: {text}", ""),
    "picture-reduced": Kind(
        NOTE,
        "The picture `{picture}` has {had} pixels; the EPUB holds it with {has}, as the stores want it.",
        "Nothing need be done; the PDF holds it for presses.",
    ),
    "part-large": Kind(
        NOTE,
        "A <{tag}> of {size} kB cannot be parted; old readers open the file that holds it slowly.",
        "Make several of it.",
    ),
    "picture-unpainted": Kind(
        ERROR,
        "The drawing `{picture}` cannot be painted for {place}, which takes no SVG: {why}.",
        "Save it as PNG too, and name that.",
    ),
    "cover-small": Kind(
        WARNING,
        "The cover has {width} x {height} pixels; stores refuse less than {least}.",
        "Give one of 1600 x 2560 pixels.",
    ),
    "accessibility-withheld": Kind(
        NOTE,
        "The EPUB does not claim to conform to EPUB Accessibility 1.1: {why}.",
        "Mend that, and the claim is made.",
    ),
    # books for print
    "spine-estimated": Kind(
        NOTE,
        "{vendor} does not publish how thick its paper is; the spine was made {width} in wide.",
        "Ask for its cover template, and build again with the width that it has: `--spine`.",
    ),
    "spine-bare": Kind(
        NOTE,
        "Nothing stands on the spine: {width} in are too narrow for what can be read.",
        "Leave it so, or give a shorter `short-title`.",
    ),
    "cover-crowded": Kind(
        WARNING,
        "The description is so long that its type on the back cover is {size} pt.",
        "Shorten `description` in the front matter.",
    ),
    "ink-impossible": Kind(
        WARNING,
        "The file for print holds {what}, which was left as it was.",
        "Put a picture in its place.",
    ),
    # the twin check
    "word-lost": Kind(
        ERROR,
        "The word {word!r} of the {part} stands in {here} and not at its place in {there}; "
        "before it stands {before!r}.",
        "Report the source that does this; nothing of a text may be lost.",
    ),
    "count-differs": Kind(
        WARNING,
        "The number of {kind} differs: {numbers}.",
        "Look for what is missing; if the source is right, report it.",
    ),
    "page-misplaced": Kind(
        ERROR,
        "Page {label} begins with {words!r} in {here} and with {printed!r} in {there}.",
        "Build both editions anew, in one run.",
    ),
    "page-unmarked": Kind(
        ERROR,
        "Page {label} of {there} is not marked in the EPUB.",
        "Build both editions anew, in one run.",
    ),
    "page-list-differs": Kind(
        ERROR,
        "The list of pages does not lead to every page that is marked, in the order of the pages.",
        "Build it anew.",
    ),
    "edition-unreadable": Kind(ERROR, "The file cannot be compared: {why}.", "Build it anew."),
    # the preflight
    "press-size": Kind(
        ERROR,
        "It has not the size that is printed: {what}.",
        "Build it with a size of the vendor; docs/printing.md lists them.",
    ),
    "press-count": Kind(
        ERROR,
        "It has {pages} pages; {vendor} wants {wanted}.",
        "docs/printing.md has the numbers for each paper.",
    ),
    "press-margin": Kind(
        ERROR,
        "Type stands too near to an edge on {pages}: {vendor} wants {inside} in at the fold and {outside} in "
        "at the other edges.",
        "Leave the margins to the program, or make them wider in the stylesheet.",
    ),
    "press-gutter": Kind(
        WARNING,
        "Type stands nearer to the fold on {pages} than {vendor} advises for so many pages: {inside} in.",
        "Make the inner margin wider.",
    ),
    "press-bleed": Kind(
        ERROR,
        "Something stops where the page is cut, on {pages}; a white line may be seen there.",
        "Let it go {bleed} in beyond the edge, or end before it.",
    ),
    "press-font": Kind(
        ERROR, "The font {font} is not embedded, and {vendor} takes no such file.", "Embed it."
    ),
    "press-type": Kind(
        WARNING,
        "Type is as small as {size} pt on {pages}; less than {least} pt is hard to print.",
        "Make it larger.",
    ),
    "press-picture": Kind(
        WARNING,
        "A picture has {ppi} pixels in an inch, on {pages}; {vendor} asks for {wanted}.",
        "Take a larger picture, or show it smaller.",
    ),
    "press-picture-coarse": Kind(
        ERROR,
        "A picture has no more than {ppi} pixels in an inch, on {pages}; {vendor} asks for {wanted}.",
        "Take a larger picture, or show it smaller.",
    ),
    "press-black": Kind(
        ERROR,
        "Black type is not of black ink alone, on {pages}; it would be printed with coloured edges.",
        "Set it in grey or in the ink K.",
    ),
    "press-colour": Kind(
        ERROR,
        "There are colours of screens on {pages}; {vendor} takes the inks of a press alone.",
        "Turn them into grey or CMYK.",
    ),
    "press-ink": Kind(
        ERROR,
        "More ink than {most} % of one lies on {pages}; it would not dry.",
        "Take a colour of less ink.",
    ),
    "press-transparency": Kind(
        ERROR,
        "There is {what} on {pages}; {vendor} wants it flattened.",
        "Flatten it.",
    ),
    "press-extra": Kind(
        ERROR,
        "The file holds {what}; {vendor} takes no such file.",
        "Take that out; `bifolio build --for` leaves it out.",
    ),
    "press-standard": Kind(
        WARNING,
        "The file does not declare PDF/X-1a or PDF/X-3; {vendor} asks for {wanted}.",
        "Look what else is found: a file that cannot keep a standard does not declare it.",
    ),
    "press-spine": Kind(
        ERROR,
        "The spine is {spine} in wide; for {pages} pages it should be {wanted} in, by the paper.",
        "Build the cover anew with its pages.",
    ),
    "press-spine-words": Kind(
        ERROR,
        "There are words on the spine of a book of {pages} pages; {vendor} wants {least} or more for that.",
        "Leave the spine bare.",
    ),
    "press-cover-edge": Kind(
        ERROR,
        "Words on the cover stand less than {clear} in from where it is cut; {vendor} wants them farther in.",
        "Move them, or make them smaller.",
    ),
    "press-cover-spine": Kind(
        ERROR,
        "Words on the spine stand less than {clear} in from its folds; {vendor} wants them farther in.",
        "Make them smaller.",
    ),
    "press-barcode": Kind(
        ERROR,
        "Words stand where {vendor} prints the barcode, {size} at the foot of the back.",
        "Move them up.",
    ),
    # judges
    "judge-missing": Kind(NOTE, "{judge} is not here, so its checks were not made.", "{install}"),
    "judge-failed": Kind(ERROR, "{judge} did not finish: {text}", ""),
    "epubcheck-error": Kind(ERROR, "EPUBCheck {id}: {text}", ""),
    "epubcheck-warning": Kind(WARNING, "EPUBCheck {id}: {text}", ""),
    "ace-violation": Kind(ERROR, "Ace {rule} ({impact}): {text}", ""),
    "pdf-ua": Kind(ERROR, "PDF/UA-1, {rule}: {text}", ""),
    "pdf-a": Kind(ERROR, "PDF/A-2a, {rule}: {text}", ""),
    "pdf-damaged": Kind(ERROR, "The PDF is damaged: {text}", ""),
}
"""Every code, with its severity and its texts."""
