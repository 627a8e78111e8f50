# SPDX-License-Identifier: Apache-2.0
"""Every external function of every contract, tried by everybody. P1, P2, P6, P7, P12, P18, P24, P35.

The list of functions comes from the ABI: a function that is new has no entry here, and the suite fails until
somebody has said who may call it.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.protocol.manager_entries import ACCESS_MANAGER
from tests.contracts.protocol.registry_entries import CLAIM_REGISTRY, CONSENT_REGISTRY, PARTY_REGISTRY
from tests.contracts.support.actors import ActingParty
from tests.contracts.support.chain import Refused
from tests.contracts.support.world import World

ENTRIES = {
    "PartyRegistry": PARTY_REGISTRY,
    "ConsentRegistry": CONSENT_REGISTRY,
    "ClaimRegistry": CLAIM_REGISTRY,
    "ConsortiumAccessManager": ACCESS_MANAGER,
}


SOURCES = Path(__file__).resolve().parents[3] / "contracts"


def test_every_contract_has_entries() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.sol")]
    assert sorted(ENTRIES) == sorted(
        name for text in texts for name in re.findall(r"^contract (\w+)", text, re.MULTILINE)
    )


@pytest.mark.parametrize("name", ENTRIES)
def test_every_external_function_has_an_entry(name: str, world: World) -> None:
    assert sorted(ENTRIES[name]) == world.contracts[name].functions()


@pytest.mark.parametrize("name", ENTRIES)
def test_no_function_of_a_registry_takes_ether(name: str, world: World) -> None:
    """The manager's `execute` does: it is OpenZeppelin's, and passes it on."""
    payable = {
        entry.get("name", entry["type"])
        for entry in world.contracts[name].abi
        if entry["type"] in ("function", "fallback", "receive") and entry["stateMutability"] == "payable"
    }
    assert payable == ({"execute"} if name == "ConsortiumAccessManager" else set())


@pytest.mark.parametrize(
    ("name", "signature"), [(name, signature) for name, entries in ENTRIES.items() for signature in entries]
)
def test_a_function_is_open_to_whom_it_should_be_and_to_nobody_else(
    name: str, signature: str, actors: list[ActingParty], world: World
) -> None:
    entry = ENTRIES[name][signature]
    call = entry.call(world)
    answers: dict[str, Any] = {}
    everybody_is_told = world.chain.ask_each(call, [actor.address for actor in actors])
    for actor, answer in zip(actors, everybody_is_told, strict=True):
        expected = entry.verdict(world, actor)
        refusal = answer.name if isinstance(answer, Refused) else None
        assert refusal == expected, f"{name}.{signature} by the {actor.name}: {answer}"
        if expected is None:
            answers[actor.name] = answer
    if call.contract.function(call.function)["stateMutability"] in ("view", "pure"):
        assert len(answers) == len(actors)
        assert len({repr(answer) for answer in answers.values()}) == 1
    elif answers:
        sender = next(actor for actor in actors if actor.name in answers)
        world.chain.send(call, sender.address)
