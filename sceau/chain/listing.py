# SPDX-License-Identifier: Apache-2.0
"""The validators that a manifest lists: read from a chain when it is deployed, and again when they have changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from sceau.chain.errors import AnswerUnproved
from sceau.chain.manifest import Manifest, Validators
from sceau.chain.node import Node
from sceau.chain.proved import header_of
from sceau.proof.errors import Unproved
from sceau.proof.header import FORKS, Header
from sceau.proof.layout import layout_hash
from sceau.proof.trust import Listed, Trust, require_sealed

#: Besu's own number of blocks after which votes are cleared.
EPOCH = 30_000
#: How long validators that left may keep their keys, in days.
WINDOW_DAYS = 90


def list_validators(node: Node, block: int, *, epoch: int = EPOCH) -> Validators | None:
    """The validators that sealed a block, as a new manifest lists them, by what a node says.

    ``None`` where the chain's headers bear no seals of validators: there nothing can be proved. The node is believed:
    whoever signs or publishes the manifest compares the addresses with those that the members gave.
    """
    answer = node.raw_block("eth_getBlockByNumber", hex(block))
    for fork, fields in reversed(FORKS.items()):
        if all(name in answer for name, _ in fields if name != "extraData"):
            try:
                header = header_of(answer, fork)
                require_sealed(header)
            except Unproved:
                return None
            if header.hash != answer["hash"].lower():
                return None
            return Validators(fork, epoch, WINDOW_DAYS, layout_hash(), (_listed(header),))
    return None


def list_changes(node: Node, manifest: Manifest, clock: Callable[[], float] = time.time) -> Manifest:
    """The manifest with the sets of validators that the chain had since the last one that it lists, and the newest.

    Each is proved by the rule of trust from the last listed set; the window begins again with the newest block. A set
    that came and went between two blocks with one set need not be found: the rule of trust leads to it.

    Raises:
        AnswerUnproved: the node's headers do not lead to its newest block.
        ValidatorsOutdated: the window is over.
    """
    listed = manifest.validators
    if listed is None:
        return manifest
    try:
        return replace(manifest, validators=_with_changes(node, listed, clock))
    except Unproved as error:
        raise AnswerUnproved(url=node.url, why=error.why) from None


def _with_changes(node: Node, listed: Validators, clock: Callable[[], float]) -> Validators:
    trust = Trust(listed.sets, epoch=listed.epoch, window_days=listed.window_days)

    def asked(number: int) -> Header:
        return header_of(node.raw_block("eth_getBlockByNumber", hex(number)), listed.fork)

    def proved(number: int) -> Header:
        header = asked(number)
        trust.require(header, asked, clock())
        return header

    def changes(low: Header, high: Header) -> Iterator[Header]:
        if low.validators == high.validators:
            return
        if high.number == low.number + 1:
            yield high
            return
        middle = proved((low.number + high.number) // 2)
        yield from changes(low, middle)
        yield from changes(middle, high)

    newest = header_of(node.raw_block("eth_getBlockByNumber", "latest"), listed.fork)
    found = changes(proved(listed.sets[-1].block), proved(newest.number))
    sets = [*listed.sets, *(_listed(each) for each in found)]
    if len(sets) > 1 and sets[-1].validators == sets[-2].validators:
        # The newest block of the time when it was listed last.
        del sets[-1]
    if sets[-1].block < newest.number:
        sets.append(_listed(newest))
    return replace(listed, sets=tuple(sets))


def _listed(header: Header) -> Listed:
    return Listed(header.number, header.timestamp, header.validators)
