# SPDX-License-Identifier: Apache-2.0
"""Revoking: at any time, by the key alone, for ever. Each case directly and through a relay. P16, P17, P18."""

import pytest

from tests.contracts.ConsentRegistry.conftest import Revoke
from tests.contracts.support.chain import Event, Receipt, refused
from tests.contracts.support.signing import Signer, consent_id
from tests.contracts.support.terms import NO_CONSENT, Consent
from tests.contracts.support.world import World


def test_a_patient_revokes_a_recorded_consent(revoke: Revoke, world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment, attested=True)
    before = world.consent(consent)
    call, sender = revoke(world, world.patient, commitment)
    assert world.chain.ask(call, sender) == consent
    receipt = world.chain.send(call, sender)
    assert receipt.event == Event("ConsentRegistry", "ConsentRevoked", {"consent": consent})
    assert world.consent(consent) == before._replace(revoked_at=receipt.time)


def test_a_revocation_before_the_recording_leaves_a_tombstone(revoke: Revoke, world: World) -> None:
    commitment = world.word()
    in_the_outbox = world.consent_call(world.patient, commitment=commitment)
    consent = consent_id(commitment, world.patient.address)
    receipt = world.chain.send(*revoke(world, world.patient, commitment))
    assert receipt.event == Event("ConsentRegistry", "ConsentRevoked", {"consent": consent})
    assert world.consent(consent) == Consent(0, 0, 0, receipt.time, 0, False)
    for later in (1, 3600):
        world.chain.sleep(later)
        outcome = world.chain.refusal(in_the_outbox, world.practice.key.address)
        assert outcome == refused("ConsentAlreadyRevoked", consent)
    elsewhere = world.consent_call(world.patient, commitment=commitment, recorder=world.other_practice.number)
    outcome = world.chain.refusal(elsewhere, world.other_practice.key.address)
    assert outcome == refused("ConsentAlreadyRevoked", consent)


def test_a_consent_is_revoked_once_and_for_ever(revoke: Revoke, world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    world.chain.send(*revoke(world, world.patient, commitment))
    revoked = world.consent(consent)
    world.chain.sleep(100)
    expected = refused("ConsentAlreadyRevoked", consent)
    assert world.chain.refusal(*revoke(world, world.patient, commitment)) == expected
    again = world.consent_call(world.patient, commitment=commitment)
    outcome = world.chain.refusal(again, world.practice.key.address)
    assert outcome == refused("ConsentAlreadyRecorded", consent)
    assert world.consent(consent) == revoked


def test_a_tombstone_is_set_once(revoke: Revoke, world: World) -> None:
    commitment = world.word()
    world.chain.send(*revoke(world, world.patient, commitment))
    expected = refused("ConsentAlreadyRevoked", consent_id(commitment, world.patient.address))
    assert world.chain.refusal(*revoke(world, world.patient, commitment)) == expected


def test_a_withdrawn_consent_can_still_be_revoked(revoke: Revoke, world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    world.chain.send(world.consents.withdraw(consent), world.practice.key.address)
    receipt = world.chain.send(*revoke(world, world.patient, commitment))
    stored = world.consent(consent)
    assert stored.withdrawn_at < stored.revoked_at == receipt.time


def test_an_expired_consent_can_still_be_revoked(revoke: Revoke, world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment, expires_at=world.expiry(2))
    world.chain.mine_at(world.expiry(10))
    world.chain.send(*revoke(world, world.patient, commitment))
    assert world.consent(consent).revoked_at


def test_a_revocation_in_the_block_of_the_recording_takes_effect_whichever_comes_first(
    revoke: Revoke, world: World
) -> None:
    for revoked_first in (False, True):
        commitment = world.word()
        consent = consent_id(commitment, world.patient.address)
        record = (world.consent_call(world.patient, commitment=commitment), world.practice.key.address)
        revocation = revoke(world, world.patient, commitment)
        both = [revocation, record] if revoked_first else [record, revocation]
        outcomes = world.chain.in_one_block(both)
        assert not world.chain.read(world.consents.isValidAt(consent, world.chain.now))
        stored = world.consent(consent)
        assert stored.revoked_at == world.chain.now
        assert stored.recorded_at == (0 if revoked_first else world.chain.now)
        assert isinstance(outcomes[0], Receipt)
        if revoked_first:
            assert outcomes[1] == refused("ConsentAlreadyRevoked", consent)


def test_nobody_revokes_directly_but_the_key(world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    others = (
        world.practice.key,
        world.practice.controller,
        world.payer.key,
        world.admin,
        *world.admins.values(),
        world.unknown,
    )
    for other in others:
        world.chain.send(world.consents.revoke(commitment), other.address)
        assert world.consent(consent_id(commitment, other.address)).revoked_at
    assert world.consent(consent).revoked_at == 0


def test_nobody_else_can_leave_a_tombstone_in_a_consents_place(world: World) -> None:
    commitment = world.word()
    call = world.consent_call(world.patient, commitment=commitment)
    for attacker in (world.unknown, world.practice.key, Signer("a thief")):
        signature = world.revocation(attacker, commitment)
        theirs = world.consents.revokeBySignature(commitment, attacker.address, signature)
        world.chain.send(theirs, world.unknown.address)
        mine = world.consents.revokeBySignature(commitment, world.patient.address, signature)
        outcome = world.chain.refusal(mine, world.unknown.address)
        assert outcome == refused("ConsentSignatureInvalid", world.patient.address)
    assert world.consent(consent_id(commitment, world.patient.address)) == NO_CONSENT
    world.chain.send(call, world.practice.key.address)


@pytest.mark.parametrize("days", [1, 400, 731])
def test_a_signed_revocation_keeps_for_as_long_as_it_is_needed(days: int, world: World) -> None:
    commitment = world.word()
    world.record_consent(world.patient, commitment=commitment, expires_at=world.expiry(731))
    signature = world.revocation(world.patient, commitment)
    world.chain.sleep(days * 86_400)
    call = world.consents.revokeBySignature(commitment, world.patient.address, signature)
    world.chain.send(call, world.unknown.address)
