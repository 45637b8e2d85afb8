"""Lists the modules by their docstrings; `make modules` writes the list to docs/modules.md."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "modules.md"


def module_list() -> str:
    """Return the content of docs/modules.md."""
    lines = ["# Modules", "", "`make modules` writes this page from the docstrings."]
    for folder in sorted({path.parent for path in (ROOT / "bifolio").rglob("*.py")}):
        lines += [
            "",
            f"## {folder.relative_to(ROOT).as_posix()}",
            "",
            "| Module | What it does |",
            "| --- | --- |",
        ]
        lines += [f"| `{path.name}` | {_summary(path)} |" for path in sorted(folder.glob("*.py"))]
    return "\n".join(lines) + "\n"


def _summary(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(module_list(), "utf-8")
