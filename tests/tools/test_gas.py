# SPDX-License-Identifier: Apache-2.0
"""The gas table's own rules; the measuring itself is `make bench`."""

import json

from benchmarks.gas import ANCHORS, ROWS, SNAPSHOT, over_ceiling, risen

LOW = {row.key: 1_000 for row in ROWS} | dict.fromkeys(ANCHORS, 1_000)


def test_the_snapshot_holds_every_operation_and_anchor_under_its_ceiling() -> None:
    snapshot = json.loads(SNAPSHOT.read_text())
    assert set(snapshot) == set(LOW)
    assert all(type(gas) is int for gas in snapshot.values())
    assert over_ceiling(snapshot) == []


def test_a_life_is_its_six_steps() -> None:
    snapshot = json.loads(SNAPSHOT.read_text())
    steps = ("opened", "authorised", "ordered", "delivered", "invoiced", "settled")
    assert snapshot["claim_life"] == sum(snapshot[f"claim_{step}"] for step in steps)


def test_an_operation_over_its_ceiling_is_named() -> None:
    row = ROWS[0]
    assert over_ceiling(LOW | {row.key: row.ceiling}) == []
    assert row.key in over_ceiling(LOW | {row.key: row.ceiling + 1})[0]


def test_two_percent_more_is_still_taken_and_one_gas_beyond_is_not() -> None:
    for key in LOW:
        assert risen(LOW | {key: 1_020}, LOW) == []
        assert key in risen(LOW | {key: 1_021}, LOW)[0]


def test_a_key_that_the_snapshot_lacks_is_named() -> None:
    before = {key: gas for key, gas in LOW.items() if key != "claim_life"}
    assert risen(LOW, before) == ["claim_life is not in gas.json; run `make bench-write`."]
