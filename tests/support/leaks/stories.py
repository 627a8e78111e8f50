# SPDX-License-Identifier: Apache-2.0
"""Two patients' stories: all that is private in a play, and nothing that is public.

``FIRST`` and ``SECOND`` say something else at every path, and have other paths: an eye, an addition, a prism, an axis,
a supplement, a service, a file number that one has and the other has not. In FIRST the same patient comes twice with
the very same glasses; in SECOND nothing is said twice. What is public (who does what and when, which groups differ) is
in the scenario, and so the same for both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sceau.record import Value, load_profile

FHIR = Path(__file__).resolve().parents[2] / "fhir-r4"

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


def _fhir(**changes: Mapping[tuple[Any, ...], object]) -> dict[str, bytes]:
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


_CURRENCY = {"currency": "EUR"}

_GLASSES = Claim(
    says=file(
        lens(
            "right",
            code="VXB1",
            class_="B",
            price=14900,
            amo=3,
            amc=12000,
            quantity=1,
            lens__manufacturer="INVERO",
            lens__supplier="INVFR",
            lens__code="PRX67",
            lens__geometry="PROGRESSIVE",
            lens__material="ORGANIC",
            lens__index=1670,
            lens__diameter="70.00",
            supplement__1__code="ARPLUS",
            supplement__1__type="COATING",
            supplement__2__code="BRUN65",
            supplement__2__type="TINT",
            sphere="-1.75",
            cylinder="-0.75",
            axis=100,
            addition="2.25",
            prism__vertical="1.00",
            prism__horizontal="-0.50",
            serial__1="INV-2611-004417",
            lpp="2203240",
        ),
        lens(
            "left",
            code="VXB2",
            class_="B",
            price=16900,
            amo=3,
            amc=12000,
            quantity=1,
            lens__manufacturer="INVERO",
            lens__supplier="INVFR",
            lens__code="PRX67",
            lens__geometry="PROGRESSIVE",
            lens__material="ORGANIC",
            lens__index=1670,
            lens__diameter="70.00",
            supplement__1__code="ARPLUS",
            supplement__1__type="COATING",
            sphere="-2.00",
            cylinder="0.00",
            addition="2.25",
            serial__1="INV-2611-004418",
            lpp="2287916",
        ),
        line("frame", "MXB7", 13900, 3, 9997, "B"),
        line("service.1", "PXA4", 1000, 600, 400),
        _CURRENCY,
        pec__number="PEC20260417338",
        payer__amc="0004017390",
        practice__billing="752699314",
        quote__date="2026-11-20",
        prescription__written="2026-10-02",
        contract__type="RESPONSIBLE",
        equipment__count=1,
        equipment__last="2024-09-12",
        renewal__early=False,
        order__reference="CMD20260118",
        order__date="2026-11-24",
        dispatch__reference="BL88-20417",
        dispatch__date="2026-11-27",
        production__date="2026-11-26",
        invoice__number="F20261204",
        invoice__date="2026-12-01",
        equipment__dispensed="2026-12-02",
        decision__date="2026-11-23",
        decision__reason="NON-COUVERT",
        payment__reference="VIR-77120934",
        payment__date="2026-12-04",
        quote__valid_until="2027-01-20",
        valid_until="2027-03-31",
    ),
    swapped={"right.lens.code": "ECO50", "left.lens.index": 1499},
    miscounted={"left.lens.code": "ULTRA74"},
    reason="BREAKAGE",
    notes={
        "returned": {
            "note.reason": "ADAPTATION",
            "note.date": "2026-12-05",
            "note.reference": "RET-5512-A",
            "note.text": "Mme Lefèvre-Dušan ne supporte pas ses progressifs",
        },
        "disputed": {
            "note.reason": "NOT-RECEIVED",
            "note.date": "2026-12-03",
            "note.reference": "LIT-0931",
        },
        "cancelled": {
            "note.reason": "PATIENT",
            "note.date": "2026-12-06",
            "note.text": "Zoé Lefèvre-Dušan renonce",
        },
    },
)

FIRST = Story(
    patient={
        "family name": "Lefèvre-Dušan",
        "given name": "Zoé",
        "national number": "284117512345671",
        "birth date": "1984-11-03",
        "address": "14 rue des Alizés, 75011 Paris",
        "telephone": "0612784590",
        "e-mail": "zoe.lefevre@example.fr",
    },
    pin="482915",
    consents={
        "signed": Terms(
            "THIRD-PARTY-PAYMENT",
            ("AMOUNTS", "CLASS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC", "RENEWAL"),
        ),
        "attested": Terms("THIRD-PARTY-PAYMENT", ("AMOUNTS", "COVERAGE", "DATES", "PEC")),
        "early": Terms("REIMBURSEMENT", ("DATES", "RENEWAL")),
        "direct": Terms("REIMBURSEMENT", ("CLASS",), "other_payer"),
        "expired": Terms("THIRD-PARTY-PAYMENT", ("GROUPED-CODES", "PEC"), "other_payer"),
    },
    # Twice the very same glasses: nothing on the chain may tell.
    claims=dict.fromkeys(("glasses", "again", "refused", "cancelled", "fhir"), _GLASSES),
    fhir=_fhir(Claim_660151={}, Coverage_9876B1={}, VisionPrescription_33123={}),
)

SECOND = Story(
    patient={
        "family name": "Okonkwo",
        "given name": "Barthélemy",
        "national number": "159026938112344",
        "birth date": "1959-02-17",
        "address": "3 impasse du Vieux-Moulin, 69381 Lyon",
        "telephone": "0478331206",
        "e-mail": "b.okonkwo@example.org",
    },
    pin="7310662",
    consents={
        "signed": Terms("THIRD-PARTY-PAYMENT", ("CLASS", "DATES", "PEC")),
        "attested": Terms("REIMBURSEMENT", ("DETAIL-AMOUNTS", "GROUPED-CODES"), "other_payer"),
        "early": Terms("THIRD-PARTY-PAYMENT", ("AMOUNTS", "CLASS", "DETAIL-AMOUNTS"), "other_payer"),
        "direct": Terms("THIRD-PARTY-PAYMENT", ("AMOUNTS", "COVERAGE", "PEC")),
        "expired": Terms("REIMBURSEMENT", ("RENEWAL",)),
    },
    claims={
        # One eye, nothing beside it: no addition, no prism, no supplement, no frame, no service.
        "glasses": Claim(
            says=file(
                lens(
                    "right",
                    code="VUA3",
                    class_="A",
                    price=7350,
                    amo=1245,
                    amc=5105,
                    quantity=2,
                    lens__manufacturer="OPTALUX",
                    lens__supplier="OPXDE",
                    lens__code="UNI1.5-S",
                    lens__geometry="UNIFOCAL",
                    lens__material="MINERAL",
                    lens__index=1523,
                    lens__diameter="65.50",
                    sphere="4.50",
                    cylinder="-0.50",
                    axis=8,
                ),
                _CURRENCY,
                payer__amc="0019823441",
                practice__billing="338107756",
                quote__date="2026-10-28",
                quote__valid_until="2026-12-28",
                prescription__written="2025-06-19",
                equipment__count=2,
                renewal__early=True,
                order__reference="A77-4410",
                order__date="2026-10-30",
                dispatch__reference="L-2026-881207",
                dispatch__date="2026-11-05",
                invoice__number="2026-00917",
                invoice__date="2026-11-09",
                decision__date="2026-10-29",
                decision__reason="PLAFOND-ATTEINT",
            ),
            swapped={"right.lens.code": "UNI1.6-H"},
            miscounted={"right.lens.code": "UNI1.74-H"},
            reason="DEFECT",
            notes={"returned": {"note.reason": "OTHER", "note.date": "2026-11-12"}},
        ),
        "again": Claim(
            says=file(
                lens(
                    "left",
                    code="VVC5",
                    class_="A",
                    price=21075,
                    amo=2110,
                    amc=15590,
                    quantity=3,
                    lens__manufacturer="SOLVISTA",
                    lens__supplier="SLVIT",
                    lens__code="BIFO28",
                    lens__geometry="BIFOCAL",
                    lens__material="TRIVEX",
                    lens__index=1532,
                    supplement__1__code="PHOTO-G",
                    supplement__1__type="SPECIAL",
                    supplement__2__code="SAPHIR",
                    supplement__2__type="PACK",
                    supplement__3__code="UV420",
                    supplement__3__type="COMBINED",
                    sphere="-11.25",
                    cylinder="-3.50",
                    axis=23,
                    addition="1.75",
                    prism__horizontal="4.00",
                ),
                line("frame", "MYA2", 3000, 270, 2730, "A"),
                line("service.1", "ADP1", 2500, 0, 1800),
                line("service.2", "EXV9", 1550, 930, 620),
                _CURRENCY,
                pec__number="B-99-41127",
                payer__amc="0077190265",
                practice__billing="441902217",
                quote__date="2026-09-14",
                quote__valid_until="2026-11-14",
                contract__type="OTHER",
                equipment__count=3,
                equipment__last="2021-02-03",
                renewal__early=True,
                order__reference="ZK-20931",
                order__date="2026-09-17",
                dispatch__reference="EXP-61-0029",
                dispatch__date="2026-09-21",
                production__date="2026-09-19",
                invoice__number="FA-26-3310",
                invoice__date="2026-09-25",
                decision__date="2026-09-15",
                payment__reference="SEPA-0012873",
                payment__date="2026-09-30",
            ),
            miscounted={"left.lens.material": "POLYCARBONATE"},
        ),
        "refused": Claim(
            says=file(
                line("frame", "MZB5", 8800, 5, 4995, "A"),
                _CURRENCY,
                payer__amc="0032217706",
                practice__billing="119034475",
                quote__date="2026-08-11",
                quote__valid_until="2026-09-11",
                equipment__count=4,
                renewal__early=True,
                decision__date="2026-08-13",
                decision__reason="DROITS-FERMES",
            )
        ),
        "cancelled": Claim(
            says=file(
                lens(
                    "right",
                    code="VWC8",
                    class_="A",
                    price=9990,
                    amo=7,
                    amc=8043,
                    quantity=4,
                    lens__manufacturer="NORDGLAS",
                    lens__supplier="NORSE",
                    lens__code="AF-PLANO",
                    lens__geometry="AFOCAL",
                    lens__material="POLYCARBONATE",
                    lens__index=1586,
                    lens__diameter="75.00",
                    sphere="0.00",
                    cylinder="-0.25",
                    axis=171,
                ),
                _CURRENCY,
                payer__amc="0051180934",
                practice__billing="907715520",
                quote__date="2026-07-01",
                quote__valid_until="2026-08-02",
                prescription__written="2024-01-08",
                equipment__count=5,
                renewal__early=True,
                order__reference="W-7",
                order__date="2026-07-06",
                decision__date="2026-07-03",
            ),
            notes={
                "disputed": {
                    "note.reason": "LOCKS-DIFFER",
                    "note.date": "2026-07-08",
                    "note.text": "M. Okonkwo : ordonnance périmée",
                },
                "cancelled": {
                    "note.reason": "CORRECTION",
                    "note.date": "2026-07-09",
                    "note.reference": "ANN-3",
                },
            },
        ),
        "fhir": Claim(
            says=file(
                lens(
                    "left",
                    code="VTD6",
                    class_="A",
                    price=6120,
                    amo=1022,
                    amc=4410,
                    quantity=5,
                    lens__manufacturer="CRISTALL",
                    lens__supplier="CRIES",
                    lens__code="MID-60",
                    lens__geometry="MID-DISTANCE",
                    lens__material="TRIVEX",
                    lens__index=1537,
                    sphere="0.75",
                    cylinder="-2.25",
                    axis=52,
                    addition="1.00",
                ),
                _CURRENCY,
                payer__amc="0068804419",
                practice__billing="220957143",
                order__reference="F-5521",
                order__date="2015-03-10",
                invoice__number="F-5522",
                invoice__date="2015-03-12",
                decision__date="2015-03-09",
                decision__reason="PRESTATION-EXCLUE",
            )
        ),
    },
    fhir=_fhir(
        Claim_660151={
            ("identifier",): None,
            ("use",): "preauthorization",
            ("created",): "2015-03-07",
            ("insurance", 0, "preAuthRef"): ["HG-2015-4471"],
            ("item", 0, "servicedDate"): None,
            ("item", 0, "productOrService", "coding", 0, "code"): "contactless",
            ("item", 0, "quantity"): {"value": 3},
            ("item", 0, "unitPrice"): {"value": 127.25, "currency": "CHF"},
            ("item", 0, "net"): {"value": 381.75, "currency": "CHF"},
            ("item", 0, "detail"): None,
        },
        Coverage_9876B1={
            ("type", "coding", 0, "code"): "PUBLICPOL",
            ("period",): {"start": "2013-07-19"},
        },
        VisionPrescription_33123={
            ("dateWritten",): "2015-02-26",
            ("lensSpecification", 0, "sphere"): 5.25,
            ("lensSpecification", 0, "cylinder"): -1.25,
            ("lensSpecification", 0, "axis"): 67,
            ("lensSpecification", 0, "prism"): None,
            ("lensSpecification", 0, "add"): None,
            ("lensSpecification", 1): None,
        },
    ),
)
