# SPDX-License-Identifier: Apache-2.0
"""The histories of several claims, looked for in one question and remembered as far as their heads prove them."""

from __future__ import annotations

from collections.abc import Iterable

from sceau.chain.announced import newest_piece
from sceau.chain.network import Event, Network
from sceau.chain.registries.claims import ClaimState, read_claim
from sceau.claim.history import History, foresee_history, proved_history, timed
from sceau.claim.known import known_of, remember_events
from sceau.errors import NodeError, SceauError


def foresee_histories(network: Network, claims: Iterable[str], *, block: int) -> list[History]:
    """The histories of claims at a block, of those that are known to be whole.

    What is not known is asked for, from the newest blocks alone; :func:`sceau.claim.history.read_history` finds the
    rest. Nothing is told here that a claim's head does not prove.
    """
    states = {
        claim: state for claim in claims for state in [_state(network, claim, block)] if state is not None
    }
    whole = {}
    for claim, state in states.items():
        history = proved_history(network, state, known_of(network, claim).events)
        if history is not None:
            whole[claim] = history
    whole |= _announced(network, [state for claim, state in states.items() if claim not in whole], block)
    for history in whole.values():
        foresee_history(network, history, block)
    return list(whole.values())


def _announced(network: Network, states: list[ClaimState], block: int) -> dict[str, History]:
    """Those of claims of which nothing is known, in one question, by claim."""
    events = newest_piece(network, "ClaimRegistry", [state.claim for state in states], to_block=block)
    try:
        events = timed(network, events)
    except NodeError:
        return {}
    by_claim: dict[str, list[Event]] = {}
    for event in events:
        by_claim.setdefault(str(event.args.get("claim")), []).append(event)
    found = {}
    for state in states:
        own = by_claim.get(state.claim, [])
        history = proved_history(network, state, own)
        if history is not None:
            remember_events(network, state.claim, own, block)
            found[state.claim] = history
    return found


def _state(network: Network, claim: str, block: int) -> ClaimState | None:
    try:
        return read_claim(network, claim, block=block)
    except SceauError:
        return None
