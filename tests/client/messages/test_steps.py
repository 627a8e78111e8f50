# SPDX-License-Identifier: Apache-2.0
"""The opening of a step is relied on once it is that of the chain, from who wrote it, and never before."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.errors import NotAuthorised
from sceau.claim.prepared import PreparedStep
from sceau.messages.errors import (
    EnvelopeForeign,
    EnvelopeOfAnotherKind,
    EnvelopeUnreadable,
    MessageMalformed,
    NotTheWriter,
    OpeningNotOnChain,
    StepNotWritten,
)
from sceau.messages.step import KIND, ReceivedStep, step_envelope
from sceau.record import SealedRecord, seal
from sceau.roles.errors import AuthorisationMissing
from sceau.store.errors import EnvelopeReplayed
from tests.support.life import UNTIL, Life
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.stage import Stage
from tests.support.unsent import unsent

DECISION = {"decision.date": "2026-11-23"}


def sent(life: Life, step: PreparedStep, *, by: str = "payer", to: str = "practice") -> str:
    return step_envelope(life.mailboxes[by], step, recipient=life.chain.party(to))


def bent(life: Life, body: dict[str, Any], attached: dict[str, Any]) -> str:
    """An envelope of the payer with other parts than the client would send."""
    step = life.steps["authorise"]
    whole = {"claim": step.claim, "commitment": step.record.root} | body
    beside = {"opening": step.record.to_json()} | attached
    return hostile_envelope(
        life.mailboxes["payer"], KIND, whole, recipient=life.practice.party, attached=beside
    )


def test_a_step_is_received_with_what_the_chain_says_of_it(stage: Stage) -> None:
    life = stage.authorised
    received = open_message(life.mailboxes["practice"], sent(life, life.steps["authorise"]))
    assert received.record.values == life.steps["authorise"].record.values
    assert received.written.party == life.payer.party
    assert received.written.commitment == received.record.root
    assert str(received.record.values["decision.date"]) not in repr(received)


def test_a_step_that_is_prepared_and_not_written_is_no_step(stage: Stage) -> None:
    life = stage.opened
    step = unsent(life.payer.authorise, life.verdict(), valid_until=UNTIL)
    with pytest.raises(StepNotWritten):
        open_message(life.mailboxes["practice"], sent(life, step))
    step.send(life.chain.network, life.chain.signers["payer"]).wait(30)
    open_message(life.mailboxes["practice"], sent(life, step))


def test_another_opening_of_the_same_step_is_not_the_one_on_the_chain(stage: Stage) -> None:
    life = stage.authorised
    step = life.steps["authorise"]
    other = seal(step.record.scope, {**DECISION, "total.amc": 1, "currency": "EUR"})
    with pytest.raises(OpeningNotOnChain):
        open_message(life.mailboxes["practice"], sent(life, replace(step, record=other)))
    # The same values sealed anew have another root: they are not what was written either.
    again = seal(step.record.scope, DECISION)
    with pytest.raises(OpeningNotOnChain):
        open_message(life.mailboxes["practice"], sent(life, replace(step, record=again)))


def test_a_step_counts_only_from_who_wrote_it(stage: Stage) -> None:
    """Whoever was sent an opening holds it, and cannot pass it on as its own."""
    life = stage.authorised
    passed_on = sent(life, life.steps["authorise"], by="other_payer")
    with pytest.raises(NotTheWriter) as refused:
        open_message(life.mailboxes["practice"], passed_on)
    assert refused.value.details == {
        "sender": life.chain.party("other_payer"),
        "writer": life.payer.party,
    }


def test_a_record_that_names_no_step_is_refused(stage: Stage) -> None:
    life = stage.authorised
    record = seal(replace(life.steps["authorise"].record.scope, step="granted"), DECISION)
    with pytest.raises(MessageMalformed) as refused:
        open_message(
            life.mailboxes["practice"],
            bent(life, {"commitment": record.root}, {"opening": record.to_json()}),
        )
    assert refused.value.details["part"] == "sceau.record"


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"claim": "0x" + "77" * 32}, "claim"),
        ({"claim": None}, "claim"),
        ({"claim": 5}, "claim"),
    ],
)
def test_a_step_about_another_claim_than_it_says_is_refused(
    stage: Stage, body: dict[str, Any], part: str
) -> None:
    life = stage.authorised
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["practice"], bent(life, body, {}))
    assert refused.value.details["part"] == part


@pytest.mark.parametrize("commitment", ["0x" + "77" * 32, None, 5])
def test_a_commitment_that_is_not_the_one_signed_for_is_refused(stage: Stage, commitment: object) -> None:
    life = stage.authorised
    with pytest.raises(OpeningNotOnChain):
        open_message(life.mailboxes["practice"], bent(life, {"commitment": commitment}, {}))


@pytest.mark.parametrize("record", [None, {}, [], 5, "x", {"format": "sceau-opening/1"}], ids=str)
def test_what_is_no_opening_is_refused(stage: Stage, record: object) -> None:
    life = stage.authorised
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["practice"], bent(life, {}, {"opening": record}))
    assert refused.value.details["part"] == "opening"


def test_an_edited_opening_is_refused(stage: Stage) -> None:
    life = stage.authorised
    edited = life.steps["authorise"].record.to_json()
    edited["values"]["decision.date"] = "2026-11-24"
    with pytest.raises(MessageMalformed):
        open_message(life.mailboxes["practice"], bent(life, {}, {"opening": edited}))


@pytest.mark.parametrize("change", [{"chain_id": 20_261}, {"contract": "0x" + "12" * 20}])
def test_a_record_of_another_chain_or_contract_is_refused(stage: Stage, change: dict[str, Any]) -> None:
    life = stage.authorised
    foreign = seal(replace(life.steps["authorise"].record.scope, **change), DECISION)
    with pytest.raises(MessageMalformed) as refused:
        open_message(
            life.mailboxes["practice"],
            bent(life, {"commitment": foreign.root}, {"opening": foreign.to_json()}),
        )
    assert refused.value.details["part"] == "sceau.record"


def test_a_consent_is_no_step(stage: Stage) -> None:
    life = stage.authorised
    consent: SealedRecord = stage.round.request.record
    with pytest.raises(MessageMalformed):
        open_message(
            life.mailboxes["practice"],
            bent(life, {"claim": None, "commitment": consent.root}, {"opening": consent.to_json()}),
        )


def test_a_step_of_a_claim_that_is_on_no_chain_is_refused(stage: Stage) -> None:
    life = stage.authorised
    claim = "0x" + "77" * 32
    nowhere = seal(replace(life.steps["authorise"].record.scope, claim=claim), DECISION)
    with pytest.raises(NoSuchClaim):
        open_message(
            life.mailboxes["practice"],
            bent(life, {"claim": claim, "commitment": nowhere.root}, {"opening": nowhere.to_json()}),
        )


def test_an_envelope_counts_once_for_its_reader_and_its_kind(stage: Stage) -> None:
    life = stage.authorised
    envelope = sent(life, life.steps["authorise"])
    open_message(life.mailboxes["practice"], envelope)
    with pytest.raises(EnvelopeReplayed):
        open_message(life.mailboxes["practice"], envelope)
    with pytest.raises(EnvelopeUnreadable):
        open_message(life.mailboxes["supplier"], sent(life, life.steps["authorise"]))
    other = hostile_envelope(life.mailboxes["payer"], "disclosure", {}, recipient=life.practice.party)
    with pytest.raises(EnvelopeOfAnotherKind):
        open_message(life.mailboxes["practice"], other, KIND)


def test_an_envelope_for_another_party_number_is_foreign(stage: Stage) -> None:
    life = stage.authorised
    post = copy(life.mailboxes["practice"])
    post.party = life.chain.party("other_practice")
    with pytest.raises(EnvelopeForeign):
        open_message(post, sent(life, life.steps["authorise"]))


# No order before the authorisation opens


def authorisation(life: Life, record: SealedRecord | None = None) -> ReceivedStep:
    """A claim's authorisation as the practice would have received it, or another record in its place."""
    history = life.practice.history(life.claim)
    return ReceivedStep(history, history.steps[-1], record or life.steps["authorise"].record, "")


def order_with(life: Life, received: ReceivedStep, values: dict[str, Any]) -> PreparedStep:
    return unsent(
        life.practice.order, life.claim, values, supplier=life.supplier.party, authorisation=received
    )


def test_nothing_is_ordered_before_the_authorisation_opens(stage: Stage) -> None:
    values = dict(stage.ordered.steps["order"].record.values)
    right = stage.authorised.steps["authorise"].record
    # The claim's own authorisation, given or as it was received, and nothing like it.
    order_with(stage.authorised, authorisation(stage.authorised), values)
    unsent(
        stage.authorised.practice.order,
        stage.authorised.claim,
        values,
        supplier=stage.authorised.supplier.party,
    )
    for life, wrong in (
        (stage.authorised, seal(right.scope, right.values)),
        (stage.authorised, stage.delivered.steps["authorise"].record),
        (stage.authorised, stage.authorised.steps["open"].record),
        (stage.opened, right),
        (stage.opened, stage.opened.steps["open"].record),
    ):
        with pytest.raises(NotAuthorised):
            order_with(life, authorisation(life, wrong), values)
    with pytest.raises(AuthorisationMissing):
        stage.opened.practice.order(stage.opened.claim, values, supplier=stage.opened.supplier.party)


def test_an_authorisation_that_is_prepared_and_not_written_authorises_nothing(stage: Stage) -> None:
    life = stage.opened
    step = unsent(life.payer.authorise, life.verdict(), valid_until=UNTIL)
    values = dict(stage.ordered.steps["order"].record.values)
    with pytest.raises(NotAuthorised):
        order_with(life, authorisation(life, step.record), values)
    step.send(life.chain.network, life.chain.signers["payer"]).wait(30)
    order_with(life, authorisation(life, step.record), values)
