# SPDX-License-Identifier: Apache-2.0
"""An order key is never shown by accident, and each group key is of one group of one order only."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback
from typing import Any

import pytest

from sceau.conformity import GroupKey, OrderContext, OrderKey
from sceau.conformity.errors import KeyMalformed, OrderContextWrong
from sceau.record import Scope
from sceau.record.errors import ScopeNotCanonical
from sceau.terms import Group
from tests.client.conformity.lenses import KEY, PLACE

SECRET = "000102030405"
CONTEXT = OrderContext(**PLACE)
GROUP_KEY = KEY.group_key(CONTEXT, Group.CORRECTION)


@dataclasses.dataclass
class Holder:
    key: object


@pytest.mark.parametrize("key", [KEY, GROUP_KEY], ids=["order", "group"])
def test_a_key_is_in_no_repr_log_or_traceback(
    key: OrderKey | GroupKey, caplog: pytest.LogCaptureFixture
) -> None:
    secret = key.reveal()[2:14]
    shown = [
        repr(key),
        str(key),
        f"{key}",
        f"{key!r:>80}",
        repr([key]),
        repr({"key": key}),
        repr(Holder(key)),
    ]
    logging.getLogger("test").warning("key %s %r", key, key)
    try:
        raise ValueError(key)
    except ValueError:
        shown.append(traceback.format_exc())
    for text in (*shown, caplog.text):
        assert secret not in text.lower()
        assert "secret" in text


@pytest.mark.parametrize("key", [KEY, GROUP_KEY], ids=["order", "group"])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_key_is_not_pickled_copied_or_written_as_json(key: OrderKey | GroupKey, protocol: int) -> None:
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(key, protocol)
    for copied in (copy.copy, copy.deepcopy, json.dumps, lambda held: dataclasses.asdict(Holder(held))):
        with pytest.raises(TypeError):
            copied(key)
    with pytest.raises(TypeError):
        vars(key)
    with pytest.raises(TypeError):
        hash(key)


def test_what_is_revealed_reads_back_as_the_same_key() -> None:
    assert OrderKey.read(KEY.reveal()) == KEY
    read = GroupKey.read(Group.CORRECTION, GROUP_KEY.reveal())
    assert read == GROUP_KEY
    assert read.group is Group.CORRECTION
    assert GroupKey.read(Group.QUANTITY, GROUP_KEY.reveal()) != GROUP_KEY
    assert OrderKey.read(GROUP_KEY.reveal()) != GROUP_KEY
    assert OrderKey.draw() != OrderKey.draw()


@pytest.mark.parametrize(
    "written", ["", "0x", KEY.reveal()[2:], KEY.reveal() + "00", KEY.reveal().upper(), b"\x00" * 32, None, 7]
)
def test_a_text_that_is_no_key_is_refused_and_not_echoed(written: Any) -> None:
    with pytest.raises(KeyMalformed) as refused:
        OrderKey.read(written)
    assert SECRET not in str(refused.value)
    assert refused.value.message("fr") != str(refused.value)


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33), 32, "0" * 32, bytearray(32)])
def test_a_key_is_made_of_32_bytes_and_of_nothing_else(secret: Any) -> None:
    # bytes(32) would be 32 zeros: a number must not pass for a key.
    with pytest.raises(KeyMalformed):
        OrderKey(secret)


def test_every_group_of_every_order_has_a_key_of_its_own() -> None:
    contexts = [
        CONTEXT,
        dataclasses.replace(CONTEXT, order_number=2),
        dataclasses.replace(CONTEXT, chain_id=1338),
        dataclasses.replace(CONTEXT, contract="0x" + "c2" * 20),
        dataclasses.replace(CONTEXT, claim="0x" + "d3" * 32),
    ]
    keys = {
        key.group_key(context, group).reveal()
        for key in (KEY, OrderKey(bytes(32)))
        for context in contexts
        for group in Group
    }
    assert len(keys) == 2 * len(contexts) * len(Group)


def test_a_checksummed_address_and_capital_digits_name_the_same_order() -> None:
    loud = OrderContext(1337, "0x" + "C1" * 20, "0x" + "D2" * 32, 1)
    assert loud == CONTEXT
    assert KEY.group_key(loud, Group.CORRECTION) == GROUP_KEY


@pytest.mark.parametrize("order", [0, 256, -1, True, "1", None])
def test_orders_are_numbered_from_1_to_255(order: Any) -> None:
    with pytest.raises((OrderContextWrong, ScopeNotCanonical)):
        dataclasses.replace(CONTEXT, order_number=order)


def test_a_record_that_is_about_no_order_has_no_order_context() -> None:
    with pytest.raises(OrderContextWrong):
        OrderContext.of(Scope("consent", 1, 1337, PLACE["contract"]))
    with pytest.raises(OrderContextWrong):
        OrderContext.of(
            Scope(
                "fr-optical-quote", 1, 1337, PLACE["contract"], PLACE["claim"], order_number=0, step="opened"
            )
        )
