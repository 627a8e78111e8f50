# SPDX-License-Identifier: Apache-2.0
"""Nothing that a policy, a disclosure, a verification or an audit says can be changed afterwards."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass

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


@pytest.mark.parametrize("room", ["policy", "disclosure", "verify", "audit"])
def test_a_record_of_the_room_is_frozen(room: str) -> None:
    found = list(records(room))
    assert found
    assert [each.__name__ for each in found if not each.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]
