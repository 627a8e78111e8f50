# SPDX-License-Identifier: Apache-2.0
"""Change the code in one small way, run the tests that should notice, and say which changes none noticed.

`.venv-proofs/bin/python -m tools.mutate ROOM [--sample N] [--seed N] [--only TEXT] [--again FILE]`; the rooms are those
of `ROOMS`. `--again` takes the output of an earlier run, and tries what nobody noticed there.
Everything happens in a copy under `build/mutation`. Exit code 0 when at least 95 % of the changes were noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path

from tools.mutants import Mutant, python_mutants, solidity_mutants

ROOT = Path(__file__).resolve().parent.parent
COPIES = ROOT / "build" / "mutation"
WANTED = 0.95

_PYTEST = ".venv-client/bin/python -m pytest -q -p no:cacheprovider"
_BROWNIE = "tools/brownie test"
_COPIED = "sceau contracts interfaces scripts tools tests docs .home build/contracts"
_LINKED = (
    "benchmarks requirements .venv .venv-client .venv-proofs node_modules pyproject.toml brownie-config.yaml"
    " README.md CONTRIBUTING.md Makefile"
)

# Errors and sentences are held against their catalogues for all rooms at once, and every record is frozen.
_ALL_ROOMS = ("tests/client/locale", "tests/client/test_frozen.py")

#: What is changed, and the tests that should notice.
ROOMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "consents": ("contracts/consent", ("tests/contracts/ConsentRegistry",)),
    "claims": ("contracts/claim", ("tests/contracts/ClaimRegistry",)),
    "parties": ("contracts/party", ("tests/contracts/PartyRegistry",)),
    "policy": ("sceau/policy", ("tests/client/policy", *_ALL_ROOMS)),
    "proof": ("sceau/proof", ("tests/client/proof", *_ALL_ROOMS)),
    "disclosure": (
        "sceau/disclosure",
        ("tests/client/disclosure", *_ALL_ROOMS, "tests/client/verify/test_shown.py"),
    ),
    "verify": ("sceau/verify", ("tests/client/verify", *_ALL_ROOMS)),
    "audit": ("sceau/audit", ("tests/client/audit", *_ALL_ROOMS, "tests/client/roles/test_auditor.py")),
}
#: Asked where the first tests notice nothing.
_PROTOCOL = "tests/contracts/protocol"


def copy_of_the_project(room: str) -> Path:
    """A clone in which files may be changed; environments are the same."""
    COPIES.mkdir(parents=True, exist_ok=True)
    copy = COPIES / room
    if copy.exists():
        shutil.rmtree(copy)
    for name in _COPIED.split():
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _LINKED.split():
        (copy / name).symlink_to(ROOT / name)
    return copy


@dataclass(frozen=True)
class Answer:
    """What became of a change; which test noticed it, or how many were asked."""

    result: str
    by: str


def of_contracts(copy: Path, mutants: Sequence[Mutant], tests: Sequence[str]) -> Iterator[Answer]:
    """Has the plugin of the contracts' tests try each change that compiles; see `tools/mutate_contracts.py`."""
    yield from _answers(copy, [*_BROWNIE.split(), *tests, _PROTOCOL, "-q"], "tools.mutate_contracts", mutants)


def of_client(copy: Path, mutants: Sequence[Mutant], tests: Sequence[str]) -> Iterator[Answer]:
    """Has the plugin of the client's tests try each change; see `tools/mutate_client.py`."""
    yield from _answers(copy, [*_PYTEST.split(), *tests], "tools.mutate_client", mutants)


def _answers(copy: Path, command: Sequence[str], plugin: str, mutants: Sequence[Mutant]) -> Iterator[Answer]:
    changes, output = copy / "changes", copy / "output"
    changes.write_text("\n".join(json.dumps(asdict(each)) for each in mutants), encoding="utf-8")
    reading, writing = os.pipe()
    options = ["-p", plugin, "--changes", str(changes), "--answers", str(writing)]
    with (
        output.open("w") as out,
        subprocess.Popen(
            [str(copy / command[0]), *command[1:]],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": shlex.join(options)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=[writing],
        ) as process,
    ):
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as answers:
            for number, line in enumerate(answers):
                told = json.loads(line)
                if told["number"] != number:
                    raise RuntimeError(f"answer {number} is of change {told['number']}")
                asked = f"{told['tests']} of {told['of']} tests" if told["of"] else "no test runs the line"
                yield Answer(told["result"], told["by"] or asked)
    if process.returncode:
        raise SystemExit(f"Tests fail without any change: {output}")


def not_noticed(output: str) -> set[str]:
    """The names of the changes (`Mutant.name`) that nobody noticed, by the output of a run, finished or not."""
    told = re.findall(
        r"^ *\d+ (?:survived|not reached) +(\S+):\d+ (.*)  \([^()]*\)$", output, flags=re.MULTILINE
    )
    return {f"{path} {change}" for path, change in told}


def interval(noticed: int, tried: int) -> tuple[float, float]:
    """Wilson's 95 % confidence interval of a share of which a sample is known."""
    z, share = 1.96, noticed / tried
    middle, spread = (
        share + z * z / (2 * tried),
        z * sqrt((share * (1 - share) + z * z / (4 * tried)) / tried),
    )
    return (middle - spread) / (1 + z * z / tried), (middle + spread) / (1 + z * z / tried)


def main() -> int:
    """Entry of `python -m tools.mutate ROOM`."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("room", choices=sorted(ROOMS))
    parser.add_argument("--sample", type=int, help="so many changes, drawn at random; all without it")
    parser.add_argument("--seed", type=int, default=1, help="of the drawing; the same seed draws the same")
    parser.add_argument("--only", default="", help="changes whose description contains this text")
    parser.add_argument("--again", type=Path, help="output of an earlier run: what was not noticed there")
    chosen = parser.parse_args()
    folder, tests = ROOMS[chosen.room]
    solidity = folder.startswith("contracts/")
    found = list(solidity_mutants(folder) if solidity else python_mutants(folder))
    mutants = [each for each in found if not each.equivalent and chosen.only in each.told]
    if chosen.again:
        missed = not_noticed(chosen.again.read_text(encoding="utf-8"))
        mutants = [each for each in mutants if each.name in missed]
    random.Random(chosen.seed).shuffle(mutants)  # noqa: S311 - an order, no secret
    copy = copy_of_the_project(chosen.room)
    drawn = mutants[: chosen.sample]
    print(
        f"{folder}: {len(found)} changes, {len(mutants)} of them not equivalent; {len(drawn)} are tried.",
        flush=True,
    )
    survivors, tried = [], 0
    answers = of_contracts(copy, drawn, tests) if solidity else of_client(copy, drawn, tests)
    for number, (mutant, answer) in enumerate(zip(drawn, answers, strict=True), 1):
        # What the compiler refuses, or makes the same code of, says nothing of the tests.
        tried += answer.result != "no change"
        survivors += [mutant] if answer.result in ("survived", "not reached") else []
        print(f"{number:>5} {answer.result:<11} {mutant.told}  ({answer.by})", flush=True)
    noticed = tried - len(survivors)
    score = noticed / max(1, tried)
    print(f"{noticed} of {tried} noticed: {score:.1%}.", *(mutant.told for mutant in survivors), sep="\n")
    if len(drawn) < len(mutants):
        print("With 95 % confidence, of all: from {:.1%} to {:.1%}.".format(*interval(noticed, tried)))
    return int(score < WANTED)


if __name__ == "__main__":
    sys.exit(main())
