# SPDX-License-Identifier: Apache-2.0
"""The demonstration, or the end-to-end tests, behind a node with each fault that a client survives.

    python -m tests.behind_faults [--plays demo|e2e|both] [MODE …]

A demonstration takes about a minute, the end-to-end tests two: they are no part of ``make test``, which plays one mode
of the demonstration, and a consent and a claim in every mode (``tests/client/roles/test_faulty_nodes.py``).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.faulty_node import SURVIVABLE, faulty
from tools.ganache import anvil

ROOT = Path(__file__).resolve().parent.parent


def demonstration(mode: str) -> bool:
    """Whether the demonstration is told to its end on a free chain, through a node with this fault."""
    with anvil() as node, faulty(node.url, SURVIVABLE[mode]) as url:
        return _holds(f"{mode}: demonstration", ("-m", "scripts.demo", "--network", url))


def end_to_end(mode: str) -> bool:
    """Whether the end-to-end tests hold where each of their nodes has this fault."""
    return _holds(
        f"{mode}: end to end",
        ("-m", "pytest", "-p", "no:pytest-brownie", "-q", "tests/e2e", "--fault", mode),
    )


def _holds(name: str, words: Sequence[str]) -> bool:
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    held = ended.returncode == 0
    print(f"{name:<32} {time.monotonic() - started:6.0f} s  {'ok' if held else 'FAILED'}", flush=True)
    if not held:
        print(ended.stdout[-3000:], flush=True)
    return held


PLAYS = {"demo": demonstration, "e2e": end_to_end}


def main() -> int:
    """Plays the modes that are named, or all; 0 when all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.behind_faults", description=__doc__)
    parser.add_argument("--plays", choices=[*PLAYS, "both"], default="demo", help="what is played")
    parser.add_argument("modes", nargs="*", metavar="MODE", choices=[*SURVIVABLE, []])
    options = parser.parse_args()
    plays = PLAYS.values() if options.plays == "both" else [PLAYS[options.plays]]
    held = [play(mode) for mode in options.modes or SURVIVABLE for play in plays]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
