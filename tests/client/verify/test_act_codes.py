# SPDX-License-Identifier: Apache-2.0
"""What a payer with the act-code key alone can tell, and what it cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sceau import Outcome, Verdict
from sceau.conformity.errors import GroupKeyOfAnotherGroup
from sceau.conformity.keys import GroupKey, OrderContext, OrderKey
from sceau.record import Value
from sceau.terms import Group
from sceau.verify.act_codes import ActCodes
from tests.client.verify.cheats import CODES, act_codes
from tests.support.life import Life
from tests.support.stage import Stage


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def verdict(life: Life, held: ActCodes, step: str = "open") -> Verdict:
    return life.payer.verify(life.disclosure(step), act_codes=held)


def test_without_the_key_an_order_is_declared_conform_and_never_conform(stage: Stage) -> None:
    found = codes(stage.delivered.verdict())
    assert "declared-conform" in found
    assert not found & {"conform", "act-codes-fit"}


def test_with_the_key_a_delivered_order_is_conform(stage: Stage) -> None:
    life = stage.delivered
    found = verdict(life, act_codes(life))
    assert found.outcome is Outcome.ACCEPTED
    assert {"conform", "act-codes-fit"} <= codes(found)
    assert "declared-conform" not in codes(found)


def test_nothing_is_conform_before_its_delivery(stage: Stage) -> None:
    life = stage.ordered
    found = verdict(life, act_codes(life))
    assert {"act-codes-fit", "delivery-not-attested"} <= codes(found)
    assert "conform" not in codes(found)


def test_a_different_product_delivered_is_not_conform_though_the_codes_fit(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**{"right.lens.code": "ECO50"})
    found = verdict(life, act_codes(life))
    assert found.outcome is Outcome.REFUSED
    assert {"act-codes-fit", "delivery-differs"} <= codes(found)
    assert "conform" not in codes(found)


def test_once_invoiced_the_invoice_in_hand_must_carry_them_too(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    held = act_codes(life)
    # The quote alone says nothing of the invoice.
    assert "declared-conform" in codes(verdict(life, held))
    # The invoice disclosed, or one that came another way.
    assert "conform" in codes(verdict(life, held, "invoice"))
    assert "conform" in codes(verdict(life, replace(held, invoiced=CODES)))


@pytest.mark.parametrize(
    "authorised",
    [
        {"right.code": "VXA1", "left.code": "VXB2"},
        {"right.code": "VXB2", "left.code": "VXB1"},
        {"right.code": "VXB1"},
        {"frame.code": "MXB"},
        {},
        {"right.code": "2287916", "left.code": "VXB2"},
        {"right.code": 7, "left.code": "VXB2"},
    ],
    ids=["another", "eyes swapped", "one eye", "no lens", "none", "an individual code", "no text"],
)
def test_codes_that_were_not_authorised_are_refused(stage: Stage, authorised: dict[str, Value]) -> None:
    life = stage.delivered
    found = verdict(life, act_codes(life, authorised))
    assert found.outcome is Outcome.REFUSED
    assert [reason.code for reason in found.reasons] == ["act-codes-not-authorised"]
    assert "those you authorised" in found.reasons[0].sentence.en
    for text in (found.reasons[0].sentence.en, found.reasons[0].sentence.fr):
        assert "VX" not in text
        assert "2287916" not in text


def test_codes_written_with_blanks_or_in_lower_case_are_the_same(stage: Stage) -> None:
    life = stage.delivered
    assert "conform" in codes(verdict(life, act_codes(life, {"right.code": "vx b1", "left.code": "VXB2 "})))


def test_a_practice_that_orders_other_codes_than_were_authorised_is_found_out(stage: Stage) -> None:
    life = stage.authorised
    life.order(**{"right.code": "VXC9"})
    life.deliver(**{"right.code": "VXC9"})
    assert "declared-conform" in codes(life.verdict())
    assert [reason.code for reason in verdict(life, act_codes(life)).reasons] == ["act-codes-not-authorised"]


def test_an_invoice_that_shows_other_codes_than_were_sealed_is_found_out(stage: Stage) -> None:
    """An invoice on paper, beside one on the chain that carries the codes authorised."""
    life = stage.delivered
    life.invoice()
    held = replace(act_codes(life), invoiced={"right.code": "VXC9", "left.code": "VXB2"})
    found = verdict(life, held, "invoice")
    assert [reason.code for reason in found.reasons] == ["act-codes-differ"]
    assert "invoice that you hold" in found.reasons[0].sentence.en


def test_a_false_key_is_found_out(stage: Stage) -> None:
    life = stage.delivered
    key = life.act_code_key()
    other = OrderKey.draw().group_key(OrderContext.of(life.steps["order"].record.scope), Group.ACT_CODES)
    for false in (other, GroupKey(Group.ACT_CODES, b"\x00" * 32)):
        found = verdict(life, ActCodes((replace(key, key=false),), CODES))
        assert [reason.code for reason in found.reasons] == ["act-codes-not-authorised"]


def test_the_key_of_one_order_opens_no_other_order_and_no_other_group(stage: Stage) -> None:
    life = stage.delivered
    first = life.act_code_key()
    life.remake()
    life.deliver()
    # The first order's key, said to be the second's.
    found = verdict(life, ActCodes((replace(first, order_number=2),), CODES))
    assert [reason.code for reason in found.reasons] == ["act-codes-not-authorised"]
    # The same bytes as the key of another group give nothing that is on the chain.
    correction = GroupKey(Group.CORRECTION, bytes.fromhex(first.key.reveal()[2:]))
    with pytest.raises(GroupKeyOfAnotherGroup):
        verdict(life, ActCodes((replace(first, key=correction),), CODES))


def test_each_order_has_its_own_key_and_the_last_one_is_conform_by_its_own(stage: Stage) -> None:
    life = stage.delivered
    first = life.act_code_key()
    life.remake()
    life.deliver()
    second = life.act_code_key("remake")
    assert first.key != second.key
    assert "declared-conform" in codes(verdict(life, ActCodes((first,), CODES)))
    found = verdict(life, ActCodes((first, second), CODES))
    assert "conform" in codes(found)
    assert [f.code for f in found.findings].count("act-codes-fit") == 2


def test_keys_of_other_claims_are_passed_over(stage: Stage) -> None:
    other = stage.ordered.act_code_key()
    found = verdict(stage.delivered, ActCodes((other,), CODES))
    assert found.outcome is Outcome.ACCEPTED
    assert not codes(found) & {"act-codes-fit", "act-codes-differ", "act-codes-not-authorised", "conform"}


def test_nothing_secret_is_in_its_repr(stage: Stage) -> None:
    held = act_codes(stage.delivered)
    assert "VXB1" not in repr(held)
    assert held.keys[0].key.reveal()[2:10] not in repr(held) + repr(held.keys[0])
