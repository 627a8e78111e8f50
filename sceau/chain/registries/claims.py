# SPDX-License-Identifier: Apache-2.0
"""Reading a claim's slot."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.chain.registries.errors import NoSuchClaim
from sceau.documents.identifiers import ZERO_HASH, bytes_of, checked_id, hex_of
from sceau.terms import Group, State, groups_of

NO_CONSENT = ZERO_HASH


@dataclass(frozen=True)
class ClaimState:
    """A claim as the contract holds it; fields as in ``IClaimRegistry.Claim``, times in seconds, 0 for none."""

    claim: str
    practice: int
    payer: int
    supplier: int
    state: State
    order_number: int
    invoiced_order: int
    delivered_at: int
    returned_at: int
    disputed_at: int
    delivery_mismatch: tuple[Group, ...]
    invoice_mismatch: tuple[Group, ...]
    head: str
    locks_hash: str

    @property
    def frees_its_numbers(self) -> bool:
        """Whether the claim has ended without being paid, so that its once-only numbers may serve another.

        One that was cancelled after an order has not: goods may be on their way, and payment for them may be asked
        for once more.
        """
        return self.state is State.REFUSED or (self.state is State.CANCELLED and self.order_number == 0)


def read_claim(network: Network, claim: str, *, block: int) -> ClaimState:
    """A claim at a block.

    Raises:
        IdentifierInvalid: ``claim`` is not an identifier.
        NoSuchClaim: nothing was opened under it.
    """
    claim = checked_id(claim)
    stored = network.read("ClaimRegistry", "claimOf", bytes_of(claim), block=block)
    (practice, payer, supplier, state, order_number, invoiced, delivered, returned, disputed, *rest) = stored
    delivery_mismatch, invoice_mismatch, head, locks_hash = rest
    if state == State.NONE:
        raise NoSuchClaim(claim=claim, block=block)
    return ClaimState(
        claim=claim,
        practice=practice,
        payer=payer,
        supplier=supplier,
        state=State(state),
        order_number=order_number,
        invoiced_order=invoiced,
        delivered_at=delivered,
        returned_at=returned,
        disputed_at=disputed,
        delivery_mismatch=groups_of(delivery_mismatch),
        invoice_mismatch=groups_of(invoice_mismatch),
        head=hex_of(head),
        locks_hash=hex_of(locks_hash),
    )


def claim_id(practice: int, nonce: bytes) -> str:
    """Identifier of the claim that a practice opens with a nonce of 32 bytes, as the contract computes it."""
    from eth_abi.abi import encode
    from eth_utils.crypto import keccak

    return hex_of(keccak(encode(["uint32", "bytes32"], [practice, nonce])))
