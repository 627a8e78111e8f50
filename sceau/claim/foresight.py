# SPDX-License-Identifier: Apache-2.0
"""The histories of several claims, looked for in one question and remembered as far as their heads prove them."""

from __future__ import annotations

from collections.abc import Iterable

from sceau.chain.announced import newest_piece
from sceau.chain.network import Event, Network
from sceau.chain.registries.claims import read_claim
from sceau.claim.history import head_after, timed
from sceau.claim.known import known_of, remember_events
from sceau.errors import NodeError, SceauError


def foresee_histories(network: Network, claims: Iterable[str], *, block: int) -> dict[str, tuple[Event, ...]]:
    """The events of each claim up to a block that are known to be all, by claim.

    What is not known is asked for, from the newest blocks alone; :func:`sceau.claim.history.read_history` finds the
    rest, and proves again what was found. Nothing rests on it.
    """
    heads = {claim: head for claim in claims for head in [_head(network, claim, block)] if head is not None}
    found = {claim: known_of(network, claim).events for claim in heads}
    whole = {claim: events for claim, events in found.items() if head_after(claim, events) == heads[claim]}
    missing = [claim for claim in heads if claim not in whole]
    announced = newest_piece(network, "ClaimRegistry", missing, to_block=block)
    try:
        announced = timed(network, announced)
    except NodeError:
        return whole
    for claim in missing:
        events = tuple(event for event in announced if event.args.get("claim") == claim)
        if head_after(claim, events) == heads[claim]:
            remember_events(network, claim, events, block)
            whole[claim] = events
    return whole


def _head(network: Network, claim: str, block: int) -> str | None:
    try:
        return read_claim(network, claim, block=block).head
    except SceauError:
        return None
