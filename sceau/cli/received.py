# SPDX-License-Identifier: Apache-2.0
"""What a received message says, for people and programs; no secret and no value of a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sceau.chain.times import iso_text, utc_text
from sceau.cli.result import Fact, claim_fact, fact, for_people, for_programs, order_fact
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.messages.act_codes import ActCodeKey
    from sceau.messages.deletion import DeletionAnswer, DeletionNotice
    from sceau.messages.disclosure import ReceivedDisclosure
    from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening
    from sceau.messages.justification import Justification
    from sceau.messages.kinds import Received
    from sceau.messages.order import OrderAnswer, ReceivedOrder
    from sceau.messages.ruling import AuditRuling
    from sceau.messages.step import ReceivedStep
    from sceau.messages.told_mark import ToldMark
    from sceau.terms import Group


def facts_of(received: Received) -> list[Fact]:
    """What a message says beside its sender and kind."""
    from sceau.messages.deletion import DeletionAnswer, DeletionNotice
    from sceau.messages.disclosure import ReceivedDisclosure
    from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening
    from sceau.messages.justification import Justification
    from sceau.messages.order import OrderAnswer, ReceivedOrder
    from sceau.messages.ruling import AuditRuling
    from sceau.messages.step import ReceivedStep
    from sceau.messages.told_mark import ToldMark

    if isinstance(received, ReceivedOrder):
        return [*_about(received), locks_fact(received)]
    if isinstance(received, OrderAnswer):
        return [*_about(received), *_answer(received)]
    if isinstance(received, ReceivedStep):
        return _step(received)
    if isinstance(received, ReceivedDisclosure):
        return _disclosure(received)
    if isinstance(received, Justification):
        return [*_about(received), *_justification(received)]
    if isinstance(received, AuditRuling):
        return [*_about(received), *_ruling(received)]
    if isinstance(received, ToldMark):
        return [*_about(received), *_told(received)]
    if isinstance(received, EvidenceRequest | EvidenceReceipt | SignedOpening):
        return _evidence(received)
    if isinstance(received, DeletionNotice | DeletionAnswer):
        return _deletion(received)
    return _about(received)


def locks_fact(order: ReceivedOrder) -> Fact:
    """The groups of a received order that do not fit their locks."""
    words = say("all-recomputed-order-fits")
    if order.differing:
        words = say("differ") + group_names(order.differing)
    return fact("differing", group_codes(order.differing), say("locks"), words)


def group_names(groups: Iterable[Group]) -> str:
    """Groups of an order in words."""
    from sceau.terms import group_words

    return ", ".join(group_words(group).text(spoken()) for group in groups)


def group_codes(groups: Iterable[Group]) -> list[str]:
    """Groups of an order for programs."""
    from sceau.terms import group_words

    return [group_words(group).code for group in groups]


def kind_words(kind: str) -> str:
    """A kind of message in words."""
    return {
        "order": say("kind-order"),
        "order-answer": say("answer-order"),
        "step-opening": say("opening-step"),
        "disclosure": say("kind-disclosure"),
        "justification": say("justification"),
        "audit-ruling": say("kind-audit-ruling"),
        "evidence-request": say("kind-evidence-request"),
        "evidence-receipt": say("kind-evidence-receipt"),
        "evidence-opening": say("kind-evidence-opening"),
        "act-code-key": say("act-code-key"),
        "told-mark": say("kind-told-mark"),
        "deletion-notice": say("kind-deletion-notice"),
        "deletion-answer": say("kind-deletion-answer"),
    }.get(kind, kind)


def _about(
    received: ReceivedOrder
    | OrderAnswer
    | Justification
    | AuditRuling
    | ActCodeKey
    | ToldMark
    | SignedOpening,
) -> list[Fact]:
    return [claim_fact(received.claim), _number(received.order_number)]


def _number(order_number: int) -> Fact:
    return order_fact(order_number) if order_number else for_programs("order", order_number)


def _answer(answer: OrderAnswer) -> list[Fact]:
    word = say("accepted") if answer.accepted else say("refused")
    words = f"{word} ({answer.reason})" if answer.reason else word
    return [
        fact("accepted", answer.accepted, say("answer"), words),
        for_programs("reason", answer.reason),
    ]


def _step(received: ReceivedStep) -> list[Fact]:
    from sceau.terms import step_words

    words = step_words(received.written.step)
    return [
        claim_fact(received.claim),
        _number(received.written.order_number),
        fact("step", words.code, say("step"), words.text(spoken())),
        for_people(say("opening"), say("block-of-the-chain")),
    ]


def _disclosure(received: ReceivedDisclosure) -> list[Fact]:
    shown = received.disclosure
    scope = shown.scope
    return [
        fact("claim", scope.claim, say("claim"), scope.claim or "-"),
        order_fact(scope.order_number) if scope.order_number else for_programs("order", scope.order_number),
        for_people(say("profile"), scope.profile_key),
        for_people(say("policy"), f"{shown.policy}, {shown.policy.clause}"),
        for_people(say("delete"), shown.delete_by.isoformat()),
        for_people(say("judged"), say("not-yet-sceau-verify")),
        for_programs("paths", list(shown.paths)),
    ]


def _evidence(received: EvidenceRequest | EvidenceReceipt | SignedOpening) -> list[Fact]:
    from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest

    if isinstance(received, EvidenceRequest):
        return _request(received)
    if isinstance(received, EvidenceReceipt):
        return [claim_fact(received.claim), for_programs("request", received.request)]
    return [*_about(received), *_opened(received)]


def _request(request: EvidenceRequest) -> list[Fact]:
    asked = request.groups
    words = ", ".join(f"{order}: {group_names([group])}" for order, group in asked)
    return [
        claim_fact(request.claim),
        for_programs("request", request.id),
        fact(
            "groups",
            [{"order": order, "group": group_codes([group])[0]} for order, group in asked],
            say("groups-asked"),
            words,
        ),
        fact("deadline", iso_text(request.deadline), say("deadline"), utc_text(request.deadline)),
    ]


def _opened(opening: SignedOpening) -> list[Fact]:
    groups = list(opening.digests)
    return [
        for_programs("request", opening.request),
        for_programs("step", opening.step),
        fact("groups", group_codes(groups), say("opened-groups"), group_names(groups)),
    ]


def _ruling(word: AuditRuling) -> list[Fact]:
    words = say("nobody-at-fault") if word.fault is None else str(word.fault)
    return [
        fact("finding", word.finding, say("finding")),
        for_programs("head", word.about.head),
        fact("fault", word.fault, say("party-at-fault"), words),
    ]


def _justification(word: Justification) -> list[Fact]:
    return [
        fact("finding", word.finding, say("finding")),
        for_programs("head", word.about.head),
        fact("reason", word.reason, say("reason")),
    ]


def _told(told: ToldMark) -> list[Fact]:
    from sceau.terms import step_words

    words = step_words(told.mark)
    return [
        fact("mark", words.code, say("mark"), words.text(spoken())),
        for_programs("reason", told.reason),
        *([for_people(say("reason"), told.reason)] if told.reason else []),
    ]


def _deletion(received: DeletionNotice | DeletionAnswer) -> list[Fact]:
    from sceau.messages.deletion import DeletionNotice

    if isinstance(received, DeletionNotice):
        return [
            claim_fact(received.claim),
            for_programs("notice", received.id),
            fact("cause", received.cause.value, say("deletion-cause")),
            for_programs("consent", received.consent),
        ]
    return [
        claim_fact(received.claim),
        for_programs("notice", received.notice),
        fact("outcome", received.outcome, say("answer")),
        fact("reason", received.reason, say("reason"), received.reason or "-"),
        for_programs("until", None if received.until is None else received.until.isoformat()),
    ]
