# SPDX-License-Identifier: Apache-2.0
"""What a payer's decision states of a claim, by path.

A path has one name in every record that has it: the quote and the invoice say each of these, but for the last day,
which is the payer's own. An ``optical-claim`` says currency and file number only: its ``total`` is the price and not
what the payer pays, and its codes name no eye, so the payer states those itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sceau.record import Value

#: What the payer pays, in cents.
AMOUNT: Final = "total.amc"
CURRENCY: Final = "currency"
#: The payer's number of the claim, which it may give itself when it authorises.
FILE_NUMBER: Final = "pec.number"
#: The last day of the authorisation.
LAST_DAY: Final = "valid-until"
#: The grouped codes of each eye and of the frame.
CODES: Final = ("right.code", "left.code", "frame.code")

#: What a settlement states of the payment.
PAYMENT: Final = (AMOUNT, CURRENCY, FILE_NUMBER)
#: What an authorisation states beside the codes.
AUTHORISATION: Final = (*PAYMENT, LAST_DAY)


def unstated(authorisation: Mapping[str, Value]) -> tuple[str, ...]:
    """The paths that an authorisation should state and does not; all codes, where it states none."""
    missing = [path for path in AUTHORISATION if path not in authorisation]
    if not any(path in authorisation for path in CODES):
        missing += CODES
    return tuple(missing)
