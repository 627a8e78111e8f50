# SPDX-License-Identifier: Apache-2.0
"""Closing a non-conformity: a payer that accepts a party's signed justification turns a reason into a note."""

from __future__ import annotations

from collections.abc import Iterable

from sceau.message.justification import Justification
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

#: What a word can put right: differences, returns, disputes and dates. Never a proof, a consent or a policy.
JUSTIFIABLE = frozenset(
    {
        "delivery-differs",
        "invoice-differs",
        "invoice-of-replaced-order",
        "order-disputed",
        "order-returned",
        "renewal-too-early",
    }
)


def close(found: Iterable[Finding], accepted: Iterable[Justification], claim: str) -> list[Finding]:
    """``found``, with each finding that an accepted justification of this claim is about turned into a note."""
    words = {each.finding: each for each in accepted if each.claim == claim}
    closed: list[Finding] = []
    for each in found:
        word = words.get(each.code) if each.code in JUSTIFIABLE else None
        if word is None:
            closed.append(each)
        else:
            closed.append(finding("justified", what=each.sentence, party=word.party, reason=word.reason))
    return closed
