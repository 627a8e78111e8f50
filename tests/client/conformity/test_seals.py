# SPDX-License-Identifier: Apache-2.0
"""Locks are the practice's, tags the supplier's; what is copied or was made for another order fits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from sceau.conformity import (
    OrderContext,
    OrderKey,
    check_locks,
    differing_locks,
    group_values,
    lock_of,
    locks,
    tag_of,
    tags,
)
from sceau.conformity.errors import (
    GroupKeyOfAnotherGroup,
    LocksDiffer,
    NotADelivery,
    NotForLocks,
    RecordNotSealed,
    SealsMalformed,
    StepWrong,
)
from sceau.record import Scope, SealedRecord
from sceau.record.errors import PathUnknown
from sceau.terms import Group
from tests.client.conformity.lenses import KEY, PLACE, sealed, values

EVERY_GROUP = set(Group)
OTHER_KEY = OrderKey(b"\x77" * 32)
ELSEWHERE = [
    {"order_number": 2},
    {"claim": "0x" + "d3" * 32},
    {"chain_id": 1338},
    {"contract": "0x" + "c2" * 20},
]


def compared(tags_given: Sequence[str], order: SealedRecord | None = None) -> set[Group]:
    """The groups in which the contract would find a mismatch, by its own rule (ClaimRegistry._compareTags)."""
    order = order or sealed("order")
    context, written = OrderContext.of(order.scope), locks(order, KEY)
    return {group for group in Group if lock_of(context, group, tags_given[group]) != written[group]}


def test_a_delivery_of_what_was_ordered_fits_every_lock() -> None:
    assert compared(tags(sealed("delivery"), KEY)) == set()


def test_a_supplier_that_copies_the_locks_fits_in_no_group() -> None:
    order = sealed("order")
    assert compared(locks(order, KEY)) == EVERY_GROUP
    assert compared(locks(sealed("invoice"), KEY)) == EVERY_GROUP
    # Nor in another place of the row.
    for turned in range(1, 4):
        written = locks(order, KEY)
        assert compared(written[turned:] + written[:turned]) == EVERY_GROUP


def test_tags_turned_to_another_groups_place_fit_in_no_group() -> None:
    attested = tags(sealed("delivery"), KEY)
    for turned in range(1, 4):
        assert compared(attested[turned:] + attested[:turned]) == EVERY_GROUP


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=lambda change: next(iter(change)))
def test_tags_of_another_order_claim_chain_or_contract_fit_in_no_group(elsewhere: dict[str, Any]) -> None:
    # The same goods, the same order key: only the place differs.
    assert compared(tags(sealed("delivery", **elsewhere), KEY)) == EVERY_GROUP


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=lambda change: next(iter(change)))
def test_an_order_made_out_for_another_place_does_not_fit_these_locks(elsewhere: dict[str, Any]) -> None:
    on_chain = locks(sealed("order"), KEY)
    assert set(differing_locks(sealed("order", **elsewhere), KEY, on_chain)) == EVERY_GROUP


def test_tags_under_another_key_fit_in_no_group() -> None:
    assert compared(tags(sealed("delivery"), OTHER_KEY)) == EVERY_GROUP


def test_a_remake_with_a_fresh_key_shares_no_lock_with_the_first_order() -> None:
    first = locks(sealed("order"), KEY)
    remade = values("order", order__reason="breakage")
    again = locks(sealed("order", remade, step="remade", order_number=2), OTHER_KEY)
    assert not set(first) & set(again)


def test_a_wrong_key_in_the_envelope_is_refused_before_anything_is_made() -> None:
    order = sealed("order")
    on_chain = locks(order, KEY)
    check_locks(order, KEY, on_chain)
    check_locks(order, KEY, [each.upper().replace("0X", "0x") for each in on_chain])
    with pytest.raises(LocksDiffer) as refused:
        check_locks(order, OTHER_KEY, on_chain)
    assert str(refused.value).startswith(
        "The order does not fit its locks on the chain: act codes, lens product, correction as ordered, quantity"
    )


@pytest.mark.parametrize(
    ("changes", "groups"),
    [
        ({"right__code": "VXB9"}, {Group.ACT_CODES}),
        ({"left__lens__code": "PRX60"}, {Group.LENS_PRODUCT}),
        ({"left__supplement": None}, {Group.LENS_PRODUCT}),
        ({"left__lens__diameter": None}, {Group.LENS_PRODUCT}),
        ({"right__axis": 11}, {Group.CORRECTION}),
        ({"right__prism": None}, {Group.CORRECTION}),
        ({"left__quantity": 2}, {Group.QUANTITY}),
        ({"left": None}, EVERY_GROUP),
        ({"order__reference": "CMD9"}, set()),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_the_supplier_is_told_which_groups_of_the_envelope_are_not_those_on_the_chain(
    changes: dict[str, Any], groups: set[Group]
) -> None:
    on_chain = locks(sealed("order"), KEY)
    envelope = sealed("order", values("order", **changes))
    assert set(differing_locks(envelope, KEY, on_chain)) == groups
    if groups:
        with pytest.raises(LocksDiffer):
            check_locks(envelope, KEY, on_chain)


@pytest.mark.parametrize("kind", ["order", "invoice"])
def test_no_call_makes_delivery_tags_from_an_order_or_an_invoice(kind: str) -> None:
    with pytest.raises(NotADelivery) as refused:
        tags(sealed(kind), KEY)
    assert "lens-delivery" in str(refused.value)


def test_an_orders_values_are_no_delivery_record() -> None:
    with pytest.raises(PathUnknown) as refused:
        sealed("delivery", values("order"))
    assert refused.value.details["path"] == "order.date"


def test_no_call_makes_locks_from_a_delivery() -> None:
    on_chain = locks(sealed("order"), KEY)
    for call in (locks, lambda record, key: differing_locks(record, key, on_chain)):
        with pytest.raises(NotForLocks):
            call(sealed("delivery"), KEY)


@pytest.mark.parametrize(
    ("kind", "step"),
    [("order", "delivered"), ("order", "opened"), ("delivery", "ordered"), ("invoice", "ordered")],
)
def test_a_record_gives_seals_only_for_the_step_it_is_written_at(kind: str, step: str) -> None:
    with pytest.raises(StepWrong) as refused:
        (tags if kind == "delivery" else locks)(sealed(kind, step=step), KEY)
    assert f"'{step}'" in str(refused.value)


def test_a_record_without_the_groups_gives_none() -> None:
    scope = Scope("optical-prescription", 1, **(PLACE | {"step": "ordered"}))
    lens = {"prescription.written": "2026-10-02", "right.sphere": "-2.00", "right.cylinder": "0.00"}
    for call in (locks, tags):
        with pytest.raises(RecordNotSealed):
            call(SealedRecord(scope, lens, bytes(32)), KEY)
    for name in ("lens-order/2", "lens-order", "", "nonsense", "x" * 500):
        with pytest.raises(RecordNotSealed) as refused:
            group_values(name, lens)
        assert len(str(refused.value)) < 200


WORD = "0x" + "11" * 32


@pytest.mark.parametrize(
    "given", [[], [WORD] * 3, [WORD] * 5, ["0x11"] * 4, ["11" * 32] * 4, [b"1" * 32] * 4, [None] * 4]
)
def test_locks_are_four_words_of_32_bytes(given: Any) -> None:
    with pytest.raises(SealsMalformed):
        check_locks(sealed("order"), KEY, given)


def test_a_groups_key_serves_its_group_only() -> None:
    contents = group_values("lens-order/1", values("order"))
    key = KEY.group_key(OrderContext(**PLACE), Group.CORRECTION)
    assert tag_of(key, contents[Group.CORRECTION]).startswith("0x")
    with pytest.raises(GroupKeyOfAnotherGroup) as refused:
        tag_of(key, contents[Group.QUANTITY])
    assert "correction" in str(refused.value)
