# SPDX-License-Identifier: Apache-2.0
"""Random lives of a consortium against a plain Python model of the protocol, over all roles, parties and time.

P1 to P3, P5 to P9, P11, P12, P15 to P19, P21 to P34. SCEAU_RANDOM_LIVES=500 plays that many other lives instead.
"""

import os
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.conftest import Mock
from tests.contracts.support.machine.machine import ConsortiumMachine
from tests.contracts.support.machine.random_life import Accounts, parties_as_founded
from tests.contracts.support.world import World

LIVES = int(os.environ.get("SCEAU_RANDOM_LIVES", "54"))
STEPS_OF_A_LIFE = 60
STEPS_AT_LEAST = 2_000


def test_random_lives_of_a_consortium_go_as_the_model_says(world: World, mock: Mock) -> None:
    ConsortiumMachine.world = world
    ConsortiumMachine.accounts = Accounts(world)
    ConsortiumMachine.founded = parties_as_founded(world, ConsortiumMachine.accounts)
    ConsortiumMachine.reader = mock("Reader")
    ConsortiumMachine.taken.clear()
    ConsortiumMachine.errors.clear()
    chosen = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS_OF_A_LIFE,
        # The same lives on every run, so that a failure comes again; others where more are asked for.
        derandomize="SCEAU_RANDOM_LIVES" not in os.environ,
        database=None,
        deadline=None,
        verbosity=Verbosity.normal,
        suppress_health_check=HealthCheck.all(),
    )
    run: Any = run_state_machine_as_test  # without types in Hypothesis 6.27
    run(ConsortiumMachine, settings=chosen)
    taken = ConsortiumMachine.taken
    print(
        f"\n{sum(taken.values())} steps: " + _list(taken) + "\nrefusals: " + _list(ConsortiumMachine.errors)
    )
    assert sum(taken.values()) >= STEPS_AT_LEAST
    accepted = {name for name in taken if not name.endswith(", refused")}
    assert accepted >= EVERY_ACT, f"never accepted: {EVERY_ACT - accepted}"
    for act in EVERY_ACT - {"wait"}:
        assert taken[f"{act}, refused"], f"never refused: {act}"
    assert set(ConsortiumMachine.errors) == _errors(world) - OF_NO_ACT


def _list(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))


def _errors(world: World) -> set[str]:
    """Every error that the registries declare."""
    registries = (world.parties, world.consents, world.claims)
    return {entry["name"] for registry in registries for entry in registry.abi if entry["type"] == "error"}


# Of deploying, of a role with a delay, of reading, and of an order that no life is long enough for.
OF_NO_ACT = {
    "AccessManagedInvalidAuthority",
    "AccessManagedRequiredDelay",
    "ClaimUnknown",
    "InvalidShortString",
    "OrderLimitReached",
    "StringTooLong",
}

EVERY_ACT = {
    "suspend",
    "reinstate",
    "set roles",
    "compromise",
    "pause",
    "unpause",
    "admit",
    "add key",
    "retire key",
    "offer",
    "accept",
    "directory",
    "record",
    "revoke",
    "withdraw",
    "open",
    "authorise",
    "refuse",
    "cancel",
    "order",
    "remake",
    "deliver",
    "invoice",
    "settle",
    "return",
    "dispute",
    "wait",
}
