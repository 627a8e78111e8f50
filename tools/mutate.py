# SPDX-License-Identifier: Apache-2.0
"""Change the code in one small way, run the tests that should notice, and say which changes none noticed.

`.venv-proofs/bin/python -m tools.mutate ROOM [--sample N] [--seed N]`; the rooms are those of `ROOMS`. Contracts are
changed by Slither's mutators, Python by Cosmic Ray's operators. Everything happens in a copy under `build/mutation`.
Exit code 0 when at least 95 % of the changes were noticed.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COPIES = ROOT / "build" / "mutation"
WANTED = 0.95
SECONDS = 900

_PYTEST = (".venv-client/bin/python", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
_COPIED = (
    "sceau",
    "contracts",
    "interfaces",
    "scripts",
    "tools",
    "tests",
    "docs",
    ".home",
    "build/contracts",
)
_LINKED = (
    *(
        "benchmarks",
        ".venv",
        ".venv-client",
        ".venv-proofs",
        "node_modules",
        "pyproject.toml",
        "brownie-config.yaml",
    ),
    *("README.md", "CONTRIBUTING.md", "Makefile", "requirements"),
)

# Errors and sentences are held against their catalogues for all rooms at once.
_SENTENCES = "tests/client/locale"

#: What is changed, and the tests that should notice, the narrowest first.
ROOMS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "consents": (
        "contracts/consent",
        (("tools/brownie", "test", "tests/contracts/ConsentRegistry", "-q", "-x"),),
    ),
    "claims": ("contracts/claim", (("tools/brownie", "test", "tests/contracts/ClaimRegistry", "-q", "-x"),)),
    "parties": ("contracts/party", (("tools/brownie", "test", "tests/contracts/PartyRegistry", "-q", "-x"),)),
    "policy": (
        "sceau/policy",
        ((*_PYTEST, "tests/client/policy", _SENTENCES), (*_PYTEST, "tests/client/verify")),
    ),
    "disclosure": (
        "sceau/disclosure",
        ((*_PYTEST, "tests/client/disclosure", _SENTENCES), (*_PYTEST, "tests/client/verify")),
    ),
    "verify": (
        "sceau/verify",
        ((*_PYTEST, "tests/client/verify", _SENTENCES), (*_PYTEST, "tests/client/roles")),
    ),
    "audit": (
        "sceau/audit",
        ((*_PYTEST, "tests/client/audit", _SENTENCES), (*_PYTEST, "tests/client/roles/test_auditor.py")),
    ),
}
#: Asked where the first tests notice nothing.
_PROTOCOL = ("tools/brownie", "test", "tests/contracts/protocol", "-q", "-x")


@dataclass(frozen=True)
class Mutant:
    """A file of the project as it would be after one change, and the change in words."""

    path: str
    told: str
    text: str


def python_mutants(folder: str) -> Iterator[Mutant]:
    """Every change that Cosmic Ray's operators make to the modules of a folder."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    for path in sorted((ROOT / folder).rglob("*.py")):
        before = path.read_text(encoding="utf-8")
        for name in sorted(operator_names()):
            operator = get_operator(name)
            # Those that need arguments change variables that somebody names.
            if operator.arguments():
                continue
            for occurrence in count():
                after = mutate_code(before, operator(), occurrence)
                if after is None:
                    break
                if _says_something_else(before, after):
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
    mutator = kind(unit, SECONDS, "", str(ROOT), contract, None, False, Path(tempfile.gettempdir()), [])
    found: dict[str, list[dict[str, object]]] = mutator._mutate().get("patches", {})
    return found


def _says_something_else(before: str, after: str) -> bool:
    """Whether a changed module compiles, and differs in more than texts for readers and types."""
    try:
        return _bare(before) != _bare(after)
    except SyntaxError:
        return False


def _bare(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        # Annotations are never evaluated here (`from __future__ import annotations`), nor does code read docstrings.
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    return ast.dump(tree)


def _mutant(path: Path, kind: str, before: str, after: str) -> Mutant:
    old, new = before.splitlines(), after.splitlines()
    pairs = zip(old, new, strict=False)
    at = next((i for i, (was, now) in enumerate(pairs) if was != now), min(len(old), len(new)) - 1)
    name = path.relative_to(ROOT).as_posix()
    return Mutant(name, f"{name}:{at + 1} {kind}: {old[at].strip()}  ->  {new[at].strip()}", after)


def copy_of_the_project(room: str) -> Path:
    """A clone in which files may be changed; environments are the same."""
    COPIES.mkdir(parents=True, exist_ok=True)
    copy = COPIES / room
    if copy.exists():
        shutil.rmtree(copy)
    for name in _COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _LINKED:
        (copy / name).symlink_to(ROOT / name)
    return copy


def compiles(copy: Path, mutant: Mutant) -> bool:
    """Whether the compiler takes a changed contract: what it refuses shows nothing about the tests."""
    from tools.slither_findings import COMPILER, standard_input

    given = standard_input({"*": {"*": ["abi"]}})
    given["sources"][mutant.path] = {"content": mutant.text}
    command = [str(COMPILER), "--standard-json", "--allow-paths", f"{copy},{ROOT}"]
    ended = subprocess.run(
        command, input=json.dumps(given), cwd=copy, capture_output=True, text=True, check=True
    )
    return all(each["severity"] != "error" for each in json.loads(ended.stdout).get("errors", ()))


def noticed(copy: Path, mutant: Mutant, commands: Iterable[Sequence[str]]) -> bool:
    """Whether one of the commands fails on the change; a command that hangs has noticed it."""
    path = copy / mutant.path
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.text, encoding="utf-8")
    try:
        return not all(_passes(copy, command) for command in commands)
    finally:
        path.write_text(before, encoding="utf-8")


def _passes(copy: Path, command: Sequence[str]) -> bool:
    process = subprocess.Popen(
        [str(copy / command[0]), *command[1:]],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(SECONDS) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def main() -> int:
    """Entry of `python -m tools.mutate ROOM`."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("room", choices=sorted(ROOMS))
    parser.add_argument("--sample", type=int, help="so many changes, drawn at random; all without it")
    parser.add_argument("--seed", type=int, default=1, help="of the drawing; the same seed draws the same")
    chosen = parser.parse_args()
    folder, commands = ROOMS[chosen.room]
    of_contracts = folder.startswith("contracts/")
    mutants = list(solidity_mutants(folder) if of_contracts else python_mutants(folder))
    random.Random(chosen.seed).shuffle(mutants)  # noqa: S311 - an order, no secret
    copy = copy_of_the_project(chosen.room)
    fit = (each for each in mutants if not of_contracts or compiles(copy, each))
    drawn = list(islice(fit, chosen.sample))
    for command in commands:
        if not _passes(copy, command):
            print(f"The tests fail before anything is changed: {' '.join(command)}")
            return 2
    commands = (*commands, _PROTOCOL) if of_contracts else commands
    print(f"{folder}: {len(mutants)} changes, {len(drawn)} that compile are tried.", flush=True)
    survivors = []
    for number, mutant in enumerate(drawn, 1):
        killed = noticed(copy, mutant, commands)
        survivors += [] if killed else [mutant]
        print(f"{number:>5} {'noticed' if killed else 'SURVIVED'} {mutant.told}", flush=True)
    score = 1 - len(survivors) / max(1, len(drawn))
    print(
        f"{len(drawn) - len(survivors)} of {len(drawn)} noticed: {score:.1%}.",
        *(m.told for m in survivors),
        sep="\n",
    )
    return int(score < WANTED)


if __name__ == "__main__":
    sys.exit(main())
