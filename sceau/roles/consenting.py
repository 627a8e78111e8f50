# SPDX-License-Identifier: Apache-2.0
"""What a practice does with consents: it asks for them, records and withdraws them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from sceau.chain.following import Receipt, read_after
from sceau.chain.registries.consents import ConsentState, read_state
from sceau.consent.request import ConsentRequest, make_request, usual_end
from sceau.consent.signing import SignedConsent
from sceau.deployment import RegistryId
from sceau.disclosure import GivenConsent
from sceau.disclosure.errors import ConsentDoesNotCover
from sceau.documents.identifiers import CONSENT_ID, bytes_of, checked_id
from sceau.errors import Sentence
from sceau.roles.acting import ActingParty
from sceau.roles.entries import where_written
from sceau.roles.errors import (
    ConsentDropped,
    RequestMissing,
)
from sceau.roles.handle import Handle
from sceau.roles.queue import CONSENT, WITHDRAWAL
from sceau.roles.writing import queue, write
from sceau.store import Kind
from sceau.terms import Role

# Notes that a consent was withdrawn before it was sent.
_DROPPED = "dropped:"

#: What a consent is for, unless another purpose is named.
PURPOSE = "THIRD-PARTY-PAYMENT"


class ConsentingParty(ActingParty):
    """A practice, as far as consents go; arguments as :class:`PartyBase`."""

    def request_consent(
        self,
        *,
        payer: int,
        groups: Iterable[str],
        expires_on: date | None = None,
        purpose: str = PURPOSE,
        attested: bool = False,
    ) -> ConsentRequest:
        """The request to which the patient is to agree: ``payer`` may be shown ``groups`` of data for ``purpose``.

        The consent ends at midnight UTC at the start of ``expires_on``, at most 731 days ahead by the chain's time. If
        none is given, it is the first day of a month, as for most consents: every member sees it, and an end like no
        other tells a consent from others (:attr:`ConsentRequest.unusual_end`).
        Where the practice has a store it remembers the request.

        Raises:
            PartyOfAnotherRole: ``payer`` is not a payer.
            ConsentError: the end, the groups or the parties are invalid.
            RecordError: a value is not canonical.
        """
        self._named(payer, Role.PAYER)
        head_time = self._now()
        request = make_request(
            RegistryId.of(self._network.manifest),
            practice=self.party,
            payer=payer,
            purpose=purpose,
            groups=groups,
            expires_on=expires_on or usual_end(head_time),
            head_time=head_time,
            attested=attested,
        )
        if self._store is not None:
            self._store.put(Kind.CONSENT_REQUEST, request.commitment, request.to_json())
        return request

    def record_consent(self, signed: SignedConsent, request: ConsentRequest | None = None) -> Handle:
        """Records the consent that the patient signed at ``request``; the patient pays nothing.

        Without ``request`` it is looked up in the store. A consent that the chain holds already is *written*.

        Raises:
            RequestMissing: the request is neither given nor stored.
            ConsentError: it is not the answer to this request, or not signed by its key; nothing was sent.
            ConsentDropped: it was withdrawn while it waited in the outbox.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        from eth_utils.address import to_checksum_address

        if self._queue is None:
            self._network.head()
        asked = request or self._request(signed.commitment)
        asked.check(RegistryId.of(self._network.manifest))
        signed.check(asked, self._network)
        self._require_not_dropped(signed.consent)
        if self._store is not None:
            self._store.put(Kind.SIGNED_CONSENT, signed.consent, signed.to_json())
        arguments = (
            bytes_of(signed.commitment),
            to_checksum_address(signed.key),
            signed.expires_at,
            signed.attested,
            bytes_of(signed.signature),
        )
        return self._write_consent(CONSENT, signed.consent, "record", *arguments)

    def withdraw_consent(self, consent: str) -> Handle:
        """Ends a consent that this practice recorded, at the word of a patient who lost the card.

        A consent that it withdrew before is *written*.

        Raises:
            ConsentDropped: it still waited in the outbox; it was removed and will never be recorded.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        consent = checked_id(consent, CONSENT_ID)
        self._require_not_dropped(consent)
        queued = None if self._queue is None else self._queue.outbox.find(f"{CONSENT}:{consent}")
        if self._queue is not None and queued is not None:
            memo, store = _DROPPED + consent, self.store
            if self._queue.outbox.drop(queued, lambda: store.put(Kind.MEMO, memo, {}, claim=consent)):
                raise ConsentDropped
        return self._write_consent(WITHDRAWAL, consent, "withdraw", bytes_of(consent), urgent=True)

    def given_consent(self, signed: SignedConsent, request: ConsentRequest | None = None) -> GivenConsent:
        """A consent as :meth:`disclose` takes it: the signed consent, checked, with the request that it answers.

        Raises:
            RequestMissing: the request is neither given nor stored.
            ConsentError: the consent is not the answer to this request, or not signed by its key.
        """
        asked = request or self._request(signed.commitment)
        signed.check(asked, self._network)
        return GivenConsent(asked.record, signed.key)

    def state_after(self, consent: str, receipt: Receipt, timeout: float = 30) -> ConsentState:
        """The state of a consent once ``receipt`` was given: at its block or later, whatever the age of the head.

        Raises :class:`WrittenUnread` where no node could be read for ``timeout`` seconds.
        """
        return read_after(
            receipt.hash,
            time.monotonic() + timeout,
            lambda: read_state(self._network, consent, self._network.look_past(receipt.block_number)),
        )

    def _write_consent(
        self, entry: str, consent: str, function: str, *arguments: Any, urgent: bool = False
    ) -> Handle:
        """Records or withdraws a consent: at once, or through the outbox."""
        if self._queue is not None:
            return queue(
                self._queue,
                f"{entry}:{consent}",
                "ConsentRegistry",
                function,
                *arguments,
                lane=consent,
                urgent=urgent,
            )
        return write(
            self._network,
            self.signer,
            "ConsentRegistry",
            function,
            *arguments,
            stands=lambda: where_written(self._network, lambda: self.party, consent, entry),
            insist=urgent,
        )

    def _require_not_dropped(self, consent: str) -> None:
        """Raises :class:`ConsentDropped`: the patient was told that it will never be recorded."""
        if self._store is not None and self._store.get(Kind.MEMO, _DROPPED + consent) is not None:
            raise ConsentDropped

    def _require_consent_to(self, payer: int, consent: str) -> None:
        """Raises :class:`ConsentDoesNotCover` where a consent, as it is stored, is for another payer.

        Everything about a claim goes to the payer that it names, so a number mistyped when it was opened is noticed.
        """
        signed = (
            None
            if self._store is None
            else self._store.get(Kind.SIGNED_CONSENT, checked_id(consent, CONSENT_ID))
        )
        with suppress(RequestMissing):
            if signed is not None and self._request(signed["commitment"]).values["payer"] != payer:
                raise ConsentDoesNotCover(what=Sentence("disclosure.payer"))

    def _request(self, commitment: str) -> ConsentRequest:
        read = None if self._store is None else self._store.get(Kind.CONSENT_REQUEST, commitment)
        if read is None:
            raise RequestMissing
        return ConsentRequest.from_json(read)
