# SPDX-License-Identifier: Apache-2.0
"""What reaches a payer: disclosures, act-code keys, justifications; each refused by the part that is bent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sceau.chain.registries.errors import NoSuchClaim
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.documents.errors import IdentifierInvalid
from sceau.messages import act_codes, disclosure, justification, ruling
from sceau.messages.act_codes import act_code_key_envelope
from sceau.messages.disclosure import disclosure_envelope
from sceau.messages.errors import (
    EnvelopeUnreadable,
    MessageMalformed,
    NotJustifiable,
    NotTheClaimsPayer,
    NotTheWriter,
    OrderToName,
    StepNotWritten,
)
from sceau.messages.justification import JUSTIFIABLE, justification_envelope
from sceau.messages.order import hash_of
from sceau.messages.ruling import ruling_envelope
from sceau.record.errors import ValueNotCanonical
from sceau.store.errors import EnvelopeReplayed
from sceau.terms import Group
from sceau.verify.findings import CATALOGUE
from sceau.verify.verdict import Weight
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.stage import Stage
from tests.support.words import about, ruled


def sealed(
    life: Life, kind: str, body: dict[str, Any], attached: dict[str, Any] | None = None, by: str = "practice"
) -> str:
    return hostile_envelope(life.mailboxes[by], kind, body, recipient=life.payer.party, attached=attached)


# Disclosures


def test_a_disclosure_is_received_and_verified(stage: Stage) -> None:
    life = stage.opened
    received = open_message(
        life.mailboxes["payer"], disclosure_envelope(life.mailboxes["practice"], life.disclosure())
    )
    assert life.payer.verify(received).words() == "accepted"


def test_a_disclosure_counts_once(stage: Stage) -> None:
    life = stage.opened
    envelope = disclosure_envelope(life.mailboxes["practice"], life.disclosure())
    open_message(life.mailboxes["payer"], envelope)
    with pytest.raises(EnvelopeReplayed):
        open_message(life.mailboxes["payer"], envelope)


@pytest.mark.parametrize("attached", [{}, {"format": "sceau-disclosure/1"}, {"opening": {}}], ids=str)
def test_what_is_no_disclosure_is_refused(stage: Stage, attached: dict[str, Any]) -> None:
    life = stage.opened
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["payer"], sealed(life, disclosure.KIND, {}, attached))
    assert refused.value.details["part"] == "attached"


@pytest.mark.parametrize(
    ("change", "name"), [("sender", "other_practice"), ("recipient", "other_payer"), ("sender", "payer")]
)
def test_a_disclosure_from_or_to_another_party_than_the_envelopes_is_refused(
    stage: Stage, change: str, name: str
) -> None:
    life = stage.opened
    made = replace(life.disclosure(), **{change: stage.chain.party(name)})  # type: ignore[arg-type] # either is an int
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["payer"], sealed(life, disclosure.KIND, {}, made.to_json()))
    assert refused.value.details["part"] == "sender"


def test_the_disclosure_is_the_one_whose_number_was_signed(stage: Stage) -> None:
    life = stage.opened
    envelope = sealed(life, disclosure.KIND, {"id": "0" * 32}, life.disclosure().to_json())
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["payer"], envelope)
    assert refused.value.details["part"] == "id"


def test_another_party_cannot_pass_a_disclosure_on_as_its_own(stage: Stage) -> None:
    life = stage.opened
    with pytest.raises(MessageMalformed):
        open_message(
            life.mailboxes["payer"], disclosure_envelope(life.mailboxes["other_practice"], life.disclosure())
        )


# Act-code keys


def key_of(life: Life, group: Group = Group.ACT_CODES) -> Any:
    step = life.steps["order"]
    assert step.order_key is not None
    return step.order_key.group_key(OrderContext.of(step.record.scope), group)


def key_body(life: Life, **changes: object) -> dict[str, Any]:
    return {"claim": life.claim, "order": 1, "key": hash_of(key_of(life)), **changes}


def test_the_payer_is_given_the_act_code_key_and_no_other(stage: Stage) -> None:
    life = stage.ordered
    envelope = act_code_key_envelope(life.mailboxes["practice"], life.steps["order"], payer=life.payer.party)
    message = life.mailboxes["payer"].open(envelope, act_codes.KIND)
    received = act_codes.act_code_key_of(stage.chain.network, message)
    assert received.key == key_of(life)
    assert (received.practice, received.claim, received.order_number) == (life.practice.party, life.claim, 1)
    # Nothing else of the order travels: neither its key, nor another group's, nor its record.
    travelled = json.dumps({"body": dict(message.body), "attached": dict(message.attached)})
    assert set(message.attached) == {"key"}
    assert life.steps["order"].order_key is not None
    for secret in (
        life.steps["order"].order_key.reveal(),
        life.steps["order"].record.seed.hex(),
        *(key_of(life, group).reveal() for group in Group if group is not Group.ACT_CODES),
    ):
        assert secret.removeprefix("0x") not in travelled


def test_a_key_for_an_order_that_is_not_on_the_chain_is_refused(stage: Stage) -> None:
    life = stage.ordered
    attached = {"key": key_of(life).reveal()}
    for order in (2, 255):
        with pytest.raises(StepNotWritten):
            open_message(
                life.mailboxes["payer"], sealed(life, act_codes.KIND, key_body(life, order=order), attached)
            )
    with pytest.raises(NoSuchClaim):
        open_message(
            life.mailboxes["payer"],
            sealed(life, act_codes.KIND, key_body(life, claim="0x" + "77" * 32), attached),
        )


def test_a_key_counts_only_from_the_orders_practice(stage: Stage) -> None:
    life = stage.ordered
    envelope = act_code_key_envelope(life.mailboxes["supplier"], life.steps["order"], payer=life.payer.party)
    with pytest.raises(NotTheWriter):
        open_message(life.mailboxes["payer"], envelope)


def test_a_key_that_reaches_another_payer_is_not_used(stage: Stage) -> None:
    life = stage.ordered
    other = stage.chain.party("other_payer")
    envelope = hostile_envelope(
        life.mailboxes["practice"],
        act_codes.KIND,
        key_body(life),
        recipient=other,
        attached={"key": key_of(life).reveal()},
    )
    with pytest.raises(NotTheClaimsPayer) as refused:
        open_message(life.mailboxes["other_payer"], envelope)
    assert refused.value.details["payer"] == life.payer.party


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("claim", None),
        ("claim", "0x11"),
        ("claim", 5),
        ("order", 0),
        ("order", 256),
        ("order", True),
        ("order", "1"),
        ("order", None),
        ("key", None),
        ("key", "0x" + "11" * 32),
        ("key", 5),
    ],
)
def test_a_bent_message_with_a_key_is_refused_by_its_part(stage: Stage, part: str, value: object) -> None:
    life = stage.ordered
    body = key_body(life, **{part: value})
    with pytest.raises(MessageMalformed) as refused:
        open_message(
            life.mailboxes["payer"], sealed(life, act_codes.KIND, body, {"key": key_of(life).reveal()})
        )
    assert refused.value.details["part"] == part


@pytest.mark.parametrize("key", [None, "", "0x11", 5, [], {}])
def test_what_is_no_key_is_refused(stage: Stage, key: object) -> None:
    life = stage.ordered
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["payer"], sealed(life, act_codes.KIND, key_body(life), {"key": key}))
    assert refused.value.details["part"] == "key"


def test_another_key_than_the_one_signed_for_is_refused(stage: Stage) -> None:
    life = stage.ordered
    context = OrderContext.of(life.steps["order"].record.scope)
    other = OrderKey.draw().group_key(context, Group.ACT_CODES)
    with pytest.raises(MessageMalformed):
        open_message(
            life.mailboxes["payer"], sealed(life, act_codes.KIND, key_body(life), {"key": other.reveal()})
        )


def test_a_step_that_places_no_order_has_no_key_to_send(stage: Stage) -> None:
    life = stage.ordered
    with pytest.raises(ValueError, match="places no order"):
        act_code_key_envelope(life.mailboxes["practice"], life.steps["open"], payer=life.payer.party)


# Justifications


def test_a_justification_is_received_as_it_was_signed(stage: Stage) -> None:
    life = stage.ordered
    named = about(life, "delivery-differs")
    shouted = replace(named, claim=life.claim.upper().replace("0X", "0x"))
    envelope = justification_envelope(
        life.mailboxes["practice"], shouted, "WRONG-LENS", recipient=life.payer.party
    )
    received = open_message(life.mailboxes["payer"], envelope)
    assert (received.party, received.about) == (life.practice.party, named)
    assert received.reason == "WRONG-LENS"


@pytest.mark.parametrize("fault", [None, 2])
def test_a_ruling_is_received_as_it_was_signed(stage: Stage, fault: int | None) -> None:
    life = stage.ordered
    received = ruled(life, "order-disputed", fault)
    assert (received.party, received.about) == (stage.chain.party("auditor"), about(life, "order-disputed"))
    assert received.fault == fault


def test_only_what_refuses_or_doubts_and_no_proof_consent_or_policy_can_be_justified() -> None:
    assert set(CATALOGUE) >= JUSTIFIABLE
    for code in JUSTIFIABLE:
        assert CATALOGUE[code].weight is not Weight.NOTES
        assert not code.startswith(("consent", "policy", "not-", "key-", "step-", "delete-", "stale"))


def tried(life: Life, reason: str = "REASON", **changes: Any) -> str:
    """An envelope that justifies something else than a difference at the delivery of order 1."""
    named = replace(about(life, "delivery-differs"), **changes)
    return justification_envelope(life.mailboxes["practice"], named, reason, recipient=3)


@pytest.mark.parametrize(
    "finding", ["consent-revoked", "not-sealed", "key-compromised", "claim-closed", "no-such-finding", ""]
)
def test_what_no_word_can_close_is_not_sent(stage: Stage, finding: str) -> None:
    with pytest.raises(NotJustifiable):
        tried(stage.ordered, finding=finding)
    named = replace(about(stage.ordered, "delivery-differs"), finding=finding)
    with pytest.raises(NotJustifiable):
        ruling_envelope(stage.ordered.mailboxes["auditor"], named, None, recipient=3)


@pytest.mark.parametrize("reason", ["the customer went blind", "lower", "", "X" * 41, "É", "A\nB"], ids=repr)
def test_no_free_text_is_sent(stage: Stage, reason: str) -> None:
    with pytest.raises(ValueNotCanonical) as refused:
        tried(stage.ordered, reason)
    assert "blind" not in str(refused.value)


@pytest.mark.parametrize(("finding", "order"), [("delivery-differs", 0), ("renewal-too-early", 1)])
def test_a_word_names_an_order_where_the_finding_is_about_one(stage: Stage, finding: str, order: int) -> None:
    with pytest.raises(OrderToName):
        tried(stage.ordered, finding=finding, order_number=order)


@pytest.mark.parametrize("part", ["claim", "head"])
def test_a_claim_or_a_head_that_is_none_is_not_justified(stage: Stage, part: str) -> None:
    with pytest.raises(IdentifierInvalid):
        tried(stage.ordered, **{part: "claim 5"})


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("claim", None),
        ("claim", 5),
        ("claim", "0x11"),
        ("finding", None),
        ("finding", 5),
        ("finding", []),
        ("finding", "consent-revoked"),
        ("finding", "no-such-finding"),
        ("order", None),
        ("order", 0),
        ("order", -1),
        ("order", True),
        ("order", "1"),
        ("reason", None),
        ("reason", 5),
        ("reason", "the customer went blind"),
        ("reason", "X" * 41),
        ("head", None),
        ("head", "0x11"),
        ("head", "0x" + "AA" * 32),
    ],
)
def test_a_bent_justification_is_refused_by_its_part(stage: Stage, part: str, value: object) -> None:
    life = stage.ordered
    body = {
        "claim": life.claim,
        "order": 1,
        "finding": "delivery-differs",
        "head": life.head(),
        "reason": "WRONG-LENS",
        part: value,
    }
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["payer"], sealed(life, justification.KIND, body))
    assert refused.value.details["part"] == part
    assert "blind" not in refused.value.message("fr")


@pytest.mark.parametrize("fault", [0, -1, True, "2", 2.0, []], ids=repr)
def test_a_bent_ruling_is_refused_by_its_part(stage: Stage, fault: object) -> None:
    life = stage.ordered
    body = {**about(life, "order-disputed").body(), "fault": fault}
    for bent in (body, {key: value for key, value in body.items() if key != "fault"}):
        with pytest.raises((MessageMalformed, EnvelopeUnreadable)):
            open_message(life.mailboxes["payer"], sealed(life, ruling.KIND, bent, by="auditor"))
