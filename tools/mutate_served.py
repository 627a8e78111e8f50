# SPDX-License-Identifier: Apache-2.0
"""One session of pytest that serves many changes: it forks for each, so that its chains serve them all."""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

#: Seconds that the tests of one change may take, as they took without it: who notices later has not noticed.
MOST_SECONDS = 120.0
#: A change that takes longer than this, and five times what the tests took without it, hangs.
_HANGS = 60.0

_TOOL_FAILED = 70
NOTICED, SURVIVED, NOT_REACHED, NO_CHANGE = "noticed", "survived", "not reached", "no change"

#: One change, as JSON: `path`, `line` (from 1), and what a plugin needs to make it.
Change = dict[str, Any]
Answer = dict[str, object]


def add_options(parser: pytest.Parser) -> None:
    """The options by which `tools.mutate` speaks to a plugin."""
    parser.addoption("--changes", type=Path, help="the changes, one JSON object a line")
    parser.addoption("--answers", type=int, help="descriptor on which the answers are written")


def fail_fast() -> None:
    """A failing example is as good as the smallest one."""
    from hypothesis import Phase, settings

    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    settings.register_profile("mutated", settings(), phases=phases)
    settings.load_profile("mutated")


class Served:
    """Runs all tests once, then for each change those that may notice it, in a child, until one fails.

    `nodes` are the chains of the session, each with a method `request`: rolled back after every change.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        lines = options.changes.read_text(encoding="utf-8").splitlines()
        self.changes: list[Change] = [json.loads(line) for line in lines]
        self.answers = os.fdopen(options.answers, "w", encoding="utf-8")
        self.nodes: list[Any] = []
        self.seconds: dict[pytest.Item, float] = {}
        self.kills: Counter[tuple[str, pytest.Item]] = Counter()

    def answer(self, session: pytest.Session, change: Change) -> Answer:
        """What became of a change."""
        raise NotImplementedError

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Runs all tests, then serves the changes; what noticed something must at the end pass without a change."""
        following: list[Any] = [*session.items[1:], session]
        for item, next_one in zip(session.items, following, strict=True):
            self.run(item, next_one)
        if not session.testsfailed:
            self.serve(session)
        noticed = {item for _, item in self.kills}
        for item in session.items:
            if item in noticed:
                self.run(item, session)
        return True

    def serve(self, session: pytest.Session) -> None:
        """Answers what became of each change."""
        for number, change in enumerate(self.changes):
            told = {"number": number, **self.answer(session, change)}
            print(json.dumps(told), file=self.answers, flush=True)

    def run(self, item: pytest.Item, following: pytest.Item | pytest.Session) -> None:
        """Runs a test without a change and notes how long it takes; what the session made stays."""
        began = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        self.seconds[item] = time.monotonic() - began

    def asked(self, change: Change, reached: Iterable[pytest.Item], make: Callable[..., None]) -> Answer:
        """What became of a change by these tests; `make(change, tests)` makes it, in the child."""
        of = list(reached)
        chosen = self._within_the_time(change["path"], of)
        result, by = self._tried(change, chosen, make)
        return {"result": result, "by": by, "tests": len(chosen), "of": len(of)}

    def _within_the_time(self, path: str, reached: Iterable[pytest.Item]) -> list[pytest.Item]:
        """The tests, those that noticed most in this file for their price first, as many as the time allows."""

        def price(item: pytest.Item) -> float:
            return (self.seconds[item] + 0.01) / (1 + 5 * self.kills[path, item])

        chosen: list[pytest.Item] = []
        left = MOST_SECONDS
        for item in sorted(reached, key=price):
            left -= self.seconds[item]
            if left < 0 and chosen:
                break
            chosen.append(item)
        return chosen

    def _tried(
        self, change: Change, items: Sequence[pytest.Item], make: Callable[..., None]
    ) -> tuple[str, str]:
        """What became of a change, and the test that noticed it."""
        path = Path(change["path"])
        before = path.read_text(encoding="utf-8")
        snapshots = [(node, node.request("evm_snapshot")) for node in self.nodes]
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.setpgid(0, 0)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                os.dup2(1, 2)
                make(change, items)
                by = _first_that_fails(items)
                os.write(writing, by.encode())
                os._exit(bool(by))
            finally:
                # Nothing of the session is torn down here: its chains are the parent's.
                os._exit(_TOOL_FAILED)
        os.close(writing)
        code = _ended(child, _HANGS + 5 * sum(self.seconds[item] for item in items))
        with os.fdopen(reading, "rb") as pipe:
            by = pipe.read().decode()
        path.write_text(before, encoding="utf-8")
        for node, snapshot in snapshots:
            node.request("evm_revert", snapshot)
        if code == _TOOL_FAILED:
            raise RuntimeError(f"{change['path']}:{change['line']} could not be changed")
        self.kills.update((change["path"], item) for item in items if item.nodeid == by)
        return (NOTICED, by or f"exit code {code}") if code else (SURVIVED, "")


def _ended(child: int, limit: float) -> int:
    """The exit code of a child; one that hangs is killed with all that it started."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _first_that_fails(items: Sequence[pytest.Item]) -> str:
    from _pytest.runner import runtestprotocol

    # What a session made stays: it serves the next change.
    following: list[Any] = [*items[1:], items[0].session]
    for item, next_one in zip(items, following, strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=next_one)):
            return item.nodeid
    return ""
