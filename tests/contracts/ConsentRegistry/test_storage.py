# SPDX-License-Identifier: Apache-2.0
"""What a consent leaves in storage. P20, P36."""

from eth_utils import keccak

from tests.contracts.support.signing import consent_id
from tests.contracts.support.terms import Consent
from tests.contracts.support.world import World


def test_a_consent_takes_one_storage_slot_through_its_whole_life(world: World) -> None:
    commitment = world.word()
    before = world.chain.all_storage(world.consents)
    consent = world.record_consent(world.patient, commitment=commitment, attested=True)
    recorded = world.chain.all_storage(world.consents)
    (slot,) = set(recorded) - set(before)
    world.chain.send(world.consents.withdraw(consent), world.practice.key.address)
    world.chain.send(world.consents.revoke(commitment), world.patient.address)
    ended = world.chain.all_storage(world.consents)
    assert set(ended) == set(recorded)
    assert {key for key in ended if ended[key] != recorded[key]} == {slot}


def test_the_slot_holds_recorder_dates_and_attestation_and_nothing_else(world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment, attested=True)
    world.chain.send(world.consents.withdraw(consent), world.practice.key.address)
    world.chain.send(world.consents.revoke(commitment), world.patient.address)
    (word,) = _words(world, consent)
    assert _unpack(word) == world.consent(consent)


def test_a_tombstone_takes_one_storage_slot(world: World) -> None:
    commitment = world.word()
    before = world.chain.all_storage(world.consents)
    receipt = world.chain.send(world.consents.revoke(commitment), world.patient.address)
    assert len(set(world.chain.all_storage(world.consents)) - set(before)) == 1
    consent = consent_id(commitment, world.patient.address)
    (word,) = _words(world, consent)
    assert _unpack(word) == Consent(0, 0, 0, receipt.time, 0, False)


def test_recording_writes_in_no_other_registry(world: World) -> None:
    others = (world.parties, world.claims)
    before = [world.chain.all_storage(contract) for contract in others]
    world.record_consent(world.patient)
    assert [world.chain.all_storage(contract) for contract in others] == before


def _words(world: World, consent: bytes) -> list[bytes]:
    """The words of a consent in every mapping that could be one of the contract's first variables."""
    slots = [keccak(consent + position.to_bytes(32, "big")) for position in range(8)]
    words = (world.chain.storage(world.consents, int.from_bytes(slot, "big")) for slot in slots)
    return [word for word in words if any(word)]


def _unpack(word: bytes) -> Consent:
    """Fields from the low end: 4 bytes, four times 5, one bit; what is above them must be empty."""
    value = int.from_bytes(word, "big")
    fields = []
    for width in (32, 40, 40, 40, 40, 1):
        fields.append(value & ((1 << width) - 1))
        value >>= width
    assert value == 0
    recorder, recorded, expires, revoked, withdrawn, attested = fields
    return Consent(recorder, recorded, expires, revoked, withdrawn, bool(attested))
