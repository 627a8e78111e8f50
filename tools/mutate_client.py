# SPDX-License-Identifier: Apache-2.0
"""Plugin of pytest for `tools.mutate`: tries changes of the client on the tests that run their lines.

`pytest -p tools.mutate_client --changes FILE --answers DESCRIPTOR TESTS…`. Each line of FILE is a JSON object with
`path`, `line` (from 1) and `text`, the whole module after one change. For each a line of JSON says what became of it.

The child puts the changed code into the functions that run. A change outside functions acts on import: the child runs
its tests in a new interpreter.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from tools.mutate_served import NOT_REACHED, NOTICED, Answer, Change, Served, add_options, fail_fast


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    add_options(parser)
    parser.addoption("--only", type=Path, help="the tests to run, one a line, in this order")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begins before the first import of what is changed."""
    if early_config.known_args_namespace.changes:
        early_config.pluginmanager.register(_Client(early_config.known_args_namespace), "mutate-served")


def pytest_collection() -> None:
    """A test stops at its first failing example."""
    fail_fast()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps the tests of `--only`, in its order."""
    if only := config.getoption("only"):
        found = {item.nodeid: item for item in items}
        # What cannot be collected any more is an error that pytest itself tells.
        items[:] = [found[name] for name in only.read_text(encoding="utf-8").splitlines() if name in found]


class _Client(Served):
    def __init__(self, options: argparse.Namespace) -> None:
        from coverage import Coverage

        super().__init__(options)
        self.coverage = Coverage(data_file=None, include=sorted({each["path"] for each in self.changes}))
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Remembers the chains of the session."""
        made = yield
        if fixturedef.argname in ("deployed", "played"):
            self.nodes.append(getattr(made, "chain", made).test_node)
        return made

    def run(self, item: pytest.Item, following: pytest.Item | pytest.Session) -> None:
        """Notes which lines a test runs, too."""
        if "lines" not in vars(self):
            self.coverage.switch_context(item.nodeid)
        super().run(item, following)

    @functools.cached_property
    def lines(self) -> dict[str, dict[int, list[str]]]:
        """For each file and line the tests that run it, and an empty text where it runs on import."""
        self.coverage.stop()
        data = self.coverage.get_data()
        return {name: data.contexts_by_lineno(name) for name in data.measured_files()}

    @functools.cached_property
    def functions(self) -> list[FunctionType]:
        """The functions of this process that are of the files which are changed."""
        # The tests keep the collector from what is alive until the end, and so from being asked for it.
        gc.unfreeze()
        files = {str(Path(each["path"]).resolve()) for each in self.changes}
        found = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
        return [each for each in found if each.__code__.co_filename in files]

    @functools.cached_property
    def memories(self) -> list[Any]:
        """What remembers answers of functions of the client."""
        found = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
        return [each for each in found if str(each.__module__).startswith("sceau.")]

    def swap(self, change: Change, _items: Sequence[pytest.Item]) -> None:
        """Puts the changed code into the functions of this process, and forgets what was remembered."""
        swaps = _swaps(change) or []
        for each in self.functions:
            each.__code__ = next((new for old, new in swaps if each.__code__ == old), each.__code__)
        for memory in self.memories:
            memory.cache_clear()

    def answer(self, session: pytest.Session, change: Change) -> Answer:
        """What became of a change, by the tests that run its line, or, where it acts on import, by all."""
        items = {item.nodeid: item for item in session.items}
        of_file = self.lines.get(str(Path(change["path"]).resolve()), {})
        run = {name for line in _statement(change["path"], change["line"]) for name in of_file.get(line, ())}
        swaps = _swaps(change) is not None
        # Found here, once, for all children.
        _ = self.functions, self.memories
        answer: Answer = {"result": NOT_REACHED, "by": "", "tests": 0, "of": 0}
        if swaps and run - {""}:
            answer = self.asked(change, (items[name] for name in run - {""}), self.swap)
        if answer["result"] != NOTICED and (not swaps or "" in run):
            # Also a line of a function may run on import; what it did there stays when the function changes.
            answer = self.asked(change, session.items, _in_a_new_interpreter)
        return answer


def _in_a_new_interpreter(change: Change, items: Sequence[pytest.Item]) -> None:
    Path(change["path"]).write_text(change["text"], encoding="utf-8")
    # Its options are those of this run of pytest: the new interpreter must not serve the changes itself.
    os.environ.pop("PYTEST_ADDOPTS", None)
    only = Path("build/only.txt")
    only.write_text("\n".join(item.nodeid for item in items), encoding="utf-8")
    arguments = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tools.mutate_client")
    files = sorted({item.nodeid.partition("::")[0] for item in items})
    os.execv(sys.executable, [sys.executable, *arguments, "--only", str(only), *files])  # noqa: S606 - pytest itself


def _swaps(change: Change) -> list[tuple[CodeType, CodeType]] | None:
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
