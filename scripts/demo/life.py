# SPDX-License-Identifier: Apache-2.0
"""Four claims: one conform, one with a swapped lens, one remade, one whose supplier is not connected."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from sceau import Payer, Practice, Supplier, Verdict, load_policy
from sceau.chain.terms import Step, group_words
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages.order import ReceivedOrder, answer_envelope, order_envelope, receive_answer, receive_order
from sceau.messages.step import receive_step, step_envelope
from sceau.record import SealedRecord, Value
from sceau.roles.acting import ActingParty
from scripts.demo.cast import ROOT, Cast
from scripts.demo.telling import chapter, table, tell

DATA: Path = ROOT / "tests" / "data"


def play(cast: Cast) -> None:
    """Plays the four claims."""
    chapter("A conform claim, compared by the chain")
    tell(
        "The optician writes plus cylinders, the lens maker minus cylinders; it is one correction and one tag."
    )
    _conform(Claim(cast, note=True))
    chapter("A swapped lens")
    _swapped(Claim(cast))
    chapter("A remake, which is no fraud")
    _remade(Claim(cast))
    chapter("A supplier that is not connected")
    _absent(Claim(cast))


class Claim:
    """One claim, and everybody's part in it; ``note`` keeps what each step cost."""

    def __init__(self, cast: Cast, *, note: bool = False) -> None:
        self._cast, self._note = cast, note
        self._practice = Practice(cast.network, cast["shop"].signer)
        self._supplier = Supplier(cast.network, cast["maker"].signer)
        self._payer = Payer(cast.network, cast["insurer"].signer)
        quote = load_quote(DATA / "quote.json")
        opened = self._practice.prepare_claim("fr-optical-quote", quote, payer=cast["insurer"].party)
        self.claim, self._opening = opened.claim, opened.record
        self._send(self._practice, opened, "claim opened without a consent")
        self._authorisation = self._authorise()
        self._key: OrderKey | None = None
        self._received: ReceivedOrder | None = None

    def _send(self, actor: ActingParty, step: PreparedStep, what: str) -> PreparedStep:
        transaction = actor.send(step)
        if self._note:
            self._cast.purse.mined(what, transaction)
        else:
            transaction.wait()
        return step

    def _decision(self) -> dict[str, Value]:
        head = self._cast.network.node.head().timestamp
        return {"decision.date": datetime.fromtimestamp(head, timezone.utc).date().isoformat()}

    def _authorise(self) -> SealedRecord:
        verdict = self.verdict()
        step = self._payer.prepare_authorisation(self.claim, self._decision(), head=verdict.head or "")
        self._send(self._payer, step, "claim authorised")
        envelope = step_envelope(self._cast["insurer"].post, step, recipient=self._cast["shop"].party)
        return receive_step(self._cast["shop"].post, envelope, Step.AUTHORISE).record

    def verdict(self) -> Verdict:
        """What the insurer makes of the claim now, shown what needs no consent."""
        disclosure = self._practice.disclose(
            self._opening,
            recipient=self._cast["insurer"].party,
            policy=load_policy("fr-responsible-contract"),
            clause="minimal",
        )
        return self._payer.verify(disclosure)

    def order(self, *, connected: bool = True) -> None:
        """The shop orders; a connected maker opens the envelope, recomputes every lock, and accepts."""
        step = self._practice.prepare_order(
            self.claim,
            load_order(DATA / "order.json"),
            supplier=self._cast["maker"].party,
            authorisation=self._authorisation,
        )
        self._place(step, "order placed with its locks", connected=connected)

    def remake(self, reason: str) -> None:
        """The shop orders again, under the same claim; the reason is sealed, not shown."""
        values = {**load_order(DATA / "order.json"), "order.reason": reason}
        step = self._practice.prepare_remake(self.claim, values, supplier=self._cast["maker"].party)
        self._place(step, "order remade")

    def _place(self, step: PreparedStep, what: str, *, connected: bool = True) -> None:
        self._send(self._practice, step, what)
        shop, maker = self._cast["shop"], self._cast["maker"]
        self._key = step.order_key
        if not connected:
            return
        self._received = receive_order(maker.post, order_envelope(shop.post, step, supplier=maker.party))
        answer = receive_answer(shop.post, answer_envelope(maker.post, self._received))
        tell(
            f"The lens maker recomputed the four locks and {'accepts' if answer.accepted else 'refuses'} the order."
        )

    def deliver(self, **changes: Value) -> None:
        """The maker attests what it made, from its own dispatch record."""
        if self._received is None:
            raise RuntimeError("deliver after the order")
        values = {**load_delivery(DATA / "delivery.json"), **changes}
        step = self._supplier.prepare_delivery(self._received, values)
        self._send(self._supplier, step, "delivery attested and compared")

    def invoice(self) -> None:
        """The shop invoices."""
        if self._key is None:
            raise RuntimeError("invoice after the order")
        step = self._practice.prepare_invoice(self.claim, load_invoice(DATA / "invoice.json"), key=self._key)
        self._send(self._practice, step, "invoice compared")

    def settle(self) -> None:
        """The insurer verifies and settles what it verified."""
        head = self.verdict().head or ""
        step = self._payer.prepare_settlement(self.claim, self._decision(), head=head)
        self._send(self._payer, step, "claim settled")

    def show(self) -> None:
        """The claim as every member sees it on the chain, and the insurer's verdict."""
        history = self._practice.history(self.claim)
        names = self._cast.names()
        table(
            "What every member sees of this claim:",
            ("time (UTC)", "step", "order", "by", "differs in"),
            [
                (
                    f"{datetime.fromtimestamp(step.time, timezone.utc):%H:%M:%S}",
                    step.step.name.lower(),
                    step.order_number or "",
                    names[step.party],
                    ", ".join(group_words(group).en for group in step.mismatch),
                )
                for step in history.steps
            ],
        )
        verdict = self.verdict()
        tell(f"The insurer's verdict: {verdict.words('en').upper()}")
        for finding in (*verdict.reasons, *verdict.notes):
            if finding.code not in ("declared-only", "without-consent"):
                tell(f"  {finding.weight.value}: {finding.sentence.en}")


def _conform(claim: Claim) -> None:
    claim.order()
    claim.deliver()
    claim.invoice()
    claim.settle()
    claim.show()


def _swapped(claim: Claim) -> None:
    claim.order()
    tell(
        "The lens maker attests, from its dispatch record, a cheaper lens than was ordered for the right eye."
    )
    claim.deliver(**{"right.lens.code": "ECO50"})
    claim.invoice()
    claim.show()


def _remade(claim: Claim) -> None:
    claim.order()
    claim.deliver()
    tell("The glasses break: the shop orders again under the same claim.")
    claim.remake("BREAKAGE")
    claim.deliver()
    claim.invoice()
    claim.show()


def _absent(claim: Claim) -> None:
    tell("The order goes to the lens maker by other means; nobody attests anything for it on the chain.")
    claim.order(connected=False)
    claim.invoice()
    claim.settle()
    claim.show()
