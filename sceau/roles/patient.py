# SPDX-License-Identifier: Apache-2.0
"""What a patient does: read a request, sign it, look at a consent, revoke it.

A card and the address of any member's node are enough::

    card = load_card("card.json").unlock(pin)
    with Patient.at("https://any-member.example", card) as patient:
        print(patient.state().words("fr"))
        print(patient.revoke().wait().proof)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sceau.chain.contract_errors import ContractError
from sceau.chain.fees import is_free
from sceau.chain.network import Network
from sceau.chain.registries.consents import ConsentState, consent_standing, read_state
from sceau.chain.signer import Signer
from sceau.chain.transaction import knows
from sceau.consent import revocation as revocations
from sceau.consent import signing
from sceau.consent.card import Card, UnlockedCard, check_registry
from sceau.consent.compact import CompactCard
from sceau.consent.receipt import consent_receipt, fhir_consent
from sceau.consent.request import ConsentRequest, read_request
from sceau.consent.revocation import Revocation, sign_revocation
from sceau.consent.revocation_proof import RevocationProof
from sceau.consent.signing import SignedConsent
from sceau.deployment import RegistryId
from sceau.documents.strict_json import Data
from sceau.errors import Language, NodeError, SceauError, TransactionError
from sceau.roles.errors import CardLocked, CardMissing, KeyHasHistory, SenderMissing
from sceau.roles.handle import Handle
from sceau.roles.revoked import RevocationHandle, Revoked, proof

#: What is of one consent.
OfConsent = UnlockedCard | Card | CompactCard | SignedConsent


class Patient:
    """A patient, or somebody who helps one, at a node.

    Args:
        network: the deployment; :meth:`at` needs none.
        card: the card of a consent, unlocked where it is to be revoked; or the signed consent, to look at it only.
        sender: the key that sends and pays where the chain charges fees, or a function that opens it when it is needed.
            On a chain free of fees it is not used: a fresh key sends, so that nothing reveals who asked.
    """

    def __init__(
        self,
        network: Network,
        card: OfConsent | None = None,
        *,
        sender: Signer | Callable[[], Signer] | None = None,
    ) -> None:
        # A revocation waits for no newer manifest: what is read then says that the node is believed.
        self._network = network.past_window()
        self._card = card
        self._given = sender
        #: Why the newest block that was looked at last says nothing of now; ``None`` where it does.
        self.doubt: NodeError | None = None

    @classmethod
    def at(
        cls,
        url: str,
        card: OfConsent,
        *,
        sender: Signer | Callable[[], Signer] | None = None,
        timeout: float = 10,
    ) -> Patient:
        """A patient with a card, at any member's node; no manifest is needed. Raises as :meth:`Network.for_card`."""
        return cls(Network.for_card(url, card, timeout=timeout), card, sender=sender)

    def __enter__(self) -> Patient:
        return self

    def __exit__(self, *_: object) -> None:
        """Forgets the card, and with it the key that can revoke."""
        self._card = self._given = None

    # Consenting

    def read_request(self, data: Data) -> ConsentRequest:
        """A practice's request, checked against the consent registry and the newest block.

        Show ``in_words()`` of the result before it is signed.

        Raises:
            FileMalformed, ConsentError, RecordError: it is damaged, for another registry, or not what it seems.
        """
        return read_request(data, self._here, self._network.head().timestamp)

    def has_history(self, address: str) -> bool:
        """Whether an address is known on the chain: a consent that it signs is linked to whatever else it did."""
        return signing.has_history(self._network, address)

    def sign(
        self, request: ConsentRequest, pin: str, *, key: Signer | None = None, despite_history: bool = False
    ) -> tuple[SignedConsent, Card]:
        """Signs a request that was shown, and locks the key into a card with ``pin``. Takes about two seconds.

        Args:
            request: what :meth:`read_request` gave.
            pin: the card's PIN, 6 digits or more.
            key: the key to sign with; a fresh one if not given.
            despite_history: sign although the address of ``key`` was used before (:meth:`has_history`).

        Raises:
            ConsentError: the request is not for this registry, or its end is past; nothing was signed.
            KeyHasHistory: the key was used before, and the caller did not say to continue nevertheless.
            PinRefused: the PIN is too easy to guess.
        """
        request.check(self._here, self._network.head().timestamp)
        if key is not None and not despite_history and self.has_history(key.address):
            raise KeyHasHistory(address=key.address)
        chosen = key or Signer.generate()
        card = Card.lock(request.registry, request.commitment, chosen, pin)
        return signing.sign_consent(request, chosen), card

    # A consent that was given

    def state(self) -> ConsentState:
        """The state of the card's consent at the newest block, whatever its age; :attr:`doubt` says if that is wrong.

        Raises:
            CardMissing: no card was given.
            SignedForeign: the card is for another registry.
        """
        card = self._own_card
        check_registry(card, self._here)
        head, self.doubt = self._network.look()
        return read_state(self._network, card.consent, head)

    def standing(self) -> ConsentState:
        """The state of the card's consent, for what rests on it: one named node that says it has ended is believed.

        Raises:
            CardMissing, SignedForeign: as :meth:`state`.
            NodeStale, HeadInFuture, ChainStopped: the newest block says nothing of now.
        """
        card = self._own_card
        check_registry(card, self._here)
        return consent_standing(self._network, card.consent)

    def receipt(
        self,
        request: ConsentRequest,
        *,
        fhir: bool = False,
        names: Mapping[int, str] | None = None,
        language: Language = "fr",
    ) -> dict[str, Any]:
        """The receipt of the consent, as :meth:`standing` says that it stands: JSON values.

        Args:
            request: the request that was signed.
            fhir: give a FHIR R4 ``Consent`` in place of a receipt in the shape of ISO/IEC TS 27560.
            names: names of parties by number, from a directory that was checked.
            language: of the words; the codes are the same in both.

        Raises:
            CardMissing, SignedForeign: as :meth:`state`.
            NodeStale, HeadInFuture, ChainStopped: the newest block says nothing of now.
            RequestRefused: the request is not for this registry, or not what it seems.
            NotWhatWasAsked: the consent is not the answer to it.
        """
        request.check(self._here)
        # It is shown to others, who rely on it.
        state, card = self.standing(), self._own_card
        make = fhir_consent if fhir else consent_receipt
        return make(request, _address(card), state, names=names, language=language)

    def revoked(self) -> Revoked | None:
        """The proof that the card's consent is revoked, where every node that was named and answers says so.

        Raises:
            CardMissing, SignedForeign: as :meth:`state`.
        """
        card = self._own_card
        check_registry(card, self._here)
        return None if self._not_told(card.consent) else proof(self._network, card.consent, None, None)

    def proof_of(self, revoked: Revoked) -> RevocationProof | None:
        """What shows a revocation later, without a node; ``None`` where the chain cannot prove anything.

        Raises:
            RevocationNotShown, NodeError: the node that is asked does not show it; it is revoked all the same.
        """
        return RevocationProof.take(self._network, revoked.proof)

    @property
    def sender(self) -> Signer:
        """The key that sends a revocation: on a chain free of fees one that is used for nothing else, or the one given.

        Raises:
            SenderMissing: the chain charges fees, and no key was given.
        """
        if is_free(self._network.node):
            return Signer.generate()
        return self._payer()

    def _payer(self) -> Signer:
        if self._given is None:
            raise SenderMissing
        return self._given if isinstance(self._given, Signer) else self._given()

    def revoke(self) -> RevocationHandle:
        """Revokes the card's consent for ever; a consent that was revoked before is *written*.

        Raises:
            CardMissing, CardLocked: there is no card, or it was not unlocked.
            SenderMissing: the chain charges fees, and no key was given that pays.
            ContractError, SignedForeign: the revocation is refused; nothing was written.
        """
        return self.relay(self.sign_revocation())

    def sign_revocation(self) -> Revocation:
        """The revocation of the card's consent, signed; it asks no node, and anyone may relay it.

        Raises:
            CardMissing, CardLocked.
        """
        card = self._own_card
        if not isinstance(card, UnlockedCard):
            raise CardLocked
        return sign_revocation(card)

    def relay(self, revocation: Revocation) -> RevocationHandle:
        """Sends a signed revocation, for any patient; one that the chain holds already is *written*.

        Raises:
            SignedForeign, SignatureNotByKey: it is for another registry, or not signed by its key; nothing was sent.
            SenderMissing: the chain charges fees, and no key was given that pays.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        revocation.check(self._here)
        try:
            return self._relayed(revocation)
        except NodeError:
            believing = self._network.past_conflict()
            if believing is self._network:
                raise
            # A revocation belongs on every chain that there is; what is read from now on is believed.
            self._network = believing
            return self._relayed(revocation)

    def _relayed(self, revocation: Revocation) -> RevocationHandle:
        untold = self._not_told(revocation.consent)
        if not untold:
            return RevocationHandle(None, lambda _: proof(self._network, revocation.consent, None, None))
        refusals: list[SceauError] = []
        for each in untold:
            try:
                return self._relay_through(each, revocation)
            except (ContractError, NodeError, TransactionError) as error:
                # It was handed to no node. What one refuses, another takes: no node keeps a revocation from the rest.
                refusals.append(error)
        raise refusals[0]

    def _relay_through(self, through: Network, revocation: Revocation) -> RevocationHandle:
        sender = self._sender(through, revocation)
        sent = revocations.waiting(through, sender, revocation)
        waited = sent is not None
        if sent is None:
            if is_free(through.node) and knows(through.node, sender.address):
                # Who has the card's key sent something else by it: that must not stand in the way.
                sender = Signer.generate()
            sent = revocations.relay(through, sender, revocation)
        relayed_by = through.node
        return RevocationHandle(
            Handle(sent),
            lambda receipt: proof(self._network, revocation.consent, relayed_by, receipt),
            waited=waited,
        )

    def _not_told(self, consent: str) -> list[Network]:
        """The nodes that do not know a consent to be revoked; of those that may be believed, if there are any.

        One node that says it is revoked already does not keep a revocation from the others; nor is it sent to one that
        is cut off and could write nothing, while others know of it.
        """
        head, self.doubt = self._network.look()
        states: dict[Network, ConsentState] = {}
        refusals: list[NodeError] = []
        for each in (self._network, *self._network.others):
            try:
                newest = head if each is self._network else each.node.head()
                if each is self._network or self.doubt is not None or each.doubt(newest) is None:
                    states[each] = read_state(each, consent, newest)
            except NodeError as error:
                # Not by a node whose answer is not proved: the others take it.
                refusals.append(error)
        if not states:
            raise refusals[0]
        return [each for each, state in states.items() if not state.revoked]

    def _sender(self, through: Network, revocation: Revocation) -> Signer:
        if not is_free(through.node):
            return self._payer()
        card = self._card
        if isinstance(card, UnlockedCard) and card.consent == revocation.consent:
            return card.sender()
        return Signer.generate()

    @property
    def _here(self) -> RegistryId:
        return RegistryId.of(self._network.manifest)

    @property
    def _own_card(self) -> OfConsent:
        if self._card is None:
            raise CardMissing
        return self._card


def _address(card: OfConsent) -> str:
    """Address of the key that signed the consent."""
    if isinstance(card, UnlockedCard):
        return card.key.address
    return card.key if isinstance(card, SignedConsent) else card.address
