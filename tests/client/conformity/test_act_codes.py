# SPDX-License-Identifier: Apache-2.0
"""A payer with the act codes' key alone checks order and invoice against its own codes, and learns nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from sceau.conformity import (
    GroupKey,
    OrderContext,
    OrderKey,
    act_code_lock,
    group_values,
    lock_of,
    locks,
    tag_of,
    tags,
)
from sceau.conformity.errors import GroupKeyOfAnotherGroup, NoActCode
from sceau.record.errors import ValueNotCanonical
from sceau.terms import Group
from tests.client.conformity.lenses import KEY, PLACE, sealed, values

CONTEXT = OrderContext(**PLACE)
ACT_KEY = KEY.group_key(CONTEXT, Group.ACT_CODES)
# What a payer holds: what it was shown of the quote it authorised, and of the invoice.
AUTHORISED = {"pec.number": "PEC20260417338", "right.code": "VXB1", "left.code": "VXB2", "frame.code": "MXB"}


def test_the_authorised_codes_give_the_orders_and_the_invoices_lock() -> None:
    expected = act_code_lock(ACT_KEY, CONTEXT, AUTHORISED)
    assert expected == locks(sealed("order"), KEY)[Group.ACT_CODES]
    assert expected == locks(sealed("invoice"), KEY)[Group.ACT_CODES]
    assert expected == act_code_lock(ACT_KEY, CONTEXT, sealed("invoice").values)


def test_codes_typed_from_a_paper_invoice_with_blanks_and_in_lower_case_are_the_same_codes() -> None:
    typed = {"right.code": " vxb 1", "left.code": "Vxb2 "}
    assert act_code_lock(ACT_KEY, CONTEXT, typed) == act_code_lock(ACT_KEY, CONTEXT, AUTHORISED)


@pytest.mark.parametrize(
    "codes",
    [
        {"right.code": "VXB2", "left.code": "VXB1"},
        {"right.code": "VXB1"},
        {"left.code": "VXB2"},
        {"right.code": "VXB1", "left.code": "VXB3"},
    ],
)
def test_other_codes_give_another_lock(codes: dict[str, str]) -> None:
    assert act_code_lock(ACT_KEY, CONTEXT, codes) != locks(sealed("order"), KEY)[Group.ACT_CODES]


def test_a_payer_with_another_orders_key_gets_another_lock() -> None:
    for key in (
        OrderKey(b"\x01" * 32).group_key(CONTEXT, Group.ACT_CODES),
        KEY.group_key(OrderContext(**(PLACE | {"order_number": 2})), Group.ACT_CODES),
    ):
        assert act_code_lock(key, CONTEXT, AUTHORISED) != locks(sealed("order"), KEY)[Group.ACT_CODES]


def test_the_key_of_another_group_is_refused_not_used() -> None:
    with pytest.raises(GroupKeyOfAnotherGroup):
        act_code_lock(KEY.group_key(CONTEXT, Group.CORRECTION), CONTEXT, AUTHORISED)


@pytest.mark.parametrize("codes", [{}, {"frame.code": "MXB"}, {"service.1.code": "PXA"}])
def test_without_a_lens_code_there_is_nothing_to_compare(codes: dict[str, str]) -> None:
    with pytest.raises(NoActCode):
        act_code_lock(ACT_KEY, CONTEXT, codes)


@pytest.mark.parametrize("code", ["2261874", "", "VX B1!", "ß", 7, None, True])
def test_what_is_no_grouped_code_is_refused_and_not_echoed(code: Any) -> None:
    with pytest.raises(ValueNotCanonical) as refused:
        act_code_lock(ACT_KEY, CONTEXT, {"right.code": code})
    assert refused.value.details["path"] == "right.code"
    if code:
        assert str(code) not in str(refused.value)


def test_the_act_codes_key_opens_no_other_group_even_to_one_who_knows_its_values() -> None:
    """With the payer's key in place of each other group's, no tag or lock on the chain is reproduced."""
    order, delivery = sealed("order"), sealed("delivery")
    on_chain = {*locks(order, KEY), *tags(delivery, KEY), *locks(sealed("invoice"), KEY)}
    contents = group_values("lens-order/1", order.values)
    for group in set(Group) - {Group.ACT_CODES}:
        tried = tag_of(GroupKey.read(group, ACT_KEY.reveal()), contents[group])
        assert tried not in on_chain
        assert lock_of(CONTEXT, group, tried) not in on_chain
        # Nor is it the order key: no group's key comes out of it.
        derived = OrderKey.read(ACT_KEY.reveal()).group_key(CONTEXT, group)
        assert derived != KEY.group_key(CONTEXT, group)


def test_orders_that_differ_in_all_but_the_codes_look_the_same_to_the_payer() -> None:
    other = values(
        "order",
        right__sphere="+3.00",
        right__axis=77,
        right__lens__code="BUDGET",
        right__supplement=[],
        left__sphere="0.25",
        left__quantity=2,
    )
    assert locks(sealed("order", other), KEY)[Group.ACT_CODES] == act_code_lock(ACT_KEY, CONTEXT, AUTHORISED)
