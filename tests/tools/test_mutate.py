# SPDX-License-Identifier: Apache-2.0
"""A change counts as noticed only if the tests fail on it, and the code is afterwards as it was."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools.mutants import EQUIVALENT, _says_something_else
from tools.mutate import ROOMS, interval, not_noticed

ROOT = Path(__file__).resolve().parents[2]

RULE = """LIMIT = 300

def within(seconds):
    return seconds <= LIMIT

def unused():
    return 1

def double(number):
    twice = number * 2
    return twice
"""
TESTS = """import rule

def test_within():
    assert rule.within(300) and not rule.within(301)

def test_double():
    rule.double(3)

def test_another_double():
    assert rule.double(3) == 6

def test_nothing():
    pass
"""


def test_a_change_of_the_client_is_tried_on_the_tests_that_run_its_line(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text(RULE, encoding="utf-8")
    (tmp_path / "test_rule.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "build").mkdir()
    # As the tests of the client do.
    freezing = "import gc\n\ndef pytest_collection_finish():\n    gc.freeze()\n"
    (tmp_path / "conftest.py").write_text(freezing, encoding="utf-8")
    changes = [
        (4, RULE.replace("<= LIMIT", "< LIMIT")),
        (4, RULE.replace("<= LIMIT", "<= LIMIT + 0")),
        (1, RULE.replace("300", "3599")),
        (1, RULE.replace("LIMIT = 300", "LIMIT = 299 + 1")),
        (7, RULE.replace("return 1", "return 2")),
        (10, RULE.replace("* 2", "* 3")),
    ]
    answers = answers_to(tmp_path, changes)
    assert [each["result"] for each in answers] == [
        *("noticed", "survived", "noticed", "survived", "not reached", "noticed")
    ]
    assert answers[0]["by"] == "test_rule.py::test_within"
    assert answers[5]["by"] == "test_rule.py::test_another_double"
    assert [each["of"] for each in answers] == [1, 1, 4, 4, 0, 2]
    assert (tmp_path / "rule.py").read_text(encoding="utf-8") == RULE


def answers_to(copy: Path, changes: list[tuple[int, str]]) -> list[dict[str, object]]:
    lines = [json.dumps({"path": "rule.py", "line": line, "text": text}) for line, text in changes]
    (copy / "changes").write_text("\n".join(lines), encoding="utf-8")
    options = "-p tools.mutate_client --changes changes --answers "
    with (copy / "answers").open("w") as answers:
        subprocess.run(
            [str(ROOT / ".venv-client" / "bin" / "python"), "-m", "pytest", "test_rule.py"],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": options + str(answers.fileno())},
            pass_fds=[answers.fileno()],
            check=True,
            capture_output=True,
        )
    found = [json.loads(line) for line in (copy / "answers").read_text(encoding="utf-8").splitlines()]
    assert [each["number"] for each in found] == list(range(len(changes)))
    return found


@pytest.mark.parametrize(
    ("after", "other"),
    [
        ("def f(a: int) -> int:\n    return a + 300\n", False),
        ('def f(a: str) -> None:\n    "Other words."\n    return a + 300\n', False),
        ("def f(a: int) -> int:\n    return a + 3599\n", True),
        ("def f(a: int) -> int:\n    return a +\n", False),
    ],
)
def test_a_change_of_words_and_types_is_none(after: str, other: bool) -> None:
    before = 'def f(a: int) -> int:\n    "Words."\n    return a + 300\n'
    if '"' not in after:
        before = before.replace('    "Words."\n', "")
    assert _says_something_else(before, after) is other


@pytest.mark.parametrize(
    ("own", "other"), [("", True), ("\n    def __repr__(self):\n        return ''", False)]
)
def test_a_dataclass_with_a_text_of_its_own_is_told_nothing_of_it(own: str, other: bool) -> None:
    before = "@dataclass(repr=False)\nclass A:\n    a: int" + own
    assert _says_something_else(before, before.replace("False", "True")) is other


def test_every_room_and_its_tests_are_there() -> None:
    for folder, tests in ROOMS.values():
        assert (ROOT / folder).is_dir()
        assert tests
        assert all((ROOT / path).exists() for path in tests)


def test_an_equivalent_change_is_of_code_that_is_there() -> None:
    for change, reason in EQUIVALENT.items():
        path, _, words = change.partition(" ")
        before = words.partition(": ")[2].partition("  ->  ")[0]
        assert before in (ROOT / path).read_text(encoding="utf-8"), change
        assert reason


OUTPUT = """sceau/policy: 9 changes, 9 of them not equivalent; 9 are tried.
    1 noticed     sceau/policy/a.py:3 AddNot: if f(a):  ->  if not f(a):  (tests/client/policy/test_a.py::test_a[b (c)])
   12 survived    sceau/policy/a.py:30 NumberReplacer: f(3)  ->  f( 4)  (2 of 3 tests)
   13 not reached sceau/policy/b.py:1 NumberReplacer: 3  ->  4  (no test runs the line)
   14 no change   sceau/policy/b.py:1 NumberReplacer: 5  ->  4  (no test runs the line)
"""


def test_what_was_not_noticed_is_read_from_the_output_of_a_run() -> None:
    assert not_noticed(OUTPUT) == {
        "sceau/policy/a.py NumberReplacer: f(3)  ->  f( 4)",
        "sceau/policy/b.py NumberReplacer: 3  ->  4",
    }


def test_the_interval_of_a_share() -> None:
    low, high = interval(95, 100)
    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)
