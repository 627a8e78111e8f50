# SPDX-License-Identifier: Apache-2.0
"""What a patient does: read what is asked, sign it, keep a card, look at a consent, take it back.

A whole round, with ``network`` a :class:`sceau.chain.network.Network`::

    request = read_request(Path("request.json").read_bytes(), network)
    print(request.in_words("fr"))                       # shown before anything is signed
    signed, card = sign_consent(request, pin="482915")  # the practice records ``signed``
    card.save("card.json")
    ...
    revoke(network, Card.load("card.json").unlock("482915")).wait()
    print(prove_revoked(network, card.consent).words())
"""

from __future__ import annotations

from sceau.chain.network import Network
from sceau.chain.registries.consents import ConsentState, prove_revoked, read_state
from sceau.chain.signer import Signer
from sceau.chain.transaction import Transaction
from sceau.consent import request as requests
from sceau.consent import signing
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.compact import CompactCard
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import Revocation, relay, revoke_directly, sign_revocation
from sceau.consent.signing import SignedConsent, has_history
from sceau.deployment import RegistryId
from sceau.documents.strict_json import Data

__all__ = [
    "Card",
    "CompactCard",
    "ConsentRequest",
    "ConsentState",
    "Revocation",
    "SignedConsent",
    "UnlockedCard",
    "has_history",
    "prove_revoked",
    "read_request",
    "read_state",
    "relay",
    "revoke",
    "sign_consent",
    "sign_revocation",
]


def read_request(data: Data, network: Network) -> ConsentRequest:
    """A practice's request, checked against the network's register and its newest block.

    Show ``in_words()`` of the result before signing. Raises as :func:`sceau.consent.request.read_request`.
    """
    return requests.read_request(data, RegistryId.of(network.manifest), network.node.head().timestamp)


def sign_consent(request: ConsentRequest, pin: str, key: Signer | None = None) -> tuple[SignedConsent, Card]:
    """Signs a request that was shown, and locks the key into a card with ``pin``.

    A fresh key is made; before giving another, ask :func:`has_history` and warn. Raises :class:`PinRefused`
    before anything is signed. Takes about two seconds.
    """
    chosen = key or Signer.generate()
    card = Card.lock(request.registry, request.commitment, chosen, pin)
    return signing.sign_consent(request, chosen), card


def revoke(network: Network, card: UnlockedCard, sender: Signer | None = None) -> Transaction:
    """Revokes a card's consent for ever: sent by ``sender``, or directly by the card's own key.

    Wait for the transaction, then :func:`prove_revoked`. Raises as :func:`relay` and :func:`revoke_directly`.
    """
    if sender is None:
        return revoke_directly(network, card)
    return relay(network, sender, sign_revocation(card))
