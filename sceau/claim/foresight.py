# SPDX-License-Identifier: Apache-2.0
"""The histories of claims, looked for in one question and remembered as far as their heads prove them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sceau.chain.announced import expected_piece
from sceau.chain.batch import Expected
from sceau.chain.events import Event
from sceau.chain.network import Network
from sceau.chain.registries.claims import ClaimState, read_claim
from sceau.claim.history import History, foresee_history, proved_history, timed
from sceau.claim.known import known_of, remember_events
from sceau.errors import NodeError, SceauError


def expected_events(
    network: Network, claims: Iterable[str], take: Callable[[list[Event]], None], *, block: int
) -> list[Expected]:
    """One question for what was announced of claims, from the newest blocks alone.

    ``take`` is given what is known of them at once, and then what is new.
    """
    known = {claim: known_of(network, claim) for claim in claims}
    for each in known.values():
        take([event for event in each.events if event.block <= block])

    def take_new(events: list[Event]) -> None:
        take([event for event in events if event.block > known[str(event.args["claim"])].upto])

    return expected_piece(network, "ClaimRegistry", list(known), take_new, to_block=block)


def foresee_histories(
    network: Network, claims: Iterable[str], events: Sequence[Event], *, block: int
) -> None:
    """Keeps the histories that events tell, of those claims whose head proves that they are all.

    :func:`sceau.claim.history.read_history` finds the rest.
    """
    by_claim: dict[str, list[Event]] = {}
    for event in events:
        by_claim.setdefault(str(event.args.get("claim")), []).append(event)
    for claim in claims:
        history = _history(network, claim, by_claim.get(claim, []), block)
        if history is not None:
            foresee_history(network, history, block)


def _history(network: Network, claim: str, events: Sequence[Event], block: int) -> History | None:
    state = _state(network, claim, block)
    if state is None:
        return None
    try:
        own = timed(network, events)
    except NodeError:
        return None
    history = proved_history(network, state, own)
    if history is not None:
        remember_events(network, claim, own, block)
    return history


def _state(network: Network, claim: str, block: int) -> ClaimState | None:
    try:
        return read_claim(network, claim, block=block)
    except SceauError:
        return None
