# SPDX-License-Identifier: Apache-2.0
"""Suspension, its end and changes of roles, which reach every key at once. P2, P8."""

import pytest

from tests.contracts.support.chain import Event, Receipt, refused
from tests.contracts.support.life import Life
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import AUDITOR, EVERY_ROLE, PAYER, PRACTICE, SUPPLIER, Step
from tests.contracts.support.world import GOVERNANCE, SUSPENSION, World

NEW = Signer("a key added while suspended")


def test_a_suspension_reaches_every_acting_key_and_its_end_too(world: World) -> None:
    practice = world.practice
    keys = (practice.key.address, practice.second.address)
    receipt = world.suspend(practice)
    assert receipt.event == Event("PartyRegistry", "PartySuspended", {"party": practice.number})
    assert world.party(practice.number).suspended
    for key in keys:
        assert world.key(key).suspended
        expected = refused("PartyIsSuspended", practice.number)
        assert world.chain.ask(world.parties.requireActing(key, PRACTICE), None) == expected
    receipt = world.reinstate(practice)
    assert receipt.event == Event("PartyRegistry", "PartyReinstated", {"party": practice.number})
    assert not world.party(practice.number).suspended
    for key in keys:
        assert not world.key(key).suspended
        assert world.chain.read(world.parties.requireActing(key, PRACTICE)) == practice.number


def test_a_suspension_leaves_other_parties_alone(world: World) -> None:
    world.suspend(world.practice)
    Life(world, practice=world.other_practice).step(Step.OPEN)
    assert not world.party(world.other_practice.number).suspended


def test_a_key_added_while_its_party_is_suspended_may_not_act_before_the_end(world: World) -> None:
    practice = world.practice
    world.chain.fund(NEW.address)
    world.suspend(practice)
    possession = world.possession(practice.controller.address, NEW)
    call = world.parties.addKey(practice.number, NEW.address, possession)
    world.chain.send(call, practice.controller.address)
    assert world.key(NEW.address).suspended
    opening = Life(world).call(Step.OPEN)
    expected = refused("PartyIsSuspended", practice.number)
    assert world.chain.refusal(opening, NEW.address) == expected
    world.reinstate(practice)
    world.chain.send(opening, NEW.address)


def test_a_suspension_counts_from_its_own_block_on(world: World) -> None:
    opening = Life(world).call(Step.OPEN)
    suspender, key = world.admins[SUSPENSION].address, world.practice.key.address
    outcomes = world.chain.in_one_block(
        [(world.parties.suspend(world.practice.number), suspender), (opening, key)]
    )
    assert isinstance(outcomes[0], Receipt)
    assert outcomes[1] == refused("PartyIsSuspended", world.practice.number)


def test_a_suspension_is_neither_begun_nor_ended_twice(world: World) -> None:
    number = world.practice.number
    suspender, governor = world.admins[SUSPENSION].address, world.admins[GOVERNANCE].address
    reinstate, suspend = world.parties.reinstate(number), world.parties.suspend(number)
    assert world.chain.refusal(reinstate, governor) == refused("PartyNotSuspended", number)
    world.chain.send(suspend, suspender)
    assert world.chain.refusal(suspend, suspender) == refused("PartyIsSuspended", number)


def test_a_party_that_does_not_exist_is_neither_suspended_nor_given_roles(world: World) -> None:
    suspender, governor = world.admins[SUSPENSION].address, world.admins[GOVERNANCE].address
    for party in (0, 99):
        expected = refused("PartyUnknown", party)
        assert world.chain.refusal(world.parties.suspend(party), suspender) == expected
        assert world.chain.refusal(world.parties.reinstate(party), governor) == expected
        assert world.chain.refusal(world.parties.setRoles(party, PRACTICE), governor) == expected


def test_a_suspension_changes_nothing_of_a_retired_key(world: World) -> None:
    before = world.key(world.practice.retired.address)
    world.suspend(world.practice)
    world.set_roles(world.practice, PAYER)
    assert world.key(world.practice.retired.address) == before


def test_new_roles_reach_every_acting_key_at_once(world: World) -> None:
    practice = world.practice
    receipt = world.set_roles(practice, SUPPLIER | AUDITOR)
    changed = {"party": practice.number, "roles": SUPPLIER | AUDITOR}
    assert receipt.event == Event("PartyRegistry", "PartyRolesSet", changed)
    assert world.party(practice.number).roles == SUPPLIER | AUDITOR
    for key in (practice.key.address, practice.second.address):
        assert world.key(key).roles == SUPPLIER | AUDITOR
        for role in (PRACTICE, SUPPLIER, PAYER, AUDITOR):
            answer = world.chain.ask(world.parties.requireActing(key, role), None)
            if role & (SUPPLIER | AUDITOR):
                assert answer == practice.number
            else:
                assert answer == refused("PartyLacksRole", practice.number, role)


def test_a_key_added_later_has_the_new_roles(world: World) -> None:
    practice = world.practice
    world.set_roles(practice, EVERY_ROLE)
    possession = world.possession(practice.controller.address, NEW)
    call = world.parties.addKey(practice.number, NEW.address, possession)
    world.chain.send(call, practice.controller.address)
    assert world.key(NEW.address).roles == EVERY_ROLE


@pytest.mark.parametrize("roles", [0, 16, PRACTICE | 32, 255])
def test_roles_that_do_not_exist_are_refused(roles: int, world: World) -> None:
    call = world.parties.setRoles(world.practice.number, roles)
    expected = refused("PartyRolesInvalid", roles)
    assert world.chain.refusal(call, world.admins[GOVERNANCE].address) == expected


def test_new_roles_do_not_end_a_suspension(world: World) -> None:
    world.suspend(world.practice)
    world.set_roles(world.practice, EVERY_ROLE)
    assert world.key(world.practice.key.address).suspended
    world.reinstate(world.practice)
    assert world.key(world.practice.key.address).roles == EVERY_ROLE


def test_a_role_that_does_not_exist_is_held_by_nobody(world: World) -> None:
    world.set_roles(world.practice, EVERY_ROLE)
    for role in (0, 16, 128):
        expected = refused("PartyLacksRole", world.practice.number, role)
        assert (
            world.chain.ask(world.parties.requireActing(world.practice.key.address, role), None) == expected
        )
