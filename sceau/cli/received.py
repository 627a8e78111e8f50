# SPDX-License-Identifier: Apache-2.0
"""What a received message says, for people and programs; no secret, and of records no value but what was paid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sceau.chain.times import iso_text, utc_text
from sceau.cli.result import Fact, claim_fact, fact, for_people, for_programs, order_fact
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.messages.act_codes import ActCodeKey
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
    from sceau.terms import Group


def facts_of(received: Received) -> list[Fact]:
    """What a message says beside its sender and kind."""
    return _readers()[type(received)](received)


def _readers() -> Mapping[type, Callable[[Any], list[Fact]]]:
    """What tells of a message, by its class."""
    from sceau.messages.act_codes import ActCodeKey
    from sceau.messages.deletion import DeletionAnswer, DeletionNotice
    from sceau.messages.disclosure import ReceivedDisclosure
    from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening
    from sceau.messages.information import InformationAnswer, InformationRequest
    from sceau.messages.justification import Justification
    from sceau.messages.order import OrderAnswer, ReceivedOrder
    from sceau.messages.payment import PaymentNotice
    from sceau.messages.ruling import AuditRuling
    from sceau.messages.step import ReceivedStep
    from sceau.messages.told_mark import ToldMark

    return {
        ReceivedOrder: _order,
        OrderAnswer: _answer,
        ReceivedStep: _step,
        ReceivedDisclosure: _disclosure,
        Justification: _justification,
        AuditRuling: _ruling,
        ActCodeKey: _about,
        ToldMark: _told,
        PaymentNotice: _payment,
        EvidenceRequest: _request,
        EvidenceReceipt: _receipt,
        SignedOpening: _opened,
        DeletionNotice: _notice,
        DeletionAnswer: _deletion_answer,
        InformationRequest: _asked,
        InformationAnswer: _not_shown,
    }


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
        "payment-notice": say("kind-payment-notice"),
        "information-request": say("kind-information-request"),
        "information-answer": say("kind-information-answer"),
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


def _order(order: ReceivedOrder) -> list[Fact]:
    return [*_about(order), locks_fact(order)]


def _answer(answer: OrderAnswer) -> list[Fact]:
    word = say("accepted") if answer.accepted else say("refused")
    words = f"{word} ({answer.reason})" if answer.reason else word
    return [
        *_about(answer),
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


def _receipt(receipt: EvidenceReceipt) -> list[Fact]:
    return [claim_fact(receipt.claim), for_programs("request", receipt.request)]


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
        *_about(opening),
        for_programs("request", opening.request),
        for_programs("step", opening.step),
        fact("groups", group_codes(groups), say("opened-groups"), group_names(groups)),
    ]


def _ruling(word: AuditRuling) -> list[Fact]:
    words = say("nobody-at-fault") if word.fault is None else str(word.fault)
    return [
        *_about(word),
        fact("finding", word.finding, say("finding")),
        for_programs("head", word.about.head),
        fact("fault", word.fault, say("party-at-fault"), words),
    ]


def _justification(word: Justification) -> list[Fact]:
    return [
        *_about(word),
        fact("finding", word.finding, say("finding")),
        for_programs("head", word.about.head),
        fact("reason", word.reason, say("reason")),
    ]


def _told(told: ToldMark) -> list[Fact]:
    from sceau.terms import step_words

    words = step_words(told.mark)
    return [
        *_about(told),
        fact("mark", words.code, say("mark"), words.text(spoken())),
        for_programs("reason", told.reason),
        *([for_people(say("reason"), told.reason)] if told.reason else []),
    ]


def _payment(notice: PaymentNotice) -> list[Fact]:
    euros, cents = divmod(notice.amount, 100)
    return [
        claim_fact(notice.claim),
        fact("amount", notice.amount, say("amount-paid"), f"{euros}.{cents:02d} {notice.currency}"),
        for_programs("currency", notice.currency),
        fact("day", notice.day.isoformat(), say("paid-on")),
        fact("reference", notice.reference, say("reference-of-transfer")),
    ]


def _notice(notice: DeletionNotice) -> list[Fact]:
    return [
        claim_fact(notice.claim),
        for_programs("notice", notice.id),
        fact("cause", notice.cause.value, say("deletion-cause")),
        for_programs("consent", notice.consent),
    ]


def _deletion_answer(answer: DeletionAnswer) -> list[Fact]:
    return [
        claim_fact(answer.claim),
        for_programs("notice", answer.notice),
        fact("outcome", answer.outcome, say("answer")),
        fact("reason", answer.reason, say("reason"), answer.reason or "-"),
        for_programs("until", None if answer.until is None else answer.until.isoformat()),
    ]


def _asked(request: InformationRequest) -> list[Fact]:
    from sceau.claim.steps import STEPS
    from sceau.terms import step_words

    return [
        claim_fact(request.claim),
        for_programs("request", request.id),
        fact("step", STEPS[request.step].code, say("step"), step_words(request.step).text(spoken())),
        fact("paths", list(request.paths), say("paths-asked"), ", ".join(request.paths)),
        fact("policy", request.policy, say("policy"), f"{request.policy}, {request.clause}"),
        for_programs("clause", request.clause),
        fact("reason", request.reason, say("reason")),
    ]


def _not_shown(answer: InformationAnswer) -> list[Fact]:
    label = say("refused-paths") if answer.outcome == "refused" else say("declined-paths")
    policy = answer.policy
    return [
        claim_fact(answer.claim),
        for_programs("request", answer.request),
        for_programs("outcome", answer.outcome),
        fact(
            "why", dict(answer.why), label, ", ".join(f"{path} ({why})" for path, why in answer.why.items())
        ),
        for_programs("policy", None if policy is None else policy.to_json()),
        *([for_people(say("policy"), f"{policy}, {policy.clause}")] if policy is not None else []),
        fact("content", answer.content, say("hash-of-answer")),
    ]
