# SPDX-License-Identifier: Apache-2.0
"""The changes that `tools.mutate` tries: by Slither's mutators to contracts, by Cosmic Ray's operators to Python."""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

#: Operators that are not asked: `is` and `==` are one for the members of enumerations, None and small numbers.
_SAME = ("_Eq_Is", "_Is_Eq", "_NotEq_IsNot", "_IsNot_NotEq")

#: Changes that nobody can observe, each with the reason: not counted. Keys are `Mutant.name`.
EQUIVALENT: dict[str, str] = json.loads(
    (ROOT / "tools" / "mutate_equivalent.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Mutant:
    """A file of the project as it would be after one change at a line (from 1), and the change in words."""

    path: str
    line: int
    change: str
    text: str

    @property
    def told(self) -> str:
        """Where the change is, and what."""
        return f"{self.path}:{self.line} {self.change}"

    @property
    def name(self) -> str:
        """The same without the number of the line, which moves."""
        return f"{self.path} {self.change}"

    @property
    def equivalent(self) -> bool:
        """Whether a reader found that nobody can observe the change."""
        return self.name in EQUIVALENT


def python_mutants(folder: str) -> Iterator[Mutant]:
    """Every change that Cosmic Ray's operators make to the modules of a folder."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    # Those that need arguments change variables that somebody names.
    operators = [(name, get_operator(name)) for name in sorted(operator_names())]
    operators = [
        (name, operator())
        for name, operator in operators
        if not operator.arguments() and not name.endswith(_SAME)
    ]
    for path in sorted((ROOT / folder).rglob("*.py")):
        before = path.read_text(encoding="utf-8")
        nodes = list(ast_nodes(get_ast(before)))
        seen = set()
        for name, operator in operators:
            for occurrence in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
                after = mutate_code(before, operator, occurrence)
                if after not in seen and _says_something_else(before, after):
                    seen.add(after)
                    yield _mutant(path, name.rpartition("/")[2], before, after)


def solidity_mutants(folder: str) -> Iterator[Mutant]:
    """Every change that Slither's mutators make to the contracts of a folder."""
    from slither.formatters.utils.patches import apply_patch
    from slither.tools.mutator.mutators import all_mutators

    from tools.slither_findings import read_contracts

    slither = read_contracts()
    kinds: list[Any] = [kind for _, kind in sorted(vars(all_mutators).items()) if hasattr(kind, "_mutate")]
    for contract in sorted(slither.contracts, key=lambda each: each.name):
        path = Path(contract.source_mapping.filename.absolute)
        if not path.is_relative_to(ROOT / folder):
            continue
        before = path.read_text(encoding="utf-8")
        seen = set()
        for kind in kinds:
            for patches in _patches(kind, contract).values():
                for patch in patches:
                    after = apply_patch(before.encode(), patch, 0)[0].decode()
                    if after != before and after not in seen:
                        seen.add(after)
                        yield _mutant(path, kind.NAME, before, after)


def _patches(kind: Any, contract: Any) -> dict[str, list[dict[str, object]]]:
    unit = contract.compilation_unit
    mutator = kind(unit, 0, "", str(ROOT), contract, None, False, Path(tempfile.gettempdir()), [])
    found: dict[str, list[dict[str, object]]] = mutator._mutate().get("patches", {})
    return found


def _says_something_else(before: str, after: str) -> bool:
    """Whether a changed module compiles, and differs in more than texts for readers and types."""
    try:
        return _bare(before) != _bare(after)
    except SyntaxError:
        return False


@cache
def _bare(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        # Annotations are never evaluated here (`from __future__ import annotations`), nor does code read docstrings.
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.arguments):
            # The star before parameters that are given by name is no operator.
            node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
            node.defaults = [*node.defaults, *(each for each in node.kw_defaults if each is not None)]
            node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.ClassDef):
            _forget_repr(node)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            # What types need alone.
            node.test = ast.Constant(None)
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    return ast.dump(tree)


def _forget_repr(node: ast.ClassDef) -> None:
    """A dataclass keeps the text that its class defines, whatever it is told of `repr`."""
    if any(isinstance(each, ast.FunctionDef) and each.name == "__repr__" for each in node.body):
        for each in node.decorator_list:
            if isinstance(each, ast.Call):
                each.keywords = [word for word in each.keywords if word.arg != "repr"]


def _mutant(path: Path, kind: str, before: str, after: str) -> Mutant:
    old, new = before.splitlines(), after.splitlines()
    pairs = zip(old, new, strict=False)
    at = next((i for i, (was, now) in enumerate(pairs) if was != now), min(len(old), len(new)) - 1)
    name = path.relative_to(ROOT).as_posix()
    return Mutant(name, at + 1, f"{kind}: {old[at].strip()}  ->  {new[at].strip()}", after)
