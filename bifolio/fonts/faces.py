"""Font faces: those bundled with the program, and the system's, found through fontconfig."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_STYLES = (("Regular", 400, "normal"), ("It", 400, "italic"), ("Semibold", 600, "normal"),
           ("SemiboldIt", 600, "italic"), ("Bold", 700, "normal"), ("BoldIt", 700, "italic"))  # fmt: skip
_LONGEST_CHARSET = 4000
"""Characters in the `charset` of one fontconfig pattern: a command line has a length limit."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file that a stylesheet can select by family, weight and style."""

    family: str
    weight: int
    style: str
    path: Path
    index: int = 0
    """The index of the font in a collection."""


@functools.cache
def bundled_faces() -> tuple[Face, ...]:
    """Return the faces that come with the program: Source Serif Pro and Source Sans Pro."""
    import font_source_sans_pro as sans
    import font_source_serif_pro as serif

    return tuple(
        Face(family, weight, style, Path(package.font_directory) / f"{stem}-{name}.otf")
        for family, stem, package in (
            ("Source Serif Pro", "SourceSerifPro", serif),
            ("Source Sans Pro", "SourceSansPro", sans),
        )
        for name, weight, style in _STYLES
    )


def bundled_face(family: str, weight: int, style: str = "normal") -> Face:
    """Return the bundled face of this *family*, *weight* and *style*."""
    return next(f for f in bundled_faces() if (f.family, f.weight, f.style) == (family, weight, style))


def match_system_face(characters: Iterable[str]) -> Face | None:
    """Return the serif font that covers most of *characters* according to fontconfig, or None."""
    charset = " ".join(f"{ord(character):x}" for character in sorted(characters))
    # The caller asks again for the characters that are cut off here.
    pattern = f"serif:charset={charset[:_LONGEST_CHARSET].rpartition(' ')[0] or charset}"
    try:
        answer = subprocess.run(
            ["fc-match", "--format", "%{file}\n%{index}\n%{family[0]}", pattern],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout.split("\n")  # fmt: skip
        path, index, family = answer[:3]
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Face(family, 400, "normal", Path(path), int(index or 0) & 0xFFFF)
