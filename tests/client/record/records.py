# SPDX-License-Identifier: Apache-2.0
"""Records for the tests: the vectors, and random valid values of two profiles."""

import json
import random
from pathlib import Path
from typing import Any

from sceau.record import Scope, Value

VECTORS = Path(__file__).parents[2] / "vectors"
CONTRACT = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
CLAIM = "0x" + "c1" * 32

CONSENT_SCOPE = Scope("consent", 1, 20_261, CONTRACT)
LENS_SCOPE = Scope("optical-prescription", 1, 20_261, CONTRACT, CLAIM, 0, "opened")

GROUPS = ("AMOUNTS", "CLASS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC", "RENEWAL")
_LENS: dict[str, Value] = {
    "sphere": "-2.00",
    "cylinder": "-0.50",
    "axis": 180,
    "addition": "2.00",
    "prism.vertical": "-0.50",
    "prism.horizontal": "1.00",
}
#: Every optional path used, and none.
LARGEST_LENSES: dict[str, Value] = {
    "prescription.written": "2026-10-05",
    **{f"{eye}.{name}": value for eye in ("right", "left") for name, value in _LENS.items()},
}
SMALLEST_LENSES: dict[str, Value] = {
    "prescription.written": "2026-10-05",
    "right.sphere": "-2.00",
    "right.cylinder": "0.00",
}


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


def quarters(rng: random.Random, least: int, most: int) -> str:
    return f"{rng.randint(least, most) / 4:.2f}"


def consent_values(rng: random.Random) -> dict[str, Value]:
    groups = sorted(rng.sample(GROUPS, rng.randint(1, len(GROUPS))))
    return {
        "practice": rng.randint(1, 2**32 - 1),
        "payer": rng.randint(1, 2**32 - 1),
        "purpose": rng.choice(["THIRD-PARTY-PAYMENT", "A", "X.9/Z"]),
        **{f"group.{place}": group for place, group in enumerate(groups, 1)},
        "text.version": rng.choice(["fr-1", "français — 2e version", "日本語"]),
        "text.hash": f"0x{rng.getrandbits(256):064x}",
        "expires": f"20{rng.randint(26, 99)}-0{rng.randint(1, 9)}-{rng.randint(10, 28)}",
        "attested": rng.random() < 0.5,
    }


def lens_values(rng: random.Random) -> dict[str, Value]:
    values: dict[str, Value] = {"prescription.written": f"2026-0{rng.randint(1, 9)}-{rng.randint(10, 28)}"}
    for eye in rng.choice([("right",), ("left",), ("right", "left")]):
        values[f"{eye}.sphere"] = quarters(rng, -160, 160)
        values[f"{eye}.cylinder"] = quarters(rng, -60, 0) if rng.random() < 0.6 else "0.00"
        if values[f"{eye}.cylinder"] == "-0.00":
            values[f"{eye}.cylinder"] = "0.00"
        if values[f"{eye}.cylinder"] != "0.00":
            values[f"{eye}.axis"] = rng.randint(1, 180)
        if rng.random() < 0.5:
            values[f"{eye}.addition"] = quarters(rng, 1, 32)
        if rng.random() < 0.3:
            values[f"{eye}.prism.vertical"] = quarters(rng, 1, 40)
        if rng.random() < 0.3:
            values[f"{eye}.prism.horizontal"] = quarters(rng, -40, -1)
    return values


def random_record(rng: random.Random) -> tuple[Scope, dict[str, Value]]:
    return rng.choice([(CONSENT_SCOPE, consent_values(rng)), (LENS_SCOPE, lens_values(rng))])
