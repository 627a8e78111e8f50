# SPDX-License-Identifier: Apache-2.0
"""What a practice's software does: asks for consents, opens claims, discloses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import cached_property

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.terms import Step, step_words
from sceau.chain.transaction import Transaction, send
from sceau.claim.prepared import PreparedStep
from sceau.claim.registry import NO_CONSENT, checked_id, claim_id
from sceau.consent.coordinates import Coordinates
from sceau.consent.request import ConsentRequest, make_request
from sceau.consent.signing import SignedConsent
from sceau.disclosure.build import HeldConsent, build_disclosure
from sceau.disclosure.disclosure import Disclosure
from sceau.party.registry import party_number
from sceau.policy import Policy
from sceau.record import Opening, Scope, Value, load_profile, seal

#: Path under which a claim's record seals the prescription's own commitment.
PRESCRIPTION_PATH = "prescription.commitment"


@dataclass(frozen=True, repr=False)
class OpenedClaim:
    """A claim that was sent to the chain: its identifier, its secret opening, and the handle on its transaction."""

    claim: str
    opening: Opening
    transaction: Transaction


class Practice:
    """A practice acting with one of its signing keys."""

    def __init__(self, network: Network, signer: Signer) -> None:
        self._network = network
        self._signer = signer

    @cached_property
    def party(self) -> int:
        """The practice's party number. Raises :class:`KeyOfNoParty`."""
        return party_number(self._network, self._signer.address)

    def request_consent(
        self,
        *,
        payer: int,
        purpose: str,
        groups: Iterable[str],
        expires_on: date,
        attested: bool = False,
    ) -> ConsentRequest:
        """What the patient is asked to agree to: ``payer`` may be shown ``groups`` of data for ``purpose``.

        The consent ends at midnight UTC at the start of ``expires_on``, at most 731 days ahead by the chain's time.

        Raises:
            ConsentError: the end, the groups or the parties are not as they should be.
            RecordError: a value is not canonical.
        """
        return make_request(
            Coordinates.of(self._network.manifest),
            practice=self.party,
            payer=payer,
            purpose=purpose,
            groups=groups,
            expires_on=expires_on,
            head_time=self._network.node.head().timestamp,
            attested=attested,
        )

    def record_consent(self, signed: SignedConsent, request: ConsentRequest) -> Transaction:
        """Relays the consent that the patient signed at ``request``; the patient pays nothing.

        Raises:
            ConsentError: it is not the answer to this request, or not signed by its key; nothing was sent.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        from eth_utils.address import to_checksum_address

        signed.check(request, self._network)
        return send(
            self._network,
            self._signer,
            "ConsentRegistry",
            "record",
            bytes.fromhex(signed.commitment[2:]),
            to_checksum_address(signed.key),
            signed.expires_at,
            signed.attested,
            bytes.fromhex(signed.signature[2:]),
        )

    def withdraw_consent(self, consent: str) -> Transaction:
        """Ends a consent that this practice recorded, at the word of a patient who lost the card."""
        raw = bytes.fromhex(checked_id(consent, "A consent's identifier")[2:])
        return send(self._network, self._signer, "ConsentRegistry", "withdraw", raw)

    def prepare_claim(
        self,
        profile: str,
        values: Mapping[str, Value],
        *,
        payer: int,
        consent: str | None = None,
        prescription: Mapping[str, Value] | None = None,
    ) -> PreparedStep:
        """Seals a record (and a prescription inside it) for a new claim; nothing is sent.

        Keep the result before :meth:`send`: what it holds cannot be made again.

        Args:
            profile: name of the record's profile, such as ``fr-optical-quote``.
            values: the record, by path.
            payer: party number of the payer that may authorise the claim.
            consent: identifier of a consent that this practice recorded, or ``None``.
            prescription: values of ``optical-prescription``, sealed under a commitment of their own in the record.

        Raises:
            RecordError: a value is missing or not canonical.
            IdentifierInvalid: ``consent`` is no identifier.
        """
        consent = checked_id(consent or NO_CONSENT, "A consent's identifier")
        nonce = secrets.token_bytes(32)
        claim = claim_id(self.party, nonce)
        record = dict(values)
        inner = {}
        if prescription is not None:
            inner["prescription"] = seal(self._scope("optical-prescription", claim), prescription)
            record[PRESCRIPTION_PATH] = inner["prescription"].root
        opening = seal(self._scope(profile, claim), record)
        arguments = ("0x" + nonce.hex(), payer, consent, opening.root)
        return PreparedStep(claim, "open", arguments, opening, inner)

    def send(self, prepared: PreparedStep) -> Transaction:
        """Sends a step that was prepared and kept; sending it again never writes it twice.

        Raises:
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        return prepared.send(self._network, self._signer)

    def open_claim(
        self,
        profile: str,
        values: Mapping[str, Value],
        *,
        payer: int,
        keep: Callable[[PreparedStep], object],
        consent: str | None = None,
        prescription: Mapping[str, Value] | None = None,
    ) -> OpenedClaim:
        """:meth:`prepare_claim`, then ``keep`` (to disk), then :meth:`send`; raises as they do."""
        prepared = self.prepare_claim(
            profile, values, payer=payer, consent=consent, prescription=prescription
        )
        keep(prepared)
        return OpenedClaim(prepared.claim, prepared.opening, self.send(prepared))

    def disclose(
        self,
        opening: Opening,
        paths: Iterable[str] | None = None,
        *,
        recipient: int,
        policy: Policy,
        clause: str,
        consent: HeldConsent | None = None,
    ) -> Disclosure:
        """A disclosure of ``paths`` to a payer, or of all that the clause allows; dated by the chain's head.

        Raises:
            PathNotAllowed: the policy does not allow a path.
            DisclosureError: a consent is needed and missing or too narrow, or nothing may be shown.
        """
        head = self._network.node.head()
        return build_disclosure(
            opening,
            paths,
            sender=self.party,
            recipient=recipient,
            policy=policy,
            clause=clause,
            consent=consent,
            made_at=datetime.fromtimestamp(head.timestamp, timezone.utc),
        )

    def _scope(self, profile: str, claim: str) -> Scope:
        return Scope(
            profile=profile,
            version=load_profile(profile).version,
            chain_id=self._network.chain_id,
            contract=self._network.address("ClaimRegistry"),
            claim=claim,
            order=0,
            step=step_words(Step.OPEN).code,
        )
