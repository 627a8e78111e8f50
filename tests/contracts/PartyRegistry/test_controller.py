# SPDX-License-Identifier: Apache-2.0
"""Changing a party's controller in two steps, and its entry in the directory. P5, P7."""

import pytest

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import NOBODY
from tests.contracts.support.world import World

NEW_KEY = Signer("a new controller's key")


@pytest.fixture
def heir(world: World) -> Signer:
    return world.fresh("heir")


def test_control_passes_by_offer_and_acceptance(world: World, heir: Signer) -> None:
    number, old = world.practice.number, world.practice.controller
    before = world.party(number)
    offered = world.chain.send(world.parties.offerController(number, heir.address), old.address)
    assert offered.event == Event(
        "PartyRegistry", "ControllerOffered", {"party": number, "controller": heir.address}
    )
    assert world.party(number) == before._replace(pending_controller=heir.address)
    world.chain.send(world.parties.setDirectory(number, before.directory), old.address)
    accepted = world.chain.send(world.parties.acceptController(number), heir.address)
    assert accepted.event == Event(
        "PartyRegistry", "ControllerChanged", {"party": number, "controller": heir.address}
    )
    assert world.party(number) == before._replace(controller=heir.address)


def test_the_new_controller_manages_the_keys_and_the_old_one_no_more(world: World, heir: Signer) -> None:
    practice = world.practice
    _pass_control(world, practice.number, practice.controller, heir)
    old = practice.controller.address
    proof = world.possession(old, NEW_KEY)
    refusals = (
        (world.parties.addKey(practice.number, NEW_KEY.address, proof), "ControllerOnly"),
        (world.parties.setDirectory(practice.number, world.word()), "ControllerOnly"),
        (world.parties.offerController(practice.number, old), "ControllerOnly"),
        (world.parties.retireKey(practice.key.address), "KeyNotYours"),
        (world.parties.acceptController(practice.number), "ControllerNotOffered"),
    )
    for call, error in refusals:
        assert world.chain.refusal(call, old).name == error
    proof = world.possession(heir.address, NEW_KEY)
    world.chain.send(world.parties.addKey(practice.number, NEW_KEY.address, proof), heir.address)
    world.chain.send(world.parties.retireKey(practice.key.address), heir.address)


def test_only_the_address_that_was_offered_control_accepts_it(world: World, heir: Signer) -> None:
    number = world.practice.number
    accept = world.parties.acceptController(number)
    everybody = (heir, world.unknown, world.admin, world.payer.controller, world.practice.controller)
    for account in everybody:
        expected = refused("ControllerNotOffered", number, account.address)
        assert world.chain.refusal(accept, account.address) == expected
    _offer(world, number, world.practice.controller, heir.address)
    for account in everybody[1:]:
        expected = refused("ControllerNotOffered", number, account.address)
        assert world.chain.refusal(accept, account.address) == expected
    world.chain.send(accept, heir.address)
    assert world.chain.refusal(accept, heir.address) == refused("ControllerNotOffered", number, heir.address)


def test_an_offer_is_replaced_or_taken_back(world: World, heir: Signer) -> None:
    number, old = world.practice.number, world.practice.controller
    accept = world.parties.acceptController(number)
    _offer(world, number, old, heir.address)
    _offer(world, number, old, world.unknown.address)
    assert world.chain.refusal(accept, heir.address).name == "ControllerNotOffered"
    _offer(world, number, old, NOBODY)
    assert world.party(number).pending_controller == NOBODY
    assert world.chain.refusal(accept, world.unknown.address).name == "ControllerNotOffered"
    assert world.party(number).controller == old.address


def test_an_offer_for_one_party_is_none_for_another(world: World, heir: Signer) -> None:
    _offer(world, world.practice.number, world.practice.controller, heir.address)
    other = world.payer.number
    expected = refused("ControllerNotOffered", other, heir.address)
    assert world.chain.refusal(world.parties.acceptController(other), heir.address) == expected


@pytest.mark.parametrize("which", ["key", "second", "retired", "compromised"])
@pytest.mark.parametrize("owner", ["practice", "payer"])
def test_control_is_not_offered_to_a_signing_key(which: str, owner: str, world: World) -> None:
    key = getattr(getattr(world, owner), which)
    call = world.parties.offerController(world.practice.number, key.address)
    expected = refused("ControllerInvalid", key.address)
    assert world.chain.refusal(call, world.practice.controller.address) == expected


def test_an_address_that_became_a_key_after_the_offer_does_not_accept_it(world: World, heir: Signer) -> None:
    number, old = world.practice.number, world.practice.controller
    _offer(world, number, old, heir.address)
    payer = world.payer
    proof = world.possession(payer.controller.address, heir)
    world.chain.send(world.parties.addKey(payer.number, heir.address, proof), payer.controller.address)
    expected = refused("ControllerInvalid", heir.address)
    assert world.chain.refusal(world.parties.acceptController(number), heir.address) == expected
    assert world.party(number).controller == old.address


def test_a_controller_may_pass_control_to_itself_and_is_still_no_key(world: World) -> None:
    practice = world.practice
    _pass_control(world, practice.number, practice.controller, practice.controller)
    proof = world.possession(practice.controller.address, practice.controller)
    call = world.parties.addKey(practice.number, practice.controller.address, proof)
    expected = refused("KeyInvalid", practice.controller.address)
    assert world.chain.refusal(call, practice.controller.address) == expected


def test_nobody_but_the_controller_offers_control_or_writes_in_the_directory(
    world: World, heir: Signer
) -> None:
    number = world.practice.number
    calls = (
        world.parties.offerController(number, heir.address),
        world.parties.setDirectory(number, world.word()),
    )
    others = (world.practice.key, world.payer.controller, world.admin, *world.admins.values(), heir)
    for call in calls:
        for other in others:
            expected = refused("ControllerOnly", number, other.address)
            assert world.chain.refusal(call, other.address) == expected


def test_a_party_that_does_not_exist_has_no_controller(world: World) -> None:
    by = world.practice.controller.address
    for party in (0, 99):
        for call in (
            world.parties.offerController(party, by),
            world.parties.acceptController(party),
            world.parties.setDirectory(party, world.word()),
        ):
            assert world.chain.refusal(call, by) == refused("PartyUnknown", party)


def test_the_controller_publishes_the_hash_of_the_directory_entry(world: World) -> None:
    number, directory = world.practice.number, world.word()
    before = world.party(number)
    call = world.parties.setDirectory(number, directory)
    receipt = world.chain.send(call, world.practice.controller.address)
    assert receipt.event == Event(
        "PartyRegistry", "PartyDirectorySet", {"party": number, "directory": directory}
    )
    assert world.party(number) == before._replace(directory=directory)


def test_a_suspended_partys_controller_still_manages_its_keys(world: World, heir: Signer) -> None:
    world.suspend(world.practice)
    _pass_control(world, world.practice.number, world.practice.controller, heir)
    world.chain.send(world.parties.retireKey(world.practice.key.address), heir.address)
    assert world.party(world.practice.number).suspended


def _offer(world: World, number: int, by: Signer, to: str) -> None:
    world.chain.send(world.parties.offerController(number, to), by.address)


def _pass_control(world: World, number: int, old: Signer, new: Signer) -> None:
    _offer(world, number, old, new.address)
    world.chain.send(world.parties.acceptController(number), new.address)
