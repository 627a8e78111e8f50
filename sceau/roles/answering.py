# SPDX-License-Identifier: Apache-2.0
"""What a party opens in answer to an auditor's request: its own steps, and of each the groups asked for."""

from __future__ import annotations

from typing import Final

from sceau.audit.errors import EvidenceEmpty
from sceau.audit.evidence import Evidence
from sceau.claim.history import History
from sceau.conformity.opening import GroupOpening
from sceau.messages.envelope import Message
from sceau.messages.evidence import EvidenceRequest, opening_envelope
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import ACCEPTED, ANSWER, ORDER, hash_of
from sceau.messages.signed import read_signed_message
from sceau.messages.stored import StoredMessage
from sceau.record import Scope
from sceau.roles.handle import Envelope
from sceau.store import Kind
from sceau.terms import group_words, step_words

#: Most orders or answers that are shown beside an opening: with so many of the longest, the largest one fits still.
MOST_PLEADED: Final = 4


def answers(
    mailbox: Mailbox, request: EvidenceRequest, history: History, held: Evidence
) -> tuple[Envelope, ...]:
    """An envelope for each of the party's own steps, with the orders and answers that others signed to it.

    ``held`` is all that it can open of the groups that are asked for, of others' steps too.

    Raises:
        EvidenceEmpty: it wrote none of the steps that are asked about.
    """
    own = {
        (step_words(written.step).code, written.order_number)
        for written in history.steps
        if written.party == mailbox.party
    }
    steps: dict[Scope, list[GroupOpening]] = {}
    for opened in held.groups:
        scope, opening = opened.scope, opened.opening
        order_number = scope.order_number or 0
        if (scope.step, order_number) in own and request.asks(order_number, opening.group):
            steps.setdefault(scope, []).append(opening)
    if not steps:
        raise EvidenceEmpty
    signed = _signed_to(mailbox, request.claim)
    return tuple(
        Envelope(
            request.auditor,
            opening_envelope(mailbox, request, scope, openings, _pleaded(signed, scope, openings)),
        )
        for scope, openings in steps.items()
    )


def _signed_to(mailbox: Mailbox, claim: str) -> list[Message]:
    """What others signed to the mailbox's party on a claim."""
    stored = [StoredMessage.from_json(each) for each in mailbox.store.of_claim(Kind.MESSAGE, claim)]
    return [read_signed_message(mailbox.network, mailbox.directory, each.signed) for each in stored]


def _pleaded(signed: list[Message], scope: Scope, openings: list[GroupOpening]) -> list[str]:
    """The orders, or answers to one, that a party has about an order: those that speak for it first.

    There are at most :data:`MOST_PLEADED`: a sender of many more cannot keep anybody from answering.
    """
    about = [
        each
        for each in signed
        if each.kind in (ORDER, ANSWER) and each.body.get("order") == scope.order_number
    ]
    about.sort(key=lambda each: not _speaks_for(each, openings))
    return [each.signed for each in about[:MOST_PLEADED]]


def _speaks_for(message: Message, openings: list[GroupOpening]) -> bool:
    """Whether a message is an acceptance, or an order that gave the very keys with which the party opens."""
    if message.kind == ANSWER:
        return bool(message.body.get("answer") == ACCEPTED)
    keys = message.body.get("group_keys")
    return isinstance(keys, dict) and all(
        keys.get(group_words(each.group).code) == hash_of(each.key) for each in openings
    )
