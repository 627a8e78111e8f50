# SPDX-License-Identifier: Apache-2.0
"""Adding and retiring signing keys. P3, P5, P6, P8."""

import pytest

from tests.contracts.support.chain import Call, Event, refused
from tests.contracts.support.life import Life
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import MAX_KEYS, NOBODY, PRACTICE, SigningKey, Step
from tests.contracts.support.world import COMPROMISE, Organisation, World

NEW = Signer("a new key")


def test_the_controller_adds_a_key_that_acts_from_then_on(world: World) -> None:
    practice = world.practice
    world.chain.fund(NEW.address)
    life = Life(world)
    assert world.chain.refusal(life.call(Step.OPEN), NEW.address) == refused("KeyUnknown", NEW.address)
    receipt = world.chain.send(_add(world, practice, NEW), practice.controller.address)
    assert receipt.event == Event("PartyRegistry", "KeyAdded", {"party": practice.number, "key": NEW.address})
    assert world.key(NEW.address) == SigningKey(practice.number, PRACTICE, False, receipt.time, 0, 0)
    assert NEW.address in world.chain.read(world.parties.keysOf(practice.number))
    life.step(Step.OPEN, by=NEW)


def test_nobody_but_the_controller_adds_a_key(world: World) -> None:
    practice = world.practice
    others = (
        practice.key,
        practice.second,
        world.payer.controller,
        world.admin,
        *world.admins.values(),
        world.unknown,
    )
    for other in others:
        expected = refused("ControllerOnly", practice.number, other.address)
        assert world.chain.refusal(_add(world, practice, NEW), other.address) == expected
    world.chain.fund(NEW.address)
    itself = refused("ControllerOnly", practice.number, NEW.address)
    assert world.chain.refusal(_add(world, practice, NEW), NEW.address) == itself


def test_no_key_is_added_to_a_party_that_does_not_exist(world: World) -> None:
    controller = world.practice.controller
    for party in (0, 99):
        call = world.parties.addKey(party, NEW.address, world.possession(controller.address, NEW))
        assert world.chain.refusal(call, controller.address) == refused("PartyUnknown", party)


@pytest.mark.parametrize("which", ["key", "retired", "compromised"])
@pytest.mark.parametrize("owner", ["practice", "payer"])
def test_a_key_that_was_ever_registered_is_added_to_no_party_again(
    which: str, owner: str, world: World
) -> None:
    """Neither to another party nor to its own."""
    holder: Organisation = getattr(world, owner)
    key = getattr(holder, which)
    before = world.key(key.address)
    expected = refused("KeyTaken", key.address, holder.number)
    assert (
        world.chain.refusal(_add(world, world.practice, key), world.practice.controller.address) == expected
    )
    assert world.key(key.address) == before


def test_no_controller_becomes_a_key_of_its_own_party_or_of_another(world: World) -> None:
    """Or an on-line key would add keys."""
    for controller in (world.practice.controller, world.payer.controller):
        call = _add(world, world.practice, controller)
        expected = refused("KeyInvalid", controller.address)
        assert world.chain.refusal(call, world.practice.controller.address) == expected


def test_a_controller_that_gave_up_its_last_party_may_become_a_key(world: World) -> None:
    former, heir = world.payer.controller, world.fresh("controller")
    second = Signer("key of the payer's second party")
    applications = [world.application(former.address, second)]
    world.restricted(1, world.parties.admit(former.address, PRACTICE, bytes(32), applications))
    for party in (world.payer.number, world.key(second.address).party):
        call = _add(world, world.practice, former)
        expected = refused("KeyInvalid", former.address)
        assert world.chain.refusal(call, world.practice.controller.address) == expected
        world.chain.send(world.parties.offerController(party, heir.address), former.address)
        world.chain.send(world.parties.acceptController(party), heir.address)
    world.chain.send(_add(world, world.practice, former), world.practice.controller.address)


def test_the_zero_address_is_no_key(world: World) -> None:
    call = world.parties.addKey(world.practice.number, NOBODY, bytes(65))
    assert world.chain.refusal(call, world.practice.controller.address) == refused("KeyInvalid", NOBODY)


def test_a_party_has_sixteen_acting_keys_and_a_retired_one_makes_room(world: World) -> None:
    practice = world.practice
    have = len(world.chain.read(world.parties.keysOf(practice.number)))
    keys = [Signer(f"one of sixteen, {number}") for number in range(MAX_KEYS - have + 1)]
    for key in keys[:-1]:
        world.chain.send(_add(world, practice, key), practice.controller.address)
    one_more = _add(world, practice, keys[-1])
    expected = refused("PartyKeyCountInvalid", MAX_KEYS + 1, MAX_KEYS)
    assert world.chain.refusal(one_more, practice.controller.address) == expected
    world.chain.send(world.parties.retireKey(keys[0].address), practice.controller.address)
    world.chain.send(one_more, practice.controller.address)
    assert len(world.chain.read(world.parties.keysOf(practice.number))) == MAX_KEYS
    world.suspend(practice)
    for address in world.chain.read(world.parties.keysOf(practice.number)):
        assert world.key(address).suspended


@pytest.mark.parametrize("by", ["key", "controller"])
def test_a_key_is_retired_by_itself_or_by_its_controller(by: str, world: World) -> None:
    practice, key = world.practice, world.practice.second
    before = world.key(key.address)
    call = world.parties.retireKey(key.address)
    receipt = world.chain.send(call, {"key": key, "controller": practice.controller}[by].address)
    expected = {"party": practice.number, "key": key.address}
    assert receipt.event == Event("PartyRegistry", "KeyRetired", expected)
    assert world.key(key.address) == before._replace(retired_at=receipt.time)
    assert world.chain.read(world.parties.keysOf(practice.number)) == (practice.key.address,)
    outcome = world.chain.refusal(Life(world).call(Step.OPEN), key.address)
    assert outcome == refused("KeyIsRetired", key.address)


def test_nobody_else_retires_a_key(world: World) -> None:
    """Not another key of the same party either: a stolen key must not take the others along."""
    key = world.practice.key.address
    others = (
        world.practice.second,
        world.practice.retired,
        world.payer.controller,
        world.payer.key,
        world.admin,
        *world.admins.values(),
        world.unknown,
    )
    for other in others:
        expected = refused("KeyNotYours", key, other.address)
        assert world.chain.refusal(world.parties.retireKey(key), other.address) == expected
    assert world.key(key).retired_at == 0


def test_a_key_is_retired_once(world: World) -> None:
    for key in (world.practice.retired, world.practice.compromised):
        before = world.key(key.address)
        for by in (key, world.practice.controller):
            expected = refused("KeyIsRetired", key.address)
            assert world.chain.refusal(world.parties.retireKey(key.address), by.address) == expected
        assert world.key(key.address) == before


def test_an_unknown_key_is_not_retired(world: World) -> None:
    stranger = world.unknown
    for by in (stranger, world.practice.controller):
        expected = refused("KeyUnknown", stranger.address)
        assert world.chain.refusal(world.parties.retireKey(stranger.address), by.address) == expected


@pytest.mark.parametrize("position", [0, 1, 2])
def test_the_list_of_acting_keys_loses_the_retired_one_and_no_other(position: int, world: World) -> None:
    practice = world.practice
    world.chain.send(_add(world, practice, NEW), practice.controller.address)
    keys = world.chain.read(world.parties.keysOf(practice.number))
    assert len(keys) == 3
    world.chain.send(world.parties.retireKey(keys[position]), practice.controller.address)
    left = world.chain.read(world.parties.keysOf(practice.number))
    assert sorted(left) == sorted(set(keys) - {keys[position]})


def test_a_key_of_a_suspended_party_can_still_retire_itself(world: World) -> None:
    world.suspend(world.practice)
    key = world.practice.key.address
    world.chain.send(world.parties.retireKey(key), key)
    assert world.key(key).retired_at


def test_a_party_may_retire_its_last_key_and_add_another(world: World) -> None:
    practice = world.practice
    for key in (practice.key, practice.second):
        world.chain.send(world.parties.retireKey(key.address), key.address)
    assert world.chain.read(world.parties.keysOf(practice.number)) == ()
    world.suspend(practice)
    world.reinstate(practice)
    world.chain.send(_add(world, practice, NEW), practice.controller.address)
    assert world.chain.read(world.parties.keysOf(practice.number)) == (NEW.address,)


def test_a_key_declared_compromised_makes_room_too(world: World) -> None:
    practice = world.practice
    world.restricted(COMPROMISE, world.parties.setCompromisedSince(practice.key.address, 1))
    assert world.chain.read(world.parties.keysOf(practice.number)) == (practice.second.address,)


def _add(world: World, party: Organisation, key: Signer) -> Call:
    possession = world.possession(party.controller.address, key)
    return world.parties.addKey(party.number, key.address, possession)
