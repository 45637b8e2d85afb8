"""Patches of citeproc-py, checked against the installed version and against other ones."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from citeproc import model

from bifolio import read
from bifolio.manuscript.citations.citeproc_patches import (
    CITEPROC_VERSION,
    PATCHES,
    Patch,
    apply_patches,
    check_patches,
)
from bifolio.model.errors import EditionError
from tests.conftest import ROOT

by_name = pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{patch.owner}.{patch.name}")


def other_model(patch: Patch, method: object) -> ModuleType:
    """Return a copy of `citeproc.model` with *method*, or none, in place of the patched method."""
    module = ModuleType("citeproc.model")
    vars(module).update(vars(model))
    owner = type(patch.owner, (), {} if method is None else {patch.name: method})
    setattr(module, patch.owner, owner)
    return module


def function_with_extra_parameter(parameters: tuple[str, ...]) -> Callable[..., object]:
    function: Callable[..., object] = eval(f"lambda {', '.join(parameters)}, extra: None")
    return function


@by_name
def test_a_replacement_has_the_parameters_of_its_original(patch: Patch) -> None:
    original = vars(getattr(model, patch.owner))[patch.name]
    replacement = patch.replacement(original)
    assert tuple(inspect.signature(original).parameters) == patch.parameters
    assert tuple(inspect.signature(replacement).parameters) == patch.parameters


@by_name
def test_a_method_with_another_parameter_is_refused(patch: Patch) -> None:
    with pytest.raises(EditionError) as refused:
        check_patches(other_model(patch, function_with_extra_parameter(patch.parameters)))
    parameters = ", ".join(patch.parameters)
    assert str(refused.value) == (
        f"Bifolio needs citeproc-py 0.11.1; this is {version('citeproc-py')}, in which "
        f"`{patch.owner}.{patch.name}` takes ({parameters}, extra), not ({parameters}). "
        "Install citeproc-py 0.11.1."
    )


@by_name
def test_a_missing_method_is_refused(patch: Patch) -> None:
    with pytest.raises(EditionError, match=rf"in which `{patch.owner}\.{patch.name}` is missing\."):
        check_patches(other_model(patch, None))


@by_name
def test_a_missing_class_is_refused(patch: Patch) -> None:
    module = other_model(patch, None)
    delattr(module, patch.owner)
    with pytest.raises(EditionError, match=rf"in which `{patch.owner}\.{patch.name}` is missing\."):
        check_patches(module)


def test_the_methods_are_replaced_only_in_the_context() -> None:
    originals = [vars(getattr(model, patch.owner))[patch.name] for patch in PATCHES]
    with apply_patches():
        inside = [vars(getattr(model, patch.owner))[patch.name] for patch in PATCHES]
    assert not any(one is other for one, other in zip(originals, inside, strict=True))
    assert [vars(getattr(model, patch.owner))[patch.name] for patch in PATCHES] == originals


def test_the_version_is_the_pinned_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"citeproc-py=={CITEPROC_VERSION}" in project["dependencies"]


def test_another_version_stops_the_build_with_exit_code_4(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    front = "---\ntitle: T\nlanguage: en\nbibliography: w.json\n---\n\n"
    path = write(front + "[@doe]\n", w__json='[{"id": "doe", "type": "book", "title": "Salt"}]')
    monkeypatch.setattr(model.Names, "markup", function_with_extra_parameter(("self", "text")))
    check_patches.cache_clear()
    with pytest.raises(EditionError, match=r"Bifolio needs citeproc-py 0\.11\.1; this is") as refused:
        read(path)
    assert refused.value.exit_code == 4
