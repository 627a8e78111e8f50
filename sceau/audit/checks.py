# SPDX-License-Identifier: Apache-2.0
"""The pieces of evidence, each checked against the chain: parts of records, opened groups, signed messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sceau.audit.asked import Asked
from sceau.audit.errors import NotOfThisClaim, SignedTooEarly
from sceau.audit.evidence import Evidence, OpenedGroup, RecordPart
from sceau.audit.ruling import Check
from sceau.chain.network import Network
from sceau.claim.history import History, WrittenStep
from sceau.claim.steps import placing
from sceau.conformity.groups import CanonicalGroup
from sceau.conformity.keys import GroupKey
from sceau.conformity.opening import check_lock, check_tag
from sceau.conformity.seals import require_step
from sceau.errors import SceauError, Sentence
from sceau.messages.envelope import CLOCK_SECONDS, Message
from sceau.messages.evidence import OPENING, SignedOpening, read_opening
from sceau.messages.order import ANSWER, ORDER
from sceau.messages.signed import read_signed_message
from sceau.party.directory import Directory
from sceau.record import Value
from sceau.terms import Group, Step, group_words, step_words


@dataclass(frozen=True)
class Side:
    """One side's opening of a group that holds: the key, and what it says."""

    key: GroupKey
    content: CanonicalGroup


GroupOfStep = tuple[Step, int, Group]


@dataclass(frozen=True, repr=False)
class CheckedEvidence:
    """A check of each piece of evidence, and what those that hold say.

    ``sides`` are the opened groups that hold, by step, order number and group, ``failed`` why others do not that the
    step's writer signed to the auditor; ``values`` what each record and group says of the step that sealed it;
    ``messages`` those whose signature holds and that are not about another claim, ``answers`` what parties signed in
    them to open.
    """

    checks: list[Check] = field(default_factory=list)
    sides: dict[GroupOfStep, Side] = field(default_factory=dict)
    failed: dict[GroupOfStep, SceauError] = field(default_factory=dict)
    values: list[tuple[WrittenStep, Mapping[str, Value]]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    answers: list[SignedOpening] = field(default_factory=list)


def check_evidence(
    network: Network, evidence: Evidence, directory: Directory, history: History, asked: Asked | None
) -> CheckedEvidence:
    """Every piece of the evidence, checked against the chain; what is false is a failed check and raises nothing."""
    checked = CheckedEvidence()
    for record in evidence.records:
        _record(checked, record, evidence, history)
    for signed in evidence.messages:
        _message(checked, signed, network, evidence, directory, history)
    for opened in evidence.groups:
        _group(checked, opened, evidence, history, asked)
    return checked


def _record(checked: CheckedEvidence, record: RecordPart, evidence: Evidence, history: History) -> None:
    """Whether shown leaves are part of what the claim sealed at the step they name."""
    name = {"record": record.scope.profile_key, "step": record.scope.step}
    try:
        written = _written(history, evidence, record)
        values = record.multiproof.read(written.commitment, record.scope)
    except SceauError as error:
        checked.checks.append(_check("record-does-not-hold", why=error, **name))
        return
    checked.values.append((written, values))
    checked.checks.append(_check("record-holds", count=len(values), **name))


def _group(
    checked: CheckedEvidence, opened: OpenedGroup, evidence: Evidence, history: History, asked: Asked | None
) -> None:
    """Whether an opened group gives the root and the lock or tag of its own step.

    One that does needs no signature: nobody but its writer can make it. One that does not may be anybody's: it is the
    writer's only if this auditor received it from the writer, signed. A signature that somebody else shows could be by
    a key that the writer lost, dated back.
    """
    name = {"group": group_words(opened.opening.group), "step": opened.scope.step}
    try:
        written = _written(history, evidence, opened)
    except NotOfThisClaim as error:
        checked.checks.append(_check("group-does-not-hold", why=error, **name))
        return
    where = (written.step, written.order_number, opened.opening.group)
    try:
        content = _content(opened, written)
    except SceauError as error:
        if asked is not None and asked.signed_by(written, opened, asked.answers):
            checked.failed[where] = error
            checked.checks.append(_check("group-does-not-hold", why=error, **name))
        else:
            checked.checks.append(_check("group-of-nobody", why=error, **name))
        return
    checked.sides[where] = Side(opened.opening.key, content)
    checked.values.append((written, content.values))
    checked.checks.append(_check("group-holds", **name))


def _content(opened: OpenedGroup, written: WrittenStep) -> CanonicalGroup:
    require_step(opened.scope)
    group, root = opened.opening.group, written.commitment
    if written.tags:
        return check_tag(opened.opening, root=root, scope=opened.scope, tag=written.tags[group])
    return check_lock(opened.opening, root=root, scope=opened.scope, lock=written.locks[group])


def _message(
    checked: CheckedEvidence,
    signed: str,
    network: Network,
    evidence: Evidence,
    directory: Directory,
    history: History,
) -> None:
    """Whether a message is signed by its sender, not about another claim, and not dated before what it is about."""
    try:
        message = read_signed_message(network, directory, signed)
        # A disclosure's message names no claim.
        if message.body.get("claim", evidence.claim) != evidence.claim:
            raise NotOfThisClaim
        if message.issued_at < _earliest(message, history) - CLOCK_SECONDS:
            raise SignedTooEarly
        if message.kind == OPENING:
            checked.answers.append(read_opening(message))
    except SceauError as error:
        checked.checks.append(_check("message-does-not-hold", why=error))
        return
    checked.messages.append(message)
    checked.checks.append(_check("message-holds", kind=message.kind, party=message.sender))


def _earliest(message: Message, history: History) -> int:
    """The time before which nobody could have signed a message about a claim, in seconds.

    An order is signed once the claim is authorised, a later one once the order before it stands; an answer to an order,
    once that order stands. All else follows the opening.
    """
    number = message.body.get("order")
    known = history.find(Step.OPEN)
    if type(number) is int and number > 0:
        if message.kind == ORDER and number == 1:
            known = history.find(Step.AUTHORISE) or known
        elif message.kind in (ORDER, ANSWER):
            before = number - (message.kind == ORDER)
            known = history.find(placing(before), before) or known
    return 0 if known is None else known.time


def _written(history: History, evidence: Evidence, item: RecordPart | OpenedGroup) -> WrittenStep:
    """The step of this very claim, on this very chain and contract, that a piece is of."""
    scope = item.scope
    if (scope.chain_id, scope.contract, scope.claim) == (
        evidence.chain_id,
        evidence.contract,
        evidence.claim,
    ):
        for written in history.steps:
            if (step_words(written.step).code, written.order_number) == (scope.step, scope.order_number):
                return written
    raise NotOfThisClaim


def _check(code: str, **details: object) -> Check:
    """A check that failed when it says ``why``."""
    return Check("why" not in details, Sentence(f"checks.{code}", **details))
