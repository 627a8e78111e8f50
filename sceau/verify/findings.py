# SPDX-License-Identifier: Apache-2.0
"""Everything that a verification can find, each with its weight and what it voids.

The sentences are in the catalogues (``sceau/locale``) under ``findings`` and the code: they say what it means and what
to do, and name paths, parties and dates, never a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sceau.chain.times import iso_text, utc_text
from sceau.disclosure import PolicyReference
from sceau.errors import Joined, SceauError, Sentence
from sceau.verify.verdict import Finding, Weight


@dataclass(frozen=True)
class Kind:
    """What a finding of one code does.

    ``voids_consent``: the consent shown covers no path. ``ground``: a payer may refuse the claim on the strength of a
    disclosure that shows this; false where it shows that the disclosure says nothing of a claim of the payer's.
    """

    weight: Weight
    voids_consent: bool = False
    ground: bool = True


_ALL = {
    "stale-node": Kind(Weight.REFUSES, ground=False),
    "chain-stopped": Kind(Weight.REFUSES, ground=False),
    "head-in-future": Kind(Weight.REFUSES, ground=False),
    "foreign-chain": Kind(Weight.REFUSES, ground=False),
    "not-addressed": Kind(Weight.REFUSES, ground=False),
    "claim-unknown": Kind(Weight.REFUSES, ground=False),
    "step-not-on-chain": Kind(Weight.REFUSES, ground=False),
    "not-sealed": Kind(Weight.REFUSES),
    "profile-of-another-step": Kind(Weight.REFUSES),
    "not-the-payer": Kind(Weight.REFUSES, ground=False),
    "not-the-writer": Kind(Weight.REFUSES, ground=False),
    "claim-closed": Kind(Weight.REFUSES),
    "policy-unknown": Kind(Weight.REFUSES),
    "policy-not-in-force": Kind(Weight.REFUSES),
    "purpose-differs": Kind(Weight.REFUSES),
    "outside-policy": Kind(Weight.REFUSES),
    "delete-by-passed": Kind(Weight.REFUSES),
    "delete-by-too-late": Kind(Weight.REFUSES),
    "made-in-the-future": Kind(Weight.REFUSES),
    "made-at-another-time": Kind(Weight.REFUSES),
    "made-before-step": Kind(Weight.REFUSES),
    "opened-late": Kind(Weight.REFUSES),
    "contract-differs": Kind(Weight.REFUSES),
    "consent-missing": Kind(Weight.REFUSES, voids_consent=True),
    "consent-not-of-claim": Kind(Weight.REFUSES, voids_consent=True),
    "consent-not-recorded": Kind(Weight.REFUSES, voids_consent=True),
    "consent-expired": Kind(Weight.REFUSES, voids_consent=True),
    "consent-revoked": Kind(Weight.REFUSES, voids_consent=True),
    "consent-withdrawn": Kind(Weight.REFUSES, voids_consent=True),
    "consent-false": Kind(Weight.REFUSES, voids_consent=True),
    "consent-other-recorder": Kind(Weight.REFUSES, voids_consent=True),
    "consent-other-practice": Kind(Weight.REFUSES, voids_consent=True),
    "consent-other-payer": Kind(Weight.REFUSES, voids_consent=True),
    "consent-other-purpose": Kind(Weight.REFUSES, voids_consent=True),
    "consent-too-narrow": Kind(Weight.REFUSES),
    "consent-half-shown": Kind(Weight.REFUSES, voids_consent=True),
    "delivery-differs": Kind(Weight.REFUSES),
    "invoice-differs": Kind(Weight.REFUSES),
    "act-codes-differ": Kind(Weight.REFUSES),
    "act-codes-not-authorised": Kind(Weight.REFUSES),
    "invoice-above-authorised": Kind(Weight.REFUSES),
    "invoice-other-currency": Kind(Weight.REFUSES),
    "invoice-other-file-number": Kind(Weight.REFUSES),
    "invoice-after-last-day": Kind(Weight.REFUSES),
    "invoice-codes-not-authorised": Kind(Weight.REFUSES),
    "invoice-not-compared": Kind(Weight.DOUBTS),
    "invoice-line-not-shown": Kind(Weight.DOUBTS),
    "authorisation-incomplete": Kind(Weight.DOUBTS),
    "authorisation-not-held": Kind(Weight.DOUBTS),
    "care-date-implausible": Kind(Weight.DOUBTS),
    "renewal-too-early": Kind(Weight.REFUSES),
    "renewal-unattested": Kind(Weight.DOUBTS),
    "renewal-early": Kind(Weight.NOTES),
    "renewal-due": Kind(Weight.NOTES),
    "renewal-not-judged": Kind(Weight.DOUBTS),
    "invoice-of-replaced-order": Kind(Weight.DOUBTS),
    "invoiced-order-not-attested": Kind(Weight.DOUBTS),
    "order-returned": Kind(Weight.DOUBTS),
    "order-disputed": Kind(Weight.DOUBTS),
    "conform": Kind(Weight.NOTES),
    "declared-conform": Kind(Weight.NOTES),
    "act-codes-fit": Kind(Weight.NOTES),
    "delivery-not-attested": Kind(Weight.NOTES),
    "invoice-before-delivery": Kind(Weight.NOTES),
    "order-remade": Kind(Weight.NOTES),
    "order-corrected": Kind(Weight.NOTES),
    "closed-by-delivery": Kind(Weight.NOTES),
    "invoice-fits-standing-order": Kind(Weight.NOTES),
    "mark-told": Kind(Weight.NOTES),
    "justified": Kind(Weight.NOTES),
    "ruled": Kind(Weight.NOTES),
    "ruled-at-fault": Kind(Weight.NOTES),
    "ruled-against-practice": Kind(Weight.NOTES),
    "word-without-effect": Kind(Weight.NOTES),
    "key-compromised": Kind(Weight.DOUBTS),
    "consent-key-compromised": Kind(Weight.DOUBTS),
    "party-suspended": Kind(Weight.NOTES),
    "consent-attested": Kind(Weight.NOTES),
    "consent-by-key": Kind(Weight.NOTES),
    "not-signed": Kind(Weight.NOTES),
    "without-consent": Kind(Weight.NOTES),
    "declared-only": Kind(Weight.NOTES),
}

#: Every finding by its code. docs/verdicts.md lists them with their sentences.
CATALOGUE: Final[Mapping[str, Kind]] = MappingProxyType(_ALL)

#: The findings of a node that cannot be believed: there is no verdict on the claim then.
NODE_FINDINGS: Final = frozenset({"stale-node", "chain-stopped", "head-in-future"})


@dataclass(frozen=True)
class At:
    """A time among the details of a finding, in seconds since 1970."""

    seconds: int


def finding(code: str, **details: object) -> Finding:
    """The finding of this code. Its sentence is filled with ``details``, and they are its data for programs.

    A detail is a number, a text, a day, a time (:class:`At`), a tuple of paths, a sentence, an error, a policy's
    reference, or the data of another finding. No detail is a salt or a value that was shown.
    """
    kind = CATALOGUE[code]
    order_number = details.get("order", 0)
    return Finding(
        kind.weight,
        Sentence(f"findings.{code}", **{name: _said(each) for name, each in details.items()}),
        order_number if isinstance(order_number, int) else 0,
        data={name: _field(each) for name, each in details.items() if name != "order"},
        voids_consent=kind.voids_consent,
        ground=kind.ground,
    )


def _said(detail: object) -> object:
    """A detail as a sentence holds it."""
    if isinstance(detail, At):
        return utc_text(detail.seconds)
    if isinstance(detail, date):
        return detail.isoformat()
    return ", ".join(detail) if isinstance(detail, tuple) else detail


def _field(detail: Any) -> Any:
    """The same as a JSON value. Of an error or a sentence its code alone: they may hold what nobody may see."""
    if isinstance(detail, Joined):
        return [part.code for part in detail.parts]
    if isinstance(detail, Sentence | SceauError):
        return detail.code
    if isinstance(detail, At):
        return iso_text(detail.seconds)
    if isinstance(detail, PolicyReference):
        return detail.to_json()
    if isinstance(detail, date):
        return detail.isoformat()
    return list(detail) if isinstance(detail, tuple) else detail


def codes() -> tuple[str, ...]:
    """The codes of all findings."""
    return tuple(CATALOGUE)
