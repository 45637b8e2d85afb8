"""TeX to MathML: a formula is converted completely or refused."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest

from bifolio.model.math import MAX_LENGTH, FormulaError, to_mathml

SUPPORTED = [
    r"x^2 + \alpha_i", r"\frac{a}{b}", r"\sqrt[3]{x}", r"\mathbb{R} \to \mathcal{L}", r"\mathrm{d}x",
    r"\left(\frac{a}{b}\right)^2", r"\left. x \right|_0^1", r"\sum_{i=1}^n i", r"\{a, b\}", r"a < b \& c > d",
    r"\begin{pmatrix}a & b \\ c & d\end{pmatrix}", r"\begin{aligned}a &= b \\ &= c\end{aligned}",
    r"\begin{cases}1 & x > 0 \\ 0 & \text{if not}\end{cases}", r"\begin{gather*}a \\ b\end{gather*}",
    r"\begin{array}{c|c}1 & 2 \\ \hline 3 & 4\end{array}", r"\operatorname{rank} A", r"\binom nk",
    "x % a comment }\n+ y", r"x \tag{1}", r"x \label{a}", r"\begin{equation}x\end{equation}", r"f'(x)",
]  # fmt: skip
UNSUPPORTED = {
    r"\foo{x}": r"the command `\foo` is not known",
    r"\ce{H2O}": r"the command `\ce` is not known",
    r"\frac{1": "its braces do not match",
    r"x}": "its braces do not match",
    r"}{": "its braces do not match",
    r"\begin{foo}x\end{foo}": "the environment `foo` is not known",
    r"\begin{cases}x": r"`\begin{cases}` has no `\end`",
    r"x\end{cases}": r"`\end{cases}` has no `\begin`",
    r"\left( x": "extra left or missing right",
    r"a_b_c": "double subscripts",
    r"": "no available tokens",
    r"\href{javascript:alert(1)}{x}": "links and styles are not permitted in a formula",
    r"\style{color:red}{x}": "links and styles are not permitted in a formula",
    r"a & b": "`&` is used outside of rows",
    "x" * (MAX_LENGTH + 1): f"it is longer than {MAX_LENGTH} characters",
    "{" * 3000 + "x" + "}" * 3000: "it is nested too deep",
    r"\sqrt" * 500 + "x": "it is nested too deep",
}


@pytest.mark.parametrize("tex", SUPPORTED)
@pytest.mark.parametrize("display", [False, True])
def test_supported_tex_becomes_mathml_with_the_tex_as_alttext(tex: str, display: bool) -> None:
    root = fromstring(to_mathml(tex, display))
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert root.get("alttext") == " ".join(tex.split())
    assert root.get("display") == ("block" if display else None)
    assert "\\" not in "".join(root.itertext())


@pytest.mark.parametrize("tex", UNSUPPORTED, ids=lambda tex: tex[:20])
def test_unsupported_tex_is_an_error(tex: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(UNSUPPORTED[tex])):
        to_mathml(tex, True)


def test_mathrm_is_upright() -> None:
    assert 'mathvariant="normal">d<' in to_mathml(r"\mathrm{d}x", False)


def test_the_rows_of_aligned_are_table_rows() -> None:
    assert to_mathml(r"\begin{aligned}a &= b \\ &= c\end{aligned}", True).count("<mtr>") == 2
