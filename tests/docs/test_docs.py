"""The documentation agrees with the code: every list in it is the list in the program."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import click
import pytest
import tinycss2
from click.testing import CliRunner

import bifolio
from bifolio import cli
from bifolio.build.options import OPTIONS, BuildOptions, BuildSettings
from bifolio.cli.exit_code import exit_code
from bifolio.manuscript.html import sanitise
from bifolio.manuscript.markdown.dialect.citations import CITATION, CITE, PREFIX, SUFFIX
from bifolio.manuscript.markdown.dialect.notes import NOTE
from bifolio.manuscript.metadata import keys
from bifolio.manuscript.project import source_file
from bifolio.manuscript.project.book_toml import BOOK_KEYS
from bifolio.manuscript.project.plan import GENERATED_SECTIONS
from bifolio.manuscript.transforms import links
from bifolio.model import errors
from bifolio.model.findings import CATALOGUE, Severity, found
from bifolio.model.publication import MATH, NOTE_CALL
from tests.conftest import ROOT
from tests.docs.modules import module_list

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
PAGE_NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LEAK = "ignore:unclosed file .*sRGB2014:ResourceWarning"  # WeasyPrint does not close its colour profile
INTERNAL_ELEMENTS = {MATH, NOTE, NOTE_CALL, CITATION, CITE, PREFIX, SUFFIX}
RULE = re.compile(r"\|[|\s:-]+")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section_of(page: str, heading: str) -> str:
    """Return the text under *heading* in *page*, up to the next heading of its level or a higher one."""
    above = re.compile(rf"#{{1,{len(heading.split()[0])}}} ")
    lines: list[str] | None = None
    fenced = False
    for line in page.splitlines():
        fenced ^= line.startswith("```")
        if line == heading and lines is None:
            lines = []
        elif lines is not None and not fenced and above.match(line):
            break
        elif lines is not None:
            lines.append(line)
    assert lines is not None, f"no heading {heading!r}"
    return "\n".join(lines) + "\n"


def rows(page: str) -> list[list[str]]:
    """Return the cells of every table row in *page*, without header rows and rules."""
    lines = page.splitlines()
    found_rows = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if not line.startswith("|") or RULE.fullmatch(line) or RULE.fullmatch(following):
            continue
        found_rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found_rows


def samples(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.M | re.S)


def names(cells: str) -> list[str]:
    return CODE.findall(cells)


def as_set(listed: list[str]) -> set[str]:
    assert len(listed) == len(set(listed)), "something is listed twice"
    return set(listed)


# ---- findings and exit codes -----------------------------------------------------------------


def test_the_findings_are_those_of_the_catalogue() -> None:
    listed = {names(row[0])[0]: row[1] for row in rows(text("docs/findings.md"))}
    assert listed == {code: kind.severity.name.lower() for code, kind in CATALOGUE.items()}


def test_every_finding_has_a_meaning_and_a_remedy() -> None:
    table = rows(text("docs/findings.md"))
    as_set([row[0] for row in table])
    assert all(row[2] and row[3] for row in table)


def test_the_exit_codes_are_those_of_the_error_classes() -> None:
    listed = {names(row[1])[0]: int(row[0]) for row in rows(text("docs/exit-codes.md")) if row[1]}
    classes = {c.__name__: c.exit_code for c in errors.BifolioError.__subclasses__()}
    assert listed == classes


def test_the_exit_codes_without_an_error_class(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {int(row[0]) for row in rows(text("docs/exit-codes.md")) if not row[1]}
    good = exit_code([])
    bad = exit_code([found(next(c for c, k in CATALOGUE.items() if k.severity is Severity.ERROR),
                                  None, label="", target="", picture="", why="")])  # fmt: skip

    def stop(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.bifolio, "main", stop)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert listed == {good, bad, stopped.value.code}


# ---- the source ------------------------------------------------------------------------------


def test_the_keys_of_the_front_matter() -> None:
    table = rows(section_of(text("docs/source.md"), "## Front matter"))
    assert as_set([names(row[0])[0] for row in table]) == set(keys.KEYS)
    aliases = {alias: names(row[0])[0] for row in table for alias in names(row[2])}
    assert aliases == keys.ALIASES


def test_the_keys_of_book_toml_and_the_generated_sections() -> None:
    page = text("docs/books.md")
    assert as_set([names(row[0])[0] for row in rows(section_of(page, "## book.toml"))]) == set(BOOK_KEYS)
    assert (
        as_set([names(row[0])[0] for row in rows(section_of(page, "## Generated pages"))])
        == GENERATED_SECTIONS
    )
    assert len(BOOK_KEYS) < 20


def test_the_allowed_and_removed_html_elements() -> None:
    raw = section_of(text("docs/source.md"), "## Raw HTML")
    allowed, _, rest = raw.partition("These are removed")
    removed = rest.partition("Any other element")[0]
    # The HTML parser itself drops these tags.
    dropped = {"head", "frame", "frameset", "source"}
    assert as_set(names(allowed)) == sanitise.ALLOWED_ELEMENTS - INTERNAL_ELEMENTS
    assert as_set(names(removed)) == sanitise.REMOVED_ELEMENTS - dropped


def test_the_allowed_html_attributes() -> None:
    table = rows(section_of(text("docs/source.md"), "## Raw HTML"))
    listed = {names(row[0])[0]: set(names(row[1])) for row in table}
    assert listed == {
        tag: set(more) for tag, more in sanitise.ATTRIBUTES_BY_ELEMENT.items() if tag not in INTERNAL_ELEMENTS
    }


def test_the_allowed_link_schemes() -> None:
    section = section_of(text("docs/source.md"), "## Links and anchors")
    line = section.partition("or begin with")[2].partition(". ")[0]
    assert {name.rstrip(":") for name in names(line)} == links.LINK_SCHEMES


def test_the_suffixes_of_source_files() -> None:
    first = text("docs/source.md").partition("```")[0]
    assert set(names(first)) == source_file.MARKDOWN_SUFFIXES | source_file.PLAIN_TEXT_SUFFIXES


@pytest.mark.parametrize(
    "sample",
    [*samples(text("docs/source.md"), "markdown"), *samples(text("README.md"), "markdown")],
    ids=lambda sample: " ".join(sample.split()[:4]),
)
def test_sample_sources_have_no_findings(sample: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    CliRunner().invoke(cli.bifolio, ["new", str(project)], catch_exceptions=False)
    front = "" if sample.startswith("---") else "---\ntitle: A sample\nlanguage: en-GB\n---\n\n"
    article = project / "source" / "article.md"
    article.write_text(front + sample, "utf-8")
    assert bifolio.read(article).findings == ()


# ---- the command line ------------------------------------------------------------------------


def commands() -> dict[str, click.Command]:
    context = click.Context(cli.bifolio)
    listed = cli.bifolio.list_commands(context)
    return {name: cli.bifolio.get_command(context, name) for name in listed}  # type: ignore[misc]


def names_of(parameter: click.Parameter) -> list[str]:
    if isinstance(parameter, click.Option):
        return [*parameter.opts, *parameter.secondary_opts]
    return [parameter.metavar or (parameter.name or "").upper()]


def test_every_command_has_a_section() -> None:
    headings = re.findall(r"^## `bifolio (\w+)`$", text("docs/command-line.md"), flags=re.M)
    assert as_set(headings) == set(commands())


def test_the_global_options() -> None:
    table = rows(section_of(text("docs/command-line.md"), "## `bifolio`"))
    listed = [name for row in table for name in names(row[0])]
    context = click.Context(cli.bifolio, help_option_names=["-h", "--help"])
    assert as_set(listed) == {n for p in cli.bifolio.get_params(context) for n in names_of(p)}


@pytest.mark.parametrize("name", commands())
def test_the_arguments_and_options_of_each_command(name: str) -> None:
    section = section_of(text("docs/command-line.md"), f"## `bifolio {name}`")
    listed = [row[0] for row in rows(section) if re.match(r"`(-|[A-Z]+`)", row[0])]
    real = {n for parameter in commands()[name].params for n in names_of(parameter)}
    assert as_set([n for cell in listed for n in names(cell)]) == real


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_sample_command_lines_parse(page: str) -> None:
    for sample in samples(text(page), "sh"):
        for line in sample.splitlines():
            words = shlex.split(line)
            if not words or Path(words[0]).name != "bifolio":
                continue
            command = commands()[words[1]]
            command.make_context(words[1], words[2:])  # raises an error for unknown arguments


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_named_make_targets_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), flags=re.M))
    code = "\n".join(samples(text(page), "sh")) + "\n" + "\n".join(names(text(page)))
    assert set(re.findall(r"^make ([a-z]+)$", code, flags=re.M)) <= targets


# ---- the code --------------------------------------------------------------------------------


def test_every_module_is_listed() -> None:
    assert text("docs/modules.md") == module_list(), "Run `make modules`."


def test_the_package_layers_are_those_of_import_linter() -> None:
    packages = section_of(text("docs/architecture.md"), "## Packages")
    listed = [names(line) for line in re.findall(r"^\d+\. (.*)$", packages, flags=re.M)]
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert listed == [layer.split(" | ") for layer in layers]


def test_the_public_names() -> None:
    headings = re.findall(r"^### `(\w+)`$", text("docs/python.md"), flags=re.M)
    assert as_set(headings) == set(bifolio.__all__)


@pytest.mark.parametrize("name", [n for n in bifolio.__all__ if inspect.isfunction(getattr(bifolio, n))])
def test_the_signatures_of_public_functions(name: str) -> None:
    written = ast.parse(samples(section_of(text("docs/python.md"), f"### `{name}`"), "python")[0]).body[0]
    assert isinstance(written, ast.FunctionDef)
    real = inspect.signature(getattr(bifolio, name))
    kinds = inspect.Parameter
    assert written.name == name
    assert [argument.arg for argument in written.args.args] == [
        p.name for p in real.parameters.values() if p.kind is kinds.POSITIONAL_OR_KEYWORD
    ]
    assert [argument.arg for argument in written.args.kwonlyargs] == [
        p.name for p in real.parameters.values() if p.kind is kinds.KEYWORD_ONLY
    ]
    assert (written.args.kwarg.arg if written.args.kwarg else None) == next(
        (p.name for p in real.parameters.values() if p.kind is kinds.VAR_KEYWORD), None
    )
    optional = [p for p in real.parameters.values() if p.default is not kinds.empty]
    assert len(real.parameters) < 8
    assert len(written.args.defaults) + len(written.args.kw_defaults) == len(optional)
    assert written.returns is not None
    assert ast.unparse(written.returns) == real.return_annotation


def test_the_fields_of_build_options() -> None:
    table = rows(section_of(text("docs/python.md"), "### `BuildOptions`"))
    listed = [[names(cell)[0] for cell in row[:3]] for row in table]
    assert listed == [
        [each.name, repr(each.default), OPTIONS[each.name].flag or "--style"]
        for each in dataclasses.fields(BuildOptions)
    ]


def test_build_settings_has_the_fields_of_build_options() -> None:
    declared = {each.name: each.type for each in dataclasses.fields(BuildOptions)}
    typed = {name: kind.__forward_arg__ for name, kind in BuildSettings.__annotations__.items()}
    assert declared == typed


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample article and its stylesheet, as the working folder."""
    for folder in ("source", "styles"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.filterwarnings(LEAK)
def test_the_readme_sample_runs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sample,) = samples(text("README.md"), "python")
    assert len([line for line in sample.splitlines() if line.strip()]) == 5
    exec(compile(sample, "README.md", "exec"), {})
    epub, pdf = (project / "build" / f"article.{kind}" for kind in ("epub", "pdf"))
    printed = capsys.readouterr().out.splitlines()
    assert printed == [f"build/{path.name} {path.stat().st_size}" for path in (epub, pdf)]


@pytest.mark.filterwarnings(LEAK)
def test_the_python_samples_run(project: Path) -> None:
    code = [sample for sample in samples(text("docs/python.md"), "python") if not sample.startswith("def ")]
    for sample in code:
        exec(compile(sample, "docs/python.md", "exec"), {})
    assert (project / "article-a5.pdf").read_bytes().startswith(b"%PDF")


# ---- the stylesheet --------------------------------------------------------------------------


def style_rules(nodes: list[object]) -> list[object]:
    """Return every style rule in *nodes*, including those in `@media`."""
    found_rules: list[object] = []
    for node in nodes:
        if node.type == "qualified-rule":  # type: ignore[attr-defined]
            found_rules.append(node)
        elif node.type == "at-rule" and node.lower_at_keyword == "media":  # type: ignore[attr-defined]
            found_rules += style_rules(tinycss2.parse_rule_list(node.content, True, True))  # type: ignore[attr-defined]
    return found_rules


RULES = style_rules(tinycss2.parse_stylesheet(text("styles/bifolio.css"), True, True))


def test_the_custom_properties() -> None:
    table = rows(section_of(text("docs/stylesheet.md"), "## Custom properties"))
    real = {
        item.name
        for rule in RULES
        for item in tinycss2.parse_blocks_contents(rule.content, True, True)  # type: ignore[attr-defined]
        if item.type == "declaration" and item.name.startswith("--")
    }
    assert as_set([names(row[0])[0] for row in table]) == real


SELECTORS = " ".join(tinycss2.serialize(rule.prelude) for rule in RULES)  # type: ignore[attr-defined]
NAMED_STYLES = set(re.findall(r":root\.([a-z][\w-]*)", SELECTORS))


def test_the_named_styles() -> None:
    table = rows(section_of(text("docs/stylesheet.md"), "## Named styles"))
    assert as_set([names(row[0])[0] for row in table]) == NAMED_STYLES


def test_the_classes() -> None:
    listed = as_set([names(row[0])[0] for row in rows(section_of(text("docs/stylesheet.md"), "## Classes"))])
    styled = set(re.findall(r"\.([a-z][\w-]*)", SELECTORS)) - NAMED_STYLES
    assert styled <= listed
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bifolio").rglob("*.py"))
    unknown = {name for name in listed - styled if f'"{name}"' not in code}
    assert unknown <= {"left", "right", "center"}  # made from the alignment marks of a table


def test_the_print_only_properties() -> None:
    from bifolio.stylesheet.ereader import PRINT_PROPERTIES

    screens = section_of(text("docs/stylesheet.md"), "## What e-readers support")
    listed = screens.partition("in the following list.")[2].partition("\n\nEverything else")[0]
    assert as_set(names(listed)) == PRINT_PROPERTIES


@pytest.mark.parametrize("sample", samples(text("docs/stylesheet.md"), "css"))
def test_sample_stylesheets_have_no_findings(sample: str, tmp_path: Path) -> None:
    from bifolio.stylesheet import read_stylesheet

    path = tmp_path / "sample.css"
    path.write_text(sample, "utf-8")
    stylesheet = read_stylesheet(path)
    assert stylesheet.findings == ()
    assert "margin-bottom" in stylesheet.screen
    assert "justify" not in stylesheet.screen


# ---- links between pages ---------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_links_to_files_resolve(page: str) -> None:
    prose = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", text(page), flags=re.S)
    links = re.findall(r"\]\(([^)\s]+)[^)]*\)", prose)
    own = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
    gone = [link for link in own if not ((ROOT / page).parent / link).exists()]
    assert gone == []
