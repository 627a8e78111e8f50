# SPDX-License-Identifier: Apache-2.0
"""Nodes held against each other: one height has one proved block, whichever node shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import combinations
from threading import Lock
from typing import TYPE_CHECKING

from sceau.chain.errors import BlocksConflict, ProofInvalid
from sceau.chain.manifest import Manifest
from sceau.errors import NodeError
from sceau.proof.conflict import Conflict, conflict
from sceau.proof.errors import Unproved
from sceau.proof.header import Header
from sceau.proof.trust import Trust

if TYPE_CHECKING:
    from sceau.chain.network import Network

# Proved blocks that are remembered for it.
_KEPT = 1024


class Heights:
    """The blocks that the nodes of one connection proved. Once two contradict each other, nothing more is believed."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Header, str]] = {}
        self._lock = Lock()
        #: What was found, ``None`` while nothing was.
        self.conflict: BlocksConflict | None = None

    def require_one(self) -> None:
        """Raises :class:`BlocksConflict` where two blocks contradicted each other before."""
        if self.conflict is not None:
            raise self.conflict

    def add(self, header: Header, url: str) -> None:
        """Remembers a proved block of a node. Raises :class:`BlocksConflict` where another one has its height."""
        with self._lock:
            known, other = self._seen.setdefault(header.number, (header, url))
            while len(self._seen) > _KEPT:
                del self._seen[next(iter(self._seen))]
        if known.hash != header.hash:
            self.conflict = conflict_error(known, header, other, url)
        self.require_one()


def conflict_error(first: Header, second: Header, url: str, other: str) -> BlocksConflict:
    """The error about two proved blocks of one height, which two nodes showed."""
    return BlocksConflict(
        number=first.number,
        first=first.hash,
        second=second.hash,
        url=url,
        other=other,
        sealers=", ".join(sorted(conflict(first, second))),
    )


def compare_nodes(networks: Sequence[Network]) -> Iterator[tuple[BlocksConflict, Conflict]]:
    """Holds the nodes of several connections against each other at each one's newest proved block.

    A node that has no such block yet, or does not answer, is left out.
    """
    heads: dict[Network, int] = {}
    for each in networks:
        with suppress(NodeError):
            heads[each] = each.node.head().number
    for number in sorted(set(heads.values())):
        found = [
            (each, header) for each in heads if heads[each] >= number for header in _proved(each, number)
        ]
        for (one, first), (other, second) in combinations(found, 2):
            if first.hash != second.hash:
                made = Conflict(
                    one.chain_id, one.manifest.genesis_hash, _path(one, number), _path(other, number)
                )
                yield conflict_error(first, second, one.node.url, other.node.url), made


def check_conflict(
    found: Conflict, manifest: Manifest, clock: Callable[[], float] = time.time
) -> tuple[Header, Header]:
    """The two blocks of a conflict, proved by a manifest; no node is asked. ``clock`` gives seconds since 1970.

    Raises:
        ProofOfAnotherChain: it is of another chain than the manifest.
        ProofsRequired: the manifest lists no validators.
        ProofInvalid: a block is not proved, or the two do not contradict each other.
        ValidatorsOutdated: the validators were listed too long ago.
    """
    manifest.require_chain(found.chain_id, found.genesis_hash)
    listed = manifest.require_validators()
    trust = Trust(listed.sets, epoch=listed.epoch, window_days=listed.window_days)
    try:
        return found.blocks(trust, listed.fork, clock())
    except Unproved as error:
        raise ProofInvalid(why=error.why) from None


def _proved(network: Network, number: int) -> Iterator[Header]:
    prover = network.node.prover
    if prover is not None:
        with suppress(NodeError):
            yield prover.header(network.node, number)


def _path(network: Network, number: int) -> tuple[bytes, ...]:
    prover = network.node.prover
    if prover is None:
        raise AssertionError("what is not proved contradicts nothing")
    return tuple(each.raw for each in prover.path(network.node, [number]))
