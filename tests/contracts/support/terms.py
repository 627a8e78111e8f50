# SPDX-License-Identifier: Apache-2.0
"""The words of the contracts, as the tests say them."""

from enum import IntEnum
from typing import NamedTuple

PRACTICE, SUPPLIER, PAYER, AUDITOR = 1, 2, 4, 8
EVERY_ROLE = PRACTICE | SUPPLIER | PAYER | AUDITOR
MAX_KEYS = 16
GROUPS = 4
DAY = 86_400
MAX_LIFETIME = 731 * DAY
NOBODY = "0x" + "00" * 20
ZERO = bytes(32)


class State(IntEnum):
    NONE = 0
    OPENED = 1
    AUTHORISED = 2
    ORDERED = 3
    INVOICED = 4
    SETTLED = 5
    REFUSED = 6
    CANCELLED = 7


class Step(IntEnum):
    OPEN = 0
    AUTHORISE = 1
    REFUSE = 2
    CANCEL = 3
    ORDER = 4
    REMAKE = 5
    DELIVER = 6
    INVOICE = 7
    SETTLE = 8
    RETURN = 9
    DISPUTE = 10


class Conformity(IntEnum):
    NOT_ATTESTED = 0
    CONFORM = 1
    MISMATCH = 2


class Party(NamedTuple):
    controller: str
    pending_controller: str
    roles: int
    suspended: bool
    admitted_at: int
    directory: bytes


class SigningKey(NamedTuple):
    party: int
    roles: int
    suspended: bool
    added_at: int
    retired_at: int
    compromised_since: int


class Consent(NamedTuple):
    recorder: int
    recorded_at: int
    expires_at: int
    revoked_at: int
    withdrawn_at: int
    attested: bool


class Claim(NamedTuple):
    practice: int
    payer: int
    supplier: int
    state: int
    order: int
    invoiced_order: int
    delivered_at: int
    returned_at: int
    disputed_at: int
    delivery_mismatch: int
    invoice_mismatch: int
    head: bytes
    locks_hash: bytes


NO_KEY = SigningKey(0, 0, False, 0, 0, 0)
NO_CONSENT = Consent(0, 0, 0, 0, 0, False)
NO_CLAIM = Claim(0, 0, 0, State.NONE, 0, 0, 0, 0, 0, 0, 0, ZERO, ZERO)


def midnight_after(time: int, days: int) -> int:
    """The midnight UTC that is `days` whole days after the last midnight before `time`, in seconds."""
    return (time // DAY + days) * DAY
