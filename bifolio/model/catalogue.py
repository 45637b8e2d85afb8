"""The catalogue of findings: each code with its severity, message and hint."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """Severity of a finding; only an error changes the exit code."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue."""

    severity: Severity
    message: str
    """A format string; its fields are the keyword arguments of `found`."""
    hint: str
    """What to do: a format string with the same fields."""


NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

CATALOGUE: dict[str, Kind] = {
    # the source
    "title-missing": Kind(
        WARNING,
        "There is no title, so the file's name is used: {title!r}.",
        "Add `title:` to the front matter, or begin with a heading `# ...`.",
    ),
    "section-empty": Kind(
        WARNING,
        "The section {file} has no text.",
        "Add text to it, or remove it from the book.",
    ),
    "file-unbound": Kind(
        NOTE,
        "The book leaves out {count} of the files in its folder: {files}.",
        "Add them to the list of chapters, or leave them out on purpose.",
    ),
    "language-missing": Kind(
        NOTE,
        "The source does not state its language; English is assumed.",
        "Add `language:` to the front matter, such as `language: en-GB`.",
    ),
    "key-unknown": Kind(
        NOTE,
        "The {keys} of the front matter {judged} and {verb} ignored.",
        "Check docs/source.md for the keys that Bifolio knows.",
    ),
    "key-misspelt": Kind(
        WARNING,
        "The key `{key}` of the front matter is unknown and was ignored.",
        "Rename it to `{meant}`, if that is what you meant.",
    ),
    "key-twice": Kind(
        WARNING,
        "The key `{key}` of the front matter is set more than once; the last value is used.",
        "Remove all but one.",
    ),
    "value-not-text": Kind(
        WARNING,
        "YAML reads `{key}: {value}` as a value of type {kind}; it was used as text.",
        'Put it in quotes: `{key}: "{value}"`.',
    ),
    "template-kept": Kind(
        WARNING,
        "A template tag of {program} appears in the text {count} and was kept as typed, without effect; "
        "the first is `{first}`.",
        "Remove it, or remove all such tags with `templates: drop` in the front matter.",
    ),
    "template-dropped": Kind(
        NOTE,
        "A template tag of {program} was removed {count}, as the front matter asks; the first was `{first}`.",
        "Check that the text reads well without what the tag would have inserted.",
    ),
    "note-undefined": Kind(
        ERROR,
        "The footnote [^{label}] is referenced but never defined; the reference was kept as typed.",
        "Add a paragraph `[^{label}]: ...`, or remove the reference.",
    ),
    "note-uncited": Kind(
        WARNING,
        "The footnote [^{label}] is defined but never referenced, so it is in no edition.",
        "Add a reference `[^{label}]` to the text, or remove the footnote.",
    ),
    "note-twice": Kind(
        ERROR,
        "The footnote [^{label}] is defined more than once; only the first is in the editions.",
        "Rename the label of one of them.",
    ),
    "anchor-twice": Kind(
        WARNING,
        "The anchor `{anchor}` is defined more than once; links lead to the first.",
        "Rename one of them.",
    ),
    "link-broken": Kind(
        ERROR,
        "The link leads to `{target}`, which is not in the text; its words were kept without the link.",
        "Fix the target, or remove the link.",
    ),
    "link-outside": Kind(
        WARNING,
        "The link leads to `{target}`, a file outside the editions; its words were kept without the link.",
        "Use the URL of a page on the web, or remove the link.",
    ),
    "link-refused": Kind(
        ERROR,
        "The link leads to `{target}`, which no edition may open; its words were kept without the link.",
        "Use the URL of a page on the web, or remove the link.",
    ),
    "reference-unnamed": Kind(
        WARNING,
        "The link to `{target}` has no words, and its target has no caption and is not a heading.",
        "Add words between the brackets, or add a caption to the target.",
    ),
    "heading-skipped": Kind(
        WARNING,
        "A heading of level {level} comes directly below one of level {last}; the editions give it level "
        "{set}.",
        "Fix its level in the source: users of screen readers navigate by heading levels.",
    ),
    "alt-missing": Kind(
        WARNING,
        "The image `{picture}` has no alternative text.",
        'Add a description, `![...](...)`, or mark it as decorative: `{{alt=""}}`.',
    ),
    "picture-missing": Kind(
        ERROR,
        "The image `{picture}` does not exist; its alternative text is shown instead.",
        "Fix the path; it is relative to the folder of the source.",
    ),
    "picture-respelt": Kind(
        WARNING,
        "The image `{picture}` was found as `{name}`, which has other capitals.",
        "Write `{name}`: on many systems file names are case-sensitive.",
    ),
    "size-unknown": Kind(
        WARNING,
        "The {side} `{value}` of the image `{picture}` is not a length that both editions support; it "
        "was ignored.",
        "Write a width such as `50%`, `8cm` or `300`, a number of pixels.",
    ),
    "picture-outside": Kind(
        ERROR,
        "The image `{picture}` is outside the folder of the source and was not read.",
        "Copy it into that folder.",
    ),
    "picture-remote": Kind(
        ERROR,
        "The image `{picture}` is on the web and was not downloaded; its alternative text is shown instead.",
        "Save it in the folder of the source and refer to that file, or build with `--fetch-pictures`.",
    ),
    "picture-unfetched": Kind(
        ERROR,
        "The image `{picture}` could not be downloaded: {why}; its alternative text is shown instead.",
        "Check the URL, or save the image in the folder of the source.",
    ),
    "picture-unreadable": Kind(
        ERROR,
        "The image `{picture}` cannot be read: {why}.",
        "Save it again as PNG, JPEG or SVG.",
    ),
    "picture-moving": Kind(
        WARNING,
        "The image `{picture}` is animated; {edition} shows only its first frame.",
        "Check that the first frame is enough, or use several images.",
    ),
    "character-invalid": Kind(
        WARNING,
        "The control character {point} is not allowed in any edition and was replaced by U+FFFD.",
        "Remove it; an editor that shows control characters will find it.",
    ),
    "formula-unreadable": Kind(
        ERROR,
        "The formula `{tex}` cannot be read: {why}; its TeX is shown as code.",
        "Fix it; docs/source.md lists what formulas support.",
    ),
    "svg-removed": Kind(
        WARNING,
        "{what} is not allowed in an image and was removed from the SVG.",
        "Use shapes and text only, without scripts and external files.",
    ),
    "attribute-dropped": Kind(
        NOTE,
        "The attribute `{name}` on <{tag}> is supported by no edition and was removed, here and elsewhere.",
        "Add a class to the element, and style the class in the stylesheet.",
    ),
    "language-invalid": Kind(
        WARNING,
        "`lang={language}` is not a language tag and was removed.",
        "Write a BCP 47 tag, such as `fr` or `en-GB`.",
    ),
    "cells-dropped": Kind(
        ERROR,
        "A row of the table has more cells than the header row; its cells from `{cell}` on are in no "
        "edition.",
        "Add a header cell for each column, or write `\\|` for a bar within a cell.",
    ),
    "abbreviation-twice": Kind(
        WARNING,
        "The abbreviation {short} is defined more than once, with different meanings; the last one is used.",
        "Remove all but one.",
    ),
    "reference-twice": Kind(
        WARNING,
        "The link label [{label}] is defined more than once, with different targets; the first one is used.",
        "Rename the label of one of them.",
    ),
    "div-unclosed": Kind(
        WARNING,
        "The div `{opening}` is never closed, so it contains everything that follows.",
        "Add a line with as many colons after its last block.",
    ),
    "div-unread": Kind(
        WARNING,
        "`{line}` was not recognised as a div fence and was kept as text.",
        "Open a div with colons and one name or braces; close it with as many colons alone.",
    ),
    "heading-empty": Kind(
        WARNING,
        "A heading has no words, so it is in no edition.",
        "Add words to it, or remove it.",
    ),
    "html-removed": Kind(
        WARNING,
        "<{tag}> is not allowed in an edition and was removed with its content.",
        "Write it in Markdown, or remove it.",
    ),
    "html-unwrapped": Kind(
        WARNING,
        "<{tag}> is not supported by the editions and was removed; its content was kept.",
        "Use an HTML element, or a span or div with a class.",
    ),
    "include-missing": Kind(
        ERROR,
        "The file `{file}` does not exist and was not included; the line was kept as typed.",
        "Fix the path; it is relative to the folder of this file or of the source.",
    ),
    "include-outside": Kind(
        ERROR,
        "The file `{file}` is outside the folder of the source and was not included.",
        "Copy it into that folder.",
    ),
    "include-loop": Kind(
        ERROR,
        "The file `{file}` includes itself, directly or through another file; it was not included again.",
        "Remove the line.",
    ),
    "include-unreadable": Kind(
        ERROR,
        "The file `{file}` was not included: {why}.",
        "Save it as text in UTF-8.",
    ),
    "include-part": Kind(
        ERROR,
        "The file `{file}` has no part `{part}`; the line was kept as typed.",
        "Use line numbers that exist in the file, or an anchor that a line `ANCHOR: name` in it defines.",
    ),
    "preprocessor-unrun": Kind(
        WARNING,
        "The preprocessor `{name}` is a program and was not run, so its changes to the text are missing.",
        "Write its result as Markdown if readers need it; its directives were kept as typed.",
    ),
    "include-front": Kind(
        NOTE,
        "The front matter of `{file}` was ignored, because the file is included in another.",
        "Move what should apply to the file that is built.",
    ),
    "extension-part": Kind(
        NOTE,
        "The extension `{extension}` changes {part}; this part of it has little or no effect here.",
        "Check that the text came out as you meant it; docs/source.md explains how extensions are applied.",
    ),
    # citations
    "citation-unknown": Kind(
        ERROR,
        "The citation [@{key}] is in no bibliography; it was kept as typed.",
        "Fix the key, or add the work to a file that `bibliography:` names.",
    ),
    "bibliography-missing": Kind(
        ERROR,
        "The file `{file}`, named by `{key}`, does not exist.",
        "Fix the path; it is relative to the folder of the source.",
    ),
    "bibliography-outside": Kind(
        ERROR,
        "The file `{file}`, named by `{key}`, is outside the folder of the source and was not read.",
        "Copy it into that folder.",
    ),
    "bibliography-unreadable": Kind(
        ERROR,
        "The file `{file}`, named by `{key}`, cannot be read: {why}.",
        "Save it again in UTF-8; docs/source.md lists the supported formats.",
    ),
    "style-unusable": Kind(
        ERROR,
        "The citation style `{file}` was not used: {why}.",
        "Use a style that cites in the text; without one, works are cited by author and date.",
    ),
    "work-unreadable": Kind(
        ERROR,
        "An entry of the bibliography cannot be read as it is: {why}.",
        "Fix the entry.",
    ),
    "work-twice": Kind(
        WARNING,
        "The work {key!r} is in the bibliography more than once; the first entry is used.",
        "Remove one of them, or rename its key.",
    ),
    "work-unset": Kind(
        ERROR,
        "The citation style cannot format the work {key!r}: {why}; its names, year and title are shown "
        "instead.",
        "Check its fields, or use another style.",
    ),
    # the stylesheet and the fonts
    "css-invalid": Kind(
        WARNING,
        "The stylesheet cannot be read here: {text}.",
        "Fix the rule; it has no effect.",
    ),
    "css-unknown": Kind(
        WARNING,
        "The stylesheet uses {what}, which no edition supports.",
        "Check the spelling, or remove it.",
    ),
    "css-media": Kind(
        WARNING,
        "`@media {medium}` has no effect, because some e-readers drop a whole stylesheet that uses it.",
        "Use `@media print` for paper and `@media screen` for e-readers.",
    ),
    "css-variable": Kind(
        WARNING,
        "`{name}` uses a variable that `:root` does not set; the EPUB leaves the declaration out.",
        "Set the variable in a rule for `:root`.",
    ),
    "css-dropped": Kind(
        WARNING,
        "The EPUB leaves out `{what}`: {why}.",
        "Rewrite it as docs/stylesheet.md shows for e-readers, or move it into `@media print`.",
    ),
    "css-misread": Kind(
        WARNING,
        "E-readers misread `{what}`: {why}.",
        "Rewrite it as docs/stylesheet.md shows for e-readers, or move it into `@media print`.",
    ),
    "css-contrast": Kind(
        WARNING,
        "The contrast of {what} is {ratio}:1 on a {page} page; it should be at least {least}:1.",
        "Use another colour, set `color` and `background` together, or leave the colours to the reader.",
    ),
    "css-url": Kind(
        ERROR,
        "The stylesheet refers to the file `{url}`, which was not opened.",
        "Remove the reference; images belong in the text.",
    ),
    "glyph-missing": Kind(
        ERROR,
        "No installed font has the character {character} ({code}, {name}); the PDF would show a box.",
        "Install a font that has it; `bifolio doctor` shows how.",
    ),
    "font-restricted": Kind(
        WARNING,
        "The licence of the font {font} does not allow a subset of it to be embedded in the EPUB.",
        "Install a free font for {sample}; `bifolio doctor` shows how.",
    ),
    # the editions
    "css-ignored": Kind(
        WARNING,
        "The PDF layout did not apply a rule of the stylesheet. {text}.",
        "Check its spelling; docs/stylesheet.md lists what the PDF supports.",
    ),
    "formula-undrawn": Kind(
        ERROR,
        "The formula `{tex}` cannot be drawn in the PDF: {why}; its TeX is shown as code.",
        "Write it in another way; the EPUB has it as it should be.",
    ),
    "subsetter-missing": Kind(
        NOTE,
        "The library HarfBuzz-Subset is not installed, so fonts are subset more slowly.",
        "Install it with the command that `bifolio doctor` prints.",
    ),
    "table-narrow": Kind(
        WARNING,
        "The columns of this table are too narrow in the PDF: `{word}` does not fit.",
        "Use fewer columns, or larger paper, such as `--paper a4`.",
    ),
    "references-unsettled": Kind(
        WARNING,
        "The page numbers still change after {passes} layout passes; references to {targets} may be wrong.",
        "Check these page numbers in the PDF. If one is wrong, add a page break before its target.",
    ),
    "layout-warning": Kind(
        WARNING,
        "The PDF layout reports: {text}",
        "",
    ),
    "picture-reduced": Kind(
        NOTE,
        "The image `{picture}` has {had} pixels; the EPUB contains it with {has}, within the limits of "
        "the stores.",
        "Leave it as it is; the PDF has its own copy, for printing.",
    ),
    "part-large": Kind(
        NOTE,
        "A <{tag}> of {size} kB cannot be split; older e-readers open the file that contains it slowly.",
        "Split it into several.",
    ),
    "picture-unpainted": Kind(
        ERROR,
        "The SVG image `{picture}` cannot be converted for {place}, which does not accept SVG: {why}.",
        "Save it as PNG, and use that file.",
    ),
    "cover-small": Kind(
        WARNING,
        "The cover has {width} x {height} pixels; stores reject covers of less than {least}.",
        "Use a cover of at least 1600 x 2560 pixels.",
    ),
    "accessibility-withheld": Kind(
        NOTE,
        "The EPUB does not claim to conform to EPUB Accessibility 1.1: {why}.",
        "Fix that, and the EPUB will make the claim.",
    ),
    # books for print
    "spine-estimated": Kind(
        NOTE,
        "{vendor} does not publish the thickness of its paper; the width of the spine, {width} in, is an "
        "estimate.",
        "Check {vendor}'s cover template, and build again with the width that it gives: `--spine`.",
    ),
    "spine-bare": Kind(
        NOTE,
        "The spine has no text: {width} in is too narrow for legible type.",
        "Leave it as it is, or use a shorter `short-title`.",
    ),
    "cover-crowded": Kind(
        WARNING,
        "The description is so long that it is set in {size} pt type on the back cover.",
        "Shorten `description` in the front matter.",
    ),
    "ink-impossible": Kind(
        WARNING,
        "The file for print contains {what}, which could not be converted to printing inks and was left "
        "as it was.",
        "Use an image instead.",
    ),
    # comparison of the editions
    "word-lost": Kind(
        ERROR,
        "The word {word!r} of the {part} is in {here}, but not at the same place in {there}; the word "
        "before it is {before!r}.",
        "Report this as a bug, with the source: no text may be lost.",
    ),
    "count-differs": Kind(
        WARNING,
        "The number of {kind} differs: {numbers}.",
        "Check what is missing; if the source is right, report it as a bug.",
    ),
    "page-misplaced": Kind(
        ERROR,
        "Page {label} begins with {words!r} in {here}, but with {printed!r} in {there}.",
        "Build both editions again, in one run.",
    ),
    "page-unmarked": Kind(
        ERROR,
        "Page {label} of {there} is not marked in the EPUB.",
        "Build both editions again, in one run.",
    ),
    "page-list-differs": Kind(
        ERROR,
        "The page list does not link to every marked page, in page order.",
        "Build the EPUB again.",
    ),
    "edition-unreadable": Kind(
        ERROR,
        "The file cannot be compared: {why}.",
        "Build it again.",
    ),
    # the preflight
    "press-size": Kind(
        ERROR,
        "The page size is wrong: {what}.",
        "Use a size that the vendor prints; docs/printing.md lists them.",
    ),
    "press-count": Kind(
        ERROR,
        "The file has {pages} pages; {vendor} requires {wanted}.",
        "Check the page limits of each paper in docs/printing.md.",
    ),
    "press-margin": Kind(
        ERROR,
        "Text is too close to an edge on {pages}: {vendor} requires {inside} in at the fold and "
        "{outside} in at the other edges.",
        "Remove the margins from the stylesheet, or make them wider.",
    ),
    "press-gutter": Kind(
        WARNING,
        "Text is closer to the fold on {pages} than {vendor} recommends for this number of pages: "
        "{inside} in.",
        "Make the inner margin wider.",
    ),
    "press-bleed": Kind(
        ERROR,
        "Something ends at the trim edge on {pages}; a white line may show there.",
        "Extend it {bleed} in beyond the edge, or end it before the edge.",
    ),
    "press-font": Kind(
        ERROR,
        "The font {font} is not embedded; {vendor} requires embedded fonts.",
        "Embed the font.",
    ),
    "press-type": Kind(
        WARNING,
        "Text is as small as {size} pt on {pages}; less than {least} pt is hard to print.",
        "Use a larger font size.",
    ),
    "press-picture": Kind(
        WARNING,
        "An image has {ppi} pixels per inch on {pages}; {vendor} asks for {wanted}.",
        "Use a larger image, or show it smaller.",
    ),
    "press-picture-coarse": Kind(
        ERROR,
        "An image has only {ppi} pixels per inch on {pages}; {vendor} asks for {wanted}.",
        "Use a larger image, or show it smaller.",
    ),
    "press-black": Kind(
        ERROR,
        "Black text on {pages} is not printed in black ink alone; its edges would show colour.",
        "Set it in grey or in pure black ink (K).",
    ),
    "press-colour": Kind(
        ERROR,
        "Screen colours are used on {pages}; {vendor} accepts only grey and CMYK.",
        "Convert them to grey or CMYK.",
    ),
    "press-ink": Kind(
        ERROR,
        "The ink coverage is above {most} % on {pages}; the ink would not dry.",
        "Use a colour with less ink.",
    ),
    "press-transparency": Kind(
        ERROR,
        "The file has {what} on {pages}; {vendor} requires flattened files.",
        "Flatten it.",
    ),
    "press-extra": Kind(
        ERROR,
        "The file contains {what}; {vendor} does not accept such files.",
        "Remove what is not accepted; `bifolio build --for` leaves it out.",
    ),
    "press-standard": Kind(
        WARNING,
        "The file does not declare PDF/X-1a or PDF/X-3; {vendor} asks for {wanted}.",
        "Check the other findings: a file that cannot meet a standard does not declare it.",
    ),
    "press-spine": Kind(
        ERROR,
        "The spine is {spine} in wide; for {pages} pages it should be {wanted} in, depending on the paper.",
        "Build the cover again, together with its pages.",
    ),
    "press-spine-words": Kind(
        ERROR,
        "The spine of this book of {pages} pages has text; {vendor} requires at least {least} pages for "
        "that.",
        "Remove the text from the spine.",
    ),
    "press-cover-edge": Kind(
        ERROR,
        "Text on the cover is less than {clear} in from the trim edge; {vendor} requires more.",
        "Move it inwards, or make it smaller.",
    ),
    "press-cover-spine": Kind(
        ERROR,
        "Text on the spine is less than {clear} in from the folds; {vendor} requires more.",
        "Make it smaller.",
    ),
    "press-barcode": Kind(
        ERROR,
        "Text is in the area where {vendor} prints the barcode, {size} at the foot of the back cover.",
        "Move it up.",
    ),
    # validators
    "judge-missing": Kind(
        NOTE,
        "{validator} is not installed; its checks were skipped.",
        "{install}",
    ),
    "judge-failed": Kind(
        ERROR,
        "{validator} did not finish: {text}",
        "",
    ),
    "epubcheck-error": Kind(ERROR, "EPUBCheck {id}: {text}", ""),
    "epubcheck-warning": Kind(WARNING, "EPUBCheck {id}: {text}", ""),
    "ace-violation": Kind(ERROR, "Ace {rule} ({impact}): {text}", ""),
    "pdf-ua": Kind(ERROR, "PDF/UA-1, {rule}: {text}", ""),
    "pdf-a": Kind(ERROR, "PDF/A-2a, {rule}: {text}", ""),
    "pdf-damaged": Kind(ERROR, "The PDF is damaged: {text}", ""),
}
"""Maps each code to its severity, message and hint."""
