# SPDX-License-Identifier: Apache-2.0
"""What is private in a play, and where it goes. What is public (who does what and when, which groups differ) is in the
scenario, and so the same for every story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sceau.record import Value, load_profile

FHIR = Path(__file__).resolve().parents[1] / "fhir-r4"

Values = Mapping[str, Value]


@dataclass(frozen=True, repr=False)
class Claim:
    """What the files of one claim say.

    ``says`` holds every value by its path, whichever record it ends in. ``swapped`` and ``miscounted`` are what a
    wrong delivery or invoice says instead; ``reason`` is that of the remake; ``notes`` are those of a return, a
    dispute, a cancellation.
    """

    says: Values
    swapped: Values = field(default_factory=dict)
    miscounted: Values = field(default_factory=dict)
    reason: str = "BREAKAGE"
    notes: Mapping[str, Values] = field(default_factory=dict)

    def record(self, profile: str, *, without: tuple[str, ...] = (), **more: Value) -> dict[str, Value]:
        """The values that go into a record of ``profile``; ``without`` names paths, or their beginnings, left out."""
        known = load_profile(profile).fields
        chosen = {path: value for path, value in self.says.items() if path in known}
        kept = {path: value for path, value in chosen.items() if not path.startswith(without or ("\0",))}
        return kept | {_path(name): value for name, value in more.items()}


@dataclass(frozen=True, repr=False)
class Terms:
    """What a patient consents to; ``payer`` is a name of the deployment."""

    purpose: str
    groups: tuple[str, ...]
    payer: str = "payer"


@dataclass(frozen=True, repr=False)
class Story:
    """A patient, and all that is private about what happens. ``fhir`` holds the files that the shop imports."""

    patient: Mapping[str, str]
    pin: str
    consents: Mapping[str, Terms]
    claims: Mapping[str, Claim]
    fhir: Mapping[str, bytes]


def _path(name: str) -> str:
    """The path that a keyword stands for: ``quote__valid_until`` is ``quote.valid-until``, ``class_`` is ``class``."""
    return name.rstrip("_").replace("__", ".").replace("_", "-")


def lens(eye: str, **says: Value) -> dict[str, Value]:
    """Values of one eye: ``lens__code`` is the path ``right.lens.code``."""
    return {f"{eye}.{_path(name)}": value for name, value in says.items()}


def file(*parts: Values, **says: Value) -> dict[str, Value]:
    """One file: its lines, the totals of their amounts, and further values (``quote__date``)."""
    values: dict[str, Value] = {}
    for part in parts:
        values |= part
    totals = {
        kind: sum(int(value) for path, value in values.items() if path.endswith(f".{kind}"))
        for kind in ("price", "amo", "amc")
    }
    totals["patient"] = totals["price"] - totals["amo"] - totals["amc"]
    values |= {f"total.{kind}": amount for kind, amount in totals.items()}
    return values | {_path(name): value for name, value in says.items()}


def line(name: str, code: str, price: int, amo: int, amc: int, class_: str = "") -> dict[str, Value]:
    """A frame or a service."""
    values: dict[str, Value] = {"code": code, "price": price, "amo": amo, "amc": amc}
    if class_:
        values["class"] = class_
    return {f"{name}.{key}": value for key, value in values.items()}


def fhir_files(**changes: Mapping[tuple[Any, ...], object]) -> dict[str, bytes]:
    """HL7's examples, with what stands at some places replaced."""
    files = {}
    for name, changed in changes.items():
        resource = json.loads((FHIR / f"{name.replace('_', '-')}.json").read_text("utf-8"))
        for place, value in changed.items():
            *above, last = place
            holder = resource
            for step in above:
                holder = holder[step]
            if value is None:
                del holder[last]
            else:
                holder[last] = value
        files[name.partition("_")[0]] = json.dumps(resource).encode()
    return files
