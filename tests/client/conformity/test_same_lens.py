# SPDX-License-Identifier: Apache-2.0
"""Two programs that write one lens in different ways seal one value; two lenses that differ never do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.conformity import OrderContext, differing_locks, group_values, lock_of, locks, tags
from sceau.formats.optics.order import load_delivery, load_order
from sceau.record import SealedRecord
from sceau.terms import Group
from tests.client.conformity.lenses import KEY, Lens, Writer, file, lenses, pairs, sealed, values

GROUP_OF = {
    "code": Group.ACT_CODES,
    "quantity": Group.QUANTITY,
    **dict.fromkeys(
        ["maker", "product", "geometry", "material", "index", "diameter", "supplements"], Group.LENS_PRODUCT
    ),
    **dict.fromkeys(["sphere", "cylinder", "axis", "addition", "vertical", "horizontal"], Group.CORRECTION),
}


def mismatch(order: SealedRecord, delivery: SealedRecord) -> set[Group]:
    """The groups in which the contract would find that the tags do not fit the locks."""
    context = OrderContext.of(order.scope)
    written, attested = locks(order, KEY), tags(delivery, KEY)
    return {group for group in Group if lock_of(context, group, attested[group]) != written[group]}


@settings(max_examples=60, deadline=None)
@given(pair=pairs, data=st.data())
def test_an_optician_and_a_lens_maker_who_write_one_pair_differently_give_the_same_tags(
    pair: dict[str, Lens], data: st.DataObject
) -> None:
    order = sealed("order", load_order(Writer(data.draw).order(pair)))
    delivery = sealed("delivery", load_delivery(Writer(data.draw).delivery(pair)))
    assert mismatch(order, delivery) == set()


@settings(max_examples=60, deadline=None)
@given(right=lenses, left=lenses, other=lenses, name=st.sampled_from(sorted(GROUP_OF)), data=st.data())
def test_a_lens_that_differs_in_one_thing_differs_in_that_things_group_and_no_other(
    right: Lens, left: Lens, other: Lens, name: str, data: st.DataObject
) -> None:
    swapped = replace(right, **{name: getattr(other, name)})
    order = sealed("order", load_order(Writer(data.draw).order({"right": right, "left": left})))
    delivery = sealed("delivery", load_delivery(Writer(data.draw).delivery({"right": swapped, "left": left})))
    # Without a cylinder the axis says nothing; the order of supplements says nothing either.
    same = alike(swapped) == alike(right)
    assert mismatch(order, delivery) == (set() if same else {GROUP_OF[name]})


def alike(lens: Lens) -> Lens:
    return replace(lens, axis=lens.axis if lens.cylinder else 0, supplements=tuple(sorted(lens.supplements)))


def test_plus_cylinder_and_minus_cylinder_are_one_correction() -> None:
    plus = values("order", right__sphere="-2.50", right__cylinder="+0.75", right__axis=10)
    minus = values("order", right__sphere="-1.75", right__cylinder="-0.75", right__axis=100)
    assert plus == minus


def test_two_eyes_swapped_are_not_the_same_order() -> None:
    data = file("order")
    data["right"], data["left"] = data["left"], data["right"]
    assert group_values("lens-order/1", load_order(data)) != group_values("lens-order/1", values("order"))


@pytest.mark.parametrize("eye", ["right", "left"])
def test_one_lens_alone_is_an_order_of_its_own(eye: str) -> None:
    data = file("order")
    del data["left" if eye == "right" else "right"]
    alone = load_order(data)
    other = {**data, ("left" if eye == "right" else "right"): data[eye]}
    del other[eye]
    groups = group_values("lens-order/1", alone)
    for group, content in group_values("lens-order/1", load_order(other)).items():
        assert content != groups[group]
    for group, content in group_values("lens-order/1", values("order")).items():
        assert content != groups[group]
    assert groups[Group.QUANTITY].values == {f"{eye}.quantity": 1}


def test_the_sample_order_delivery_and_invoice_fit() -> None:
    assert mismatch(sealed("order"), sealed("delivery")) == set()
    assert differing_locks(sealed("invoice"), KEY, locks(sealed("order"), KEY)) == ()


def test_what_is_in_no_group_changes_no_tag() -> None:
    before = tags(sealed("delivery"), KEY)
    changed = values(
        "delivery", dispatch__reference="BL1", dispatch__date="2026-12-24", right__serial=["Z9", "A1"]
    )
    assert tags(sealed("delivery", changed, seed=b"\x09" * 32), KEY) == before
