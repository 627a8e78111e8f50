# SPDX-License-Identifier: Apache-2.0
"""One claim and those who write on it, through the client's verbs and envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path

from sceau import Disclosure, Payer, Practice, Supplier, Verdict, load_policy
from sceau.chain.terms import State, Step
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import (
    OrderAnswer,
    ReceivedOrder,
    answer_envelope,
    order_envelope,
    receive_answer,
    receive_order,
)
from sceau.messages.step import receive_step, step_envelope
from sceau.record import SealedRecord, Value
from sceau.roles.acting import ActingParty
from tests.support.deployed import Deployed
from tests.support.mailboxes import posts

DATA = Path(__file__).parents[1] / "data"
DECISION: Mapping[str, Value] = {"decision.date": "2026-11-23"}
NOTE: Mapping[str, Value] = {"note.date": "2026-11-23", "note.reason": "OTHER"}


class Life:
    """One claim and those who write on it, opened without a consent.

    ``own_posts`` are posts of practice, supplier and payer to use; new ones replace those that the parties published.
    """

    def __init__(self, chain: Deployed, own_posts: Mapping[str, Mailbox] | None = None) -> None:
        self.chain = chain
        #: The last step of each kind, as its writer kept it, and what was signed in messages, by kind.
        self.kept: dict[str, PreparedStep] = {}
        self.signed: dict[str, str] = {}
        self.practice = Practice(chain.network, chain.signers["practice"])
        self.supplier = Supplier(chain.network, chain.signers["supplier"])
        self.payer = Payer(chain.network, chain.signers["payer"])
        self.opened = self._send(
            self.practice,
            self.practice.prepare_claim(
                "fr-optical-quote", load_quote(DATA / "quote.json"), payer=chain.party("payer")
            ),
        )
        self.claim = self.opened.claim
        self.posts = dict(own_posts or posts(chain, "practice", "supplier", "payer"))
        self.authorisation: SealedRecord | None = None
        self.key: OrderKey | None = None
        self.received: ReceivedOrder | None = None

    def _send(self, actor: ActingParty, step: PreparedStep) -> PreparedStep:
        # Through the file, as a practice's software would keep it.
        kept = PreparedStep.from_json(step.to_json())
        actor.send(kept).wait(30)
        self.kept[kept.function] = kept
        return kept

    def copy(self) -> Life:
        """The same claim, to go on with while this one stays as it is: for a chain that is rolled back."""
        own = copy(self)
        own.kept, own.signed = dict(self.kept), dict(self.signed)
        return own

    def disclosure(self, step: str = "open") -> Disclosure:
        """All of a step's record that the payer may be shown without a consent."""
        return self.practice.disclose(
            self.kept[step].record,
            recipient=self.chain.party("payer"),
            policy=load_policy("fr-responsible-contract"),
            clause="minimal",
        )

    def verdict(self) -> Verdict:
        return self.payer.verify(self.disclosure())

    def head(self) -> str:
        return self.practice.history(self.claim).state.head

    def authorise(self) -> None:
        step = self._send(
            self.payer,
            self.payer.prepare_authorisation(self.claim, DECISION, head=self.verdict().head or ""),
        )
        envelope = step_envelope(self.posts["payer"], step, recipient=self.chain.party("practice"))
        received = receive_step(self.posts["practice"], envelope, Step.AUTHORISE)
        self.authorisation = received.record

    def order(self, **changes: Value) -> None:
        values = {**load_order(DATA / "order.json"), **changes}
        assert self.authorisation is not None
        supplier = self.chain.party("supplier")
        self._order(
            self.practice.prepare_order(
                self.claim, values, supplier=supplier, authorisation=self.authorisation
            )
        )

    def remake(self, reason: str = "BREAKAGE", **changes: Value) -> None:
        values = {**load_order(DATA / "order.json"), "order.reason": reason, **changes}
        step = self.practice.prepare_remake(self.claim, values, supplier=self.chain.party("supplier"))
        self._order(step)

    def _order(self, step: PreparedStep) -> None:
        kept = self._send(self.practice, step)
        self.key = kept.order_key
        envelope = order_envelope(self.posts["practice"], kept, supplier=self.chain.party("supplier"))
        self.received = receive_order(self.posts["supplier"], envelope)
        self.signed["order"] = self.received.step.signed

    def answer(self, *, refuse_because: str | None = None) -> OrderAnswer:
        """The supplier's answer to the order, as the practice receives it."""
        assert self.received is not None
        envelope = answer_envelope(self.posts["supplier"], self.received, refuse_because=refuse_because)
        answer = receive_answer(self.posts["practice"], envelope)
        self.signed["answer"] = answer.signed
        return answer

    def deliver(self, **changes: Value) -> None:
        assert self.received is not None
        values = {**load_delivery(DATA / "delivery.json"), **changes}
        self._send(self.supplier, self.supplier.prepare_delivery(self.received, values))

    def invoice(self, **changes: Value) -> None:
        self._send(self.practice, self.unsent_invoice(**changes))

    def unsent_invoice(self, **changes: Value) -> PreparedStep:
        """An invoice that is sealed, and only shown to people."""
        assert self.key is not None
        values = {**load_invoice(DATA / "invoice.json"), **changes}
        return self.practice.prepare_invoice(self.claim, values, key=self.key)

    def note(self, kind: str) -> None:
        """A ``cancel`` by the practice, a ``recordReturn`` or a ``dispute`` by the supplier."""
        if kind == "cancel":
            self._send(self.practice, self.practice.prepare_cancellation(self.claim, NOTE))
        else:
            prepare = {
                "recordReturn": self.supplier.prepare_return,
                "dispute": self.supplier.prepare_dispute,
            }[kind]
            self._send(self.supplier, prepare(self.claim, NOTE))

    def settle(self) -> None:
        self._send(
            self.payer,
            self.payer.prepare_settlement(self.claim, DECISION, head=self.verdict().head or ""),
        )

    def state(self) -> State:
        return self.practice.history(self.claim).state.state
