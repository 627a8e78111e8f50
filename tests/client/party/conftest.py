# SPDX-License-Identifier: Apache-2.0
"""An applicant that no chain knows yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sceau.chain.abis import CONTRACTS
from sceau.chain.manifest import ContractEntry, Manifest
from sceau.party.application import Application, apply
from sceau.party.directory import DirectoryEntry
from sceau.terms import Role
from tests.support.deployed import key

ENTRY = DirectoryEntry("Optique de la Gare", "FR", "73282932000074", None)


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    """A deployment that exists nowhere: an application needs no node."""
    address = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    contract = ContractEntry(address, "0x" + "22" * 32, "0x" + "33" * 32)
    return Manifest(
        chain_id=2018,
        genesis_hash="0x" + "a1" * 32,
        block=1,
        block_period=2,
        contracts=dict.fromkeys(CONTRACTS, contract),
    )


@pytest.fixture(scope="session")
def applied(manifest: Manifest) -> Callable[..., Application]:
    """Makes an application; any argument of ``apply`` can be given another value."""

    def make(manifest: Manifest = manifest, **changes: Any) -> Application:
        arguments = {
            "entry": ENTRY,
            "roles": Role.PRACTICE,
            "controller": key("applicant's controller").address,
            "keys": [key("applicant's key"), key("applicant's second key")],
        }
        return apply(manifest, **{**arguments, **changes})

    return make
