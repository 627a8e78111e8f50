# SPDX-License-Identifier: Apache-2.0
"""The client counts roles, states, steps and groups as the contracts do."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path

import pytest

from sceau.errors import Sentence
from sceau.terms import (
    Group,
    Role,
    State,
    Step,
    group_words,
    groups_of,
    roles_words,
    state_words,
    step_words,
)

INTERFACES = Path(__file__).resolve().parents[3] / "interfaces"


def solidity_enum(name: str) -> list[str]:
    source = (INTERFACES / "IClaimRegistry.sol").read_text(encoding="utf-8")
    found = re.search(rf"enum {name} \{{(.*?)\}}", source, re.DOTALL)
    assert found
    return [member.strip().upper() for member in found[1].split(",")]


def solidity_constants(prefix: str) -> dict[str, int]:
    source = (INTERFACES / "Types.sol").read_text(encoding="utf-8")
    return {name: int(value) for name, value in re.findall(rf"constant {prefix}_(\w+) = (\d+);", source)}


def test_states_and_steps_are_numbered_as_in_the_contract() -> None:
    assert [state.name for state in State] == solidity_enum("State")
    assert [step.name for step in Step] == solidity_enum("Step")


def test_roles_and_groups_are_numbered_as_in_the_contract() -> None:
    roles = solidity_constants("ROLE")
    assert roles.pop("MASK") == sum(Role)
    assert {role.name: role.value for role in Role} == roles
    assert {group.name: group.value for group in Group} == solidity_constants("GROUP")


@pytest.mark.parametrize(("words", "terms"), [(state_words, State), (step_words, Step), (group_words, Group)])
def test_every_term_has_words_of_its_own_in_both_languages(
    words: Callable[[int], Sentence], terms: type[IntEnum]
) -> None:
    for language in ("en", "fr"):
        assert len({words(term).text(language) for term in terms}) == len(terms)
    assert len({words(term).code for term in terms}) == len(terms)


def test_roles_are_worded_together() -> None:
    assert roles_words(Role.PRACTICE | Role.PAYER).text("fr") == "magasin, payeur"
    assert roles_words(0).text("en") == "none"


def test_groups_are_read_from_a_mask() -> None:
    assert groups_of(0) == ()
    assert groups_of(0b1010) == (Group.LENS_PRODUCT, Group.QUANTITY)
    assert groups_of(0b1111) == tuple(Group)
