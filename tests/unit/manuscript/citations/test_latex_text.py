"""LaTeX in BibTeX fields, converted to text."""

from __future__ import annotations

import pytest

from bifolio.manuscript.citations.latex_text import latex_to_text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("G{\\\"o}del, \\'Alvaro \\c{C}a \\& Co", "Gödel, Álvaro Ça & Co"),
        ("A & B < C, 5% off", "A & B < C, 5% off"),
        ("The {NASA} and {D}NA-binding", "The NASA and DNA-binding"),
        ("\\emph{In vivo} {\\it x} -- ``y''", "<i>In vivo</i> <i>x</i> – “y”"),
        ("$x^2$ \\unknown{kept} \\input{/etc/passwd}z", "x^2 kept z"),
        ("never {closed", "never closed"),
    ],
)
def test_latex_becomes_text(latex: str, text: str) -> None:
    assert latex_to_text(latex).replace('<span class="nocase">', "").replace("</span>", "") == text
