# SPDX-License-Identifier: Apache-2.0
"""Plugin of pytest for `tools.mutate`: runs the tests once, then for each change those that reach its line.

`pytest -p tools.mutate_client --changes FILE --answers DESCRIPTOR TESTS…`. Each line of FILE is a JSON object with
`path`, `line` (from 1) and `text`, the whole module after one change. For each a line of JSON says what became of it.

The process forks for each change, so that the chains of the session serve them all. The child puts the changed code
into the functions that run. A change outside functions acts on import: the child runs its tests in a new interpreter.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from coverage import Coverage

#: Seconds that the tests of one change may take, as they took without it: who notices later has not noticed.
MOST_SECONDS = 60.0
#: A change that takes longer than this, and five times what the tests took without it, hangs.
_HANGS = 60.0

_TOOL_FAILED = 70
NOTICED, SURVIVED, NOT_REACHED = "noticed", "survived", "not reached"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    parser.addoption("--changes", type=Path, help="the changes, one JSON object a line")
    parser.addoption("--answers", type=int, help="descriptor on which the answers are written")
    parser.addoption("--only", type=Path, help="the tests to run, one a line, in this order")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begins before the first import of what is changed."""
    if early_config.known_args_namespace.changes:
        early_config.pluginmanager.register(_Served(early_config.known_args_namespace), "mutate-served")


def pytest_collection() -> None:
    """A failing example is as good as the smallest one."""
    from hypothesis import Phase, settings

    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    settings.register_profile("mutated", settings(), phases=phases)
    settings.load_profile("mutated")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps the tests of `--only`, in its order."""
    if only := config.getoption("only"):
        found = {item.nodeid: item for item in items}
        items[:] = [found[name] for name in only.read_text(encoding="utf-8").splitlines()]


class _Served:
    """One session that serves all the changes."""

    def __init__(self, options: argparse.Namespace) -> None:
        lines = options.changes.read_text(encoding="utf-8").splitlines()
        self.changes: list[dict[str, Any]] = [json.loads(line) for line in lines]
        self.answers = os.fdopen(options.answers, "w", encoding="utf-8")
        self.coverage = Coverage(data_file=None, include=sorted({each["path"] for each in self.changes}))
        self.coverage.start()
        self.nodes: list[Any] = []
        self.seconds: dict[pytest.Item, float] = {}
        self.kills: Counter[tuple[str, pytest.Item]] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Remembers the chains of the session, to roll them back after a change that leaves them anyhow."""
        made = yield
        if fixturedef.argname in ("deployed", "played"):
            self.nodes.append(getattr(made, "chain", made).test_node)
        return made

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Runs all tests under coverage, then serves the changes."""
        lines = self._covered(session)
        if session.testsfailed:
            return True
        for number, change in enumerate(self.changes):
            of_file = lines.get(str(Path(change["path"]).resolve()), {})
            told = {"number": number, **self._answer(session, change, of_file)}
            print(json.dumps(told), file=self.answers, flush=True)
        self._still_pass(session)
        return True

    def _answer(
        self, session: pytest.Session, change: Mapping[str, Any], of_file: Mapping[int, Sequence[str]]
    ) -> dict[str, object]:
        """What became of a change, by the tests that run its line, or, where it acts on import, by all of the file."""
        items = {item.nodeid: item for item in session.items}
        lines = _statement(change["path"], change["line"])
        run = {name for line in lines for name in of_file.get(line, ())}
        of_all = {name for each in of_file.values() for name in each} - {""} or set(items)
        swaps = _swaps(change) is not None
        answer: dict[str, object] = {"result": NOT_REACHED, "by": "", "tests": 0, "of": 0}
        if swaps and run - {""}:
            answer = self._asked(change, {items[name] for name in run - {""}}, imported=False)
        if answer["result"] != NOTICED and (not swaps or "" in run):
            # Also a line of a function may run on import; what it did there stays when the function changes.
            answer = self._asked(change, {items[name] for name in of_all}, imported=True)
        return answer

    def _asked(
        self, change: Mapping[str, Any], reached: set[pytest.Item], *, imported: bool
    ) -> dict[str, object]:
        chosen = self._within_the_time(change["path"], reached)
        result, by = self._tried(change, chosen, imported=imported)
        return {"result": result, "by": by, "tests": len(chosen), "of": len(reached)}

    def _covered(self, session: pytest.Session) -> dict[str, dict[int, list[str]]]:
        """For each file and line the tests that run it; notes how long each test takes."""
        for item, following in zip(session.items, [*session.items[1:], session], strict=True):
            self.coverage.switch_context(item.nodeid)
            began = time.monotonic()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.seconds[item] = time.monotonic() - began
        self.coverage.stop()
        data = self.coverage.get_data()
        return {name: data.contexts_by_lineno(name) for name in data.measured_files()}

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
        self, change: Mapping[str, Any], items: Sequence[pytest.Item], *, imported: bool
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
                if imported:
                    _in_a_new_interpreter(change, items)
                by = _first_that_fails(change, items)
                os.write(writing, by.encode())
                os._exit(bool(by))
            finally:
                # Nothing of the session is torn down here: its chains are the parent's.
                os._exit(_TOOL_FAILED)
        os.close(writing)
        limit = _HANGS + 5 * sum(self.seconds[item] for item in items)
        code = _ended(child, limit)
        with os.fdopen(reading, "rb") as pipe:
            by = pipe.read().decode()
        path.write_text(before, encoding="utf-8")
        for node, snapshot in snapshots:
            node.request("evm_revert", snapshot)
        if code == _TOOL_FAILED:
            raise RuntimeError(f"{change['path']}:{change['line']} could not be changed")
        self.kills.update((change["path"], item) for item in items if item.nodeid == by)
        return (NOTICED, by or f"exit code {code}") if code else (SURVIVED, "")

    def _still_pass(self, session: pytest.Session) -> None:
        """The tests that noticed something still pass without a change: hours later, on the same chains."""
        killers = {item for _, item in self.kills}
        for item in session.items:
            if item in killers:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)


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


def _first_that_fails(change: Mapping[str, Any], items: Sequence[pytest.Item]) -> str:
    from _pytest.runner import runtestprotocol

    _apply(change)
    # What a session made stays: it serves the next change.
    following: list[Any] = [*items[1:], items[0].session]
    for item, following_item in zip(items, following, strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following_item)):
            return item.nodeid
    return ""


def _in_a_new_interpreter(change: Mapping[str, Any], items: Sequence[pytest.Item]) -> None:
    Path(change["path"]).write_text(change["text"], encoding="utf-8")
    only = Path("build/only.txt")
    only.write_text("\n".join(item.nodeid for item in items), encoding="utf-8")
    arguments = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tools.mutate_client")
    files = sorted({item.nodeid.partition("::")[0] for item in items})
    os.execv(sys.executable, [sys.executable, *arguments, "--only", str(only), *files])  # noqa: S606 - pytest itself


def _apply(change: Mapping[str, Any]) -> None:
    """Puts the changed code into the functions of this process, and forgets what they remembered."""
    swaps = _swaps(change) or []
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            each.__code__ = next((new for old, new in swaps if each.__code__ == old), each.__code__)
        elif isinstance(each, functools._lru_cache_wrapper) and str(each.__module__).startswith("sceau."):
            each.cache_clear()


def _swaps(change: Mapping[str, Any]) -> list[tuple[CodeType, CodeType]] | None:
    """The code of functions before and after a change; None where it changes what a module does on import."""
    before, after = (
        compile(text, str(Path(change["path"]).resolve()), "exec", dont_inherit=True)
        for text in (Path(change["path"]).read_text(encoding="utf-8"), change["text"])
    )
    try:
        return list(_changed(before, after))
    except ValueError:
        return None


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The functions that differ inside two modules or classes; raises ValueError where these differ themselves."""
    if _own(before) != _own(after):
        raise ValueError(before.co_name)
    for old, new in zip(_inside(before), _inside(after), strict=True):
        if old == new:
            continue
        if old.co_flags & 1:  # CO_OPTIMIZED: a function, no class
            # A comprehension of a module runs on import; a function takes no code with other free variables.
            if old.co_freevars != new.co_freevars or (old.co_name[0] == "<" and old.co_name != "<lambda>"):
                raise ValueError(old.co_name)
            yield old, new
        else:
            yield from _changed(old, new)


def _inside(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _own(code: CodeType) -> tuple[object, ...]:
    plain = [(type(each), each) for each in code.co_consts if not isinstance(each, CodeType)]
    return code.co_code, plain, code.co_names, len(_inside(code))


def _statement(path: str, line: int) -> range:
    """The lines of the smallest statement around a line; of one with a body, those before it."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    around = [
        range(each.lineno, each.body[0].lineno if hasattr(each, "body") else (each.end_lineno or line) + 1)
        for each in ast.walk(tree)
        if isinstance(each, ast.stmt) and each.lineno <= line <= (each.end_lineno or line)
    ]
    return min((each for each in around if line in each), key=len, default=range(line, line + 1))
