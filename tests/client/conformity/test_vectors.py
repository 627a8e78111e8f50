# SPDX-License-Identifier: Apache-2.0
"""The published vectors are what the code makes, and what docs/conformity.md says, computed here without our code."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eth_hash.auto import keccak

from sceau.conformity import (
    GroupKey,
    GroupOpening,
    OrderContext,
    OrderKey,
    act_code_lock,
    check_tag,
    differing_locks,
    tags,
)
from sceau.record import Scope, SealedRecord
from sceau.terms import Group

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "conformity.json").read_text("utf-8"))


def raw(written: str) -> bytes:
    return bytes.fromhex(written[2:])


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def padded(data: bytes) -> bytes:
    return word(len(data)) + data + bytes(-len(data) % 32)


def value(kind: str, written: str) -> bytes:
    """abi.encode of one value, written out by hand."""
    return word(32) + padded(written.encode()) if kind == "string" else word(int(written))


def tuple_of(*parts: bytes) -> bytes:
    """The ABI encoding of dynamic parts: their offsets, then the parts."""
    heads, tail = [], b""
    for part in parts:
        heads.append(word(32 * len(parts) + len(tail)))
        tail += part
    return b"".join(heads) + tail


def canonical_group(version: str, entries: list[dict[str, str]]) -> bytes:
    written = [
        tuple_of(
            padded(each["path"].encode()),
            padded(each["type"].encode()),
            padded(value(each["type"], each["value"])),
        )
        for each in entries
    ]
    return word(int(version)) + word(64) + word(len(written)) + tuple_of(*written)


def test_the_file_is_what_the_generator_writes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.vectors.generate_conformity", "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("case", VECTORS["groupKeys"])
def test_group_keys_as_the_document_computes_them(case: Any) -> None:
    label = b"sceau-group-key-1"
    for number, name in enumerate(VECTORS["groups"]):
        message = (
            word(6 * 32)
            + word(int(case["chain_id"]))
            + raw(case["contract"]).rjust(32, b"\0")
            + raw(case["claim"])
            + word(int(case["order"]))
            + word(number)
            + padded(label)
        )
        expected = hmac.new(raw(case["orderKey"]), message, hashlib.sha256).hexdigest()
        assert case["groupKeys"][name] == "0x" + expected


@pytest.mark.parametrize("case", VECTORS["seals"], ids=lambda case: case["group"])
def test_groups_tags_and_locks_as_the_document_computes_them(case: Any) -> None:
    assert canonical_group(case["version"], case["entries"]) == raw(case["encoded"])
    tag = hmac.new(raw(case["groupKey"]), raw(case["encoded"]), hashlib.sha256).digest()
    assert "0x" + tag.hex() == case["tag"]
    group = word(VECTORS["groups"].index(case["group"]))
    lock = keccak(raw(case["claim"]) + word(int(case["order"])) + group + tag)
    assert "0x" + lock.hex() == case["lock"]


def test_the_sample_records_give_the_locks_and_tags_of_the_file() -> None:
    order, delivery, invoice = VECTORS["records"]
    key = OrderKey.read(order["orderKey"])
    for case in (order, invoice):
        assert differing_locks(SealedRecord.from_json(case["opening"]), key, order["locks"]) == ()
    assert list(tags(SealedRecord.from_json(delivery["opening"]), key)) == delivery["tags"]
    assert order["groups"] == delivery["groups"] == invoice["groups"]
    for group, lock in enumerate(order["locks"]):
        tag = raw(delivery["tags"][group])
        context = OrderContext.of(Scope.parse(order["opening"]["scope"]))
        assert (
            lock == "0x" + keccak(raw(context.claim) + word(context.order_number) + word(group) + tag).hex()
        )


@pytest.mark.parametrize("case", VECTORS["actCodes"], ids=lambda case: str(len(case["codes"])))
def test_act_codes(case: Any) -> None:
    context = OrderContext(int(case["chain_id"]), case["contract"], case["claim"], int(case["order"]))
    key = GroupKey.read(Group.ACT_CODES, case["groupKey"])
    assert act_code_lock(key, context, case["codes"]) == case["lock"]


@pytest.mark.parametrize("case", VECTORS["groupOpenings"], ids=lambda case: case["opening"]["group"])
def test_group_openings(case: Any) -> None:
    opened = GroupOpening.from_json(case["opening"])
    content = check_tag(opened, root=case["root"], scope=Scope.parse(case["scope"]), tag=case["tag"])
    delivery = VECTORS["records"][1]
    assert "0x" + content.encoded.hex() == delivery["groups"][case["opening"]["group"]]
