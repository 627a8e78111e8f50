# SPDX-License-Identifier: Apache-2.0
"""When a consent may end. P15."""

import pytest

from tests.contracts.support.chain import Call, refused
from tests.contracts.support.terms import DAY, MAX_LIFETIME
from tests.contracts.support.world import World


def test_the_longest_life_is_731_days(world: World) -> None:
    assert world.chain.read(world.consents.MAX_LIFETIME()) == MAX_LIFETIME == 63_158_400


def test_a_consent_recorded_at_midnight_lasts_731_days_and_not_one_more(world: World) -> None:
    midnight = world.expiry(1)
    too_long = _call(world, midnight + MAX_LIFETIME + DAY)
    _refused(world, too_long, at=midnight)
    midnight = world.expiry(1)
    longest = _call(world, midnight + MAX_LIFETIME)
    world.chain.send(longest, world.practice.key.address, at=midnight)


def test_a_consent_recorded_a_second_before_midnight_may_not_reach_the_731st_midnight(world: World) -> None:
    midnight = world.expiry(1)
    call = _call(world, midnight + MAX_LIFETIME)
    _refused(world, call, at=midnight - 1)
    world.chain.send(call, world.practice.key.address, at=midnight)


def test_a_consent_recorded_in_the_last_second_before_its_end_is_taken_and_in_the_next_refused(
    world: World,
) -> None:
    midnight = world.expiry(1)
    first, second = _call(world, midnight), _call(world, midnight)
    world.chain.send(first, world.practice.key.address, at=midnight - 1)
    _refused(world, second, at=midnight)
    _refused(world, second, at=midnight + 1)


@pytest.mark.parametrize("seconds", [1, -1, 3600, 43_200, DAY - 1])
def test_a_consent_ends_at_a_midnight_utc_and_at_no_other_second(seconds: int, world: World) -> None:
    _refused(world, _call(world, world.expiry(30) + seconds))


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_consent_does_not_end_in_the_past(days: int, world: World) -> None:
    _refused(world, _call(world, world.expiry(days)))


@pytest.mark.parametrize("expires_at", [0, DAY, (2**40 - 1) // DAY * DAY, 2**40 - 1])
def test_a_consent_does_not_end_never_or_at_the_end_of_time(expires_at: int, world: World) -> None:
    _refused(world, world.consents.record(world.word(), world.patient.address, expires_at, False, bytes(65)))


def _call(world: World, expires_at: int) -> Call:
    return world.consent_call(world.patient, expires_at=expires_at)


def _refused(world: World, call: Call, at: int | None = None) -> None:
    """The error names the bounds, as seconds."""
    outcome = world.chain.refusal(call, world.practice.key.address, at)
    now = world.chain.now
    assert outcome == refused("ConsentExpiryInvalid", call.args[2], now + 1, now + MAX_LIFETIME)
