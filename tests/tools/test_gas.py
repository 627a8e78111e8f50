# SPDX-License-Identifier: Apache-2.0
"""The gas table's own rules; the measuring itself is `make bench`."""

import json
from pathlib import Path

import pytest

from benchmarks import gas
from benchmarks.gas import ANCHORS, ROWS, SNAPSHOT, over_ceiling, risen

LOW = {row.key: 1_000 for row in ROWS} | dict.fromkeys(ANCHORS, 1_000)


def test_the_snapshot_holds_every_operation_and_anchor_under_its_ceiling() -> None:
    snapshot = json.loads(SNAPSHOT.read_text())
    assert set(snapshot) == set(LOW)
    assert all(type(used) is int for used in snapshot.values())
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


@pytest.mark.parametrize(
    ("more", "arguments", "code"),
    [
        (20, [], 0),
        (21, [], 1),
        (21, ["--write"], 0),
        (ROWS[0].ceiling, ["--write"], 1),
    ],
    ids=["two percent", "over two percent", "written on purpose", "over the ceiling"],
)
def test_the_command_fails_where_a_figure_is_too_high_and_writes_only_when_told(
    more: int, arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = LOW | {ROWS[0].key: LOW[ROWS[0].key] + more}
    snapshot = tmp_path / "gas.json"
    snapshot.write_text(json.dumps(LOW))
    monkeypatch.setattr(gas, "measure", lambda: measured)
    monkeypatch.setattr(gas, "SNAPSHOT", snapshot)
    monkeypatch.setattr("sys.argv", ["gas", *arguments])
    assert gas.main() == code
    written = "--write" in arguments and code == 0
    assert json.loads(snapshot.read_text()) == (measured if written else LOW)
