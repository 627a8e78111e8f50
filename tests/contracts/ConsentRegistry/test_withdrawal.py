# SPDX-License-Identifier: Apache-2.0
"""Withdrawal at the patient's word by the practice that recorded. P18."""

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.signing import consent_id
from tests.contracts.support.terms import AUDITOR, PRACTICE
from tests.contracts.support.world import World


def test_the_practice_that_recorded_a_consent_withdraws_it(world: World) -> None:
    consent = world.record_consent(world.patient)
    before = world.consent(consent)
    receipt = world.chain.send(world.consents.withdraw(consent), world.practice.second.address)
    expected = {"consent": consent, "recorder": world.practice.number}
    assert receipt.event == Event("ConsentRegistry", "ConsentWithdrawn", expected)
    assert world.consent(consent) == before._replace(withdrawn_at=receipt.time)


def test_a_withdrawal_and_a_revocation_are_told_apart(world: World) -> None:
    first, second = world.word(), world.word()
    withdrawn = world.record_consent(world.patient, commitment=first)
    revoked = world.record_consent(world.patient, commitment=second)
    world.chain.send(world.consents.withdraw(withdrawn), world.practice.key.address)
    world.chain.send(world.consents.revoke(second), world.patient.address)
    assert (world.consent(withdrawn).revoked_at, world.consent(revoked).withdrawn_at) == (0, 0)


def test_a_consent_is_withdrawn_once(world: World) -> None:
    consent = world.record_consent(world.patient)
    call = world.consents.withdraw(consent)
    world.chain.send(call, world.practice.key.address)
    before = world.consent(consent)
    expected = refused("ConsentAlreadyWithdrawn", consent)
    assert world.chain.refusal(call, world.practice.key.address) == expected
    assert world.consent(consent) == before


def test_a_revoked_consent_is_not_withdrawn(world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    world.chain.send(world.consents.revoke(commitment), world.patient.address)
    expected = refused("ConsentAlreadyRevoked", consent)
    assert world.chain.refusal(world.consents.withdraw(consent), world.practice.key.address) == expected


def test_a_consent_of_another_practice_or_of_nobody_is_not_withdrawn(world: World) -> None:
    commitment = world.word()
    mine = world.record_consent(world.patient)
    world.chain.send(world.consents.revoke(commitment), world.patient.address)
    tombstone = consent_id(commitment, world.patient.address)
    for consent, recorder in ((mine, world.practice.number), (world.word(), 0), (tombstone, 0)):
        call = world.consents.withdraw(consent)
        expected = refused("ConsentOfAnotherRecorder", consent, recorder, world.other_practice.number)
        assert world.chain.refusal(call, world.other_practice.key.address) == expected
    assert world.consent(mine).withdrawn_at == 0


def test_a_pause_does_not_stop_a_withdrawal(world: World) -> None:
    consent = world.record_consent(world.patient)
    world.pause(world.consents)
    world.chain.send(world.consents.withdraw(consent), world.practice.key.address)


def test_a_suspension_stops_withdrawals_until_it_ends(world: World) -> None:
    """A stolen key could withdraw everybody's consents."""
    consent = world.record_consent(world.patient)
    call = world.consents.withdraw(consent)
    world.suspend(world.practice)
    expected = refused("PartyIsSuspended", world.practice.number)
    assert world.chain.refusal(call, world.practice.key.address) == expected
    assert world.consent(consent).withdrawn_at == 0
    world.reinstate(world.practice)
    world.chain.send(call, world.practice.key.address)


def test_a_withdrawal_needs_an_acting_key_of_a_practice(world: World) -> None:
    consent = world.record_consent(world.patient)
    call = world.consents.withdraw(consent)
    for key in (world.practice.retired, world.practice.compromised):
        assert world.chain.refusal(call, key.address) == refused("KeyIsRetired", key.address)
    for account in (world.patient, world.practice.controller, world.unknown, world.admin):
        assert world.chain.refusal(call, account.address) == refused("KeyUnknown", account.address)
    world.set_roles(world.practice, AUDITOR)
    expected = refused("PartyLacksRole", world.practice.number, PRACTICE)
    assert world.chain.refusal(call, world.practice.key.address) == expected


def test_an_expired_consent_can_be_withdrawn(world: World) -> None:
    consent = world.record_consent(world.patient, expires_at=world.expiry(2))
    world.chain.mine_at(world.expiry(5))
    world.chain.send(world.consents.withdraw(consent), world.practice.key.address)
