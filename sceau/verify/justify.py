# SPDX-License-Identifier: Apache-2.0
"""Closing a non-conformity: a payer that accepts a party's signed justification turns a reason into a note."""

from __future__ import annotations

from collections.abc import Iterable

from sceau.claim.history import History
from sceau.messages.justification import JUSTIFIABLE, Justification
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding


def close(found: Iterable[Finding], accepted: Iterable[Justification], history: History) -> list[Finding]:
    """``found``, with each finding that an accepted justification is about turned into a note.

    Only the word of this claim's practice or of a supplier that it named counts, and only on this claim and order.
    """
    state = history.state
    speakers = {state.practice, *(step.supplier for step in history.steps if step.supplier is not None)}
    words = {
        (each.finding, each.order_number): each
        for each in accepted
        if each.claim == state.claim and each.party in speakers
    }
    closed: list[Finding] = []
    for each in found:
        word = words.get((each.code, each.order_number)) if each.code in JUSTIFIABLE else None
        if word is None:
            closed.append(each)
        else:
            closed.append(
                finding(
                    "justified",
                    order=each.order_number,
                    what=each.sentence,
                    party=word.party,
                    reason=word.reason,
                )
            )
    return closed
