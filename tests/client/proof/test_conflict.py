# SPDX-License-Identifier: Apache-2.0
"""Two proved blocks of one height are a conflict, and nothing else is; read from the document alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sceau.documents.errors import FileMalformed
from sceau.proof.conflict import Conflict, conflict
from sceau.proof.errors import Unproved, ValidatorsOutdated
from sceau.proof.header import Header, bytes_of_block, read_header
from sceau.proof.trust import Listed, Trust
from tests.client.proof.scenes import DAY, EPOCH, NOW, made
from tests.support.qbft import FORK, Seals, address_of, validator_keys

KEYS = validator_keys(4)
ALL = [address_of(each) for each in KEYS]
GENESIS = "0x" + "11" * 32
A_HASH = "0x" + "22" * 32


def block(number: int, seals: Seals, parent: str = A_HASH, **changes: Any) -> bytes:
    """The bytes of a sealed header."""
    fields = {
        "parentHash": parent,
        "sha3Uncles": A_HASH,
        "stateRoot": A_HASH,
        "transactionsRoot": A_HASH,
        "receiptsRoot": A_HASH,
        "logsBloom": "0x" + bytes(256).hex(),
        "number": hex(number),
        "gasLimit": hex(30_000_000),
        "gasUsed": "0x0",
        "timestamp": hex(NOW + number),
        "baseFeePerGas": "0x0",
        "withdrawalsRoot": A_HASH,
        **changes,
    }
    return bytes_of_block(seals.sealed(fields), FORK)


def one(number: int = 7) -> bytes:
    return block(number, Seals(KEYS, sealers=KEYS[:3]))


def another(number: int = 7) -> bytes:
    return block(number, Seals(KEYS, sealers=KEYS[1:], proposer=KEYS[3]))


def trust(listed_at: int = 0, days: int = 90) -> Trust:
    return Trust([Listed(listed_at, NOW, frozenset(ALL))], epoch=EPOCH, window_days=days)


def kept(first: tuple[bytes, ...] | None = None, second: tuple[bytes, ...] | None = None) -> Conflict:
    return Conflict(1337, GENESIS, first or (one(),), second or (another(),))


def blocks(found: Conflict, now: float = NOW) -> tuple[Header, Header]:
    return found.blocks(trust(), FORK, now)


def test_who_sealed_both_is_told() -> None:
    first, second = blocks(kept())
    assert (first.raw, second.raw) == (one(), another())
    assert conflict(first, second) == set(ALL[1:3])


@pytest.mark.parametrize("change", ["sealers", "validators"])
@pytest.mark.parametrize("of_the_first", [True, False])
def test_who_is_missing_in_one_list_did_not_seal_both(change: str, of_the_first: bool) -> None:
    first, second = made(7, ALL, sealers=ALL), made(7, ALL, sealers=ALL, name="other")
    assert conflict(first, second) == set(ALL)
    fewer: dict[str, Any] = {change: frozenset(ALL[:3])}
    if of_the_first:
        first = replace(first, **fewer)
    else:
        second = replace(second, **fewer)
    assert conflict(first, second) == set(ALL[:3])


@pytest.mark.parametrize(
    ("first", "second"),
    [(7, 8), (8, 7), (7, 7)],
    ids=["a younger one", "an older one", "the same"],
)
def test_two_heights_or_one_block_are_no_conflict(first: int, second: int) -> None:
    with pytest.raises(Unproved):
        conflict(made(first, ALL), made(second, ALL))
    with pytest.raises(Unproved):
        blocks(kept((one(first),), (one(second),)))


def test_each_of_the_two_must_be_proved_and_read() -> None:
    strangers = validator_keys(4, "stranger")
    false = block(7, Seals(strangers))
    for first, second in ((false, another()), (one(), false), (b"", another()), (one(), one()[:-1])):
        with pytest.raises(Unproved):
            blocks(kept((first,), (second,)))


def test_the_window_counts() -> None:
    assert blocks(kept(), NOW + 90 * DAY)
    with pytest.raises(ValidatorsOutdated):
        blocks(kept(), NOW + 90 * DAY + 1)


def path(proposer: int) -> tuple[bytes, ...]:
    """The headers to a block that two of the first set sealed, after the four voted one of them out."""
    headers: list[bytes] = []
    for number in range(1, 4):
        voting = Seals(KEYS, proposer=KEYS[number - 1], vote=(ALL[3], False))
        headers.append(block(number, voting, parent_of(headers)))
    for number in (4, 5):
        headers.append(
            block(number, Seals(KEYS[:3], sealers=KEYS[:2], proposer=KEYS[proposer]), parent_of(headers))
        )
    return tuple(headers)


def parent_of(headers: list[bytes]) -> str:
    return read_header(headers[-1], FORK).hash if headers else A_HASH


def test_the_last_header_is_the_blocks_and_the_others_lead_to_it() -> None:
    first, second = blocks(kept(path(0), path(1)))
    assert (first.raw, second.raw) == (path(0)[-1], path(1)[-1])
    assert conflict(first, second) == set(ALL[:2])
    for missing in range(4):
        with pytest.raises(Unproved):
            blocks(kept(tuple(each for place, each in enumerate(path(0)) if place != missing), path(1)))


def test_what_was_proved_for_one_proves_nothing_of_the_other() -> None:
    with pytest.raises(Unproved):
        blocks(kept(path(0), path(1)[-1:]))


def test_a_document_is_read_as_it_was_written() -> None:
    found = kept(path(0), path(1))
    written = found.to_json()
    assert Conflict.from_json(json.dumps(written)) == found
    assert written["format"] == "sceau-conflict/1"
    assert (written["chain_id"], written["genesis_hash"]) == (1337, GENESIS)
    assert written["first"] == ["0x" + each.hex() for each in path(0)]


@pytest.mark.parametrize(
    "change",
    [
        {"first": []},
        {"second": []},
        {"first": ["0x00"] * 5_001},
        {"second": ["0x00"] * 5_001},
        {"second": ["0x0"]},
        {"second": "0x00"},
        {"format": "sceau-conflict/2"},
        {"genesis_hash": "0x11"},
        {"more": 1},
    ],
)
def test_a_file_of_another_shape_is_malformed(change: dict[str, Any]) -> None:
    short = {**kept().to_json(), "first": ["0x00"] * 5_000, "second": ["0x01"] * 5_000}
    Conflict.from_json(json.dumps(short))
    with pytest.raises(FileMalformed):
        Conflict.from_json(json.dumps({**short, **change}))
