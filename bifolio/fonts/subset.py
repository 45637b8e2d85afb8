"""Font subsets for embedding, and the embedding rights that a font declares."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from io import BytesIO

from bifolio.fonts.faces import Face
from bifolio.model.errors import EditionError

_USAGE, _RESTRICTED = 0x000E, 0x0002
_NO_SUBSETTING, _BITMAP_ONLY = 0x0100, 0x0200


def can_embed(face: Face) -> bool:
    """Return whether *face* may be embedded as a subset (OpenType, OS/2, fsType)."""
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        bits = font["OS/2"].fsType if "OS/2" in font else 0
    return bits & _USAGE != _RESTRICTED and not bits & (_NO_SUBSETTING | _BITMAP_ONLY)


def subset_font(face: Face, characters: Iterable[str]) -> bytes:
    """Return a font file with the glyphs of *face* for *characters*.

    Raises EditionError when the font cannot be subset.
    """
    from fontTools import subset
    from fontTools.ttLib import TTLibError

    options = subset.Options(
        layout_features=["*"], notdef_outline=True, recalc_timestamp=False, font_number=face.index,
        hinting=False,  # for low resolutions only, and larger than a few glyphs themselves
    )  # fmt: skip
    options.drop_tables += ["FFTM"]  # FontForge's time stamps
    out = BytesIO()
    try:
        with closing(subset.load_font(str(face.path), options)) as font:
            subsetter = subset.Subsetter(options)
            subsetter.populate(text="".join(sorted(characters)))
            subsetter.subset(font)
            font.save(out)
    except (TTLibError, OSError, subset.Subsetter.SubsettingError) as error:
        raise EditionError(f"The font {face.family} cannot be subset: {error}.") from error
    return out.getvalue()
