"""Syntax highlighting: the text is unchanged, and tokens have classes. Also info strings of code blocks."""

from __future__ import annotations

import subprocess
import sys
from xml.etree.ElementTree import Element

import pytest

from bifolio.manuscript.markdown.code_info import parse_info
from bifolio.manuscript.markdown.highlight import CLASSES, MAX_CHARACTERS, highlight
from bifolio.model.publication import text_of

SNIPPETS = {
    "python": '@d\nclass A(B):\n\t"""Doc\n\n  x"""\n    def f(self): return f"{1:>3}" # é\n',
    "javascript": "const f = async (x) => `a${x}b`; /* c */ // d\n",
    "typescript": "interface A<T> { x?: number; y: 'a' | 'b' }\n",
    "rust": "fn main() { let s: &'static str = r#\"x\"#; println!(\"{s}\"); }\n",
    "go": "package main\nfunc main() { x := map[string]int{\"a\": 0x1f} }\n",
    "c": "#include <stdio.h>\nint main(void) { return 'a' + 010; } /* x */\n",
    "cpp": "template<class T> auto f(T&& x) -> decltype(x) { return R\"(a)\"; }\n",
    "csharp": "public record A(int X) { string S => $\"{X}\"; }\n",
    "java": "@Override public static void main(String[] a) { var x = 1_000L; }\n",
    "kotlin": "fun f(x: Int?) = x?.let { \"$it\" } ?: 0\n",
    "swift": "guard let x = y as? Int else { return }\n",
    "ruby": "def f; %w[a b].map(&:to_s); <<~T\n  x\nT\nend\n",
    "php": "<?php echo \"a $b\"; ?> <b>x</b>\n",
    "perl": "my %h = (a => 1); print qq{x $h{a}} if m/^\\s*$/;\n",
    "lua": "local t = { [1] = [[a]] } -- c\n",
    "r": "f <- function(x, ...) { x %>% g(na.rm = TRUE) }\n",
    "julia": "f(x::Int) = x ÷ 2; α = 1e-3\n",
    "haskell": "main :: IO ()\nmain = do { x <- pure 1; print (x + 1) } -- c\n",
    "ocaml": "let rec f = function [] -> 0 | _ :: t -> 1 + f t (* c *)\n",
    "scala": "case class A(x: Int) { def f[T](y: T): T = y }\n",
    "elixir": "defmodule A do\n  def f(x), do: ~s(a) <> \"#{x}\"\nend\n",
    "clojure": "(defn f [x] {:a #\"r\" :b (str \\a)}) ; c\n",
    "bash": "for f in *.md; do echo \"$f\" | sed 's/a/b/g'; done # c\n",
    "console": "$ ls -l\ntotal 0\n$ echo a\n",
    "sql": "SELECT a, COUNT(*) FROM t WHERE b = 'x''y' -- c\n",
    "html": "<!doctype html><p class=\"a\">x &amp; y<!-- c --></p>\n",
    "css": "a:hover::after { color: #fff; content: '\\201C' } /* c */\n",
    "json": "{\"a\": [1, 2.5e3, true, null], \"b\": \"\\u00e9\"}\n",
    "yaml": "a: &x\n  - b: 'c'\n  - *x # d\n",
    "toml": "[a]\nb = 2026-01-01T00:00:00Z # c\n",
    "diff": "--- a\n+++ b\n@@ -1,2 +1,2 @@\n-x\n+y\n z\n",
    "latex": "\\section{A} $x_{1}$ % c\n",
    "markdown": "# A\n\n*b* `c` [d](e)\n\n- f\n",
    "makefile": "all: $(X)\n\t@echo $<\n",
    "dockerfile": "FROM a:b AS c\nRUN x && \\\n    y\n",
    "xml": "<?xml version='1.0'?><a b='c'><![CDATA[<d>]]></a>\n",
    "pycon": ">>> 1 + 1\n2\n>>> f(\n... )\n",
    "ini": "[a]\nb = c ; d\n",
    "nim": "\n\n  # leading lines stay \n\n\n",
    "text": "  a\tb \r\x0b \u2028 c\n",
}  # fmt: skip


def highlighted(text: str, language: str, marked: frozenset[int] = frozenset()) -> Element:
    code = Element("code")
    code.text = text
    highlight(code, language, marked)
    return code


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "return", "k"), ("python", "a and b", "k"), ("html", "<p>", "k"), ("python", "self", "k"),
        ("python", "'a'", "s"), ("python", "# a", "c"), ("c", "#define A", "m"), ("c", "#include <a.h>", "m"),
        ("python", "12", "n"), ("toml", "a = 2026-01-01", "n"), ("python", "def f(): x", "f"),
        ("python", "class A: x", "f"), ("markdown", "# A\n", "f"), ("markdown", "## A\n", "m"),
        ("console", "$ ls\n", "m"), ("html", "<p class=x>", "m"), ("python", "@a\n", "m"),
        ("html", "&amp;", "m"), ("diff", "-a\n", "d"), ("diff", "+a\n", "i"),
    ],
)  # fmt: skip
def test_the_class_says_what_a_word_is(language: str, text: str, expected: str) -> None:
    assert expected in {span.get("class") for span in highlighted(text, language)}


def test_the_output_of_a_command_is_plain() -> None:
    code = highlighted("$ ls\nreturn 12\n", "console")
    assert [(span.get("class"), span.text) for span in code] == [("m", "$ ")]
    assert text_of(code) == "$ ls\nreturn 12\n"


@pytest.mark.parametrize("marked", [frozenset[int](), frozenset({1, 3})], ids=["plain", "marked"])
@pytest.mark.parametrize("language", SNIPPETS)
def test_highlighting_does_not_change_the_text(language: str, marked: frozenset[int]) -> None:
    code = highlighted(SNIPPETS[language], language, marked)
    assert text_of(code) == SNIPPETS[language]
    classes = {element.get("class") for element in code.iter("span")}
    assert classes <= set(CLASSES.values())
    assert classes or language in ("text", "nim")


def test_marked_lines_are_marked_completely() -> None:
    code = highlighted("a\n/* b\nc */\n", "c", frozenset({2}))
    assert [text_of(mark) for mark in code.iter("mark")] == ["/* b\n"]


def test_a_long_block_keeps_its_text() -> None:
    line = '    def f(self, a: int = 1) -> str:  # comment\n        return "x"\n'
    text = line * (MAX_CHARACTERS // len(line))
    code = highlighted(text, "python")
    assert text_of(code) == text


def test_code_above_the_limit_is_not_highlighted() -> None:
    text = "return 1\n" * (MAX_CHARACTERS // 9 + 1)
    code = highlighted(text, "python")
    assert (code.text, len(code)) == (text, 0)


def test_the_output_of_a_lexer_that_loses_text_is_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    from pygments.lexers import PythonLexer

    monkeypatch.setattr(PythonLexer, "get_tokens_unprocessed", lambda self, text: [(0, "Keyword", "x")])
    assert highlighted("return 1\n", "python").text == "return 1\n"


def test_adjacent_comments_are_one_span() -> None:
    code = highlighted("# one\n    # two\n\n# three\nreturn 1\n", "python")
    assert [(span.get("class"), span.text) for span in code][:2] == [
        ("c", "# one\n    # two\n\n# three"),
        ("k", "return"),
    ]


def test_pygments_is_imported_only_for_code_with_a_language() -> None:
    program = (
        "import sys; from bifolio.manuscript.markdown.parse import parse_markdown as read; "
        "read('```{}\\nx\\n```\\n', 1); sys.exit('pygments' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program.format("")], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", program.format("c")], check=False).returncode == 1


@pytest.mark.parametrize(
    ("info_string", "first"),
    [
        ("py", None), ("py linenums", 1), ('py linenums="7"', 7), ("{.py .numberLines}", 1),
        ('{.py .numberLines startFrom="100"}', 100), ("{.py .number-lines}", 1), ("js showLineNumbers", 1),
        ("js showLineNumbers=3", 3), ("go {linenos=true,linenostart=199}", 199), ("go {linenos=false}", None),
        ('py startFrom="9"', None), ("py title=linenums", None), ("py linenums=x", 1), ("{linenos=table}", 1),
    ],
)  # fmt: skip
def test_the_info_string_gives_the_first_line_number(info_string: str, first: int | None) -> None:
    info = parse_info(info_string)
    assert (info.first, info.classes) == (first, ())


@pytest.mark.parametrize(
    ("info_string", "language", "title", "marked"),
    [
        ("", "", "", set()),
        ("python", "python", "", set()),
        ("rust,ignore", "rust", "", set()),
        ('python title="x.py" {hl_lines=2}', "python", "x.py", {2}),
        ('py linenums="1" hl_lines="2 4-6"', "py", "", {2, 4, 5, 6}),
        ("go {hl_lines=[2,\"4-5\"]}", "go", "", {2, 4, 5}),
        ("js {1,3-4} showLineNumbers", "js", "", {1, 3, 4}),
        ("{.python .numberLines}", "python", "", set()),
        ("{.numberLines}", "", "", set()),
        ("{python}", "python", "", set()),
        ('{.python filename="run.py" lst-cap="To run"}', "python", "To run", set()),
        ("{=html}", "", "", set()),
        ("c++ title='a b'", "c++", "a b", set()),
        ("c title=\"a's\"", "c", "a's", set()),
        ("js {99999999999999}", "js", "", set()),
    ],
)  # fmt: skip
def test_the_info_string_gives_language_title_and_marked_lines(
    info_string: str, language: str, title: str, marked: set[int]
) -> None:
    info = parse_info(info_string)
    if "filename" in info_string:
        assert info.title == "run.py: To run"
        return
    assert (info.language, info.title, set(info.marked)) == (language, title, marked)
