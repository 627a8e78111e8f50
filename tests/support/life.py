# SPDX-License-Identifier: Apache-2.0
"""One claim and those who write on it, through the client's verbs and envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sceau import Payer, Practice, Supplier, Verdict, load_policy
from sceau.actor import Actor
from sceau.chain.terms import State, Step
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.message.order import (
    OrderAnswer,
    ReceivedOrder,
    answer_order,
    receive_answer,
    receive_order,
    send_order,
)
from sceau.message.step import receive_step, send_step
from sceau.optics.order import load_delivery, load_invoice, load_order
from sceau.optics.quote import load_quote
from sceau.record import Opening, Value
from tests.support.deployed import Deployed
from tests.support.posts import posts

DATA = Path(__file__).parents[1] / "data"
DECISION: Mapping[str, Value] = {"decision.date": "2026-11-23"}


class Life:
    """One claim and those who write on it, opened without a consent."""

    def __init__(self, chain: Deployed) -> None:
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
        self.posts = posts(chain, "practice", "supplier", "payer")
        self.authorisation: Opening | None = None
        self.key: OrderKey | None = None
        self.received: ReceivedOrder | None = None

    def _send(self, actor: Actor, step: PreparedStep) -> PreparedStep:
        # Through the file, as a practice's software would keep it.
        kept = PreparedStep.from_json(step.to_json())
        actor.send(kept).wait(30)
        self.kept[kept.function] = kept
        return kept

    def verdict(self) -> Verdict:
        return self.payer.verify(
            self.practice.disclose(
                self.opened.opening,
                recipient=self.chain.party("payer"),
                policy=load_policy("fr-responsible-contract"),
                clause="minimal",
            )
        )

    def head(self) -> str:
        return self.practice.history(self.claim).state.head

    def authorise(self) -> None:
        step = self._send(
            self.payer,
            self.payer.prepare_authorisation(self.claim, DECISION, head=self.verdict().head or ""),
        )
        envelope = send_step(self.posts["payer"], step, recipient=self.chain.party("practice"))
        received = receive_step(self.posts["practice"], envelope, Step.AUTHORISE)
        self.authorisation = received.opening

    def order(self, **changes: Value) -> None:
        values = {**load_order(DATA / "order.json"), **changes}
        assert self.authorisation is not None
        supplier = self.chain.party("supplier")
        self._order(
            self.practice.prepare_order(
                self.claim, values, supplier=supplier, authorisation=self.authorisation
            )
        )

    def remake(self) -> None:
        values = {**load_order(DATA / "order.json"), "order.reason": "BREAKAGE"}
        step = self.practice.prepare_remake(self.claim, values, supplier=self.chain.party("supplier"))
        self._order(step)

    def _order(self, step: PreparedStep) -> None:
        kept = self._send(self.practice, step)
        self.key = kept.order_key
        envelope = send_order(self.posts["practice"], kept, supplier=self.chain.party("supplier"))
        self.received = receive_order(self.posts["supplier"], envelope)
        self.signed["order"] = self.received.step.signed

    def answer(self, *, refuse_because: str | None = None) -> OrderAnswer:
        """The supplier's answer to the order, as the practice receives it."""
        assert self.received is not None
        envelope = answer_order(self.posts["supplier"], self.received, refuse_because=refuse_because)
        answer = receive_answer(self.posts["practice"], envelope)
        self.signed["answer"] = answer.signed
        return answer

    def deliver(self, **changes: Value) -> None:
        assert self.received is not None
        values = {**load_delivery(DATA / "delivery.json"), **changes}
        self._send(self.supplier, self.supplier.prepare_delivery(self.received, values))

    def invoice(self, **changes: Value) -> None:
        assert self.key is not None
        values = {**load_invoice(DATA / "invoice.json"), **changes}
        self._send(self.practice, self.practice.prepare_invoice(self.claim, values, key=self.key))

    def settle(self) -> None:
        self._send(
            self.payer,
            self.payer.prepare_settlement(self.claim, DECISION, head=self.verdict().head or ""),
        )

    def state(self) -> State:
        return self.practice.history(self.claim).state.state
