# SPDX-License-Identifier: Apache-2.0
"""A revocation after it was sent: its handle, and its proof by another node than the one that relayed it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from sceau.chain.contract_errors import ConsentAlreadyRevoked
from sceau.chain.following import Receipt, read_after
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.registries.consents import ConsentState, prove_revoked, read_state
from sceau.chain.registries.errors import NoConsentKnown, NotRevoked
from sceau.consent.revocation_proof import RevocationCode
from sceau.errors import NodeError
from sceau.roles.errors import NodesDisagree
from sceau.roles.handle import Handle, WriteState

# Another node has a block a moment after the first.
_SECONDS_OF_WITNESS = 10
_PAUSE = 0.25

# What a node says that cannot be read, or does not know yet what another told.
_NOT_YET = (NodeError, NotRevoked, NoConsentKnown)


@dataclass(frozen=True)
class Revoked:
    """A consent that its key revoked.

    ``proof`` is what the registry holds of it, with the block at which that was read; ``receipt`` the transaction that
    revoked it, ``None`` where it was revoked before. ``witnessed`` is whether another node than the one that relayed it
    gave the proof: one node alone can say what it likes.
    """

    proof: ConsentState
    receipt: Receipt | None
    witnessed: bool = False

    @property
    def code(self) -> RevocationCode:
        """The consent and the block, to print: any client can check it again later."""
        return RevocationCode.of(self.proof)


class RevocationHandle:
    """The handle on a revocation: as :class:`sceau.roles.handle.Handle`, and its result holds the proof.

    ``hash`` names the transaction; it is ``None`` where the consent was revoked before. ``waited`` is whether that
    transaction was sent before and still waited for a block: then nothing was sent.
    """

    def __init__(
        self,
        sent: Handle | None,
        prove: Callable[[Receipt | None], Revoked],
        *,
        waited: bool = False,
    ) -> None:
        self._sent = sent
        self._prove = prove
        self.waited = waited

    def __repr__(self) -> str:
        return f"RevocationHandle({self.state.value}, {self.hash})"

    @property
    def state(self) -> WriteState:
        """The block that holds it."""
        return self._sent.state if self._sent else WriteState.WRITTEN

    @property
    def hash(self) -> str | None:
        """The transaction's hash."""
        return self._sent.hash if self._sent else None

    def wait(self, timeout: float = 120) -> Revoked:
        """The proof, once the revocation is in a block; ``timeout`` in seconds.

        Raises:
            NodesDisagree: another node that was named knows the block, and not the revocation.
            WrittenUnread: it is in a block, and no node could be read since.
            as :meth:`Handle.wait`.
        """
        until = time.monotonic() + timeout
        if self._sent is None:
            return self._prove(None)
        receipt, hash_ = None, self._sent.hash
        try:
            receipt = self._sent.wait(timeout)
        except ConsentAlreadyRevoked:
            # Another relay of the same revocation was in a block first.
            self._sent = None
        return read_after(hash_, until, lambda: self._prove(receipt), _NOT_YET)

    def __await__(self) -> Generator[Any, None, Revoked]:
        return asyncio.to_thread(self.wait).__await__()


def proof(network: Network, consent: str, relayed_by: Node | None, receipt: Receipt | None) -> Revoked:
    """The proof, of another node than the one that relayed, where one that was named knows the block.

    Raises :class:`NodesDisagree` when such a node does not know the revocation.
    """
    every = (network, *network.others)
    relay = next((each for each in every if each.node is relayed_by), network)
    written = receipt.block_number if receipt else 0
    for other in every:
        state = None if other is relay else _seen(other, consent, written)
        if state is not None and not state.revoked:
            raise NodesDisagree(
                url=relay.node.url, other=other.node.url, number=state.block.number, state=state.sentence
            )
        if state is not None:
            return Revoked(state, receipt, witnessed=True)
    head = relay.node.head()
    if head.number < written:
        head = relay.node.block(written)
    return Revoked(prove_revoked(relay, consent, head), receipt)


def _seen(network: Network, consent: str, written: int) -> ConsentState | None:
    """The state of a consent at a node, once it has the block ``written``; ``None`` if it does not in time."""
    deadline = time.monotonic() + _SECONDS_OF_WITNESS
    while True:
        try:
            head = network.node.head()
            if head.number >= written and network.doubt(head) is None:
                return read_state(network, consent, head)
        except NodeError:
            return None
        if network.doubt(head) is not None or time.monotonic() > deadline:
            return None
        time.sleep(_PAUSE)
