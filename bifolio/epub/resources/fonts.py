"""Embeds font subsets in the EPUB for characters that the fonts of an e-reader may lack."""

from __future__ import annotations

from collections.abc import Iterable

from bifolio.epub.content.columns import column_width_css
from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import bundled_faces
from bifolio.fonts.subset import can_embed, subset_font
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import CHECKED, TASK_BOX, UNCHECKED, Publication
from bifolio.stylesheet import Stylesheet

_BOX_FAMILY = "Source Sans Pro"
"""The family that supplies the checkboxes of task lists; few e-readers have them."""


def embed_fonts(
    publication: Publication, stylesheet: Stylesheet, fallbacks: tuple[Fallback, ...]
) -> tuple[str, dict[str, bytes], list[Finding]]:
    """Return the CSS of the EPUB, the font files that it uses by name, and findings.

    *fallbacks* are embedded if their licence bits allow it.
    """
    rules, files, findings = [], {}, []
    families: dict[str, list[str]] = {}
    """The quoted families by selector."""
    for number, fallback in enumerate(fallbacks, start=1):
        if not can_embed(fallback.face):
            sample = "".join(sorted(fallback.characters)[:8])
            where = Where(publication.source)
            family = fallback.face.family
            findings.append(found("font-restricted", where, font=family, sample=sample))
            continue
        data = subset_font(fallback.face, fallback.characters)
        name = f"fonts/subset-{number}.{'otf' if data[:4] == b'OTTO' else 'ttf'}"
        files[name] = data
        family = f"Bifolio {number}"
        # Without a range, the font that is named first would set the height of every line.
        characters = _unicode_range(fallback.characters)
        rules.append(
            f'@font-face {{\n  font-family: "{family}";\n  src: url({name});\n'
            f"  unicode-range: {characters};\n}}"
        )
        for language in sorted(fallback.languages):
            is_main = language == publication.metadata.language
            families.setdefault("body" if is_main else f'[lang="{language}"]', []).append(f'"{family}"')
    for selector, names in families.items():
        rules.append(f"{selector} {{\n  font-family: {', '.join(names)}, serif;\n}}")
    if any(
        TASK_BOX in span.get("class", "") for tree, _ in publication.trees() for span in tree.iter("span")
    ):
        face = next(face for face in bundled_faces() if face.family == _BOX_FAMILY)
        files["fonts/boxes.otf"] = subset_font(face, {UNCHECKED, CHECKED})
        rules.append('@font-face {\n  font-family: "Bifolio boxes";\n  src: url(fonts/boxes.otf);\n}')
        rules.append(f'.{TASK_BOX} {{\n  font-family: "Bifolio boxes", sans-serif;\n}}')
    style = column_width_css(publication) + "\n".join([*rules, stylesheet.screen]) + "\n"
    return style, files, findings


def _unicode_range(characters: Iterable[str]) -> str:
    """Return *characters* as the value of `unicode-range` (CSS Fonts 4, 4.5)."""
    spans: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)
