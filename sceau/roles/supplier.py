# SPDX-License-Identifier: Apache-2.0
"""What a supplier's software does: attests what it delivered, records a return, disputes an order."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.chain.terms import Step
from sceau.claim.errors import OrderReplaced
from sceau.claim.prepared import PreparedStep
from sceau.conformity.seals import check_locks, tags
from sceau.documents.identifiers import checked_id
from sceau.messages.order import ReceivedOrder
from sceau.record import Value
from sceau.roles.acting import ActingParty


class Supplier(ActingParty):
    """A supplier acting with one of its signing keys."""

    def prepare_delivery(self, order: ReceivedOrder, values: Mapping[str, Value]) -> PreparedStep:
        """Seals the complete delivery of an order; nothing is sent.

        Args:
            order: the order as :func:`sceau.messages.order.receive_order` gave it; gives the key, not the values.
            values: ``lens-delivery`` values from the supplier's own production or dispatch record, never copied
                from the order: what is attested is what was made.

        Raises:
            LocksDiffer: the order does not fit its locks on the chain: it is disputed, not delivered.
            RecordError: a value is missing or not canonical.
            OrderReplaced: the order is no longer the current one.
        """
        number, order_locks = self.history(order.claim).current_order()
        if number != order.number:
            raise OrderReplaced(claim=order.claim, order=order.number, current=number)
        # Held against the chain again: it may not be the chain that stood when the order was received.
        check_locks(order.step.record, order.key, order_locks)
        record = self._seal("lens-delivery", values, order.claim, Step.DELIVER, number)
        arguments = (order.claim, number, record.root, list(tags(record, order.key)), order_locks)
        return PreparedStep(order.claim, "deliver", arguments, record)

    def prepare_return(self, claim: str, values: Mapping[str, Value]) -> PreparedStep:
        """Seals the return of the delivered order, with its reason (``claim-note``)."""
        return self._prepare_mark(claim, values, Step.RETURN, "recordReturn")

    def prepare_dispute(self, claim: str, values: Mapping[str, Value]) -> PreparedStep:
        """Seals a dispute: no such order was received, or it does not fit its locks (``claim-note``)."""
        return self._prepare_mark(claim, values, Step.DISPUTE, "dispute")

    def _prepare_mark(
        self, claim: str, values: Mapping[str, Value], step: Step, function: str
    ) -> PreparedStep:
        claim = checked_id(claim)
        number, _ = self.history(claim).current_order()
        record = self._seal("claim-note", values, claim, step, number)
        return PreparedStep(claim, function, (claim, number, record.root), record)
