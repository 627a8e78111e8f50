# SPDX-License-Identifier: Apache-2.0
"""What a supplier's software does: answers orders, attests what it delivered, records a return, disputes an order.

The chain takes no mark on an order that was replaced: the supplier sends it to the claim's payer. Orders that name the
supplier and that it never received are found on the chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sceau.chain.announced import block_since
from sceau.chain.registries.parties import read_party
from sceau.claim.errors import OrderReplaced
from sceau.claim.history import History, WrittenStep
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import STEPS, placing
from sceau.conformity.seals import check_locks, tags
from sceau.documents.identifiers import checked_id
from sceau.messages.order import ORDER, ReceivedOrder, answer_envelope
from sceau.messages.stored import StoredMessage
from sceau.messages.told_mark import told_mark_envelope
from sceau.record import Value
from sceau.record.normalise import reason_code
from sceau.roles.acting import ActingParty
from sceau.roles.confirmed import require_confirmed
from sceau.roles.errors import MarkReplacedOrder, OrderOfAnotherSupplier, OrderStands
from sceau.roles.handle import Envelope, Handle
from sceau.roles.justifying import justify
from sceau.roles.notes import note_values
from sceau.store import Kind
from sceau.terms import Step, step_words


@dataclass(frozen=True)
class OrderWithoutEnvelope:
    """An order that names this supplier on the chain, and that the supplier never received.

    ``practice`` placed it, at ``time`` in seconds. ``current``: the chain takes a dispute of it; otherwise it was
    replaced. ``disputed``: the supplier disputed it already, on the chain or to the payer.
    """

    claim: str
    order_number: int
    practice: int
    time: int
    current: bool
    disputed: bool


class Supplier(ActingParty):
    """A supplier acting with one of its signing keys; arguments as :class:`PartyBase`."""

    def answer(self, order: ReceivedOrder, *, refuse_because: str | None = None) -> Envelope:
        """The answer to an order, for its practice; an order that does not fit its locks is refused.

        ``refuse_because`` is a code, for any other reason. Where the locks differ, :meth:`dispute` the order too.

        Raises:
            ValueNotCanonical: the reason is not a code.
        """
        reason = None if refuse_because is None else reason_code(refuse_because)
        text = answer_envelope(self.mailbox, order, refuse_because=reason)
        return self._posted(Envelope(order.step.written.party, text))

    def deliver(
        self,
        order: ReceivedOrder,
        values: Mapping[str, Value],
        *,
        despite_difference: bool = False,
        tell: bool | None = None,
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
        order_number: int | None = None,
        reason: str | None = None,
        reference: str | None = None,
        values: Mapping[str, Value] | None = None,
        tell: bool | None = None,
    ) -> Handle:
        """Records the return of the delivered order.

        ``reason`` and ``reference`` are codes, sealed in a ``claim-note``; ``values`` the note's own, in their place.
        ``order_number`` is the order's, the current one's if not given.

        Raises:
            MarkReplacedOrder: the order was replaced: :meth:`tell_payer` instead.
            RecordError: a value is missing or not canonical.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        values = note_values(self._today(), reason, reference, values)
        return self._mark(Step.RETURN, claim, order_number, values, tell=tell)

    def dispute(
        self,
        claim: str,
        *,
        order_number: int | None = None,
        reason: str | None = None,
        reference: str | None = None,
        values: Mapping[str, Value] | None = None,
        tell: bool | None = None,
    ) -> Handle:
        """Disputes the order: no such order was received, or it does not fit its locks; as :meth:`record_return`."""
        values = note_values(self._today(), reason, reference, values)
        return self._mark(Step.DISPUTE, claim, order_number, values, tell=tell)

    def tell_payer(
        self, claim: str, order_number: int, mark: Step = Step.DISPUTE, *, reason: str | None = None
    ) -> Envelope:
        """The supplier's signed word to the claim's payer on its order that was replaced: it counts as a mark.

        Args:
            claim: the claim.
            order_number: an order of it that names this supplier.
            mark: a dispute or a return (``Step.DISPUTE``, ``Step.RETURN``).
            reason: a code; what happened to a person is not for this message.

        Raises:
            OrderStands: the order was not replaced: :meth:`dispute` it, or record its return, on the chain.
            OrderOfAnotherSupplier: it names another supplier, or there is no such order.
            ValueNotCanonical: the reason is not a code.
        """
        history = self.history(claim)
        self._require_own(history, order_number)
        if order_number == history.state.order_number:
            raise OrderStands(claim=history.state.claim, order=order_number, step=step_words(mark))
        payer = history.state.payer
        code = None if reason is None else reason_code(reason)
        text = told_mark_envelope(
            self.mailbox, history.state.claim, order_number, mark, code, recipient=payer
        )
        made = Envelope(payer, text)
        if self._store is not None:
            key = _told_key(history.state.claim, order_number, mark)
            with self._store.change():
                self._store.put(Kind.ENVELOPE, key, made.to_json(), claim=history.state.claim)
                self._posted(made)
        return made

    def orders_without_envelope(self) -> list[OrderWithoutEnvelope]:
        """Orders that name this supplier on the chain and that it never received, oldest first.

        A practice may have placed them without the supplier's knowledge: :meth:`dispute` those that stand, and
        :meth:`tell_payer` of those that were replaced. What a node hides is not found: ask several.

        Raises:
            StoreMissing: what was received is in the store.
            HistoryIncomplete: the node hides or invents events of a claim.
        """
        topic = "0x" + f"{self.party:064x}"
        head = self._network.head().number
        admitted = read_party(self._network, self.party, block=head).admitted_at
        placed = self._network.events(
            "ClaimRegistry",
            [None, topic],
            name="OrderPlaced",
            from_block=block_since(self._network, admitted, head),
            to_block=head,
        )
        found = []
        for event in placed:
            claim, order_number = str(event.args["claim"]), int(event.args["orderNumber"])
            if order_number not in self._received_orders(claim):
                found.append(self._without_envelope(claim, order_number))
        return found

    def _received_orders(self, claim: str) -> set[int]:
        """The numbers of the orders of a claim whose envelopes are in the store."""
        messages = (
            StoredMessage.from_json(each).as_received(self._network, ORDER)
            for each in self.store.of_claim(Kind.MESSAGE, claim)
        )
        return {message.body["order"] for message in messages if message is not None}

    def _without_envelope(self, claim: str, order_number: int) -> OrderWithoutEnvelope:
        history = self.history(claim)
        placed = self._require_own(history, order_number)
        told = self.store.get(Kind.ENVELOPE, _told_key(claim, order_number, Step.DISPUTE))
        return OrderWithoutEnvelope(
            claim=claim,
            order_number=order_number,
            practice=history.state.practice,
            time=placed.time,
            current=order_number == history.state.order_number,
            disputed=told is not None or history.find(Step.DISPUTE, order_number) is not None,
        )

    def justify(self, claim: str, finding: str, reason: str, *, order_number: int | None = None) -> Envelope:
        """The supplier's signed justification of a finding, for the payer; as :meth:`Practice.justify`."""
        made = justify(self.mailbox, self.history(claim), finding, reason, order_number=order_number)
        return self._posted(made)

    def _seal_delivery(self, order: ReceivedOrder, values: Mapping[str, Value]) -> PreparedStep:
        number, order_locks = self.history(order.claim).current_order()
        if number != order.order_number:
            raise OrderReplaced(claim=order.claim, order=order.order_number, current=number)
        # Held against the chain again: it may not be the chain that stood when the order was received.
        check_locks(order.step.record, order.key, order_locks)
        pending = self._writer.pending(order.claim, Step.DELIVER, number, values)
        if pending is not None:
            return pending
        record = self._seal("lens-delivery", values, order.claim, Step.DELIVER, number)
        arguments = (order.claim, number, record.root, list(tags(record, order.key)), order_locks)
        return PreparedStep(order.claim, "deliver", arguments, record)

    def _mark(
        self,
        step: Step,
        claim: str,
        order_number: int | None,
        values: Mapping[str, Value],
        *,
        tell: bool | None,
    ) -> Handle:
        claim = checked_id(claim)
        history = self.history(claim)
        number, _ = history.current_order()
        self._require_standing(history, order_number, step)
        prepared = self._writer.pending(claim, step, number, values)
        if prepared is None:
            record = self._seal("claim-note", values, claim, step, number)
            prepared = PreparedStep(claim, STEPS[step].function, (claim, number, record.root), record)
        return self._write(prepared, tell=tell)

    def _require_standing(self, history: History, order_number: int | None, step: Step) -> None:
        """Raises :class:`MarkReplacedOrder` where the order that is meant is not the current one.

        Without a number the supplier's last order is meant; where it has none, the contract says what is wrong.
        """
        if order_number is None:
            own = [each.order_number for each in history.steps if each.supplier == self.party]
            order_number = own[-1] if own else history.state.order_number
        elif order_number != history.state.order_number:
            self._require_own(history, order_number)
        if order_number != history.state.order_number:
            raise MarkReplacedOrder(
                claim=history.state.claim,
                order=order_number,
                current=history.state.order_number,
                step=step_words(step),
            )

    def _require_own(self, history: History, order_number: int) -> WrittenStep:
        """The step that placed an order of this supplier. Raises :class:`OrderOfAnotherSupplier`."""
        placed = history.find(placing(order_number), order_number)
        if placed is None or placed.supplier != self.party:
            raise OrderOfAnotherSupplier(claim=history.state.claim, order=order_number, party=self.party)
        return placed


def _told_key(claim: str, order_number: int, mark: Step) -> str:
    return f"told:{claim}:{order_number}:{step_words(mark).code}"
