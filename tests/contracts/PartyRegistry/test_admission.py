# SPDX-License-Identifier: Apache-2.0
"""Admitting a party. P3, P5, P8, P10."""

import pytest

from tests.contracts.support.chain import Call, Event, refused
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import (
    EVERY_ROLE,
    MAX_KEYS,
    NO_KEY,
    NOBODY,
    PRACTICE,
    ZERO,
    Party,
    SigningKey,
)
from tests.contracts.support.world import ADMISSION, World


def test_an_admitted_party_has_the_next_number_its_roles_and_its_keys(world: World) -> None:
    controller, keys = world.fresh("controller"), [Signer("new key 1"), Signer("new key 2")]
    directory = world.word()
    number = world.chain.read(world.parties.partyCount()) + 1
    call = _admit(world, controller, keys, directory=directory)
    assert world.chain.ask(call, world.admins[ADMISSION].address) == number
    receipt = world.restricted(ADMISSION, call)
    assert receipt.events == (
        Event(
            "PartyRegistry",
            "PartyAdmitted",
            {
                "party": number,
                "controller": controller.address,
                "roles": PRACTICE,
                "directory": directory,
            },
        ),
        *(Event("PartyRegistry", "KeyAdded", {"party": number, "key": key.address}) for key in keys),
    )
    assert world.party(number) == Party(controller.address, NOBODY, PRACTICE, False, receipt.time, directory)
    assert world.chain.read(world.parties.partyCount()) == number
    assert world.chain.read(world.parties.keysOf(number)) == tuple(key.address for key in keys)
    for key in keys:
        assert world.key(key.address) == SigningKey(number, PRACTICE, False, receipt.time, 0, 0)


def test_the_first_party_has_number_one(world: World) -> None:
    parties = (
        world.practice,
        world.supplier,
        world.payer,
        world.auditor,
        world.other_practice,
        world.other_supplier,
        world.other_payer,
    )
    assert [party.number for party in parties] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("roles", range(1, EVERY_ROLE + 1))
def test_a_party_may_hold_any_roles(roles: int, world: World) -> None:
    key = Signer("key of many roles")
    world.restricted(ADMISSION, _admit(world, world.fresh("controller"), [key], roles=roles))
    assert world.key(key.address).roles == roles


@pytest.mark.parametrize("roles", [0, EVERY_ROLE + 1, PRACTICE | 16, 128, 255])
def test_a_party_without_a_role_or_with_an_unknown_one_is_refused(roles: int, world: World) -> None:
    call = _admit(world, world.fresh("controller"), [Signer("a key")], roles=roles)
    _refused(world, call, refused("PartyRolesInvalid", roles))


def test_a_party_without_a_controller_is_refused(world: World) -> None:
    key = Signer("a key")
    application = (key.address, world.possession(NOBODY, key))
    call = world.parties.admit(NOBODY, PRACTICE, ZERO, [application])
    _refused(world, call, refused("ControllerInvalid", NOBODY))


@pytest.mark.parametrize("which", ["key", "retired", "compromised"])
def test_a_key_of_a_party_is_not_admitted_as_a_controller(which: str, world: World) -> None:
    controller = getattr(world.payer, which)
    call = _admit(world, controller, [Signer("a key")])
    _refused(world, call, refused("ControllerInvalid", controller.address))


def test_a_party_is_not_admitted_without_a_key_or_with_more_than_sixteen(world: World) -> None:
    controller = world.fresh("controller")
    _refused(world, _admit(world, controller, []), refused("PartyKeyCountInvalid", 0, MAX_KEYS))
    keys = [Signer(f"key {number} of many") for number in range(MAX_KEYS + 1)]
    expected = refused("PartyKeyCountInvalid", MAX_KEYS + 1, MAX_KEYS)
    _refused(world, _admit(world, controller, keys), expected)
    world.restricted(ADMISSION, _admit(world, controller, keys[:MAX_KEYS]))


def test_a_key_named_twice_is_refused(world: World) -> None:
    key = Signer("a key")
    number = world.chain.read(world.parties.partyCount()) + 1
    call = _admit(world, world.fresh("controller"), [key, key])
    _refused(world, call, refused("KeyTaken", key.address, number))


@pytest.mark.parametrize("which", ["key", "retired", "compromised"])
def test_a_key_of_another_party_is_refused(which: str, world: World) -> None:
    key = getattr(world.payer, which)
    call = _admit(world, world.fresh("controller"), [Signer("a key"), key])
    _refused(world, call, refused("KeyTaken", key.address, world.payer.number))


def test_a_controller_is_not_a_key_of_its_own_party_or_of_another(world: World) -> None:
    controller = world.fresh("controller")
    for key in (controller, world.payer.controller):
        call = _admit(world, controller, [Signer("a key"), key])
        _refused(world, call, refused("KeyInvalid", key.address))


def test_the_zero_address_is_no_key(world: World) -> None:
    controller = world.fresh("controller")
    call = world.parties.admit(controller.address, PRACTICE, ZERO, [(NOBODY, bytes(65))])
    _refused(world, call, refused("KeyInvalid", NOBODY))


def test_one_controller_may_manage_two_parties(world: World) -> None:
    """A chain of shops, say."""
    controller = world.practice.controller
    key = Signer("key of a second shop")
    world.restricted(ADMISSION, _admit(world, controller, [key]))
    number = world.key(key.address).party
    assert number != world.practice.number
    for party in (number, world.practice.number):
        assert world.party(party).controller == controller.address


def test_parties_and_keys_that_do_not_exist_are_unknown(world: World) -> None:
    for party in (0, world.chain.read(world.parties.partyCount()) + 1, 2**32 - 1):
        assert world.chain.ask(world.parties.partyOf(party), None) == refused("PartyUnknown", party)
        assert world.chain.read(world.parties.keysOf(party)) == ()
    assert world.key(world.unknown.address) == NO_KEY
    expected = refused("KeyUnknown", world.unknown.address)
    assert world.chain.ask(world.parties.requireActing(world.unknown.address, PRACTICE), None) == expected


def _admit(
    world: World, controller: Signer, keys: list[Signer], *, roles: int = PRACTICE, directory: bytes = ZERO
) -> Call:
    applications = [world.application(controller.address, key) for key in keys]
    return world.parties.admit(controller.address, roles, directory, applications)


def _refused(world: World, call: Call, expected: object) -> None:
    """Nothing of a refused party stays, not its number either."""
    before = world.chain.read(world.parties.partyCount())
    assert world.chain.refusal(call, world.admins[ADMISSION].address) == expected
    assert world.chain.read(world.parties.partyCount()) == before
