# SPDX-License-Identifier: Apache-2.0
"""Each side opens one group to the auditor: what does not reproduce its own root and lock or tag is no opening."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from sceau.chain.terms import Group
from sceau.conformity import (
    GroupOpening,
    OrderKey,
    check_lock,
    check_tag,
    differences,
    locks,
    open_group,
    tags,
)
from sceau.conformity.errors import (
    GroupOpeningShowsMore,
    KeyMalformed,
    NotADelivery,
    NotForLocks,
    SealNotReproduced,
    StepWrong,
)
from sceau.conformity.groups import CanonicalGroup
from sceau.documents.errors import FileMalformed
from sceau.errors import SceauError
from sceau.record import SealedRecord
from sceau.record.errors import DisclosureRefused, PathTwice, ProofDoesNotFit, RecordForeign
from sceau.record.leaf import Leaf
from sceau.record.multiproof import Multiproof
from tests.client.conformity.lenses import KEY, sealed, values

ORDER, DELIVERY, INVOICE = sealed("order"), sealed("delivery"), sealed("invoice")
OTHER_KEY = OrderKey(b"\x77" * 32)
NO_SEAL = "0x" + "00" * 32


def opened(opening: SealedRecord, group: Group, key: OrderKey = KEY) -> GroupOpening:
    """The opening as an auditor reads it from a file."""
    return GroupOpening.from_json(json.dumps(open_group(opening, key, group).to_json()))


def lock_holds(opening: SealedRecord, group: Group, key: OrderKey = KEY, **changes: Any) -> CanonicalGroup:
    given: dict[str, Any] = {"root": opening.root, "scope": opening.scope} | changes
    lock = given.pop("lock", None) or locks(opening, KEY)[group]
    return check_lock(opened(opening, group, key), lock=lock, **given)


@pytest.mark.parametrize("group", Group, ids=lambda group: group.name.lower())
def test_both_sides_of_one_order_reproduce_root_and_seal_and_say_the_same(group: Group) -> None:
    practice = lock_holds(ORDER, group, lock="0x" + locks(ORDER, KEY)[group][2:].upper())
    supplier = check_tag(
        opened(DELIVERY, group), root=DELIVERY.root, scope=DELIVERY.scope, tag=tags(DELIVERY, KEY)[group]
    )
    invoice = lock_holds(INVOICE, group)
    assert differences(practice, supplier) == differences(practice, invoice) == ()
    assert open_group(ORDER, KEY, group).key == open_group(DELIVERY, KEY, group).key


def test_a_swapped_lens_is_named_by_its_path_once_both_sides_have_opened() -> None:
    swapped = sealed("delivery", values("delivery", right__lens__code="BUDGET", right__supplement=[]))
    group = Group.LENS_PRODUCT
    ordered = lock_holds(ORDER, group)
    made = check_tag(
        opened(swapped, group), root=swapped.root, scope=swapped.scope, tag=tags(swapped, KEY)[group]
    )
    assert differences(ordered, made) == (
        "right.lens.code",
        "right.supplement.1.code",
        "right.supplement.1.type",
        "right.supplement.2.code",
        "right.supplement.2.type",
    )


@pytest.mark.parametrize("group", Group, ids=lambda group: group.name.lower())
def test_an_opening_shows_its_group_and_nothing_else(group: Group) -> None:
    written = json.dumps(open_group(ORDER, KEY, group).to_json())
    shown = {leaf["name"] for leaf in json.loads(written)["shown"]["leaves"]}
    assert shown == {"sceau.record", *lock_holds(ORDER, group).values}
    for other in set(Group) - {group}:
        assert not shown & set(lock_holds(ORDER, other).values)
        assert open_group(ORDER, KEY, other).key.reveal() not in written
    assert KEY.reveal() not in written
    assert ORDER.to_json()["seed"] not in written


@pytest.mark.parametrize(
    "change",
    [{"key": OTHER_KEY}, {"lock": NO_SEAL}, {"lock": locks(ORDER, KEY)[Group.QUANTITY]}],
    ids=["another key", "another lock", "another group's lock"],
)
def test_an_opening_that_does_not_reproduce_the_lock_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SealNotReproduced) as refused:
        lock_holds(ORDER, Group.CORRECTION, **change)
    assert "correction as ordered" in str(refused.value)


@pytest.mark.parametrize(
    "seal", [NO_SEAL, tags(DELIVERY, KEY)[Group.QUANTITY], locks(ORDER, KEY)[Group.CORRECTION]]
)
def test_an_opening_that_does_not_reproduce_the_tag_is_refused(seal: str) -> None:
    with pytest.raises(SealNotReproduced) as refused:
        check_tag(opened(DELIVERY, Group.CORRECTION), root=DELIVERY.root, scope=DELIVERY.scope, tag=seal)
    assert "the tag on the chain" in str(refused.value)


def test_an_opening_that_does_not_reproduce_the_root_is_refused() -> None:
    with pytest.raises(ProofDoesNotFit):
        lock_holds(ORDER, Group.CORRECTION, root=sealed("order", seed=b"\x06" * 32).root)


def test_an_opening_of_another_order_or_claim_is_refused() -> None:
    for elsewhere in ({"order": 2}, {"claim": "0x" + "d3" * 32}, {"chain_id": 1338}):
        with pytest.raises(RecordForeign):
            lock_holds(ORDER, Group.CORRECTION, scope=sealed("order", **elsewhere).scope)


def made_weaker(leaf: Leaf) -> Leaf:
    return dataclasses.replace(leaf, value="-1.50") if leaf.path == "right.sphere" else leaf


def test_a_leaf_changed_left_out_or_shown_twice_is_refused() -> None:
    whole = open_group(ORDER, KEY, Group.CORRECTION)
    *_, last = whole.shown.leaves
    for leaves, refusal in (
        (map(made_weaker, whole.shown.leaves), ProofDoesNotFit),
        (whole.shown.leaves[:-1], ProofDoesNotFit),
        ((*whole.shown.leaves, last), PathTwice),
    ):
        shown = dataclasses.replace(whole.shown, leaves=tuple(leaves))
        with pytest.raises(refusal):
            check_lock(
                dataclasses.replace(whole, shown=shown),
                root=ORDER.root,
                scope=ORDER.scope,
                lock=locks(ORDER, KEY)[Group.CORRECTION],
            )


def test_a_part_of_a_group_proved_under_the_root_does_not_reproduce_the_lock() -> None:
    paths = [path for path in lock_holds(ORDER, Group.CORRECTION).values if path != "right.prism.vertical"]
    part = GroupOpening(open_group(ORDER, KEY, Group.CORRECTION).key, ORDER.prove(paths))
    assert "right.prism.vertical" not in part.read(ORDER.root, ORDER.scope).values
    with pytest.raises(SealNotReproduced):
        check_lock(part, root=ORDER.root, scope=ORDER.scope, lock=locks(ORDER, KEY)[Group.CORRECTION])


def test_an_opening_that_shows_more_than_its_group_is_refused() -> None:
    key = open_group(ORDER, KEY, Group.ACT_CODES).key
    more = GroupOpening(key, ORDER.prove(["right.code", "left.code", "right.sphere"]))
    with pytest.raises(GroupOpeningShowsMore) as refused:
        more.read(ORDER.root, ORDER.scope)
    details = refused.value.details
    assert (details["path"], details["group"].code) == ("right.sphere", "act-codes")


def test_a_lock_is_checked_against_an_order_or_invoice_and_a_tag_against_a_delivery() -> None:
    group = Group.QUANTITY
    with pytest.raises(NotForLocks):
        lock_holds(DELIVERY, group, lock=NO_SEAL)
    for record in (ORDER, INVOICE):
        with pytest.raises(NotADelivery):
            check_tag(opened(record, group), root=record.root, scope=record.scope, tag=NO_SEAL)
    with pytest.raises(StepWrong):
        opened(ORDER, group).read(ORDER.root, dataclasses.replace(ORDER.scope, step="opened"))


def test_a_supplier_that_sends_the_orders_own_leaves_opens_nothing() -> None:
    order_leaves = open_group(ORDER, KEY, Group.CORRECTION)
    with pytest.raises(DisclosureRefused):
        check_tag(
            order_leaves,
            root=DELIVERY.root,
            scope=DELIVERY.scope,
            tag=tags(DELIVERY, KEY)[Group.CORRECTION],
        )


def test_an_opening_shows_neither_key_nor_value_in_a_log() -> None:
    whole = open_group(ORDER, KEY, Group.CORRECTION)
    assert repr(whole) == "GroupOpening(correction)"
    assert whole.key.reveal() not in repr([whole, whole.key, whole.shown])


GOOD = open_group(ORDER, KEY, Group.CORRECTION).to_json()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"format": "sceau-group-opening/2"}, FileMalformed),
        ({"group": "colour"}, FileMalformed),
        ({"group": 2}, FileMalformed),
        ({"key": "0x00"}, KeyMalformed),
        ({"key": None}, KeyMalformed),
        ({"shown": []}, FileMalformed),
        ({"shown": {"leaves": []}}, FileMalformed),
        ({"more": 1}, FileMalformed),
    ],
    ids=str,
)
def test_a_damaged_file_is_refused(change: dict[str, Any], refusal: type[SceauError]) -> None:
    with pytest.raises(refusal) as refused:
        GroupOpening.from_json(GOOD | change)
    assert GOOD["key"][2:] not in str(refused.value)


def test_a_file_cut_short_is_refused() -> None:
    text = json.dumps(GOOD)
    for length in range(0, len(text), 97):
        with pytest.raises(FileMalformed):
            GroupOpening.from_json(text[:length])
    assert isinstance(GroupOpening.from_json(text).shown, Multiproof)
