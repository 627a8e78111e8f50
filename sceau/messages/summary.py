# SPDX-License-Identifier: Apache-2.0
"""What a received message says, as JSON values for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sceau.chain.times import iso_text
from sceau.messages.deletion import DeletionAnswer, DeletionNotice
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening
from sceau.messages.information import InformationAnswer, InformationRequest
from sceau.messages.justification import Justification
from sceau.messages.kinds import Received
from sceau.messages.order import OrderAnswer, ReceivedOrder
from sceau.messages.payment import PaymentNotice
from sceau.messages.ruling import AuditRuling
from sceau.messages.step import ReceivedStep
from sceau.messages.told_mark import ToldMark
from sceau.record import Value
from sceau.terms import group_words, step_words


def summary(received: Received) -> dict[str, Any]:
    """What a message says beside its sender and kind; no secret, and of records no value but what was paid."""
    return {"claim": received.claim, **_of_kind(received)}


def values_of(received: Received) -> Mapping[str, Value]:
    """The values of the sealed record that a message opens for its reader, by path; those of a disclosure it does not:
    the verdict on it says which of them may be held."""
    if isinstance(received, ReceivedOrder):
        return received.step.record.values
    return received.record.values if isinstance(received, ReceivedStep) else {}


def _of_kind(received: Received) -> dict[str, Any]:
    if isinstance(received, ReceivedStep):
        written = received.written
        return {"order": written.order_number, "step": step_words(written.step).code}
    if isinstance(received, ReceivedDisclosure):
        shown = received.disclosure
        return {"order": shown.scope.order_number, "paths": list(shown.paths)}
    if isinstance(received, EvidenceRequest):
        groups = [{"order": order, "group": group_words(group).code} for order, group in received.groups]
        return {"request": received.id, "groups": groups, "deadline": iso_text(received.deadline)}
    if isinstance(received, EvidenceReceipt):
        return {"request": received.request}
    if isinstance(received, DeletionNotice):
        return {"notice": received.id, "cause": received.cause.value, "consent": received.consent}
    if isinstance(received, DeletionAnswer):
        until = None if received.until is None else received.until.isoformat()
        return {
            "notice": received.notice,
            "outcome": received.outcome,
            "reason": received.reason,
            "until": until,
        }
    if isinstance(received, PaymentNotice):
        paid = {"amount": received.amount, "currency": received.currency}
        return {**paid, "day": received.day.isoformat(), "reference": received.reference}
    if isinstance(received, InformationRequest | InformationAnswer):
        return _of_information(received)
    return {"order": received.order_number, **_of_order(received)}


def _of_information(received: InformationRequest | InformationAnswer) -> dict[str, Any]:
    if isinstance(received, InformationRequest):
        return {name: each for name, each in received.body().items() if name != "claim"}
    policy = received.policy
    return {
        "request": received.request,
        "outcome": received.outcome,
        "why": dict(received.why),
        "policy": None if policy is None else policy.to_json(),
        "content": received.content,
    }


def _of_order(received: Any) -> dict[str, Any]:
    if isinstance(received, ReceivedOrder):
        return {"differing": [group_words(group).code for group in received.differing]}
    if isinstance(received, OrderAnswer):
        return {"accepted": received.accepted, "reason": received.reason}
    if isinstance(received, Justification):
        return {"finding": received.finding, "head": received.about.head, "reason": received.reason}
    if isinstance(received, AuditRuling):
        return {"finding": received.finding, "head": received.about.head, "fault": received.fault}
    if isinstance(received, ToldMark):
        return {"mark": step_words(received.mark).code, "reason": received.reason}
    if isinstance(received, SignedOpening):
        groups = [group_words(group).code for group in received.digests]
        return {"request": received.request, "step": received.step, "groups": groups}
    return {}
