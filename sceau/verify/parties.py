# SPDX-License-Identifier: Apache-2.0
"""Can the keys that wrote on a claim be trusted for the time at which they wrote?"""

from __future__ import annotations

from collections.abc import Iterator

from sceau.chain.announced import newest_event
from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.registries.consents import read_state
from sceau.chain.registries.parties import foresee_standings, key_standing, party_standing
from sceau.claim.errors import HistoryIncomplete
from sceau.claim.history import History
from sceau.terms import step_words
from sceau.verify.findings import At, finding
from sceau.verify.verdict import Finding


def check_parties(network: Network, history: History, block: Block) -> list[Finding]:
    """Doubt for what a key wrote since it was compromised; a note for a party suspended at present.

    Raises :class:`HistoryIncomplete` when the node hides who recorded the consent.
    """
    foresee_standings(
        network,
        {step.key for step in history.steps},
        {step.party for step in history.steps},
        block=block.number,
    )
    return [
        *_steps(network, history, block),
        *_consent(network, history, block),
        *_suspensions(network, history, block),
    ]


def _steps(network: Network, history: History, block: Block) -> Iterator[Finding]:
    since = {
        key: key_standing(network, key, block=block.number).compromised_since
        for key in {step.key for step in history.steps}
    }
    for step in history.steps:
        if 0 < since[step.key] <= step.time:
            yield finding(
                "key-compromised", step=step_words(step.step), party=step.party, at=At(since[step.key])
            )


def _consent(network: Network, history: History, block: Block) -> Iterator[Finding]:
    if history.consent is None:
        return
    event = newest_event(
        network,
        "ConsentRegistry",
        "ConsentRecorded",
        [history.consent],
        to_block=block.number,
        at=read_state(network, history.consent, block).recorded_at,
    )
    if event is None:
        # No claim is opened under a consent that was not recorded before: the node hides it.
        raise HistoryIncomplete(claim=history.state.claim)
    sender = network.node.sender(event.transaction)
    since = key_standing(network, sender, block=block.number).compromised_since
    if 0 < since <= network.node.time_of(event.block, event.block_hash):
        yield finding("consent-key-compromised", party=event.args["recorder"], at=At(since))


def _suspensions(network: Network, history: History, block: Block) -> Iterator[Finding]:
    for party in sorted({step.party for step in history.steps}):
        if party_standing(network, party, block=block.number).suspended:
            yield finding("party-suspended", party=party)
