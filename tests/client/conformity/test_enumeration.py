# SPDX-License-Identifier: Apache-2.0
"""Whoever reads the chain and tries every correction of an eye finds it under a plain hash, and not under a tag.

The space: sphere -16 to 16, cylinder -0.25 to -4, each by 0.25, axis 1 to 180: 371,520 lenses, nearly all that
shops order with a cylinder. The addition, and everything that is public about the order, is given to the one who tries.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak

from sceau.conformity import OrderContext, group_values, locks, tags
from sceau.formats.optics.order import load_delivery, load_order
from sceau.terms import Group
from tests.client.conformity.lenses import KEY, PLACE, file, quarters, sealed

SPHERES = [quarters(number) for number in range(-64, 65)]
CYLINDERS = [quarters(-number) for number in range(1, 17)]
AXES = range(1, 181)
TRUTH = ("-1.75", "-0.75", 100)
CONTEXT = OrderContext(**PLACE)


def correction(data: Any) -> bytes:
    return group_values("lens-order/1", load_order(data))[Group.CORRECTION].encoded


def written(sphere: str, cylinder: str, axis: int) -> Any:
    return file(
        "order",
        right__sphere=sphere,
        right__cylinder=cylinder,
        right__axis=axis,
        right__prism=None,
        left=None,
    )


def text(value: str) -> bytes:
    return encode(["string"], [value])


def candidates() -> Iterator[tuple[tuple[str, str, int], bytes]]:
    """The canonical group of every correction of the right eye, made by putting words into one of them.

    Texts of up to 32 bytes all take three words, so the rest of the encoding is the same for all.
    """
    sphere, cylinder, axis = TRUTH
    first, found_cylinder, rest = correction(written(*TRUTH)).partition(text(cylinder))
    middle, found_sphere, last = rest.partition(text(sphere))
    before, found_axis, after = first.partition(encode(["uint256"], [axis]))
    assert found_cylinder
    assert found_sphere
    assert found_axis
    for each_sphere in SPHERES:
        end = middle + text(each_sphere) + last
        for each_cylinder in CYLINDERS:
            tail = after + text(each_cylinder) + end
            for each_axis in AXES:
                yield (each_sphere, each_cylinder, each_axis), before + each_axis.to_bytes(32, "big") + tail


def test_the_candidates_are_what_a_practice_seals() -> None:
    lenses = [TRUTH, ("-16.00", "-4.00", 1), ("0.00", "-0.25", 180), ("12.50", "-1.00", 9)]
    real = {correction(written(*lens)): lens for lens in lenses}
    tried = {lens: real.get(group) for lens, group in candidates()}
    assert len(tried) == 129 * 16 * 180
    assert {lens: found for lens, found in tried.items() if found} == {lens: lens for lens in lenses}


def on_chain() -> tuple[set[bytes], list[bytes]]:
    """Everything that the chain holds of the order: the locks, then the tags, and what everybody knows."""
    order = sealed("order", load_order(written(*TRUTH)))
    made = file("delivery", right__prism=None, left=None)
    delivery = sealed("delivery", load_delivery(made))
    seals = {*locks(order, KEY), *tags(delivery, KEY)}
    public = [order.root, delivery.root, PLACE["claim"], *sorted(seals)]
    return {bytes.fromhex(each[2:]) for each in seals}, [bytes.fromhex(each[2:]) for each in public]


def test_with_a_plain_hash_the_correction_would_have_been_found() -> None:
    hashed = hashlib.sha256(correction(written(*TRUTH))).digest()
    assert [lens for lens, group in candidates() if hashlib.sha256(group).digest() == hashed] == [TRUTH]


def test_without_the_key_no_correction_is_found_from_tags_and_locks() -> None:
    seals, _ = on_chain()
    assert [lens for lens, group in candidates() if hashlib.sha256(group).digest() in seals] == []


def test_nor_with_anything_public_in_the_place_of_the_key() -> None:
    """The true correction itself is not recognised: there is nothing on the chain to compare a guess with."""
    seals, public = on_chain()
    truth = correction(written(*TRUTH))
    guesses = [hashlib.sha256(truth).digest(), bytes(keccak(truth))]
    for key in (
        b"",
        bytes(32),
        CONTEXT.chain_id.to_bytes(32, "big"),
        bytes.fromhex(CONTEXT.contract[2:]),
        *public,
    ):
        guesses.append(hmac.new(key, truth, hashlib.sha256).digest())
        derived = KEY.__class__(key.rjust(32, b"\0")).group_key(CONTEXT, Group.CORRECTION)
        guesses.append(derived.authenticate(truth))
    for tag in guesses:
        lock = keccak(
            encode(
                ["bytes32", "uint8", "uint256", "bytes32"],
                [bytes.fromhex(CONTEXT.claim[2:]), CONTEXT.order_number, Group.CORRECTION, tag],
            )
        )
        assert tag not in seals
        assert lock not in seals
    # The same search with the key does recognise it, so the test looks in the right place.
    assert KEY.group_key(CONTEXT, Group.CORRECTION).authenticate(truth) in seals
