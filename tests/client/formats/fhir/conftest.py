# SPDX-License-Identifier: Apache-2.0
"""HL7's example files, whole or with something changed in them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[3] / "fhir-r4"
GONE = object()


def changed(data: Any, *changes: tuple[tuple[str | int, ...], object]) -> bytes:
    """The bytes of ``data`` with each (place, value) of ``changes`` made; GONE removes the place."""
    data = copy.deepcopy(data)
    for place, value in changes:
        *above, last = place
        holder = data
        for step in above:
            holder = holder[step]
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return json.dumps(data).encode()


class Examples:
    """Reads the example files by name."""

    folder = EXAMPLES
    gone = GONE

    @staticmethod
    def path(name: str) -> Path:
        return EXAMPLES / f"{name}.json"

    def data(self, name: str) -> Any:
        return json.loads(self.path(name).read_text("utf-8"))

    def changed(self, name: str, *changes: tuple[tuple[str | int, ...], object]) -> bytes:
        return changed(self.data(name), *changes)


@pytest.fixture(scope="session")
def examples() -> Examples:
    return Examples()
