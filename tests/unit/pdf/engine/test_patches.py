"""The table of patches, row by row: every patched name is the one that its hooks were written for."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bifolio import bind_pdf, make, read
from bifolio.model.errors import EngineMismatch
from bifolio.pdf import typeset
from bifolio.pdf.engine import patching
from bifolio.pdf.engine.memoization import memoization
from bifolio.pdf.engine.patches import LAYERS, PATCHES, VERSIONS, Patch
from bifolio.pdf.engine.patching import Layer, apply_layers
from bifolio.pdf.engine.styles.lazy_selectors import _LAYER as LAZY_SELECTORS
from bifolio.pdf.job import FigureStyle, TextContext
from bifolio.pdf.writing import assemble
from bifolio.pdf.writing.fast_serialization import fast_serialization

TEXT = "---\ntitle: T\nlanguage: en\ndate: 2026-01-02\n---\n\nOne *two* three.[^n]\n\n[^n]: A note.\n"
ROWS = [pytest.param(patch, id=patch.key) for patch in PATCHES]


def every_layer() -> list[Layer]:
    record = typeset._PageRecord(TextContext())
    return [
        *typeset.layers(record, FigureStyle(), vertical=True),
        assemble._assembly([], [], []),
        fast_serialization(),
        LAZY_SELECTORS,
    ]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Return a monkeypatch for WeasyPrint; the patches are verified again afterwards."""
    patching.verify.cache_clear()
    monkeypatch.setenv("BIFOLIO_CORES", "1")
    return monkeypatch


@pytest.mark.parametrize("patch", ROWS)
def test_the_patched_name_exists_with_the_parameters_of_its_hooks(patch: Patch) -> None:
    patch.verify()


@pytest.mark.parametrize("patch", ROWS)
def test_the_patched_source_has_the_recorded_digest(patch: Patch) -> None:
    assert patch.source_digest() == patch.digest


@pytest.mark.parametrize("library", VERSIONS)
def test_the_recorded_version_is_the_installed_one(library: str) -> None:
    assert version(library) == VERSIONS[library]


def test_each_layer_hooks_the_rows_that_name_it_and_no_others() -> None:
    layers = {layer.name: {*layer.hooks, *layer.replacements} for layer in every_layer()}
    assert {*layers} == {*LAYERS}
    for name, keys in layers.items():
        assert keys == {patch.key for patch in PATCHES if name in patch.layers.split()}, name


@pytest.mark.parametrize("patch", ROWS)
def test_the_layers_of_a_row_are_in_the_declared_order(patch: Patch) -> None:
    layers = patch.layers.split()
    assert layers == sorted(layers, key=LAYERS.index)


def test_hooks_are_chained_in_the_declared_order() -> None:
    called: list[str] = []

    def layer(name: str) -> Layer:
        def hook(following: Callable[..., Any], *call: Any) -> Any:
            called.append(name)
            return following(*call)

        return Layer(name, {"weasyprint.layout.text_width": hook})

    patch = Patch("weasyprint.layout.inline", "text_align", "", "", "")
    layers = [layer(name) for name in ("floats", "justification", "footnotes")]
    for one in layers:
        object.__setattr__(one, "hooks", {patch.key: next(iter(one.hooks.values()))})
    with apply_layers(*layers):
        from weasyprint.layout import inline

        with pytest.raises(AttributeError):
            inline.text_align(None, None, 0, False)
    assert called == ["floats", "footnotes", "justification"]


def test_patches_are_removed_afterwards() -> None:
    before = {patch.key: patch.original() for patch in PATCHES}
    with apply_layers(*every_layer()):
        patched = {patch.key: vars(patch.holder())[patch.name] for patch in PATCHES}
        assert all(patched[key] is not value for key, value in before.items())
    assert {patch.key: patch.original() for patch in PATCHES} == before


def test_patches_are_removed_after_an_error() -> None:
    before = {patch.key: patch.original() for patch in PATCHES}
    with pytest.raises(ZeroDivisionError), apply_layers(*every_layer()):
        raise ZeroDivisionError
    assert {patch.key: patch.original() for patch in PATCHES} == before


def with_an_extra_parameter(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> str:
    original: Any = patch.original()
    signature = inspect.signature(original)
    extra = inspect.Parameter("extra", inspect.Parameter.KEYWORD_ONLY, default=None)

    def changed(*values: Any, **options: Any) -> Any:
        options.pop("extra", None)
        return original(*values, **options)

    changed.__signature__ = signature.replace(parameters=[*signature.parameters.values(), extra])  # type: ignore[attr-defined]
    monkeypatch.setattr(patch.holder(), patch.name, changed)
    return f"`{patch.key}` takes ({patch.parameters} extra), not ({patch.parameters})"


def with_one_result_fewer(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> str:
    original: Any = patch.original()

    def changed(*values: Any, **options: Any) -> Any:
        return original(*values, **options)[:-1]

    changed.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    monkeypatch.setattr(patch.holder(), patch.name, changed)
    return f"`{patch.key}` returns {patch.result - 1} values, not {patch.result}"


def without_the_function(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delattr(patch.holder(), patch.name)
    return f"`{patch.key}` is gone"


@pytest.mark.parametrize("name", ["block._in_flow_layout", "page.make_page"])
@pytest.mark.parametrize("change", [with_an_extra_parameter, with_one_result_fewer, without_the_function])
def test_an_incompatible_engine_is_reported_and_the_old_editions_stay(
    change: Callable[[Patch, pytest.MonkeyPatch], str], name: str, engine: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source, into = tmp_path / "text.md", tmp_path / "build"
    source.write_text(TEXT, encoding="utf-8")
    make(source, into, only="pdf", cache=False)
    before = (into / "text.pdf").read_bytes()
    source.write_text(TEXT + "More.\n", encoding="utf-8")
    patching.verify.cache_clear()
    patch = next(patch for patch in PATCHES if patch.key == f"weasyprint.layout.{name}")
    with engine.context() as context:
        difference = change(patch, context)
        with pytest.raises(EngineMismatch) as raised:
            make(source, into, only="pdf", cache=False)
    patching.verify.cache_clear()
    assert raised.value.exit_code == 4
    assert str(raised.value) == (
        f"Bifolio needs WeasyPrint 70.0; this is WeasyPrint 70.0, in which {difference}. "
        "Install it: `pip install weasyprint==70.0`."
    )
    assert (into / "text.pdf").read_bytes() == before
    make(source, into, only="pdf", cache=False)
    assert (into / "text.pdf").read_bytes() != before


def test_a_name_missing_at_import_is_reported_as_an_incompatible_engine(tmp_path: Path) -> None:
    source = tmp_path / "text.md"
    source.write_text(TEXT, encoding="utf-8")
    code = (
        "import sys, weasyprint.layout.block as block; del block.remove_placeholders\n"
        "from bifolio import cli\n"
        "sys.argv = ['bifolio', 'build', sys.argv[1], '--into', sys.argv[2]]; cli.main()\n"
    )
    command = [sys.executable, "-c", code, str(source), str(tmp_path / "build")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 4
    assert run.stderr.startswith("bifolio: Bifolio needs WeasyPrint 70.0; this is WeasyPrint 70.0, in which ")
    assert "remove_placeholders" in run.stderr
    assert not (tmp_path / "build").exists()


def test_layouts_in_threads_do_not_share_hooks(tmp_path: Path, engine: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sources = []
    for index in range(8):
        sources.append(tmp_path / f"{index}.md")
        sources[-1].write_text(TEXT.replace("three", "three " * (index + 1) * 30), encoding="utf-8")
    publications = [read(source) for source in sources]
    sequential = [bind_pdf(publication, None, "a6").data for publication in publications]
    before = {patch.key: patch.original() for patch in PATCHES}
    with ThreadPoolExecutor(8) as pool:
        concurrent = list(pool.map(lambda one: bind_pdf(one, None, "a6").data, publications))
    assert concurrent == sequential
    assert {patch.key: patch.original() for patch in PATCHES} == before


def test_importing_the_job_module_imports_no_engine() -> None:
    code = "import sys, bifolio.pdf.job; print(sorted({'weasyprint', 'pydyf'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


HOST = """
import sys
import bifolio, bifolio.pdf.build
import weasyprint
from cssselect2 import compiler
assert "eval" not in vars(compiler)
page = weasyprint.HTML(string="<h1>A</h1><ol><li>B</ol>").write_pdf()
sys.stdout.buffer.write(page)
"""


def test_the_host_programs_own_weasyprint_is_unchanged() -> None:
    plain = HOST.replace("import bifolio, bifolio.pdf.build\n", "")
    pages = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for code in (HOST, plain)
    ]
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"%PDF")


def test_the_layers_of_a_text_include_memoization() -> None:
    names = [
        layer.name
        for layer in typeset.layers(typeset._PageRecord(TextContext()), FigureStyle(), vertical=False)
    ]
    assert memoization().name in names
    assert "vertical_justification" not in names
