# SPDX-License-Identifier: Apache-2.0
"""Under which consents a claim opens, and what becomes of it when they end. P23, P32."""

from collections.abc import Callable

import pytest

from tests.contracts.support.chain import Receipt, refused
from tests.contracts.support.life import Life
from tests.contracts.support.signing import Signer, consent_id
from tests.contracts.support.terms import ZERO, State, Step
from tests.contracts.support.world import World

Ending = Callable[[World, Signer, bytes], object]


def _revoked(world: World, patient: Signer, commitment: bytes) -> object:
    return world.chain.send(world.consents.revoke(commitment), patient.address)


def _revoked_through_a_relay(world: World, patient: Signer, commitment: bytes) -> object:
    signature = world.revocation(patient, commitment)
    call = world.consents.revokeBySignature(commitment, patient.address, signature)
    return world.chain.send(call, world.unknown.address)


def _withdrawn(world: World, patient: Signer, commitment: bytes) -> object:
    call = world.consents.withdraw(consent_id(commitment, patient.address))
    return world.chain.send(call, world.practice.key.address)


def _expired(world: World, patient: Signer, commitment: bytes) -> object:
    return world.chain.mine_at(world.consent(consent_id(commitment, patient.address)).expires_at)


ENDINGS = pytest.mark.parametrize("end", [_revoked, _revoked_through_a_relay, _withdrawn, _expired])


def test_a_claim_opens_under_a_valid_consent_of_its_practice(world: World) -> None:
    consent = world.record_consent(world.patient)
    receipt = Life(world, consent=consent).step(Step.OPEN)
    assert receipt.event.args["consent"] == consent


def test_a_claim_opens_under_no_consent(world: World) -> None:
    assert Life(world, consent=ZERO).step(Step.OPEN).event.args["consent"] == ZERO


def test_a_claim_does_not_open_under_a_consent_that_another_practice_recorded(world: World) -> None:
    consent = world.record_consent(world.patient, by=world.other_practice)
    theirs, mine = world.other_practice.number, world.practice.number
    expected = refused("ClaimConsentOfAnotherPractice", consent, theirs, mine)
    _refused_under(world, consent, expected)


def test_a_claim_does_not_open_under_a_consent_that_nobody_recorded(world: World) -> None:
    never = world.word()
    _refused_under(world, never, refused("ClaimConsentOfAnotherPractice", never, 0, world.practice.number))


def test_a_claim_does_not_open_under_a_tombstone(world: World) -> None:
    commitment = world.word()
    _revoked(world, world.patient, commitment)
    tombstone = consent_id(commitment, world.patient.address)
    expected = refused("ClaimConsentOfAnotherPractice", tombstone, 0, world.practice.number)
    _refused_under(world, tombstone, expected)


@ENDINGS
def test_a_claim_does_not_open_under_a_consent_that_has_ended(end: Ending, world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment, expires_at=world.expiry(2))
    end(world, world.patient, commitment)
    _refused_under(world, consent, refused("ClaimConsentNotValid", consent))


def test_a_claim_opens_in_the_last_second_of_a_consent_and_not_in_the_next(world: World) -> None:
    expires_at = world.expiry(2)
    consent = world.record_consent(world.patient, expires_at=expires_at)
    Life(world, consent=consent).step(Step.OPEN, at=expires_at - 1)
    late = Life(world, consent=consent).call(Step.OPEN)
    outcome = world.chain.refusal(late, world.practice.key.address, at=expires_at)
    assert outcome == refused("ClaimConsentNotValid", consent)


def test_in_one_block_a_withdrawal_before_the_opening_counts_and_one_after_it_does_not(world: World) -> None:
    first, second = (world.record_consent(world.patient) for _ in range(2))
    lives = [Life(world, consent=consent) for consent in (first, second)]
    key = world.practice.key.address
    outcomes = world.chain.in_one_block(
        [
            (world.consents.withdraw(first), key),
            (lives[0].call(Step.OPEN), key),
            (lives[1].call(Step.OPEN), key),
            (world.consents.withdraw(second), key),
        ]
    )
    assert outcomes[1] == refused("ClaimConsentNotValid", first)
    assert all(isinstance(outcomes[position], Receipt) for position in (0, 2, 3))
    assert lives[0].stored.state == State.NONE
    assert lives[1].stored.state == State.OPENED


def test_a_consent_of_another_registry_does_not_count(world: World, deploy: Callable[..., object]) -> None:
    twin = deploy("ConsentRegistry", world.manager.address, world.parties.address)
    consents, world.consents = world.consents, twin  # type: ignore[assignment]  # the fixture is untyped
    try:
        consent = world.record_consent(world.patient)
    finally:
        world.consents = consents
    expected = refused("ClaimConsentOfAnotherPractice", consent, 0, world.practice.number)
    _refused_under(world, consent, expected)


@ENDINGS
def test_a_claim_goes_on_to_its_settlement_after_its_consent_has_ended(end: Ending, world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment, expires_at=world.expiry(2))
    life = Life(world, consent=consent).play(Step.OPEN)
    end(world, world.patient, commitment)
    life.play(
        Step.AUTHORISE,
        Step.ORDER,
        Step.DISPUTE,
        Step.REMAKE,
        Step.DELIVER,
        Step.INVOICE,
        Step.SETTLE,
        Step.RETURN,
    )
    assert life.stored.state == State.SETTLED


def test_a_consent_serves_a_second_claim_of_its_practice(world: World) -> None:
    consent = world.record_consent(world.patient)
    for _ in range(2):
        Life(world, consent=consent).step(Step.OPEN)


def _refused_under(world: World, consent: bytes, expected: object) -> None:
    life = Life(world, consent=consent)
    assert world.chain.refusal(life.call(Step.OPEN), world.practice.key.address) == expected
    assert life.stored.state == State.NONE
