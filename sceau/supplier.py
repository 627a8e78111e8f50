# SPDX-License-Identifier: Apache-2.0
"""What a supplier's software does: attests what it delivered, records a return, disputes an order."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.actor import Actor
from sceau.chain.terms import Step
from sceau.claim.prepared import PreparedStep
from sceau.claim.registry import checked_id
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import tags
from sceau.record import Value


class Supplier(Actor):
    """A supplier acting with one of its signing keys."""

    def prepare_delivery(self, claim: str, values: Mapping[str, Value], *, key: OrderKey) -> PreparedStep:
        """Seals the complete delivery of the current order; nothing is sent.

        Args:
            claim: the claim.
            values: ``lens-delivery`` values from the supplier's own production or dispatch record, never copied
                from the order: what is attested is what was made.
            key: the order key that came in the order's envelope.

        Raises:
            RecordError: a value is missing or not canonical.
            NoOrder: nothing was ordered.
        """
        claim = checked_id(claim)
        number, order_locks = self.history(claim).current_order()
        opening = self._seal("lens-delivery", values, claim, Step.DELIVER, number)
        arguments = (claim, number, opening.root, list(tags(opening, key)), order_locks)
        return PreparedStep(claim, "deliver", arguments, opening)

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
        opening = self._seal("claim-note", values, claim, step, number)
        return PreparedStep(claim, function, (claim, number, opening.root), opening)
