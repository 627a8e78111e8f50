# SPDX-License-Identifier: Apache-2.0
"""Everything that must hold before a change is taken: `make test`.

Each stage prints what it has to say; the last lines say which stages held, how long each took, and what was
not run because a tool is missing on this machine.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.ganache import anvil_program

ROOT = Path(__file__).resolve().parent.parent
BROWNIE = str(ROOT / "tools" / "brownie")
PYTHON = str(ROOT / ".venv" / "bin" / "python")
CLIENT_PYTHON = str(ROOT / ".venv-client" / "bin" / "python")
# Outside tests/contracts, Brownie's plugin would load the project and Hypothesis' settings for nothing.
PLAIN = ("-m", "pytest", "-p", "no:pytest-brownie", "-q")


@dataclass(frozen=True)
class Stage:
    """One command; `missing` gives the name of a tool that it needs and that is not here, or None."""

    name: str
    command: Sequence[str]
    missing: Callable[[], str | None] = lambda: None


def no_anvil() -> str | None:
    """'Anvil' when it is not installed: its npm package exists for Linux on x86-64 only."""
    return None if anvil_program() else "Anvil"


STAGES = (
    Stage("lint", (PYTHON, "-m", "ruff", "check", ".")),
    Stage("layout", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Stage("types", (PYTHON, "-m", "mypy")),
    Stage("compile", (BROWNIE, "compile")),
    Stage("tools", (PYTHON, *PLAIN, "tests/tools")),
    Stage("client, web3 8", (CLIENT_PYTHON, "-m", "pytest", "-q", "tests/client")),
    Stage("client, web3 7", (PYTHON, *PLAIN, "tests/client")),
    Stage("contracts", (BROWNIE, "test", "tests/contracts", "-q")),
    Stage("gas", (PYTHON, "-m", "benchmarks.gas")),
    Stage("JavaScript", (PYTHON, *PLAIN, "tests/js")),
    Stage("end to end", (PYTHON, *PLAIN, "tests/e2e")),
    Stage("documents", (PYTHON, *PLAIN, "tests/docs")),
    Stage("demo", (PYTHON, "-m", "scripts.demo")),
    Stage(
        "demo, no fees",
        (PYTHON, "-m", "tools.free_chain", PYTHON, "-m", "scripts.demo", "--network", "{url}"),
        no_anvil,
    ),
)


@dataclass(frozen=True)
class Outcome:
    """How a stage ended: `failed` or not, in how many seconds; `missing` names the tool it waited for."""

    stage: Stage
    failed: bool
    seconds: float
    missing: str | None = None

    def line(self) -> str:
        """The stage in one line of the summary."""
        word = f"not run, {self.missing} is missing" if self.missing else "FAILED" if self.failed else "ok"
        return f"  {self.stage.name:<16} {self.seconds:6.1f} s  {word}"


def run(stage: Stage) -> Outcome:
    """Run one stage, its output going where ours goes."""
    missing = stage.missing()
    if missing:
        return Outcome(stage, failed=False, seconds=0.0, missing=missing)
    print(f"\n== {stage.name}", flush=True)
    started = time.monotonic()
    ended = subprocess.run(stage.command, cwd=ROOT, check=False)
    return Outcome(stage, ended.returncode != 0, time.monotonic() - started)


def main() -> int:
    """Run every stage, or those named on the command line; 0 when all held, 1 otherwise."""
    wanted = sys.argv[1:]
    unknown = set(wanted) - {stage.name for stage in STAGES}
    if unknown:
        print(f"No such stage: {', '.join(sorted(unknown))}. There are: {', '.join(s.name for s in STAGES)}.")
        return 2
    outcomes = [run(stage) for stage in STAGES if not wanted or stage.name in wanted]
    print("\n== summary", *(outcome.line() for outcome in outcomes), sep="\n")
    missing = [f"{outcome.stage.name} ({outcome.missing})" for outcome in outcomes if outcome.missing]
    print("Not run because a tool is missing:", ", ".join(missing) if missing else "nothing.")
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
