# SPDX-License-Identifier: Apache-2.0
"""A proof is read as it was written, in bounds, and believed in nothing."""

from __future__ import annotations

import inspect
import json
from dataclasses import is_dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

import sceau.proof
from sceau.documents.errors import FileMalformed
from sceau.proof.document import ChainProof
from sceau.proof.nodes import Nodes

GENESIS = "0x" + "11" * 32
#: Two characters for each byte of the biggest node, after ``0x``.
LONGEST = "0x" + "00" * 32_768


def proof() -> ChainProof:
    return ChainProof(
        1337, GENESIS, 9, (b"a header", b"the next"), Nodes(["0x00", "0x0102"]), ((7, 0), (9, 3))
    )


def read(**changes: Any) -> ChainProof:
    return ChainProof.from_json(json.dumps({**proof().to_json(), **changes}))


def test_it_is_read_as_it_was_written() -> None:
    written = proof().to_json()
    for again in (read(), ChainProof.from_stored(written)):
        assert again.to_json() == written
        assert (again.chain_id, again.genesis_hash, again.block) == (1337, GENESIS, 9)
        assert again.headers == (b"a header", b"the next")
        assert set(again.nodes) == {"0x00", "0x0102"}
        assert again.receipts == ((7, 0), (9, 3))
    assert written["format"] == "sceau-proof/1"
    assert written["receipts"] == [{"block": 7, "place": 0}, {"block": 9, "place": 3}]


#: The most that a list may hold, with one of its items.
BOUNDS = {
    "headers": (5_000, "0x00"),
    "nodes": (50_000, "0x00"),
    "receipts": (5_000, {"block": 1, "place": 2}),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_a_list_has_a_bound(name: str) -> None:
    most, item = BOUNDS[name]
    read(**{name: [item] * most})
    with pytest.raises(FileMalformed):
        read(**{name: [item] * (most + 1)})


def test_only_headers_must_be_there() -> None:
    read(nodes=[], receipts=[], headers=["0x"])
    with pytest.raises(FileMalformed):
        read(headers=[])


def test_a_header_and_a_node_are_as_long_as_the_biggest_node() -> None:
    read(headers=[LONGEST], nodes=[LONGEST])
    for name in ("headers", "nodes"):
        with pytest.raises(FileMalformed):
            read(**{name: [LONGEST + "00"]})


@pytest.mark.parametrize(
    "change",
    [
        {"format": "sceau-proof/2"},
        {"block": -1},
        {"block": "9"},
        {"genesis_hash": GENESIS[:-1]},
        {"headers": ["0x0"]},
        {"headers": ["00"]},
        {"nodes": ["0xGG"]},
        {"nodes": ["0x00\n"]},
        {"receipts": [{"block": -1, "place": 0}]},
        {"receipts": [{"block": 0, "place": -1}]},
        {"receipts": [{"block": 0}]},
        {"more": 1},
    ],
)
def test_a_file_of_another_shape_is_malformed(change: dict[str, Any]) -> None:
    read(block=0, receipts=[{"block": 0, "place": 0}])
    with pytest.raises(FileMalformed):
        read(**change)


def test_nothing_that_was_proved_can_be_changed() -> None:
    found = [
        kind
        for module in iter_modules(sceau.proof.__path__)
        for _, kind in inspect.getmembers(import_module(f"sceau.proof.{module.name}"), inspect.isclass)
        if is_dataclass(kind) and kind.__module__.startswith("sceau.proof")
    ]
    assert len(found) > 5
    assert all(vars(kind)["__dataclass_params__"].frozen for kind in found)
