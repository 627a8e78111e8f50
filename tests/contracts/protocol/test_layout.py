# SPDX-License-Identifier: Apache-2.0
"""The layout that interfaces/ write beside each struct, against what a registry stores. P20."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.support.chain import Call, Contract
from tests.contracts.support.life import Life
from tests.contracts.support.terms import EVERY_ROLE, GROUPS, PAYER, Step
from tests.contracts.support.world import World

INTERFACES = Path(__file__).resolve().parents[3] / "interfaces"
SLOT = re.compile(r"slot (\d+): ([^:]*?)(?= slot |$)")
FIELD = re.compile(r"(\w+) (\d+)–(\d+)")
# Slots among which the mappings of a registry are looked for.
MAPPINGS = range(10)

# Slot, lowest and highest bit of each field.
Layout = dict[str, tuple[int, int, int]]


def _layout(interface: str, struct: str) -> Layout:
    text = (INTERFACES / f"{interface}.sol").read_text(encoding="utf-8")
    (lines,) = re.findall(rf"@dev Layout, .*:\n((?: +///   .*\n)+)(?: +/// .*\n)* +struct {struct} {{", text)
    written = re.sub(r"\s*///\s*", " ", lines).strip()
    return {
        name: (int(slot), int(low), int(high))
        for slot, fields in SLOT.findall(written)
        for name, low, high in FIELD.findall(fields)
    }


@pytest.fixture
def claim(world: World) -> tuple[Contract, bytes, Call]:
    """Registry, key and reading call of a claim. No field is zero, and no two neighbours are equal."""
    practice, payer, supplier = (world.admit(f"layout {number}", EVERY_ROLE) for number in range(3))
    life = Life(world, practice, payer, supplier).play(Step.OPEN, Step.AUTHORISE, Step.ORDER)
    life.step(Step.INVOICE, locks=[world.word() for _ in range(GROUPS)])
    life.play(Step.REMAKE, Step.SETTLE)
    life.step(Step.DELIVER, tags=[*life.tags(2)[:3], world.word()])
    life.play(Step.RETURN, Step.DISPUTE)
    return world.claims, life.id, world.claims.claimOf(life.id)


@pytest.fixture
def consent(world: World) -> tuple[Contract, bytes, Call]:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment, attested=True)
    world.chain.send(world.consents.withdraw(consent), world.practice.key.address)
    world.chain.send(world.consents.revoke(commitment), world.patient.address)
    return world.consents, consent, world.consents.consentOf(consent)


@pytest.fixture
def party(world: World) -> tuple[Contract, bytes, Call]:
    party = world.practice
    world.set_roles(party, PAYER)
    call = world.parties.offerController(party.number, world.unknown.address)
    world.chain.send(call, party.controller.address)
    call = world.parties.setDirectory(party.number, world.word())
    world.chain.send(call, party.controller.address)
    world.suspend(party)
    return world.parties, encode(["uint32"], [party.number]), world.parties.partyOf(party.number)


@pytest.fixture
def signing_key(world: World) -> tuple[Contract, bytes, Call]:
    key = world.payer.compromised.address
    return world.parties, encode(["address"], [key]), world.parties.keyOf(key)


@pytest.mark.parametrize(
    ("interface", "struct", "example", "zero"),
    [
        ("IClaimRegistry", "Claim", "claim", set()),
        ("IConsentRegistry", "Consent", "consent", set()),
        ("IPartyRegistry", "Party", "party", set()),
        ("IPartyRegistry", "SigningKey", "signing_key", {"suspended"}),
    ],
)
def test_a_struct_lies_in_storage_as_its_interface_says(
    interface: str, struct: str, example: str, zero: set[str], world: World, request: pytest.FixtureRequest
) -> None:
    registry, key, call = request.getfixturevalue(example)
    layout = _layout(interface, struct)
    components = registry.function(call.function)["outputs"][0]["components"]
    assert list(layout) == [part["name"] for part in components]
    expected = {name: _number(value) for name, value in zip(layout, world.chain.read(call), strict=True)}
    assert {name for name, value in expected.items() if not value} == zero
    assert all(one != other for one, other in pairwise(expected.values()))
    assert expected in list(_stored(world, registry, key, layout))


def _stored(world: World, registry: Contract, key: bytes, layout: Layout) -> Iterator[dict[str, int]]:
    """The fields as each mapping of the registry would hold them under this key."""
    for mapping in MAPPINGS:
        start = int.from_bytes(keccak(key + mapping.to_bytes(32, "big")), "big")
        words = {
            slot: int.from_bytes(world.chain.storage(registry, start + slot), "big")
            for slot, _, _ in layout.values()
        }
        yield {
            name: words[slot] >> low & (1 << (high - low + 1)) - 1
            for name, (slot, low, high) in layout.items()
        }


def _number(value: Any) -> int:
    if isinstance(value, bytes):
        return int.from_bytes(value, "big")
    return int(value, 16) if isinstance(value, str) else int(value)
