# SPDX-License-Identifier: Apache-2.0
"""A claim's life, scripted once through the roles' verbs: for the demonstration, the tests and the benchmarks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sceau import Disclosure, Payer, Practice, Supplier, Verdict, load_policy
from sceau.claim.prepared import PreparedStep
from sceau.disclosure import GivenConsent
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages.act_codes import ActCodeKey
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.order import OrderAnswer, ReceivedOrder
from sceau.messages.step import ReceivedStep
from sceau.record import Value
from sceau.roles.handle import Handle
from sceau.terms import State, Step
from sceau.verify.act_codes import ActCodes
from scripts.documents import document

QUOTE = "fr-optical-quote"
POLICY = "fr-responsible-contract"

#: Each step's codes, in the place of what a person would choose.
REASON = "OTHER"

#: How long an authorisation lasts, unless another last day is given.
LASTS = timedelta(days=60)

#: The file that says what a step seals, by the registry's function.
_FILES: Mapping[str, Callable[[], dict[str, Value]]] = {
    "open": lambda: load_quote(document("quote")),
    "order": lambda: load_order(document("order")),
    "remake": lambda: load_order(document("order")),
    "deliver": lambda: load_delivery(document("delivery")),
    "invoice": lambda: load_invoice(document("invoice")),
}


class ClaimLife:
    """One claim, and its practice, supplier and payer, each with a store and a mailbox of its own.

    ``written`` is called with the name of each step and its handle, and must wait for it. ``clock`` is the payer's, in
    seconds since 1970. ``steps`` holds the last step of each of the registry's functions, as its writer stored it.
    """

    def __init__(
        self,
        practice: Practice,
        supplier: Supplier,
        payer: Payer,
        *,
        written: Callable[[str, Handle], object] = lambda _, handle: handle.wait(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.practice = practice
        self.supplier = supplier
        self.payer = payer
        self._written = written
        self._clock = clock
        #: Whether the supplier takes messages; one that is not connected attests nothing.
        self.connected = True
        self.claim = ""
        self.steps: dict[str, PreparedStep] = {}
        self.received: ReceivedOrder | None = None
        #: What was signed in messages, by kind: an auditor can be shown it.
        self.signed: dict[str, str] = {}

    def says(self, function: str) -> dict[str, Value] | None:
        """What the writer's own files say for a step, by the registry's function; ``None``: the verb's own values."""
        return _FILES[function]() if function in _FILES else None

    def _write(self, handle: Handle) -> Handle:
        if handle.step is None:
            raise AssertionError("a step of a claim was to be written")
        self._written(handle.step.function, handle)
        self.steps[handle.step.function] = handle.step
        return handle

    def open(
        self,
        profile: str = QUOTE,
        values: Mapping[str, Value] | None = None,
        *,
        consent: str | None = None,
        prescription: Mapping[str, Value] | None = None,
    ) -> None:
        """The practice opens the claim: from the French quote, unless other values are given."""
        handle = self.practice.open_claim(
            profile,
            self.values("open") if values is None else values,
            payer=self.payer.party,
            consent=consent,
            prescription=prescription,
        )
        self.claim = handle.claim
        self._write(handle)

    def disclosure(
        self, step: str = "open", *, clause: str = "minimal", consent: GivenConsent | None = None
    ) -> Disclosure:
        """All of a step's record that clause and consent allow the payer to be shown."""
        return self.practice.disclose(
            self.steps[step].record,
            payer=self.payer.party,
            policy=load_policy(POLICY),
            clause=clause,
            consent=consent,
        )

    def show(self, disclosure: Disclosure) -> ReceivedDisclosure:
        """The disclosure as it reaches the payer, in its envelope."""
        received = self.payer.receive(self.practice.disclosure_envelope(disclosure).text)
        if not isinstance(received, ReceivedDisclosure):
            raise AssertionError("a disclosure was sent")
        return received

    def verdict(self, step: str = "open", *, clause: str = "minimal") -> Verdict:
        """The payer's verdict on what it is shown of a step."""
        return self.payer.verify(self.show(self.disclosure(step, clause=clause)), clock=self._clock)

    def last_day(self) -> date:
        """The last day of an authorisation that is given now."""
        return datetime.fromtimestamp(self._clock(), timezone.utc).date() + LASTS

    def authorise(self, changes: Mapping[str, Value] = {}, *, valid_until: date | str | None = None) -> None:
        """The payer verifies and authorises what it is shown, or else ``changes``; the practice is told."""
        values = self.says("authorise")
        if values is None:
            values, valid_until = {}, valid_until or self.last_day()
        verdict, own = self.verdict(), {**values, **changes}
        handle = self._write(self.payer.authorise(verdict, valid_until=valid_until, values=own, tell=True))
        if handle.envelope is None:
            raise AssertionError("the practice is told of an authorisation")
        received = self.practice.receive(handle.envelope.text)
        if isinstance(received, ReceivedStep):
            self.signed["authorise"] = received.signed

    def refuse(self, step: str = "open", reason: str = REASON) -> None:
        """The payer verifies and refuses."""
        verdict, values = self.verdict(step), self.says("refuse")
        self._write(self.payer.refuse(verdict, reason=reason if values is None else None, values=values))

    def order(self, **changes: Value) -> None:
        """The practice orders; a connected supplier receives the order and recomputes every lock."""
        values = {**self.values("order"), **changes}
        self._place(
            self.practice.order(self.claim, values, supplier=self.supplier.party, tell=self.connected)
        )

    def remake(self, reason: str = "BREAKAGE", **changes: Value) -> None:
        """The practice orders again under the same claim; the reason is sealed, not shown."""
        values = {**self.values("remake"), "order.reason": reason, **changes}
        self._place(
            self.practice.remake(self.claim, values, supplier=self.supplier.party, tell=self.connected)
        )

    def _place(self, handle: Handle) -> None:
        self._write(handle)
        self.received = None
        if handle.envelope is not None:
            received = self.supplier.receive(handle.envelope.text)
            if isinstance(received, ReceivedOrder):
                self.received, self.signed["order"] = received, received.step.signed

    def answer(self, *, refuse_because: str | None = None) -> OrderAnswer:
        """The supplier's answer to the order, as the practice receives it."""
        answer = self.supplier.answer(self._order(), refuse_because=refuse_because)
        received = self.practice.receive(answer.text)
        if not isinstance(received, OrderAnswer):
            raise AssertionError("an answer was sent")
        self.signed["answer"] = received.signed
        return received

    def deliver(self, **changes: Value) -> None:
        """The supplier attests what it made, from its own dispatch record, whether it is what was ordered or not."""
        values = {**self.values("deliver"), **changes}
        self._write(self.supplier.deliver(self._order(), values, despite_difference=True))

    def act_code_key(self, step: str = "order") -> ActCodeKey:
        """The key of the act codes of an order or a remake, as the practice sends it to the payer."""
        received = self.payer.receive(self.practice.act_code_key_envelope(self.steps[step]).text)
        if not isinstance(received, ActCodeKey):
            raise AssertionError("a key of act codes was sent")
        return received

    def act_codes(self) -> ActCodes:
        """What the payer then holds: the first order's key, and the codes that it authorised."""
        return self.payer.act_codes([self.act_code_key()])

    def invoice(self, **changes: Value) -> None:
        """The practice invoices, whether it is what was ordered or not."""
        values = {**self.values("invoice"), **changes}
        self._write(self.practice.invoice(self.claim, values, despite_difference=True))

    def settle(self) -> None:
        """The payer verifies the invoice and settles."""
        self._write(self.payer.settle(self.verdict("invoice"), values=self.says("settle")))

    def cancel(self, reason: str = REASON) -> None:
        """The practice gives the claim up."""
        self._write(self.practice.cancel(self.claim, **self._note("cancel", reason)))

    def record_return(self, reason: str = REASON) -> None:
        """The supplier records that the delivered order came back."""
        self._write(self.supplier.record_return(self.claim, **self._note("recordReturn", reason)))

    def dispute(self, reason: str = REASON) -> None:
        """The supplier disputes the order."""
        self._write(self.supplier.dispute(self.claim, **self._note("dispute", reason)))

    def state(self) -> State:
        """The claim's state on the chain."""
        return self.practice.history(self.claim).state.state

    def written(self, step: Step) -> bool:
        """Whether a step stands on the chain."""
        return self.practice.history(self.claim).find(step) is not None

    def values(self, function: str) -> dict[str, Value]:
        """What the writer's files say for a step that no verb gives values of its own."""
        values = self.says(function)
        if values is None:
            raise AssertionError(f"the files say nothing for {function}")
        return values

    def _note(self, function: str, reason: str) -> dict[str, Any]:
        """What a note says: the files' own values, or the reason alone."""
        values = self.says(function)
        return {"reason": reason} if values is None else {"values": values}

    def _order(self) -> ReceivedOrder:
        if self.received is None:
            raise AssertionError("no order was received")
        return self.received
