# SPDX-License-Identifier: Apache-2.0
"""What is private in a play, and where it goes: two patients, in data/first.json and data/second.json.

They say something else at every path, and have other paths: an eye, an addition, a prism, an axis, a supplement, a
service, a file number on the quote that one has and the other has not. The first comes with the very same glasses
again and again; the second says nothing twice. What is public (which party does what and when, which groups differ) is
in the scenario, and so the same for every story.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sceau.record import Value, load_profile

FHIR = Path(__file__).resolve().parents[1] / "fhir-r4"

Values = Mapping[str, Value]

#: The profile of the record that a step seals, and the paths of it that the step leaves out, or their beginnings.
_SEALED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "open": ("fr-optical-quote", ()),
    "authorise": ("payer-decision", ("decision.reason", "payment.")),
    "refuse": ("payer-decision", ("payment.", "valid-until", "total.")),
    "settle": ("payer-decision", ("decision.reason", "valid-until")),
    "order": ("lens-order", ()),
    "remake": ("lens-order", ()),
    "deliver": ("lens-delivery", ()),
    "invoice": ("fr-optical-invoice", ()),
}


@dataclass(frozen=True, repr=False)
class Claim:
    """What the files of one claim say.

    ``says`` holds every value by its path, whichever record it ends in; ``issued`` what the payer adds when it
    authorises, so that the quote does not say it and the invoice does. ``swapped`` and ``miscounted`` are what a
    wrong delivery or invoice says instead; ``reason`` is that of the remake; ``notes`` are those of the steps
    ``recordReturn``, ``dispute`` and ``cancel``.
    """

    says: Values
    swapped: Values
    miscounted: Values
    reason: str
    notes: Mapping[str, Values]
    issued: Values

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Claim:
        """What a story's file says of a claim."""
        return cls(
            read["says"],
            read.get("swapped", {}),
            read.get("miscounted", {}),
            read.get("reason", "BREAKAGE"),
            read.get("notes", {}),
            read.get("issued", {}),
        )

    def record(self, profile: str, without: tuple[str, ...] = ()) -> dict[str, Value]:
        """The values that go into a record of ``profile``; ``without`` names paths, or their beginnings, left out."""
        known = load_profile(profile).fields
        issued = {} if profile == "fr-optical-quote" else self.issued
        return {
            path: value
            for path, value in {**self.says, **issued}.items()
            if path in known and not path.startswith(without or ("\0",))
        }

    def step(self, function: str) -> Values | None:
        """The values of the record that a step seals, by the registry's function; ``None`` where nothing is said."""
        if function in _SEALED:
            return self.record(*_SEALED[function])
        return self.notes.get(function)


@dataclass(frozen=True, repr=False)
class Terms:
    """What a patient consents to; ``payer`` is a name of the deployment."""

    purpose: str
    groups: tuple[str, ...]
    payer: str


@dataclass(frozen=True, repr=False)
class Story:
    """A patient, and all that is private about what happens. ``fhir`` holds the files that the shop imports."""

    patient: Mapping[str, str]
    pin: str
    consents: Mapping[str, Terms]
    claims: Mapping[str, Claim]
    fhir: Mapping[str, bytes]

    @classmethod
    def load(cls, name: str) -> Story:
        """The story of a file in ``data``."""
        read = read_data(name)
        return cls(
            patient=read["patient"],
            pin=read["pin"],
            consents={
                each: Terms(terms["purpose"], tuple(terms["groups"]), terms["payer"])
                for each, terms in read["consents"].items()
            },
            claims=_claims(read["claims"]),
            fhir={
                each: _fhir_file(file["file"], file.get("patch", ())) for each, file in read["fhir"].items()
            },
        )


def read_data(name: str) -> dict[str, Any]:
    """What a file of the folder ``data`` holds."""
    read: dict[str, Any] = json.loads((Path(__file__).with_name("data") / f"{name}.json").read_text("utf-8"))
    return read


def _claims(read: Mapping[str, Any]) -> dict[str, Claim]:
    """Claims by name; one that says the same ``as`` another holds only what it says otherwise."""
    claims: dict[str, Claim] = {}
    for name, said in read.items():
        if "as" in said:
            same = claims[said["as"]]
            claims[name] = replace(same, says={**same.says, **said.get("says", {})})
        else:
            claims[name] = Claim.from_json(said)
    return claims


def _fhir_file(name: str, patch: Any) -> bytes:
    """One of HL7's examples with a JSON Patch (RFC 6902) of ``add`` and ``remove`` applied to it."""
    resource = json.loads((FHIR / name).read_text("utf-8"))
    for change in patch:
        holder = resource
        *above, last = (int(part) if part.isdigit() else part for part in change["path"].split("/")[1:])
        for part in above:
            holder = holder[part]
        if change["op"] == "remove":
            del holder[last]
        else:
            holder[last] = change["value"]
    return json.dumps(resource).encode()


FIRST = Story.load("first")
SECOND = Story.load("second")
