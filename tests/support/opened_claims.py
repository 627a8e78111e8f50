# SPDX-License-Identifier: Apache-2.0
"""Writes that are as cheap as any: claims opened with commitments of nothing, through an outbox."""

from __future__ import annotations

from sceau.chain.following import Receipt, find_receipt
from sceau.chain.network import Network
from sceau.chain.registries.claims import NO_CONSENT, claim_id
from sceau.chain.signer import Signer
from sceau.documents.identifiers import bytes_of
from sceau.store import LocalStore
from sceau.store.entry import Entry
from sceau.store.outbox import Outbox
from sceau.store.sending import Sender, call_of
from tests.support.deployed import Deployed


class Opened:
    """What is known of such writes: where each stands, by the claim that it opens."""

    def __init__(self, network: Network, chain: Deployed) -> None:
        self._network = network
        self._chain = chain

    def require(self, _: Entry) -> None:
        """Nothing was assumed."""

    def written(self, entry: Entry) -> Receipt | None:
        """Where the claim was opened."""
        found = self._network.events(
            "ClaimRegistry",
            (claim_of(self._chain, entry.key),),
            name="ClaimOpened",
            to_block=self._network.head().number,
        )
        return find_receipt(self._network.node, found[0].transaction) if found else None

    def mined(self, entry: Entry) -> None:
        """Nothing follows."""

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """Nothing is remembered."""


def claim_of(chain: Deployed, name: str) -> str:
    """Identifier of the claim of a name."""
    return claim_id(chain.party("practice"), _nonce(name))


def want(
    outbox: Outbox,
    network: Network,
    chain: Deployed,
    name: str,
    *,
    signer: Signer | None = None,
    **more: object,
) -> Entry:
    """Puts the opening of a claim into an outbox."""
    nonce = _nonce(name)
    call = call_of(
        network,
        "ClaimRegistry",
        "open",
        nonce,
        chain.party("payer"),
        bytes_of(NO_CONSENT),
        _nonce(f"{name} root"),
    )
    options = {"lane": claim_of(chain, name), **more}
    return outbox.want(name, call, signer=(signer or chain.signers["practice"]).address, **options)  # type: ignore[arg-type] # as the caller names them


def outbox_of(store: LocalStore, network: Network) -> Outbox:
    """The outbox of a store for the deployment of a network."""
    return Outbox(store.vault, network.manifest.genesis_hash)


def sender_of(
    outbox: Outbox, network: Network, chain: Deployed, *, signer: Signer | None = None, window: int = 5
) -> Sender:
    """What sends the practice's writes."""
    return Sender(network, signer or chain.signers["practice"], outbox, Opened(network, chain), window=window)


def opened(chain: Deployed) -> list[str]:
    """The claims that were opened on the chain, each as often as it was."""
    head = chain.network.node.head().number
    return [
        each.args["claim"]
        for each in chain.network.events("ClaimRegistry", name="ClaimOpened", to_block=head)
    ]


def _nonce(name: str) -> bytes:
    from eth_utils.crypto import keccak

    return keccak(text=f"sceau test claim {name}")
