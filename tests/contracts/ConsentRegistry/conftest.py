# SPDX-License-Identifier: Apache-2.0
"""The three ways to send a revocation."""

from collections.abc import Callable

import pytest

from tests.contracts.support.chain import Call
from tests.contracts.support.signing import Signer
from tests.contracts.support.world import World

# A call that revokes this patient's consent with this commitment, and who sends it.
Revoke = Callable[[World, Signer, bytes], tuple[Call, str]]


def directly(world: World, patient: Signer, commitment: bytes) -> tuple[Call, str]:
    """By the consent's key, with a transaction of its own."""
    return world.consents.revoke(commitment), patient.address


def relayed(world: World, patient: Signer, commitment: bytes) -> tuple[Call, str]:
    """By a signature that somebody who is nothing to the consortium relays."""
    signature = world.revocation(patient, commitment)
    return world.consents.revokeBySignature(commitment, patient.address, signature), world.unknown.address


def relayed_by_a_member(world: World, patient: Signer, commitment: bytes) -> tuple[Call, str]:
    """By a signature that a payer relays."""
    return relayed(world, patient, commitment)[0], world.payer.key.address


@pytest.fixture(params=[directly, relayed, relayed_by_a_member], ids=lambda way: way.__name__)
def revoke(request: pytest.FixtureRequest) -> Revoke:
    """The same cases for each way."""
    way: Revoke = request.param
    return way
