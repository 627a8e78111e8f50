# SPDX-License-Identifier: Apache-2.0
"""The opening of a step is relied on once it is that of the chain, from who wrote it, and never before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.terms import Step
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
from sceau.messages.step import KIND, receive_step, step_envelope
from sceau.record import SealedRecord, seal
from sceau.store.errors import EnvelopeReplayed
from tests.support.life import DECISION, Life
from tests.support.stage import Stage


def sent(life: Life, step: PreparedStep, *, by: str = "payer", to: str = "practice") -> str:
    return step_envelope(life.mailboxes[by], step, recipient=life.chain.party(to))


def bent(life: Life, body: dict[str, Any], attached: dict[str, Any]) -> str:
    """An envelope of the payer with other parts than the client would send."""
    step = life.steps["authorise"]
    whole = {"claim": step.claim, "commitment": step.record.root} | body
    beside = {"opening": step.record.to_json()} | attached
    return life.mailboxes["payer"].seal(KIND, whole, recipient=life.practice.party, attached=beside)


def test_a_step_is_received_with_what_the_chain_says_of_it(stage: Stage) -> None:
    life = stage.authorised
    received = receive_step(life.mailboxes["practice"], sent(life, life.steps["authorise"]), Step.AUTHORISE)
    assert received.record.values["decision.date"] == "2026-11-23"
    assert received.written.party == life.payer.party
    assert received.written.commitment == received.record.root
    assert "2026" not in repr(received)


def test_a_step_that_is_prepared_and_not_written_is_no_step(stage: Stage) -> None:
    life = stage.opened
    step = life.payer.prepare_authorisation(life.claim, DECISION, head=life.head())
    with pytest.raises(StepNotWritten):
        receive_step(life.mailboxes["practice"], sent(life, step), Step.AUTHORISE)
    life.payer.send(step).wait(30)
    receive_step(life.mailboxes["practice"], sent(life, step), Step.AUTHORISE)


def test_another_opening_of_the_same_step_is_not_the_one_on_the_chain(stage: Stage) -> None:
    life = stage.authorised
    step = life.steps["authorise"]
    other = seal(step.record.scope, {**DECISION, "total.amc": 1, "currency": "EUR"})
    with pytest.raises(OpeningNotOnChain):
        receive_step(life.mailboxes["practice"], sent(life, replace(step, record=other)), Step.AUTHORISE)
    # The same values sealed anew have another root: they are not what was written either.
    again = seal(step.record.scope, DECISION)
    with pytest.raises(OpeningNotOnChain):
        receive_step(life.mailboxes["practice"], sent(life, replace(step, record=again)), Step.AUTHORISE)


def test_a_step_counts_only_from_who_wrote_it(stage: Stage) -> None:
    """Whoever was sent an opening holds it, and cannot pass it on as its own."""
    life = stage.authorised
    passed_on = sent(life, life.steps["authorise"], by="other_payer")
    with pytest.raises(NotTheWriter) as refused:
        receive_step(life.mailboxes["practice"], passed_on, Step.AUTHORISE)
    assert refused.value.details == {
        "sender": life.chain.party("other_payer"),
        "writer": life.payer.party,
    }


def test_a_step_of_another_kind_is_not_the_one_expected(stage: Stage) -> None:
    life = stage.authorised
    for expected in set(Step) - {Step.AUTHORISE}:
        with pytest.raises(MessageMalformed):
            receive_step(life.mailboxes["practice"], sent(life, life.steps["authorise"]), expected)


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
        receive_step(life.mailboxes["practice"], bent(life, body, {}), Step.AUTHORISE)
    assert refused.value.details["part"] == part


@pytest.mark.parametrize("commitment", ["0x" + "77" * 32, None, 5])
def test_a_commitment_that_is_not_the_one_signed_for_is_refused(stage: Stage, commitment: object) -> None:
    life = stage.authorised
    with pytest.raises(OpeningNotOnChain):
        receive_step(life.mailboxes["practice"], bent(life, {"commitment": commitment}, {}), Step.AUTHORISE)


@pytest.mark.parametrize("record", [None, {}, [], 5, "x", {"format": "sceau-opening/1"}], ids=str)
def test_what_is_no_opening_is_refused(stage: Stage, record: object) -> None:
    life = stage.authorised
    with pytest.raises(MessageMalformed) as refused:
        receive_step(life.mailboxes["practice"], bent(life, {}, {"opening": record}), Step.AUTHORISE)
    assert refused.value.details["part"] == "opening"


def test_an_edited_opening_is_refused(stage: Stage) -> None:
    life = stage.authorised
    edited = life.steps["authorise"].record.to_json()
    edited["values"]["decision.date"] = "2026-11-24"
    with pytest.raises(MessageMalformed):
        receive_step(life.mailboxes["practice"], bent(life, {}, {"opening": edited}), Step.AUTHORISE)


@pytest.mark.parametrize("change", [{"chain_id": 20_261}, {"contract": "0x" + "12" * 20}])
def test_a_record_of_another_chain_or_contract_is_refused(stage: Stage, change: dict[str, Any]) -> None:
    life = stage.authorised
    foreign = seal(replace(life.steps["authorise"].record.scope, **change), DECISION)
    with pytest.raises(MessageMalformed) as refused:
        receive_step(
            life.mailboxes["practice"],
            bent(life, {"commitment": foreign.root}, {"opening": foreign.to_json()}),
            Step.AUTHORISE,
        )
    assert refused.value.details["part"] == "sceau.record"


def test_a_consent_is_no_step(stage: Stage) -> None:
    life = stage.authorised
    consent: SealedRecord = stage.round.request.record
    with pytest.raises(MessageMalformed):
        receive_step(
            life.mailboxes["practice"],
            bent(life, {"claim": None, "commitment": consent.root}, {"opening": consent.to_json()}),
            Step.AUTHORISE,
        )


def test_a_step_of_a_claim_that_is_on_no_chain_is_refused(stage: Stage) -> None:
    life = stage.authorised
    claim = "0x" + "77" * 32
    nowhere = seal(replace(life.steps["authorise"].record.scope, claim=claim), DECISION)
    with pytest.raises(NoSuchClaim):
        receive_step(
            life.mailboxes["practice"],
            bent(life, {"claim": claim, "commitment": nowhere.root}, {"opening": nowhere.to_json()}),
            Step.AUTHORISE,
        )


def test_an_envelope_counts_once_for_its_reader_and_its_kind(stage: Stage) -> None:
    life = stage.authorised
    envelope = sent(life, life.steps["authorise"])
    receive_step(life.mailboxes["practice"], envelope, Step.AUTHORISE)
    with pytest.raises(EnvelopeReplayed):
        receive_step(life.mailboxes["practice"], envelope, Step.AUTHORISE)
    with pytest.raises(EnvelopeUnreadable):
        receive_step(life.mailboxes["supplier"], sent(life, life.steps["authorise"]), Step.AUTHORISE)
    other = life.mailboxes["payer"].seal("disclosure", {}, recipient=life.practice.party)
    with pytest.raises(EnvelopeOfAnotherKind):
        receive_step(life.mailboxes["practice"], other, Step.AUTHORISE)


def test_an_envelope_for_another_party_number_is_foreign(stage: Stage) -> None:
    life = stage.authorised
    post = replace(life.mailboxes["practice"], party=life.chain.party("other_practice"))
    with pytest.raises(EnvelopeForeign):
        receive_step(post, sent(life, life.steps["authorise"]), Step.AUTHORISE)


# No order before the authorisation opens


def order_with(life: Life, authorisation: SealedRecord, values: dict[str, Any]) -> PreparedStep:
    return life.practice.prepare_order(
        life.claim, values, supplier=life.supplier.party, authorisation=authorisation
    )


def test_nothing_is_ordered_before_the_authorisation_opens(stage: Stage) -> None:
    values = dict(stage.ordered.steps["order"].record.values)
    right = stage.authorised.authorisation
    assert right is not None
    # The claim's own authorisation, and nothing like it.
    order_with(stage.authorised, right, values)
    for life, wrong in (
        (stage.authorised, seal(right.scope, right.values)),
        (stage.authorised, stage.delivered.authorisation),
        (stage.authorised, stage.authorised.steps["open"].record),
        (stage.opened, right),
        (stage.opened, stage.opened.steps["open"].record),
    ):
        assert wrong is not None
        with pytest.raises(NotAuthorised):
            order_with(life, wrong, values)


def test_an_authorisation_that_is_prepared_and_not_written_authorises_nothing(stage: Stage) -> None:
    life = stage.opened
    step = life.payer.prepare_authorisation(life.claim, DECISION, head=life.head())
    values = dict(stage.ordered.steps["order"].record.values)
    with pytest.raises(NotAuthorised):
        order_with(life, step.record, values)
    life.payer.send(step).wait(30)
    order_with(life, step.record, values)
