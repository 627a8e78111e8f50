# SPDX-License-Identifier: Apache-2.0
"""Prove the properties of `tests/proofs` about the code that is deployed.

`.venv/bin/python -m tools.prove` proves all of them; a name at the end, such as `ConsentProof`, chooses one file.
Halmos runs each function of a proof for all arguments and all storage at once, and a solver looks for values that break
an assertion. A function `check_…` must be proved; a function `refute_…` says something false and must be refuted, so
that a proof that holds because nothing is ever reached would be seen. docs/proofs.md lists them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from scripts import source

ROOT = Path(__file__).resolve().parent.parent
PROOFS = ROOT / "tests" / "proofs"
HALMOS = ROOT / ".venv-proofs" / "bin" / "halmos"
BUILT = ROOT / "build" / "proofs"

#: Halmos tells how a function ended by these numbers; all others say that nothing is known.
PROVED, REFUTED = 0, 1
#: The registries are made from the code of `scripts.source`, which is what `deploy` sends.
_OF_REGISTRIES = {"*": {"*": ["abi", "evm.methodIdentifiers"], "": ["ast"]}}
_OF_PROOFS = {
    "*": {"*": ["abi", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers"], "": ["ast"]}
}
_OPTIONS = (
    # The longest loop is over the four groups of an order. A signature has 65 bytes: the only length that is taken.
    *("--loop", "5", "--default-bytes-lengths", "65"),
    # From the environment of `.venv-proofs`: nothing is fetched.
    *("--solver", "yices", "--solver-timeout-assertion", "300s", "--no-status"),
    # To look for cycles of dead objects takes a tenth of its time, and frees some megabytes.
    "--disable-gc",
)


@dataclass(frozen=True)
class Result:
    """How one function of a proof ended, in Halmos' numbers, and how many loops were cut off."""

    function: str
    ended: int
    cut_off: int

    @property
    def as_it_must(self) -> bool:
        """A `check_` was proved, whole; a `refute_` was refuted."""
        if self.function.startswith("refute_"):
            return self.ended == REFUTED
        return self.ended == PROVED and self.cut_off == 0

    def line(self) -> str:
        """The function in one line of the report."""
        said = {PROVED: "proved", REFUTED: "refuted"}.get(self.ended, f"unknown (Halmos says {self.ended})")
        cut = f", {self.cut_off} loops cut off" if self.cut_off else ""
        return f"  {'ok' if self.as_it_must else 'FAILED':<7} {self.function}: {said}{cut}"


def prove(proof: str, *, proofs: Path = PROOFS, only: str = "") -> tuple[list[Result], str]:
    """How each function of a proof (a contract of the file of its name) ended, and all that Halmos said.

    `only` is a regular expression that chooses functions. Raises SourceNotCompiled.
    """
    folder = BUILT / proof
    write_artifacts(folder / "out", proofs / f"{proof}.sol")
    said, results = "", []
    for kind in (("check_",), ("refute_", "--early-exit")):
        told = folder / f"{kind[0]}results.json"
        told.unlink(missing_ok=True)
        said += _halmos(folder, proof, only, kind, told)
        results += read_results(json.loads(told.read_text(encoding="utf-8"))) if told.exists() else []
    return results, said


def read_results(told: Mapping[str, Any]) -> list[Result]:
    """What Halmos' own file says of each function."""
    return [
        Result(
            str(each["name"]).partition("(")[0], int(each["exitcode"]), int(each["num_bounded_loops"] or 0)
        )
        for results in told["test_results"].values()
        for each in results
    ]


def faults(results: Iterable[Result], declared: Iterable[str]) -> list[str]:
    """What is not as it must be: a function that ended otherwise, or one of those declared that was not run."""
    ran = {result.function: result for result in results}
    missing = [f"  FAILED  {name}: not run" for name in declared if name not in ran]
    return missing + [result.line() for result in ran.values() if not result.as_it_must]


def declared(proof: str, *, proofs: Path = PROOFS) -> list[str]:
    """The functions of a proof that must be run."""
    words = (proofs / f"{proof}.sol").read_text(encoding="utf-8").replace("(", " ").split()
    return [
        name
        for before, name in pairwise(words)
        if before == "function" and name.startswith(("check_", "refute_"))
    ]


def write_artifacts(out: Path, proof: Path) -> None:
    """Write what Halmos reads, in the layout of Foundry's builds. Raises SourceNotCompiled."""
    settings = source.project_settings()
    registries = [path.relative_to(ROOT).as_posix() for path in (ROOT / "contracts").rglob("*Registry.sol")]
    outline = source.compile_output(settings, registries, _OF_REGISTRIES)
    for name, code in source.compile_once(settings).items():
        for path, made in outline["contracts"].items():
            if name in made:
                evm = {
                    "bytecode": {"object": code.creation.hex()},
                    "deployedBytecode": {"object": code.runtime.hex()},
                    "methodIdentifiers": made[name]["evm"]["methodIdentifiers"],
                }
                _write(out, path, name, {**made[name], "evm": evm}, outline)
    output = source.compile_output(settings, [proof.relative_to(ROOT).as_posix()], _OF_PROOFS)
    for path, contracts in output["contracts"].items():
        for name, made in contracts.items():
            if not path.startswith("interfaces/"):
                _write(out, path, name, made, output)


def _write(out: Path, path: str, name: str, made: Mapping[str, Any], output: Mapping[str, Any]) -> None:
    artifact = {
        "abi": made["abi"],
        "ast": output["sources"][path]["ast"],
        "id": output["sources"][path]["id"],
        "metadata": {"compiler": {"version": "one"}, "output": {}},
        "methodIdentifiers": made["evm"]["methodIdentifiers"],
        **{key: {"linkReferences": {}, **made["evm"][key]} for key in ("bytecode", "deployedBytecode")},
    }
    for key in ("bytecode", "deployedBytecode"):
        artifact[key]["object"] = "0x" + artifact[key]["object"]
    folder = out / Path(path).name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(artifact), encoding="utf-8")


def _halmos(folder: Path, proof: str, only: str, kind: Sequence[str], told: Path) -> str:
    # Halmos starts Foundry's compiler first; what that would write is there already.
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "forge").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (programs / "forge").chmod(0o755)
    function, *options = kind
    command = [
        *(str(HALMOS), "--root", str(folder), "--contract", proof, "--json-output", str(told)),
        *("--function", function, "--match-test", f"({only or '.'})", *_OPTIONS, *options),
    ]
    path = f"{programs}:{HALMOS.parent}:{os.environ['PATH']}"
    # It keeps solvers under HOME.
    environment = {**os.environ, "PATH": path, "HOME": str(ROOT / ".home"), "COLUMNS": "160"}
    ended = subprocess.run(
        command,
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return ended.stdout + ended.stderr


def main() -> int:
    """Entry of `python -m tools.prove PROOF…`; all proofs when none is named. 0 when all is as it must be."""
    if not HALMOS.exists():
        print(
            "Halmos is not installed here. It needs Python 3.11 or later; run `make setup PYTHON=python3.12`."
        )
        return 1
    failed = 0
    for proof in sys.argv[1:] or ("PartyProof", "ConsentProof", "ClaimProof"):
        results, said = prove(proof)
        print(f"{proof}:", *(result.line() for result in results), sep="\n")
        wrong = faults(results, declared(proof))
        if wrong:
            print(*wrong, said[-5000:], sep="\n")
        failed += len(wrong)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
