# SPDX-License-Identifier: Apache-2.0
"""Recording a consent: what is written, once, by whom. P11, P12, P31."""

import pytest

from tests.contracts.support.chain import Event, Refused, refused
from tests.contracts.support.signing import Signer, consent_id
from tests.contracts.support.terms import NO_CONSENT, PRACTICE, ZERO, Consent
from tests.contracts.support.world import World


@pytest.mark.parametrize("attested", [False, True])
def test_a_practice_records_what_the_patient_signed(attested: bool, world: World) -> None:
    commitment, expires_at, patient = world.word(), world.expiry(90), world.patient
    consent = consent_id(commitment, patient.address)
    call = world.consent_call(patient, commitment=commitment, expires_at=expires_at, attested=attested)
    assert world.consent(consent) == NO_CONSENT
    assert world.chain.ask(call, world.practice.key.address) == consent
    receipt = world.chain.send(call, world.practice.key.address)
    assert world.consent(consent) == Consent(world.practice.number, receipt.time, expires_at, 0, 0, attested)
    assert receipt.events == (
        Event(
            "ConsentRegistry",
            "ConsentRecorded",
            {
                "consent": consent,
                "recorder": world.practice.number,
                "key": patient.address,
                "commitment": commitment,
                "expiresAt": expires_at,
                "attested": attested,
            },
        ),
    )


def test_a_consent_has_the_identifier_of_its_commitment_and_key(world: World) -> None:
    commitment = world.word()
    answer = world.chain.read(world.consents.consentId(commitment, world.patient.address))
    assert answer == consent_id(commitment, world.patient.address)


def test_a_consent_is_recorded_once(world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    before = world.consent(consent)
    same = world.consent_call(world.patient, commitment=commitment)
    otherwise = world.consent_call(
        world.patient, commitment=commitment, attested=True, expires_at=world.expiry(3)
    )
    elsewhere = world.consent_call(world.patient, commitment=commitment, recorder=world.other_practice.number)
    expected = refused("ConsentAlreadyRecorded", consent)
    for call, practice in (
        (same, world.practice),
        (otherwise, world.practice),
        (elsewhere, world.other_practice),
    ):
        assert world.chain.refusal(call, practice.key.address) == expected
    assert world.consent(consent) == before


def test_a_signature_seen_in_a_nodes_pool_is_worthless_to_another_practice(world: World) -> None:
    call = world.consent_call(world.patient)
    expected = refused("ConsentSignatureInvalid", world.patient.address)
    assert world.chain.refusal(call, world.other_practice.key.address) == expected
    world.chain.send(call, world.practice.key.address)


def test_any_acting_key_of_the_practice_records(world: World) -> None:
    call = world.consent_call(world.patient)
    world.chain.send(call, world.practice.second.address)
    assert world.consent(consent_id(call.args[0], call.args[1])).recorder == world.practice.number


@pytest.mark.parametrize("name", ["supplier", "payer", "auditor"])
def test_a_party_that_is_no_practice_records_nothing(name: str, world: World) -> None:
    party = getattr(world, name)
    call = world.consent_call(world.patient, recorder=party.number)
    expected = refused("PartyLacksRole", party.number, PRACTICE)
    assert world.chain.refusal(call, party.key.address) == expected


def test_an_account_that_is_no_signing_key_records_nothing(world: World) -> None:
    """Not even for recorder 0, which is nobody."""
    for account in (world.unknown, world.patient, world.practice.controller, world.admin):
        for recorder in (0, world.practice.number):
            call = world.consent_call(world.patient, recorder=recorder)
            expected = refused("KeyUnknown", account.address)
            assert world.chain.refusal(call, account.address) == expected


def test_a_suspended_practice_cannot_record_a_consent(world: World) -> None:
    call = world.consent_call(world.patient)
    world.suspend(world.practice)
    for key in (world.practice.key, world.practice.second):
        expected = refused("PartyIsSuspended", world.practice.number)
        assert world.chain.refusal(call, key.address) == expected
    world.reinstate(world.practice)
    world.chain.send(call, world.practice.key.address)


def test_a_retired_or_compromised_key_cannot_record_a_consent(world: World) -> None:
    call = world.consent_call(world.patient)
    for key in (world.practice.retired, world.practice.compromised):
        assert world.chain.refusal(call, key.address) == refused("KeyIsRetired", key.address)


def test_an_empty_commitment_is_refused(world: World) -> None:
    call = world.consents.record(ZERO, world.patient.address, world.expiry(), False, bytes(65))
    assert world.chain.refusal(call, world.practice.key.address) == refused("ConsentCommitmentEmpty")


def test_a_pause_stops_new_consents_until_it_ends(world: World) -> None:
    call = world.consent_call(world.patient)
    world.pause(world.consents)
    assert world.chain.refusal(call, world.practice.key.address) == refused("EnforcedPause")
    world.unpause(world.consents)
    world.chain.send(call, world.practice.key.address)


def test_one_key_can_sign_two_consents_and_two_keys_one_commitment(world: World) -> None:
    """The client makes a key for each; the registry keeps them apart all the same."""
    other = Signer("another patient")
    shared, second = world.word(), world.word()
    identifiers = {
        world.record_consent(world.patient, commitment=shared),
        world.record_consent(world.patient, commitment=second),
        world.record_consent(other, commitment=shared),
    }
    assert len(identifiers) == 3
    world.chain.send(world.consents.revoke(shared), world.patient.address)
    revoked = [bool(world.consent(consent).revoked_at) for consent in sorted(identifiers)]
    assert sum(revoked) == 1


def test_nobody_is_recorded_as_a_consents_key(world: World) -> None:
    """The zero address: an invalid signature recovers to it in careless code."""
    nobody = "0x" + "00" * 20
    for signature in (b"", bytes(65), bytes(64) + b"\x1b"):
        call = world.consents.record(world.word(), nobody, world.expiry(), False, signature)
        outcome = world.chain.refusal(call, world.practice.key.address)
        assert outcome == Refused("ConsentSignatureInvalid", (nobody,))
