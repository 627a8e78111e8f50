# SPDX-License-Identifier: Apache-2.0
"""Proofs that a party keeps of what it wrote and of what it judged, where the manifest lists the chain's validators.

They cost little: a verdict rests on what was just proved, and steps of one block share its receipts. Where a node gives
no proof nothing is kept, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from sceau.chain.following import Receipt
from sceau.chain.network import Network
from sceau.chain.proof_taking import Read, take_proof
from sceau.claim.history import History, kept_history
from sceau.claim.prepared import PreparedStep
from sceau.consent.typed_data import consent_id
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import bytes_of
from sceau.errors import SceauError
from sceau.proof.document import ChainProof
from sceau.store import Filed, Kind, Store
from sceau.verify.verdict import Verdict


def keep_step_proof(store: Store, network: Network, step: PreparedStep, receipt: Receipt) -> None:
    """Stores what proves that a step stands in its block, with the step's claim."""
    if network.node.prover is None:
        return
    written = (receipt.block_number, receipt.hash)
    # It is written, whatever becomes of this.
    with suppress(SceauError):
        proof = take_proof(network, (), block=receipt.block_number, written=[written])
        if proof is not None and proof.receipts:
            store.put(Kind.PROOF, step.record.root, proof.to_json(), claim=step.claim)


def verdict_proof(network: Network, disclosure: Disclosure, verdict: Verdict) -> Filed | None:
    """What proves the state on which a verdict rests, to be stored with it; ``None`` where it was believed."""
    if network.node.prover is None or not verdict.block.proved:
        return None
    number = verdict.block.number
    with suppress(SceauError):
        proof = take_proof(network, _reads(network, disclosure, number), block=number)
        if proof is not None:
            return Filed(verdict.id, proof.to_json(), verdict.claim)
    return None


def kept_proof(store: Store, key: str) -> ChainProof | None:
    """The proof that is kept of a step, by its commitment, or of a verdict, by its identifier."""
    stored = store.get(Kind.PROOF, key)
    return None if stored is None else ChainProof.from_stored(stored)


def _reads(network: Network, disclosure: Disclosure, block: int) -> Iterator[Read]:
    """The claim, its consent, and the parties and keys of its steps."""
    if disclosure.scope.claim is None:
        return
    claim = disclosure.scope.claim
    yield "ClaimRegistry", "claimOf", (bytes_of(claim),)
    history = kept_history(network, claim, block)
    for consent in _consents(disclosure, history):
        yield "ConsentRegistry", "consentOf", (bytes_of(consent),)
    if history is not None:
        for party in sorted({step.party for step in history.steps}):
            yield "PartyRegistry", "partyOf", (party,)
        for key in sorted({step.key for step in history.steps}):
            yield "PartyRegistry", "keyOf", (key,)


def _consents(disclosure: Disclosure, history: History | None) -> set[str]:
    """The consent that is shown, and the one that the claim names."""
    shown = disclosure.consent
    found = {consent_id(shown.commitment, shown.key)} if shown is not None else set()
    return found if history is None or history.consent is None else found | {history.consent}
