# SPDX-License-Identifier: Apache-2.0
"""The numbered list of docs/protocol.md and the tests that hold it; its table of records."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.support.protocol import properties, steps, table
from tests.contracts.support.terms import Step
from tests.contracts.support.world import World

HERE = Path(__file__).resolve().parents[1]
PROFILES = HERE.parents[1] / "sceau" / "record" / "profiles"
RANGE = re.compile(r"\bP(\d+) to P(\d+)\b")


def _named_in(text: str) -> set[str]:
    """Properties that a module's docstring names, ranges such as 'P1 to P3' included."""
    docstring = text.split('"""')[1]
    named = set(re.findall(r"\bP\d+\b", docstring))
    for first, last in RANGE.findall(docstring):
        named |= {f"P{number}" for number in range(int(first), int(last) + 1)}
    return named


NAMED = {
    path: _named_in(path.read_text(encoding="utf-8"))
    for path in HERE.rglob("test_*.py")
    if path.name not in ("test_properties.py", "test_random_lives.py")
}


def test_the_list_is_numbered_without_gaps() -> None:
    assert properties() == tuple(f"P{number}" for number in range(1, len(properties()) + 1))


@pytest.mark.parametrize("number", properties())
def test_a_property_is_named_by_a_module_that_tests_it(number: str) -> None:
    assert [path.name for path, named in NAMED.items() if number in named]


def test_no_module_names_a_property_that_does_not_exist() -> None:
    for path, named in NAMED.items():
        assert named <= set(properties()), path.name


def test_every_step_has_a_record_in_a_profile_that_exists_written_by_the_steps_party() -> None:
    seen = set()
    for _, profiles, writers, at in table("record type", "profile"):
        for name in re.findall(r"`(.+?)`", profiles):
            assert list(PROFILES.glob(f"{name}-*.json")), name
        for step in at.split(", "):
            if step != "`record`":
                assert steps()[Step[step.upper()]].party in writers, step
                seen.add(Step[step.upper()])
    assert seen == set(Step)


@pytest.mark.parametrize("name", ["PartyRegistry", "ConsentRegistry", "ClaimRegistry"])
def test_no_function_or_event_of_a_registry_takes_text(name: str, world: World) -> None:
    """P36. Bytes are signatures only."""
    for entry in world.contracts[name].abi:
        if entry["type"] in ("function", "event"):
            parts = list(_flat(entry["inputs"]))
            assert not [part for part in parts if part["type"].startswith("string")], entry["name"]
            names = {part["name"] for part in parts if part["type"] == "bytes"}
            assert names <= {"signature", "possession"}, entry["name"]


def _flat(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield from _flat(part["components"]) if "components" in part else [part]
