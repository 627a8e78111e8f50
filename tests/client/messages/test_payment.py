# SPDX-License-Identifier: Apache-2.0
"""A payer tells the practice what it paid: of a claim that it settled itself, with the amount that is sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sceau import PaymentNotice
from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.decision import AMOUNT
from sceau.documents.errors import IdentifierInvalid
from sceau.messages import payment
from sceau.messages.errors import (
    MessageMalformed,
    NotTheReader,
    NotTheWriter,
    OpeningNotOnChain,
    PaidAhead,
    PaymentDiffers,
    StepNotWritten,
)
from sceau.messages.payment import payment_envelope
from sceau.messages.summary import summary
from sceau.record.errors import ValueNotCanonical
from sceau.roles.errors import OwnSettlementMissing
from sceau.store import Kind, LocalStore
from sceau.store.erasing import Copies
from sceau.terms import Step
from tests.client.roles.test_erasing import QUIET, about
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.posting import connected
from tests.support.stage import Stage
from tests.support.stores import rows_of


@pytest.fixture
def settled(stage: Stage) -> Life:
    life = stage.delivered
    life.invoice()
    life.settle()
    return life


def today(stage: Stage) -> date:
    return stage.round.today()


def bent(life: Life, stage: Stage, by: str = "payer", to: str = "practice", **changes: object) -> str:
    """A notice as a program of the payer's own makes it."""
    [settlement] = life.payer.steps(life.claim, Step.SETTLE)
    body: dict[str, Any] = {
        "claim": life.claim,
        "commitment": settlement.record.root,
        "amount": settlement.record.values[AMOUNT],
        "day": today(stage).isoformat(),
        "reference": "VIR-1",
    }
    attached: Mapping[str, Any] = {"opening": settlement.record.to_json()}
    return hostile_envelope(
        life.mailboxes[by],
        payment.KIND,
        {**body, **{name: each for name, each in changes.items() if name != "opening"}},
        recipient=life.published.mailbox(to).party,
        attached={"opening": changes["opening"]} if "opening" in changes else attached,
    )


def test_a_practice_is_told_what_was_paid(settled: Life, stage: Stage) -> None:
    head = settled.head()
    made = settled.payer.payment_notice(settled.claim, day=today(stage), reference=" vir-88214 ")
    assert made.recipient == settled.practice.party
    told = settled.practice.receive(made.text)
    assert isinstance(told, PaymentNotice)
    [settlement] = settled.payer.steps(settled.claim, Step.SETTLE)
    assert (told.payer, told.claim) == (settled.payer.party, settled.claim)
    assert (told.amount, told.currency) == (settlement.record.values[AMOUNT], "EUR")
    assert (told.day, told.reference) == (today(stage), "VIR-88214")
    assert summary(told) == {
        "claim": settled.claim,
        "amount": told.amount,
        "currency": "EUR",
        "day": today(stage).isoformat(),
        "reference": "VIR-88214",
    }
    # Nothing is written on the chain.
    assert settled.head() == head
    # The amount that the payer's own books name is the sealed one.
    amount = told.amount
    settled.payer.payment_notice(settled.claim, day=today(stage), reference="R", amount=amount)
    for other in (amount - 1, amount + 1, 0):
        with pytest.raises(PaymentDiffers):
            settled.payer.payment_notice(settled.claim, day=today(stage), reference="R", amount=other)


def test_a_payer_tells_only_of_what_it_settled_and_has(stage: Stage, settled: Life) -> None:
    for life in (stage.opened, stage.ordered):
        with pytest.raises(StepNotWritten):
            life.payer.payment_notice(life.claim, day=today(stage), reference="R")
    with pytest.raises(NoSuchClaim):
        settled.payer.payment_notice("0x" + "77" * 32, day=today(stage), reference="R")
    with pytest.raises(IdentifierInvalid):
        settled.payer.payment_notice("0x77", day=today(stage), reference="R")
    settled._stores["payer"] = LocalStore(None)
    without = settled._roles()[2]
    # Another settlement of the claim, which was sealed and never written, says nothing of what was paid.
    other_amount = settled.sealed(
        "payer-decision", {AMOUNT: 1, "currency": "EUR", "decision.date": "2026-12-01"}, Step.SETTLE, 1
    )
    for _ in range(2):
        with pytest.raises(OwnSettlementMissing):
            without.payment_notice(settled.claim, day=today(stage), reference="R")
        without.store.put(Kind.STEP, other_amount.record.root, other_amount.to_json(), claim=settled.claim)
    settled._stores["payer"] = LocalStore(None)
    other = type(settled.payer)(
        stage.chain.network,
        stage.chain.signers["other_payer"],
        store=settled.payer.store,
        mailbox=settled.published.mailbox("other_payer", settled.payer.store),
    )
    with pytest.raises(NotTheWriter):
        other.payment_notice(settled.claim, day=today(stage), reference="R")


@pytest.mark.parametrize("reference", ["", "paid to Mrs Martin", "X" * 41, "É"], ids=repr)
def test_a_reference_is_a_code(settled: Life, stage: Stage, reference: str) -> None:
    with pytest.raises(ValueNotCanonical) as refused:
        settled.payer.payment_notice(settled.claim, day=today(stage), reference=reference)
    assert "Martin" not in str(refused.value)


def test_nothing_is_paid_in_advance(settled: Life, stage: Stage) -> None:
    tomorrow, later = (today(stage) + timedelta(days=days) for days in (1, 2))
    settled.payer.payment_notice(settled.claim, day=tomorrow.isoformat(), reference="R")
    with pytest.raises(PaidAhead):
        settled.payer.payment_notice(settled.claim, day=later, reference="R")
    with pytest.raises(PaidAhead):
        settled.practice.read(bent(settled, stage, day=later.isoformat()))
    settled.practice.read(bent(settled, stage, day=tomorrow.isoformat()))
    with pytest.raises(ValueNotCanonical):
        settled.payer.payment_notice(settled.claim, day="1 December", reference="R")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("amount", None),
        ("amount", "100"),
        ("amount", True),
        ("amount", -1),
        ("day", None),
        ("day", "01/12/2026"),
        ("day", 5),
        ("reference", None),
        ("reference", ""),
        ("reference", "paid to Mrs Martin"),
        ("reference", 5),
        ("opening", None),
        ("opening", {}),
    ],
)
def test_a_bent_notice_is_refused_by_its_part(settled: Life, stage: Stage, part: str, value: object) -> None:
    with pytest.raises(MessageMalformed) as refused:
        settled.practice.read(bent(settled, stage, "payer", "practice", **{part: value}))
    assert refused.value.details["part"] == part


def test_a_practice_believes_the_chain_and_no_word(settled: Life, stage: Stage) -> None:
    [settlement] = settled.payer.steps(settled.claim, Step.SETTLE)
    amount = settlement.record.values[AMOUNT]
    assert type(amount) is int
    for other in (amount - 1, amount + 1, 0):
        with pytest.raises(PaymentDiffers):
            settled.practice.read(bent(settled, stage, amount=other))
    # Another record than the one on the chain, which says that amount.
    richer = settled.sealed(
        "payer-decision", {**settlement.record.values, AMOUNT: amount + 1}, Step.SETTLE, 1
    )
    for root in (settlement.record.root, richer.record.root):
        with pytest.raises(OpeningNotOnChain):
            settled.practice.read(
                bent(settled, stage, amount=amount + 1, opening=richer.record.to_json(), commitment=root)
            )
    # Another payer, a stranger, who got hold of the settlement.
    for by in ("other_payer", "supplier", "auditor"):
        with pytest.raises(NotTheWriter):
            settled.practice.read(bent(settled, stage, by))
    # To another practice.
    with pytest.raises(NotTheReader):
        open_message(settled.mailboxes["other_practice"], bent(settled, stage, to="other_practice"))


def test_a_claim_that_is_not_settled_was_not_paid(stage: Stage) -> None:
    """A settlement that was sealed and never written, and an authorisation with its amount."""
    life = stage.delivered
    [authorised] = life.payer.steps(life.claim, Step.AUTHORISE)
    settlement = life.sealed("payer-decision", dict(authorised.record.values), Step.SETTLE, 1)
    recipient = life.practice.party

    def sent(step: Any) -> str:
        text = payment_envelope(
            life.mailboxes["payer"],
            step,
            amount=None,
            day=today(stage),
            reference="R",
            recipient=recipient,
        )
        return str(text)

    with pytest.raises(StepNotWritten):
        life.practice.read(sent(settlement))
    with pytest.raises(MessageMalformed) as refused:
        life.practice.read(sent(authorised))
    assert refused.value.details["part"] == "sceau.record"


def test_it_travels_by_itself_and_is_erased_with_its_claim(
    settled: Life, stage: Stage, tmp_path: Path
) -> None:
    life = connected(settled, tmp_path / "exchange")
    # Two claims may be paid by one transfer: each has a notice of its own. The same again is not sent twice.
    for _ in range(2):
        life.payer.payment_notice(life.claim, day=today(stage), reference="VIR-88214")
    life.payer.sync()
    assert life.practice.sync().received == 1
    [(listed)] = life.practice.inbox().listed()
    assert isinstance(listed.received, PaymentNotice)
    assert listed.task is None
    life.payer.sync()
    for role in (life.practice, life.payer):
        assert "VIR-88214" in str(decoded(role.store))
    stage.chain.sleep(QUIET)
    for role in (life.practice, life.payer):
        assert role.erase(Copies(tmp_path / f"{role.party}.backup"), claims=[life.claim]).erased
        assert "VIR-88214" not in str(decoded(role.store))
        # What stays says that something was given or received, and no value.
        assert about(role, life.claim) <= {
            "given",
            "erasure",
            "notice",
            "obeyed",
            "outgoing",
            "delivery",
            "told",
        }


def decoded(store: Any) -> list[str]:
    """All that a store holds, with what was signed in messages in clear."""
    from joserfc.util import urlsafe_b64decode

    found = []
    for _, row in rows_of(store):
        found.append(json.dumps(row.document))
        signed = row.document.get("signed")
        if isinstance(signed, str):
            found.append(urlsafe_b64decode(signed.split(".")[1].encode()).decode())
    return found
