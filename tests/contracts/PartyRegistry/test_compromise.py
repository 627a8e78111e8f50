# SPDX-License-Identifier: Apache-2.0
"""Since when a key was in wrong hands. P9."""

import pytest

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.life import Life
from tests.contracts.support.terms import DAY, PRACTICE, SigningKey, Step
from tests.contracts.support.world import COMPROMISE, World


def test_a_key_declared_compromised_is_retired_and_keeps_the_date(world: World) -> None:
    practice, key = world.practice, world.practice.key.address
    before = world.key(key)
    since = world.chain.now - 10 * DAY
    receipt = world.restricted(COMPROMISE, world.parties.setCompromisedSince(key, since))
    assert receipt.events == (
        Event(
            "PartyRegistry",
            "KeyCompromised",
            {"party": practice.number, "key": key, "compromisedSince": since},
        ),
        Event("PartyRegistry", "KeyRetired", {"party": practice.number, "key": key}),
    )
    assert world.key(key) == before._replace(retired_at=receipt.time, compromised_since=since)
    assert key not in world.chain.read(world.parties.keysOf(practice.number))
    outcome = world.chain.refusal(Life(world).call(Step.OPEN), key)
    assert outcome == refused("KeyIsRetired", key)


def test_a_retired_key_can_be_declared_compromised_and_stays_retired_when_it_was(world: World) -> None:
    practice, key = world.practice, world.practice.retired.address
    before = world.key(key)
    world.chain.sleep(1000)
    call = world.parties.setCompromisedSince(key, before.retired_at)
    receipt = world.restricted(COMPROMISE, call)
    expected = {"party": practice.number, "key": key, "compromisedSince": before.retired_at}
    assert receipt.event == Event("PartyRegistry", "KeyCompromised", expected)
    assert world.key(key) == before._replace(compromised_since=before.retired_at)


def test_a_date_of_compromise_is_set_once(world: World) -> None:
    key = world.practice.compromised.address
    before = world.key(key)
    for since in (1, before.compromised_since, before.compromised_since - 1):
        call = world.parties.setCompromisedSince(key, since)
        expected = refused("KeyAlreadyCompromised", key, before.compromised_since)
        assert world.chain.refusal(call, world.admins[COMPROMISE].address) == expected
    assert world.key(key) == before


def test_a_date_of_compromise_is_not_zero_and_not_later_than_now_while_the_key_acts(world: World) -> None:
    key, admin = world.practice.key.address, world.admins[COMPROMISE].address
    now = world.chain.now
    for at, since in ((now + 100, 0), (now + 200, now + 201), (now + 300, 2**40 - 1)):
        call = world.parties.setCompromisedSince(key, since)
        expected = refused("KeyCompromiseDateInvalid", key, since, at)
        assert world.chain.refusal(call, admin, at=at) == expected
    call = world.parties.setCompromisedSince(key, now + 400)
    world.chain.send(call, admin, at=now + 400)
    assert world.key(key).compromised_since == now + 400


@pytest.mark.parametrize("later", [1, DAY])
def test_a_date_of_compromise_is_not_later_than_the_retirement(later: int, world: World) -> None:
    key, admin = world.practice.retired.address, world.admins[COMPROMISE].address
    retired_at = world.key(key).retired_at
    world.chain.sleep(3 * DAY)
    call = world.parties.setCompromisedSince(key, retired_at + later)
    expected = refused("KeyCompromiseDateInvalid", key, retired_at + later, retired_at)
    assert world.chain.refusal(call, admin) == expected


def test_the_date_may_be_earlier_than_the_key(world: World) -> None:
    key = world.practice.key.address
    world.restricted(COMPROMISE, world.parties.setCompromisedSince(key, 1))
    assert world.key(key).compromised_since == 1


def test_a_key_of_a_suspended_party_can_be_declared_compromised(world: World) -> None:
    world.suspend(world.practice)
    key = world.practice.key.address
    world.restricted(COMPROMISE, world.parties.setCompromisedSince(key, world.chain.now))
    world.reinstate(world.practice)
    assert world.key(key).suspended
    assert world.chain.ask(world.parties.requireActing(key, PRACTICE), None) == refused("KeyIsRetired", key)


def test_what_is_no_key_is_not_compromised(world: World) -> None:
    admin = world.admins[COMPROMISE].address
    for account in (world.unknown, world.practice.controller):
        call = world.parties.setCompromisedSince(account.address, 1)
        assert world.chain.refusal(call, admin) == refused("KeyUnknown", account.address)


def test_keys_and_dates_stay_readable_after_all_that_can_happen_to_them(world: World) -> None:
    """P10: what was written while a key acted can be judged for ever."""
    practice, key = world.practice, world.practice.key
    added = world.key(key.address).added_at
    retired = world.chain.send(world.parties.retireKey(key.address), key.address).time
    world.chain.sleep(500)
    world.restricted(COMPROMISE, world.parties.setCompromisedSince(key.address, retired - 1))
    world.suspend(practice)
    heir = world.fresh("controller")
    world.chain.send(
        world.parties.offerController(practice.number, heir.address), practice.controller.address
    )
    world.chain.send(world.parties.acceptController(practice.number), heir.address)
    world.reinstate(practice)
    world.chain.sleep(2000 * DAY)
    expected = SigningKey(practice.number, PRACTICE, False, added, retired, retired - 1)
    assert world.key(key.address) == expected
    assert world.party(practice.number).admitted_at == added
