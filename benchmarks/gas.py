# SPDX-License-Identifier: Apache-2.0
"""The gas table: measured on one Ganache in one run, printed, and compared with `benchmarks/gas.json`.

make bench          fails over a ceiling, or more than 2 % over the snapshot
make bench-write    writes the snapshot, unless a figure is over its ceiling
"""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.chain import Chain
from tools.ganache import ganache

SNAPSHOT = Path(__file__).with_name("gas.json")
TOLERANCE = 0.02
# With fixed keys, values, draws and block times every run gives the same figures.
START = "2027-01-01T00:00:00Z"


@dataclass(frozen=True)
class Row:
    """An operation of ours: its key, its words, the most it may cost, and the anchor it is held against."""

    key: str
    title: str
    ceiling: int
    anchor: str
    times: int = 1


ROWS = (
    Row("consent_recorded", "consent signed by the patient, relayed", 66_000, "eas_attest_by_delegation"),
    Row("consent_revoked", "revocation signed by the patient, relayed", 40_000, "eas_revoke_by_delegation"),
    Row("consent_revoked_early", "… before the consent is recorded", 56_000, "eas_revoke_by_delegation"),
    Row("claim_opened", "claim opened under a consent", 88_000, "eas_attest"),
    Row("claim_authorised", "claim authorised", 75_000, "eas_attest"),
    Row("claim_ordered", "order, with its four locks", 75_000, "eas_attest"),
    Row("claim_delivered", "delivery, its tags compared with the locks", 75_000, "eas_attest"),
    Row("claim_invoiced", "invoice, compared with the order", 75_000, "eas_attest"),
    Row("claim_settled", "claim settled", 75_000, "eas_attest"),
    Row("claim_life", "life of a claim: the six steps", 360_000, "eas_attest", times=6),
    Row("claim_refused", "claim refused", 75_000, "eas_attest"),
    Row("claim_cancelled", "claim cancelled", 75_000, "eas_attest"),
    Row("claim_remade", "second order: correction or remake", 75_000, "eas_attest"),
    Row("claim_returned", "mark: returned", 75_000, "eas_attest"),
    Row("claim_disputed", "mark: disputed", 75_000, "eas_attest"),
)
ANCHORS = {
    "eas_attest": "attest",
    "eas_attest_by_delegation": "attestByDelegation",
    "eas_revoke_by_delegation": "revokeByDelegation",
}


def measure() -> dict[str, int]:
    """Gas of every operation and every anchor, in the order of the table. Takes some seconds."""
    from benchmarks import eas, registries

    with ganache(at=START) as node:
        chain = Chain(node.url, node.keys[0])
        # The anchors first: block times, and with them identifiers, must not move with our contracts.
        measured = eas.measure(chain) | registries.measure(node)
    return {key: measured[key] for key in (*(row.key for row in ROWS), *ANCHORS)}


def over_ceiling(gas: Mapping[str, int]) -> list[str]:
    """One sentence for each operation that costs more than its ceiling."""
    return [
        f"{row.key} costs {gas[row.key]:,}, over its ceiling of {row.ceiling:,}."
        for row in ROWS
        if gas[row.key] > row.ceiling
    ]


def risen(gas: Mapping[str, int], snapshot: Mapping[str, int]) -> list[str]:
    """One sentence for each key that the snapshot lacks or that costs over 2 % more than there."""
    sentences = []
    for key, used in gas.items():
        if key not in snapshot:
            sentences.append(f"{key} is not in {SNAPSHOT.name}; run `make bench-write`.")
        elif used > snapshot[key] * (1 + TOLERANCE):
            sentences.append(f"{key} rose from {snapshot[key]:,} to {used:,}, by over {TOLERANCE:.0%}.")
    return sentences


def table(gas: Mapping[str, int], snapshot: Mapping[str, int]) -> Table:
    """The gas table as `rich` prints it."""
    printed = Table(title="Gas, beside the Ethereum Attestation Service 1.9.0", title_justify="left")
    printed.add_column("operation")
    for column in ("gas", "before", "ceiling", "anchor's gas", "of it"):
        printed.add_column(column, justify="right")
    printed.add_column("anchor")
    for row in ROWS:
        anchor = gas[row.anchor] * row.times
        name = ANCHORS[row.anchor] if row.times == 1 else f"{row.times} × {ANCHORS[row.anchor]}"
        before = f"{gas[row.key] - snapshot[row.key]:+,}" if row.key in snapshot else "new"
        printed.add_row(
            *(row.title, f"{gas[row.key]:,}", before, f"{row.ceiling:,}"),
            *(f"{anchor:,}", f"{gas[row.key] / anchor:.0%}", name),
        )
    return printed


def main() -> int:
    """Print the table; 0 when it holds, 1 when a figure is too high."""
    parser = argparse.ArgumentParser(description="Measure gas and compare it with the snapshot.")
    parser.add_argument("--write", action="store_true", help="write the snapshot")
    write = parser.parse_args().write
    snapshot = json.loads(SNAPSHOT.read_text(encoding="utf-8")) if SNAPSHOT.exists() else {}
    gas = measure()
    Console(width=None if sys.stdout.isatty() else 132).print(table(gas, snapshot))
    faults = over_ceiling(gas) if write else over_ceiling(gas) + risen(gas, snapshot)
    for fault in faults:
        print(fault)
    if faults:
        return 1
    if write:
        SNAPSHOT.write_text(json.dumps(gas, indent=2) + "\n", encoding="utf-8")
        print(f"benchmarks/{SNAPSHOT.name} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
