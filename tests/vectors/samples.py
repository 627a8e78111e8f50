# SPDX-License-Identifier: Apache-2.0
"""The two records that the vectors are made of. All values are invented."""

from sceau.record import Scope, Value

CONTRACT = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
CLAIM = "0x" + "c1" * 32

# Seeds in a file are for vectors only: a real one is random, secret, and used once.
CONSENT_SEED = bytes(range(32))
LENS_SEED = bytes(range(32, 64))

CONSENT_VALUES: dict[str, Value] = {
    "practice": 1,
    "payer": 3,
    "purpose": "THIRD-PARTY-PAYMENT",
    "group.1": "AMOUNTS",
    "group.2": "DATES",
    "text.version": "fr-1",
    "text.hash": "0x" + "1b" * 32,
    "expires": "2027-06-30",
    "attested": False,
}

LENS_VALUES: dict[str, Value] = {
    "prescription.written": "2026-10-05",
    "right.sphere": "-2.00",
    "right.cylinder": "-0.50",
    "right.axis": 180,
    "right.addition": "2.00",
    "left.sphere": "1.25",
    "left.cylinder": "0.00",
    "left.prism.vertical": "-0.50",
}


def consent_scope() -> Scope:
    return Scope("consent", 1, 1337, CONTRACT)


def lens_scope() -> Scope:
    return Scope("optical-prescription", 1, 1337, CONTRACT, CLAIM, 0, "opened")
