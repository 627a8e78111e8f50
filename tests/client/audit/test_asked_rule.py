# SPDX-License-Identifier: Apache-2.0
"""What counts as asked, confirmed and answered, by the rule alone: a word beside the right one counts for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sceau.audit.asked import Asked
from sceau.audit.evidence import OpenedGroup
from sceau.claim.history import WrittenStep
from sceau.conformity import open_group
from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening, opening_digest
from sceau.terms import Group, Step, step_words
from tests.client.conformity.lenses import KEY, sealed

AUDITOR, PARTY, ORDER = 4, 2, 2
GROUP, OTHER_GROUP = Group.LENS_PRODUCT, Group.CORRECTION
CLAIM, REQUEST, DEADLINE = "0x" + "77" * 32, "77" * 16, 10_000
ROOT = "0x" + "11" * 32
WRITTEN = WrittenStep(Step.DELIVER, PARTY, "0x", 0, 0, ROOT, ORDER, ROOT)
ASKS = EvidenceRequest(AUDITOR, PARTY, REQUEST, CLAIM, ((ORDER, GROUP),), DEADLINE, 0)
RECEIPT = EvidenceReceipt(PARTY, AUDITOR, REQUEST, CLAIM, ASKS.digest, DEADLINE, "signed")
DELIVERY = sealed("delivery")
OPENED = OpenedGroup(DELIVERY.scope, open_group(DELIVERY, KEY, GROUP))
DIGEST = opening_digest(OPENED.scope, OPENED.opening)
ANSWER = SignedOpening(
    PARTY, AUDITOR, REQUEST, CLAIM, step_words(Step.DELIVER).code, ORDER, {GROUP: DIGEST}, "signed"
)
NUMBERS, TEXTS = (1, 3), ("00" * 16, "ff" * 16)


def beside(**fields: tuple[Any, ...]) -> list[dict[str, Any]]:
    """One field changed at a time."""
    return [{name: value} for name, values in fields.items() for value in values]


def confirmed(
    receipt: EvidenceReceipt = RECEIPT, request: EvidenceRequest = ASKS, now: int = DEADLINE + 1
) -> bool:
    return Asked(AUDITOR, (request,), (receipt,)).confirmed(WRITTEN, GROUP, now)


def answered(answer: SignedOpening = ANSWER, request: EvidenceRequest = ASKS) -> bool:
    asked = Asked(AUDITOR, (request,))
    found = asked.answered(WRITTEN, GROUP, [answer])
    assert asked.signed_by(WRITTEN, OPENED, [answer]) is found
    return found


@pytest.mark.parametrize(("now", "past"), [(DEADLINE - 1, False), (DEADLINE, False), (DEADLINE + 1, True)])
def test_a_deadline_is_past_after_its_second(now: int, past: bool) -> None:
    assert confirmed(now=now) is past


@pytest.mark.parametrize(("received_at", "counts"), [(0, True), (DEADLINE, True), (DEADLINE + 1, False)])
def test_a_request_received_after_its_deadline_was_not_to_be_answered(received_at: int, counts: bool) -> None:
    assert confirmed(replace(RECEIPT, received_at=received_at)) is counts


@pytest.mark.parametrize(
    "change",
    beside(party=NUMBERS, auditor=(3, 5), request=TEXTS, claim=TEXTS, asked=("00" * 32, "ff" * 32)),
    ids=str,
)
def test_a_receipt_of_something_else_confirms_nothing(change: dict[str, Any]) -> None:
    assert confirmed()
    assert not confirmed(replace(RECEIPT, **change))


@pytest.mark.parametrize(
    "groups", [(), ((1, GROUP),), ((3, GROUP),), ((ORDER, OTHER_GROUP),)], ids=lambda groups: str(len(groups))
)
def test_a_group_or_an_order_that_was_not_asked_is_neither_confirmed_nor_answered(groups: Any) -> None:
    request = replace(ASKS, groups=groups)
    assert not confirmed(replace(RECEIPT, asked=request.digest), request)
    assert not answered(request=request)


@pytest.mark.parametrize("party", NUMBERS)
def test_what_another_party_was_asked_is_not_held_against_this_one(party: int) -> None:
    request = replace(ASKS, party=party)
    assert not confirmed(replace(RECEIPT, party=party, asked=request.digest), request)
    assert not answered(request=request)
    assert not answered(replace(ANSWER, party=party), request)


@pytest.mark.parametrize(
    "change",
    beside(
        party=NUMBERS,
        auditor=(3, 5),
        request=TEXTS,
        claim=TEXTS,
        step=tuple(step_words(step).code for step in (Step.ORDER, Step.INVOICE, Step.REMAKE)),
        order_number=NUMBERS,
        digests=({}, {OTHER_GROUP: DIGEST}),
    ),
    ids=str,
)
def test_an_answer_to_something_else_is_none(change: dict[str, Any]) -> None:
    assert answered()
    assert not answered(replace(ANSWER, **change))


@pytest.mark.parametrize("digest", ["00" * 32, "ff" * 32, ""])
def test_an_opening_is_its_signers_by_its_digest_alone(digest: str) -> None:
    """Who signed another opening answered, and did not sign this one."""
    asked, answer = Asked(AUDITOR, (ASKS,)), replace(ANSWER, digests={GROUP: digest})
    assert asked.answered(WRITTEN, GROUP, [answer])
    assert not asked.signed_by(WRITTEN, OPENED, [answer])
    assert asked.signed_by(WRITTEN, OPENED, [answer, ANSWER])


def test_what_was_opened_and_signed_goes_with_the_evidence() -> None:
    whole = replace(ANSWER, scope=OPENED.scope, openings=(OPENED.opening,), messages=("shown",))
    asked = Asked(AUDITOR, answers=(whole, replace(whole, scope=None, signed="bare", messages=())))
    assert list(asked.groups()) == [OPENED]
    assert list(asked.messages()) == ["signed", "shown", "bare"]
