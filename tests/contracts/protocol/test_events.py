# SPDX-License-Identifier: Apache-2.0
"""Every function that changes something, its events and its silence. P34.

The calls are those of the list of all functions, so a new function or a new event of the ABIs is missed here too.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.protocol.registry_entries import CLAIM_REGISTRY, CONSENT_REGISTRY, PARTY_REGISTRY
from tests.contracts.support.actors import ActingParty
from tests.contracts.support.chain import Call
from tests.contracts.support.entries import Entry
from tests.contracts.support.signing import consent_id
from tests.contracts.support.terms import Conformity
from tests.contracts.support.world import World

# Names and arguments of the events that a call emits when this account sends it.
Told = list[tuple[str, dict[str, Any]]]
Telling = Callable[[World, Call, str], Told]


def one(name: str, **fields: Callable[[World, Call, str], object]) -> Telling:
    return lambda world, call, sender: [
        (name, {key: get(world, call, sender) for key, get in fields.items()})
    ]


def given(position: int) -> Callable[[World, Call, str], object]:
    """An argument of the call."""

    def get(_: World, call: Call, __: str) -> object:
        argument = call.args[position]
        return tuple(argument) if isinstance(argument, list) else argument

    return get


def fixed(value: object) -> Callable[[World, Call, str], object]:
    return lambda _, __, ___: value


def sender(_: World, __: Call, by: str) -> str:
    return by


def answer(world: World, call: Call, by: str) -> object:
    """What the call returns."""
    return world.chain.ask(call, by)


def practice(world: World, _: Call, __: str) -> int:
    return world.practice.number


def on_claim(
    name: str, *, order: int | None = None, **fields: Callable[[World, Call, str], object]
) -> Telling:
    """An event of a step: the claim, the key that wrote and the commitment, which stands before locks and tags."""
    if order is not None:
        fields["orderNumber"] = fixed(order)
    return one(name, claim=given(0), key=sender, **fields)


def _admitted(world: World, call: Call, by: str) -> Told:
    controller, roles, directory, applications = call.args
    party = world.chain.ask(call, by)
    told = {"party": party, "controller": controller, "roles": roles, "directory": directory}
    return [
        ("PartyAdmitted", told),
        *(("KeyAdded", {"party": party, "key": key}) for key, _ in applications),
    ]


def _compromised(world: World, call: Call, _: str) -> Told:
    key, since = call.args
    party = world.practice.number
    return [
        ("KeyCompromised", {"party": party, "key": key, "compromisedSince": since}),
        ("KeyRetired", {"party": party, "key": key}),
    ]


def _consent(_: World, call: Call, __: str) -> bytes:
    return consent_id(call.args[0], call.args[1])


OF_PARTIES: dict[str, Telling] = {
    "admit": _admitted,
    "suspend": one("PartySuspended", party=given(0)),
    "reinstate": one("PartyReinstated", party=given(0)),
    "setRoles": one("PartyRolesSet", party=given(0), roles=given(1)),
    "setCompromisedSince": _compromised,
    "addKey": one("KeyAdded", party=given(0), key=given(1)),
    "retireKey": one("KeyRetired", party=practice, key=given(0)),
    "setDirectory": one("PartyDirectorySet", party=given(0), directory=given(1)),
    "offerController": one("ControllerOffered", party=given(0), controller=given(1)),
    "acceptController": one("ControllerChanged", party=given(0), controller=sender),
}
OF_CONSENTS: dict[str, Telling] = {
    "record": one(
        "ConsentRecorded",
        consent=_consent,
        recorder=practice,
        key=given(1),
        commitment=given(0),
        expiresAt=given(2),
        attested=given(3),
    ),
    "withdraw": one("ConsentWithdrawn", consent=given(0), recorder=practice),
    "revoke": one("ConsentRevoked", consent=answer),
    "revokeBySignature": one("ConsentRevoked", consent=_consent),
    "pause": one("Paused", account=sender),
    "unpause": one("Unpaused", account=sender),
}
OF_CLAIMS: dict[str, Telling] = {
    "open": one(
        "ClaimOpened",
        claim=answer,
        practice=practice,
        payer=given(1),
        consent=given(2),
        key=sender,
        commitment=given(3),
    ),
    "authorise": on_claim("ClaimAuthorised", commitment=given(2)),
    "refuse": on_claim("ClaimRefused", commitment=given(2)),
    "settle": on_claim("ClaimSettled", commitment=given(2)),
    "cancel": on_claim("ClaimCancelled", commitment=given(1)),
    "order": on_claim("OrderPlaced", order=1, supplier=given(1), commitment=given(2), locks=given(3)),
    "remake": on_claim("OrderPlaced", order=2, supplier=given(2), commitment=given(3), locks=given(4)),
    "invoice": on_claim("ClaimInvoiced", order=1, mismatch=fixed(0), commitment=given(2), locks=given(3)),
    "deliver": on_claim(
        "OrderDelivered",
        order=1,
        conformity=fixed(Conformity.CONFORM),
        mismatch=fixed(0),
        commitment=given(2),
        tags=given(3),
    ),
    "recordReturn": on_claim("OrderReturned", order=1, commitment=given(2)),
    "dispute": on_claim("OrderDisputed", order=1, commitment=given(2)),
    "pause": one("Paused", account=sender),
    "unpause": one("Unpaused", account=sender),
}

REGISTRIES: dict[str, tuple[dict[str, Telling], dict[str, Entry]]] = {
    "PartyRegistry": (OF_PARTIES, PARTY_REGISTRY),
    "ConsentRegistry": (OF_CONSENTS, CONSENT_REGISTRY),
    "ClaimRegistry": (OF_CLAIMS, CLAIM_REGISTRY),
}
# Emitted by a change of authority, which only the manager makes: test_access_roles.py.
AUTHORITY = "AuthorityUpdated"
# OpenZeppelin declares it; a domain here never changes.
NEVER = "EIP712DomainChanged"


@pytest.mark.parametrize("name", REGISTRIES)
def test_every_function_that_changes_something_says_which_events_it_emits(name: str, world: World) -> None:
    changing = {
        entry["name"]
        for entry in world.contracts[name].abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }
    assert changing - {"setAuthority"} == set(REGISTRIES[name][0])


@pytest.mark.parametrize(
    ("name", "function"), [(name, function) for name, (told, _) in REGISTRIES.items() for function in told]
)
def test_a_change_emits_its_event_with_what_was_written_and_no_other(
    name: str, function: str, actors: list[ActingParty], world: World
) -> None:
    telling, entries = REGISTRIES[name]
    (entry,) = [entry for signature, entry in entries.items() if signature.split("(")[0] == function]
    call = entry.call(world)
    by = next(actor for actor in actors if entry.verdict(world, actor) is None).address
    expected = telling[function](world, call, by)
    receipt = world.chain.send(call, by)
    assert [(event.name, event.args) for event in receipt.events] == expected
    assert {event.contract for event in receipt.events} == {name}


@pytest.mark.parametrize("name", REGISTRIES)
def test_every_event_of_the_interface_is_emitted_by_some_function(
    name: str, actors: list[ActingParty], world: World
) -> None:
    telling, entries = REGISTRIES[name]
    emitted: set[str] = set()
    for signature, entry in entries.items():
        function = signature.split("(")[0]
        if function in telling:
            snapshot = world.chain.snapshot()
            call = entry.call(world)
            by = next(actor for actor in actors if entry.verdict(world, actor) is None).address
            emitted |= {event.name for event in world.chain.send(call, by).events}
            world.chain.revert(snapshot)
    declared = {entry["name"] for entry in world.contracts[name].abi if entry["type"] == "event"}
    assert declared - {AUTHORITY, NEVER} == emitted


@pytest.mark.parametrize("name", REGISTRIES)
def test_who_looks_for_a_party_a_key_a_consent_or_a_claim_finds_its_events_by_topic(
    name: str, world: World
) -> None:
    """Identifiers are indexed; commitments, tags and locks are not."""
    for entry in world.contracts[name].abi:
        if entry["type"] == "event" and entry["name"] not in (AUTHORITY, NEVER, "Paused", "Unpaused"):
            first = entry["inputs"][0]
            assert first["indexed"], entry["name"]
            assert first["name"] in ("party", "consent", "claim")
            plain = {part["name"] for part in entry["inputs"] if not part["indexed"]}
            assert not plain & {"party", "consent" if name == "ConsentRegistry" else "", "claim"}
