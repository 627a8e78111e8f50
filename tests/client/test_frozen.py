# SPDX-License-Identifier: Apache-2.0
"""Nothing that a policy, a disclosure, a verification or an audit says can be changed afterwards, or told in a log."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest


def records(room: str) -> Iterator[type]:
    package = importlib.import_module(f"sceau.{room}")
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        yield from (
            each
            for each in vars(module).values()
            if isinstance(each, type) and each.__module__ == module.__name__ and is_dataclass(each)
        )


ROOMS = ("policy", "disclosure", "verify", "audit")

#: The records whose text shows their fields: none of these holds a key, a salt or a value that was shown, unless its
#: own text hides it.
TOLD = {
    *("Clause", "Policy"),
    *("ConsentPart", "GivenConsent", "PolicyReference"),
    *("Answer", "At", "BlockSeen", "Finding", "Judged", "Kind", "Mark", "Reader", "When"),
    *("Asked", "Check", "Report", "Ruling", "Seals", "Side"),
}
#: The fields that the text of a record leaves out.
LEFT_OUT = {"Asked.answers", "Policy.text"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_record_of_the_room_is_frozen(room: str) -> None:
    found = list(records(room))
    assert found
    assert [each.__name__ for each in found if not each.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]


def test_the_text_of_a_record_is_that_of_its_fields_only_where_none_is_secret() -> None:
    told, left_out = set(), set()
    for record in (each for room in ROOMS for each in records(room)):
        if hasattr(record.__repr__, "__wrapped__"):  # made by `dataclass`
            told.add(record.__name__)
            left_out |= {f"{record.__name__}.{each.name}" for each in fields(record) if not each.repr}
    assert told == TOLD
    assert left_out == LEFT_OUT
