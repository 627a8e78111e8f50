# SPDX-License-Identifier: Apache-2.0
"""Writes outside a claim: what stands on the chain already is *written*, and is not sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.announced import newest_event
from sceau.chain.following import Receipt, find_receipt
from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.transaction import send
from sceau.roles.handle import Handle
from sceau.roles.queue import WriteQueue
from sceau.store.entry import Entry


def write(
    network: Network,
    signer: Signer,
    contract: ContractName,
    function: str,
    *args: Any,
    stands: Callable[[], Receipt | None],
    insist: bool = False,
) -> Handle:
    """Calls a function of a contract, unless ``stands`` finds where what it would write stands already.

    ``insist`` and errors as :func:`sceau.chain.transaction.send`.
    """
    written = stands()
    if written is not None:
        return Handle.written(written)
    return Handle(send(network, signer, contract, function, *args, insist=insist), find=stands)


def queue(
    outbox: WriteQueue,
    key: str,
    contract: ContractName,
    function: str,
    *args: Any,
    lane: str,
    urgent: bool = False,
) -> Handle:
    """As :func:`write`, through an outbox: what cannot be sent now waits there.

    ``key`` and ``lane`` as of :meth:`sceau.store.outbox.Outbox.want`. Raises as :func:`write`, but for a node.
    """
    push = outbox.push(outbox.want(key, contract, function, *args, lane=lane, urgent=urgent))
    if push.receipt is not None:
        return Handle.written(push.receipt)
    # What another process numbered meanwhile is on its way.
    if push.refusal is not None and outbox.outbox.drop(push.entry):
        raise push.refusal
    return Handle(push, find=lambda: outbox.written(push.entry), refused=lambda: _forget(outbox, push.entry))


def _forget(outbox: WriteQueue, entry: Entry) -> None:
    outbox.outbox.drop(entry)


def newest(
    network: Network, contract: ContractName, name: str, *topics: str | None, at: int | None = None
) -> Receipt | None:
    """The transaction of the newest event of this name; arguments as :func:`sceau.chain.announced.newest_event`."""
    found = newest_event(network, contract, name, topics, to_block=network.head().number, at=at)
    return find_receipt(network.node, found.transaction) if found else None
