# SPDX-License-Identifier: Apache-2.0
"""Shape of the deployment manifest. Specified in docs/deploy.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sceau.documents.fields import Address, AnyAddress, Hash
from sceau.documents.model import Shape

Count = Annotated[int, Field(ge=0)]


class ContractEntry(Shape):
    """A deployed contract."""

    address: AnyAddress
    code_hash: Hash
    """keccak256 of the code at the address."""
    transaction: Hash
    """Hash of the transaction that created it."""
    arguments: list[Any]
    """The constructor's arguments."""


class Contracts(Shape):
    """The contracts of a deployment."""

    ConsortiumAccessManager: ContractEntry
    PartyRegistry: ContractEntry
    ConsentRegistry: ContractEntry
    ClaimRegistry: ContractEntry


class ValidatorSet(Shape):
    """The validators that seal the blocks from one on, up to the next set's."""

    block: Count
    time: Count
    """That block's time, in seconds since 1970."""
    addresses: Annotated[list[Address], Field(min_length=1, max_length=1000)]


class Validators(Shape):
    """What the answers of a node are proved by, on a QBFT chain whose headers list the validators."""

    fork: Literal["london", "shanghai", "cancun", "prague"]
    """The chain's fork: it says which fields a header has."""
    epoch: Annotated[int, Field(ge=1)]
    """Blocks after which the chain clears its votes."""
    window_days: Annotated[int, Field(ge=1)]
    """How long after the last set's block later sets are believed from votes and seals."""
    layout: Hash
    """keccak256 of the layout of the contracts' storage."""
    sets: Annotated[list[ValidatorSet], Field(min_length=1, max_length=1000)]
    """Every set since the deployment, in the order of their blocks."""


class Manifest(Shape):
    """Which contracts stand where, on which chain, from which source."""

    format: Literal["sceau-deployment/1"]
    chain_id: Count
    genesis_hash: Hash
    block: Count
    """The block of the first contract."""
    block_period: Count
    """Seconds between blocks; 0 on a chain that makes blocks only when there is something to write."""
    contracts: Contracts
    compiler: dict[str, Any]
    """The settings that rebuild the same code."""
    logs_range: Annotated[int, Field(ge=1)] | None = None
    waiting: Annotated[int, Field(ge=1)] | None = None
    validators: Validators | None = None
    """The most blocks about whose logs the members' nodes take one question; optional."""
