"""Draws single changes to the source of a package, by the operators of mutmut.

Only mutmut's operators are used. Its own runner keeps all changes in the code at once and chooses one by an
environment variable, so it cannot change decorated functions and module constants.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from libcst import CSTNode, FunctionDef, MetadataWrapper, Module, parse_module
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


@dataclass(frozen=True)
class Mutant:
    """A module with one change: its path in the tree, its new text, and the lines that differ."""

    path: str
    line: int
    text: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    lines: frozenset[int]
    """The lines of the statement that is changed."""

    @property
    def key(self) -> str:
        """The diff without line numbers, by which a list names the mutant."""
        return "\n".join(
            [self.path, *(f"- {line}" for line in self.removed), *(f"+ {line}" for line in self.added)]
        )

    def __str__(self) -> str:
        first, rest = self.key.split("\n", 1)
        return f"{first}:{self.line}\n{rest}"


def draw(root: Path, package: str, count: int, seed: int) -> list[Mutant]:
    """Return *count* different mutants of the modules of *package*, or all if there are fewer."""
    modules = {path: _mutations(path) for path in sorted((root / package).rglob("*.py"))}
    places = [(path, index) for path, (_, found) in modules.items() for index in range(len(found))]
    Random(f"{seed} {package}").shuffle(places)
    drawn: dict[str, Mutant] = {}
    for path, index in places:
        if len(drawn) == count:
            break
        module, found = modules[path]
        if mutant := _mutant(path.relative_to(root).as_posix(), module, found[index]):
            drawn.setdefault(mutant.key, mutant)
    return list(drawn.values())


class _Visitor(MutationVisitor):
    """Visits decorated functions too, which mutmut's runner cannot change."""

    def on_visit(self, node: CSTNode) -> bool:
        return True if isinstance(node, FunctionDef) else super().on_visit(node)


def _mutations(path: Path) -> tuple[Module, list[Mutation]]:
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = MetadataWrapper(parse_module(path.read_text("utf-8"))).visit(visitor)
    return module, visitor.mutations


def _mutant(path: str, module: Module, mutation: Mutation) -> Mutant | None:
    """Return the mutant, or None if its code is not valid or means the same."""
    old = module.code
    new = module.deep_replace(mutation.original_node, mutation.mutated_node).code
    try:
        if _meaning(new) == _meaning(old):
            return None
    except SyntaxError:
        return None
    before, after = old.splitlines(), new.splitlines()
    changes = [
        change
        for change in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    changed = [
        number for _, start, end, _, _ in changes for number in range(start + 1, max(end, start + 1) + 1)
    ]
    return Mutant(
        path, changed[0], new,
        tuple(line.strip() for _, start, end, _, _ in changes for line in before[start:end]),
        tuple(line.strip() for _, _, _, start, end in changes for line in after[start:end]),
        frozenset(changed) | _lines_of_statement(old, changed[0]),
    )  # fmt: skip


class _TypesRemoved(ast.NodeTransformer):
    """Replaces each `cast(type, value)` by its value."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return (
            node.args[-1]
            if isinstance(node.func, ast.Name) and node.func.id == "cast" and node.args
            else node
        )


def _meaning(text: str) -> str:
    return ast.dump(_TypesRemoved().visit(ast.parse(text)))


def _lines_of_statement(text: str, line: int) -> frozenset[int]:
    """Return the lines of the smallest statement at *line*, for a compound one those before its body."""
    spans = [span for span in _spans(ast.parse(text)) if line in span]
    shortest = min(spans, key=len, default=range(line, line + 1))
    return frozenset(shortest)


def _spans(tree: ast.Module) -> Iterator[range]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body: list[ast.stmt] = getattr(node, "body", [])
            yield range(node.lineno, body[0].lineno if body else (node.end_lineno or node.lineno) + 1)
