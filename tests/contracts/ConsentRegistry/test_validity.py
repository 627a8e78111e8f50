# SPDX-License-Identifier: Apache-2.0
"""When a consent is valid: recordedAt <= t < min(expiresAt, revokedAt, withdrawnAt). P19.

Each case asks both functions: `isValidAt`, and `validityOf`, which the claim registry asks.
"""

from itertools import permutations

import pytest

from tests.contracts.support.signing import consent_id
from tests.contracts.support.terms import DAY
from tests.contracts.support.world import World

FAR = 2**256 - 1


def test_a_consent_is_valid_from_its_recording_to_the_second_before_its_end(world: World) -> None:
    consent = world.record_consent(world.patient, expires_at=world.expiry(3))
    stored = world.consent(consent)
    _valid_exactly(world, consent, stored.recorded_at, stored.expires_at)


def test_a_revoked_consent_was_valid_until_the_second_before(world: World) -> None:
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    start = world.consent(consent).recorded_at
    receipt = world.chain.send(world.consents.revoke(commitment), world.patient.address, at=start + 500)
    _valid_exactly(world, consent, start, receipt.time)


def test_a_withdrawn_consent_was_valid_until_the_second_before(world: World) -> None:
    consent = world.record_consent(world.patient)
    start = world.consent(consent).recorded_at
    call = world.consents.withdraw(consent)
    receipt = world.chain.send(call, world.practice.key.address, at=start + 500)
    _valid_exactly(world, consent, start, receipt.time)


@pytest.mark.parametrize("order", list(permutations(["withdrawn", "revoked", "expired"])))
def test_a_consent_ends_with_the_first_of_its_ends(order: tuple[str, ...], world: World) -> None:
    """Where the order can be had: a revoked consent is not withdrawn any more."""
    if order.index("revoked") < order.index("withdrawn"):
        order = tuple(end for end in order if end != "withdrawn")
    commitment = world.word()
    expires_at = world.expiry(10)
    consent = world.record_consent(world.patient, commitment=commitment, expires_at=expires_at)
    times = {"expired": expires_at}
    for end in order:
        before = order.index(end) < order.index("expired")
        at = world.chain.now + 100 if before else max(world.chain.now, expires_at) + 100
        if end == "withdrawn":
            world.chain.send(world.consents.withdraw(consent), world.practice.key.address, at=at)
        elif end == "revoked":
            world.chain.send(world.consents.revoke(commitment), world.patient.address, at=at)
        if end != "expired":
            times[end] = at
    _valid_exactly(world, consent, world.consent(consent).recorded_at, min(times.values()))


def test_a_consent_revoked_in_the_block_of_its_recording_was_never_valid(world: World) -> None:
    call = world.consent_call(world.patient)
    consent = consent_id(call.args[0], world.patient.address)
    withdraw = (world.consents.withdraw(consent), world.practice.key.address)
    world.chain.in_one_block([(call, world.practice.key.address), withdraw])
    stored = world.consent(consent)
    assert stored.recorded_at == stored.withdrawn_at
    _never_valid(world, consent, stored.recorded_at)


def test_a_tombstone_was_never_valid(world: World) -> None:
    commitment = world.word()
    receipt = world.chain.send(world.consents.revoke(commitment), world.patient.address)
    _never_valid(world, consent_id(commitment, world.patient.address), receipt.time)


def test_a_consent_that_nobody_recorded_was_never_valid(world: World) -> None:
    _never_valid(world, world.word(), world.chain.now)


def _valid_exactly(world: World, consent: bytes, start: int, end: int) -> None:
    inside = {start, start + 1, (start + end) // 2, end - 1}
    outside = {0, 1, start - 1, end, end + 1, end + DAY, 2**40, FAR}
    for time in inside | outside:
        _judged(world, consent, time, time in inside)


def _never_valid(world: World, consent: bytes, near: int) -> None:
    for time in (0, 1, near - 1, near, near + 1, near + 10 * DAY, 2**40, FAR):
        _judged(world, consent, time, False)


def _judged(world: World, consent: bytes, time: int, valid: bool) -> None:
    recorder = world.consent(consent).recorder
    assert world.chain.read(world.consents.isValidAt(consent, time)) == valid, time
    assert world.chain.read(world.consents.validityOf(consent, time)) == (recorder, valid), time
