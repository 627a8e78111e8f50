# SPDX-License-Identifier: Apache-2.0
"""What the verification of many disclosures will ask of a node, asked in few round trips before.

Each answer is one for the block that is read, and is used where the same question is asked; nothing is judged here, and
what is missing or strange is asked for again by whoever needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.announced import foresee_newest
from sceau.chain.foresight import foresee_blocks, foresee_senders
from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.registries.parties import foresee_standings
from sceau.claim.foresight import foresee_histories
from sceau.consent.typed_data import consent_id
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import bytes_of

_Reads = list[tuple[ContractName, str, tuple[Any, ...]]]


def foresee(network: Network, disclosures: Iterable[Disclosure], block: Block) -> None:
    """Asks what verifying each of these will ask at a block, the newest that was seen."""
    given = list(disclosures)
    claims = sorted({each.scope.claim for each in given if each.scope.claim is not None})
    shown = {consent_id(part.commitment, part.key) for each in given for part in [each.consent] if part}
    _foresee_consents(
        network, shown, block, [("ClaimRegistry", "claimOf", (bytes_of(each),)) for each in claims]
    )
    histories = foresee_histories(network, claims, block=block.number)
    steps = [step for history in histories for step in history.steps]
    consents = {history.consent for history in histories if history.consent}
    _foresee_consents(network, consents - shown, block)
    recorded = foresee_newest(
        network, "ConsentRegistry", "ConsentRecorded", "consent", consents, to_block=block.number
    )
    foresee_blocks(network.node, [event.block_hash for event in recorded])
    transactions = [event.transaction for event in recorded]
    foresee_senders(network.node, transactions)
    senders = {network.node.sender(each) for each in transactions if network.node.remembers_sender(each)}
    foresee_standings(
        network,
        {step.key for step in steps} | senders,
        {step.party for step in steps},
        block=block.number,
    )


def _foresee_consents(
    network: Network, consents: Iterable[str], block: Block, others: _Reads | None = None
) -> None:
    reads: _Reads = [("ConsentRegistry", "consentOf", (bytes_of(each),)) for each in sorted(consents)]
    network.foresee([*(others or []), *reads], block=block.number)
    for witness, head in network.witnesses():
        witness.foresee(reads, block=head.number)
