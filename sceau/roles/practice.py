# SPDX-License-Identifier: Apache-2.0
"""What a practice's software does: asks for consents, opens claims, orders, invoices, discloses."""

from __future__ import annotations

from sceau.claim.errors import NoOrder
from sceau.claim.prepared import PreparedStep
from sceau.documents.identifiers import checked_id
from sceau.messages.act_codes import act_code_key_envelope
from sceau.roles.errors import NotAnOrder
from sceau.roles.handle import Envelope
from sceau.roles.informing import InformingParty
from sceau.roles.justifying import justify
from sceau.roles.offline import newest_order


class Practice(InformingParty):
    """A practice acting with one of its signing keys; arguments as :class:`InformingParty`."""

    def placed_order(self, claim: str) -> PreparedStep:
        """The newest order of a claim that this practice placed. Raises :class:`NoOrder`."""
        placed = newest_order(self.store, checked_id(claim))
        if placed is None:
            raise NoOrder(claim=claim)
        return placed

    def act_code_key_envelope(self, order: PreparedStep) -> Envelope:
        """The envelope that gives the claim's payer the act-code key of an order, and no other key.

        Raises:
            NotAnOrder: the step places no order.
        """
        if not order.row.places_order:
            raise NotAnOrder
        payer = self.history(order.claim).state.payer
        return self._posted(Envelope(payer, act_code_key_envelope(self.mailbox, order, payer=payer)))

    def justify(self, claim: str, finding: str, reason: str, *, order_number: int | None = None) -> Envelope:
        """The practice's signed justification of a finding, for the payer, which accepts it or not.

        Args:
            claim: the claim.
            finding: code of the finding, such as ``delivery-differs``.
            reason: why it is not a fault, as a code; nothing about a person.
            order_number: the order that the finding is about; the current one if not given.

        Raises:
            NotConcerned: this party has no part in the claim.
            NotJustifiable, OrderToName, ValueNotCanonical: the finding, the number or the reason is invalid.
        """
        made = justify(self.mailbox, self.history(claim), finding, reason, order_number=order_number)
        return self._posted(made)
