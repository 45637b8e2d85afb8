"""A build leaves the process of the host program as it found it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import copyreg, gc, logging, os, signal, sys, threading, warnings
from pathlib import Path
from xml.etree.ElementTree import Element

def state():
    loggers = [logging.root, *(each for each in logging.root.manager.loggerDict.values()
                               if isinstance(each, logging.Logger))]
    return {
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "logging": {each.name: (list(each.handlers), each.level) for each in loggers},
        "warnings": list(warnings.filters),
        "gc": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "recursion": sys.getrecursionlimit(),
        "hooks": (sys.excepthook, sys.getprofile(), sys.gettrace()),
        "threads": threading.enumerate(),
    }

def patched():
    '''Return every function and class of the libraries that a build patches, by name.'''
    packages = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "pyphen", "citeproc", "ctypes", "PIL")
    names = {}
    for path, module in list(sys.modules.items()):
        if path.partition(".")[0] in packages:
            for name, value in list(vars(module).items()):
                if callable(value):
                    names[path, name] = value
                if isinstance(value, type):
                    names.update({(path, name, inner): each for inner, each in list(vars(value).items())
                                  if callable(each)})
    return names

modules, reducers, before = dict(sys.modules), dict(copyreg.dispatch_table), state()
import bifolio
bifolio.make(Path("a.md"), Path("build"), cache=False)
after = state()
for name in before:
    if name == "logging":
        for logger in before[name]:
            assert before[name][logger] == after[name][logger], logger
    else:
        assert before[name] == after[name], name
assert Element not in copyreg.dispatch_table
ours = [each for each in copyreg.dispatch_table.values() if each.__module__.startswith("bifolio")]
assert not ours, ours
replaced = [name for name, module in modules.items() if sys.modules.get(name) is not module]
assert not replaced, replaced

names = patched()
bifolio.make(Path("a.md"), Path("build"), cache=False)
changed = [name for name, value in patched().items() if name in names and names[name] is not value]
assert not changed, changed
"""


@pytest.mark.parametrize("cores", ["1", "2"])
def test_a_build_leaves_the_process_as_it_was(tmp_path: Path, cores: str) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: A\nlanguage: en\nbibliography: a.bib\n---\n\n"
        "Text[^a] of [@roe], $x^2$.\n\n[^a]: A note.\n"
    )
    (tmp_path / "a.bib").write_text("@book{roe, author = {Roe, Richard}, title = {Pans}, year = 1999}")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=os.environ | {"BIFOLIO_CORES": cores},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
