# SPDX-License-Identifier: Apache-2.0
"""What a supplier's software does: answers orders, attests what it delivered, records a return, disputes an order."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.claim.errors import OrderReplaced
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import STEPS
from sceau.conformity.seals import check_locks, tags
from sceau.documents.identifiers import checked_id
from sceau.messages.order import ReceivedOrder, answer_envelope
from sceau.record import Value
from sceau.roles.acting import ActingParty
from sceau.roles.confirmed import require_confirmed
from sceau.roles.handle import Envelope, Handle
from sceau.roles.justifying import justify
from sceau.roles.notes import note_values
from sceau.terms import Step


class Supplier(ActingParty):
    """A supplier acting with one of its signing keys; arguments as :class:`ActingParty`."""

    def answer(self, order: ReceivedOrder, *, refuse_because: str | None = None) -> Envelope:
        """The answer to an order, for its practice; an order that does not fit its locks is refused.

        ``refuse_because`` is a code, for any other reason. Where the locks differ, :meth:`dispute` the order too.

        Raises:
            ValueNotCanonical: the reason is not a code.
        """
        text = answer_envelope(self.mailbox, order, refuse_because=refuse_because)
        return Envelope(order.step.written.party, text)

    def deliver(
        self,
        order: ReceivedOrder,
        values: Mapping[str, Value],
        *,
        despite_difference: bool = False,
        tell: bool = False,
    ) -> Handle:
        """Attests the complete delivery of an order; the chain compares it with the order.

        Args:
            order: the order as it was received; gives the key, not the values.
            values: ``lens-delivery`` values from the supplier's own production or dispatch record, never copied
                from the order: what is attested is what was made.
            despite_difference: write it although it differs from the order: the difference stays on the chain.
            tell: also make the practice's envelope (:attr:`Handle.envelope`).

        Raises:
            LocksDiffer: the order does not fit its locks on the chain: it is disputed, not delivered.
            OrderReplaced: the order is no longer the current one.
            DifferenceNotConfirmed: it differs from the order, in the groups that the error names.
            NumberAlreadyUsed: the dispatch serves another claim.
            RecordError: a value is missing or not canonical.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        step = self._seal_delivery(order, values)
        require_confirmed(step, confirmed=despite_difference)
        # One physical order serves one claim only: the supplier's own dispatch says which goods are meant.
        return self._write(step, tell=tell)

    def record_return(
        self,
        claim: str,
        *,
        reason: str | None = None,
        reference: str | None = None,
        values: Mapping[str, Value] | None = None,
        tell: bool = False,
    ) -> Handle:
        """Records the return of the delivered order.

        ``reason`` and ``reference`` are codes, sealed in a ``claim-note``; ``values`` the note's own, in their place.

        Raises:
            RecordError: a value is missing or not canonical.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        return self._mark(
            Step.RETURN, claim, note_values(self._today(), reason, reference, values), tell=tell
        )

    def dispute(
        self,
        claim: str,
        *,
        reason: str | None = None,
        reference: str | None = None,
        values: Mapping[str, Value] | None = None,
        tell: bool = False,
    ) -> Handle:
        """Disputes the order: no such order was received, or it does not fit its locks; as :meth:`record_return`."""
        return self._mark(
            Step.DISPUTE, claim, note_values(self._today(), reason, reference, values), tell=tell
        )

    def justify(self, claim: str, finding: str, reason: str, *, order_number: int | None = None) -> Envelope:
        """The supplier's signed word on a finding, for the payer; as :meth:`Practice.justify`."""
        return justify(self.mailbox, self.history(claim), finding, reason, order_number=order_number)

    def _seal_delivery(self, order: ReceivedOrder, values: Mapping[str, Value]) -> PreparedStep:
        number, order_locks = self.history(order.claim).current_order()
        if number != order.order_number:
            raise OrderReplaced(claim=order.claim, order=order.order_number, current=number)
        # Held against the chain again: it may not be the chain that stood when the order was received.
        check_locks(order.step.record, order.key, order_locks)
        pending = self._pending(order.claim, Step.DELIVER, number, values)
        if pending is not None:
            return pending
        record = self._seal("lens-delivery", values, order.claim, Step.DELIVER, number)
        arguments = (order.claim, number, record.root, list(tags(record, order.key)), order_locks)
        return PreparedStep(order.claim, "deliver", arguments, record)

    def _mark(self, step: Step, claim: str, values: Mapping[str, Value], *, tell: bool) -> Handle:
        claim = checked_id(claim)
        number, _ = self.history(claim).current_order()
        prepared = self._pending(claim, step, number, values)
        if prepared is None:
            record = self._seal("claim-note", values, claim, step, number)
            prepared = PreparedStep(claim, STEPS[step].function, (claim, number, record.root), record)
        return self._write(prepared, tell=tell)
