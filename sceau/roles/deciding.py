# SPDX-License-Identifier: Apache-2.0
"""What a payer's decision must state before it is sealed: what an authorisation says, and what is paid on it."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.claim.decision import (
    AMOUNT,
    CODES,
    CURRENCY,
    FILE_NUMBER,
    LAST_DAY,
    PAYMENT,
    unstated,
)
from sceau.record import Value
from sceau.roles.errors import DecisionIncomplete, LastDayPassed, PaymentBeyond
from sceau.verify.settlement import is_above


def require_whole_authorisation(
    decision: Mapping[str, Value], shown: Mapping[str, Value], today: str
) -> None:
    """Raises unless an authorisation states all that an invoice is compared with later.

    Args:
        decision: its values, by path.
        shown: what was shown of the claim's opening: each code there needs one that is authorised.
        today: day of the chain's newest block, ISO 8601.

    Raises:
        DecisionIncomplete: with the paths that are missing.
        LastDayPassed: its last day is before today.
    """
    missing = [*unstated(decision), *(path for path in CODES if path in shown and path not in decision)]
    if missing:
        raise DecisionIncomplete(paths=", ".join(dict.fromkeys(missing)))
    if str(decision[LAST_DAY]) < today:
        raise LastDayPassed(path=LAST_DAY)


def require_payment_within(
    payment: Mapping[str, Value], authorised: Mapping[str, Value], invoiced: Mapping[str, Value]
) -> None:
    """Raises unless a settlement pays no more than was authorised and invoiced, in that currency, on that file.

    Args:
        payment: the settlement's values, by path.
        authorised: those of the payer's authorisation; empty if the payer does not hold it.
        invoiced: what was shown of the invoice.

    Raises:
        DecisionIncomplete: with the paths that are missing.
        PaymentBeyond: with the paths that are beyond either.
    """
    missing = [path for path in PAYMENT if path not in payment]
    if missing:
        raise DecisionIncomplete(paths=", ".join(missing))
    beyond = (
        [AMOUNT]
        if any(is_above(payment[AMOUNT], each.get(AMOUNT)) for each in (authorised, invoiced))
        else []
    )
    beyond += [
        path
        for path in (CURRENCY, FILE_NUMBER)
        if any(path in each and payment[path] != each[path] for each in (authorised, invoiced))
    ]
    if beyond:
        raise PaymentBeyond(paths=", ".join(beyond))
