"""The bundled font faces and their characters."""

from __future__ import annotations

from bifolio.fonts.coverage import code_points
from bifolio.fonts.faces import bundled_faces


def test_the_bundled_faces_exist_and_have_the_letters_of_azerbaijani() -> None:
    faces = bundled_faces()
    assert {(f.family, f.weight, f.style) for f in faces} == {
        (family, weight, style)
        for family in ("Source Serif Pro", "Source Sans Pro")
        for weight in (400, 600, 700)
        for style in ("normal", "italic")
    }
    for face in faces:
        assert face.path.is_file()
        letters = "şŞçÇğİı‘’–…" if face.style == "italic" else "əƏşŞçÇğİı‘’–…"
        assert set(map(ord, letters)) <= code_points(face)
