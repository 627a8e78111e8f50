# SPDX-License-Identifier: Apache-2.0
"""Contract wallets, and the three ways to send a revocation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import brownie
import pytest

from tests.contracts.support.chain import Call, Contract
from tests.contracts.support.signing import Signer
from tests.contracts.support.world import World

SOURCE = Path(__file__).resolve().parents[1] / "mocks" / "Wallets.sol"

# A call that revokes this patient's consent with this commitment, and who sends it.
Revoke = Callable[[World, Signer, bytes], tuple[Call, str]]
Mock = Callable[..., Contract]


@pytest.fixture(scope="session")
def mock(deploy: Any) -> Mock:
    """Deploy a contract of mocks/Wallets.sol by its name."""
    compiled = brownie.compile_source(
        SOURCE.read_text(encoding="utf-8"), solc_version="0.8.28", evm_version="shanghai"
    )

    def deployed(name: str, *args: object) -> Contract:
        contract: Contract = deploy(name, *args, container=compiled[name])
        return contract

    return deployed


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
