# SPDX-License-Identifier: Apache-2.0
"""A change counts as noticed only if the tests fail on it, and the code is afterwards as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutate import ROOMS, Mutant, _says_something_else, noticed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A project of one file, and a test that asks whether it holds the word seven."""
    (tmp_path / "rule.py").write_text("seven", encoding="utf-8")
    test = tmp_path / "test.sh"
    test.write_text("#!/bin/sh\ngrep -q seven rule.py\n", encoding="utf-8")
    test.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(("text", "seen"), [("eight", True), ("seven!", False)])
def test_a_change_is_noticed_when_the_tests_fail_on_it(copy: Path, text: str, seen: bool) -> None:
    assert noticed(copy, Mutant("rule.py", "", text), [("test.sh",)]) is seen
    assert (copy / "rule.py").read_text(encoding="utf-8") == "seven"


def test_later_tests_are_asked_where_the_first_notice_nothing(copy: Path) -> None:
    (copy / "all.sh").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (copy / "all.sh").chmod(0o755)
    assert noticed(copy, Mutant("rule.py", "", "eight"), [("all.sh",), ("test.sh",)])
    assert not noticed(copy, Mutant("rule.py", "", "eight"), [("all.sh",)])


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


def test_every_room_and_its_tests_are_there() -> None:
    for folder, commands in ROOMS.values():
        assert (ROOT / folder).is_dir()
        tests = [word for command in commands for word in command if word.startswith("tests/")]
        assert tests
        assert all((ROOT / path).exists() for path in tests)
