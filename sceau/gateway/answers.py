# SPDX-License-Identifier: Apache-2.0
"""What the gateway answers. Each shape is described in the OpenAPI document; docs/gateway.md tells of their use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel

from sceau.chain.times import iso_text
from sceau.claim.difference import differing_groups
from sceau.claim.prepared import PreparedStep
from sceau.consent.request import ConsentRequest
from sceau.gateway.problems import Problem, problem_of
from sceau.messages.envelope import EnvelopeText, Message
from sceau.messages.intended import Intention
from sceau.messages.kinds import Received
from sceau.messages.summary import summary, values_of
from sceau.roles.handle import Envelope, Handle
from sceau.roles.inbox import Listed
from sceau.roles.issued import IssuedVerdict
from sceau.roles.posting import Problem as Trouble
from sceau.roles.posting import SyncReport
from sceau.roles.standing import Standing
from sceau.store.entry import Entry
from sceau.terms import group_words, step_words
from sceau.verify.verdict import Verdict

State = Literal["queued", "sent", "written", "refused"]


class StepAnswer(BaseModel):
    """A step of a claim that this party writes, and where it stands."""

    claim: str
    step: str
    order: int
    commitment: str
    """The commitment of its record; it names the step."""
    state: State
    transaction: str | None
    block: int | None = None
    differing: list[str] | None = None
    """Of a delivery or an invoice: the groups in which it differs from its order."""
    refusal: Problem | None = None
    """Why it was refused."""


class ConsentAnswer(BaseModel):
    """A consent that this party records or withdraws."""

    consent: str
    state: Literal["queued", "sent", "written", "refused", "dropped"]
    """Of a withdrawal ``dropped``: the consent itself still waited to be recorded, and never will be."""
    transaction: str | None


class ConsentRequestAnswer(BaseModel):
    """A consent request, for the software in which the patient reads and signs."""

    commitment: str
    request: dict[str, Any]
    unusual_end: dict[str, str] | None
    """Why its end may tell it from other consents, in both languages."""


class MessageAnswer(BaseModel):
    """A message that leaves by the post; ``queued`` without an identifier: it is made once its step is written."""

    id: str | None
    recipient: int | None
    state: Literal["queued", "leaves"]


class VerdictAnswer(BaseModel):
    """A verdict: docs/verdicts.md describes it."""

    verdict: dict[str, Any]


class IssuedAnswer(BaseModel):
    """A verdict as it was issued, without the values that were shown."""

    id: str
    claim: str
    step: str
    head: str
    outcome: str
    reasons: list[dict[str, str]]


class DoneAnswer(BaseModel):
    """It is done."""

    done: bool = True


class ShopAnswer(BaseModel):
    """The state of a shop."""

    role: str
    party: int | None
    """Its number; ``null`` while its key or its node cannot say it."""
    followed: dict[str, Any] | None
    """The block up to which the chain was followed."""
    unwritten: int
    """Entries of the outbox that are not written yet."""
    oldest_seconds: int | None
    """The age of the oldest of them."""
    sync: dict[str, Any] | None
    """What the last turn of the post did."""
    trouble: Problem | None
    """Why there was none."""


class ClaimsAnswer(BaseModel):
    """The claims of a party, in the order in which they came, as the chain was followed."""

    claims: list[dict[str, Any]]
    block: dict[str, Any] | None


class ClaimAnswer(BaseModel):
    """A claim as the chain has it, and the steps that this party stores."""

    claim: dict[str, Any]
    own_steps: list[str]
    """The commitments of the steps that this party stored."""


class ConsentStateAnswer(BaseModel):
    """The state of a consent."""

    consent: dict[str, Any]


class OutboxAnswer(BaseModel):
    """What waits to be written, and the disclosures that wait for their steps."""

    entries: list[dict[str, Any]]
    disclosures: list[dict[str, Any]]


class MessagesAnswer(BaseModel):
    """The messages that nobody handled yet, and why others could not be read."""

    messages: list[dict[str, Any]]
    problems: list[dict[str, Any]]


class RequestsAnswer(BaseModel):
    """Requests for information about a claim, with their answers so far."""

    requests: list[dict[str, Any]]


class ReceivedAnswer(BaseModel):
    """A message, with the values of the record that it opens."""

    message: dict[str, Any]
    values: dict[str, Any]


def of_step(step: PreparedStep, standing: Standing) -> StepAnswer:
    """Where a step stands."""
    compared = step.row.is_compared
    return StepAnswer(
        claim=step.claim,
        step=step_words(step.row.step).code,
        order=step.order_number,
        commitment=step.record.root,
        state=standing.state.value,
        transaction=standing.hash or None,
        block=standing.block,
        differing=[group_words(each).code for each in differing_groups(step)] if compared else None,
        refusal=None if standing.refusal is None else problem_of(standing.refusal),
    )


def of_handle(handle: Handle) -> StepAnswer:
    """What a verb wrote."""
    if handle.step is None:
        raise TypeError("the handle is not on a step of a claim")
    return of_step(handle.step, Standing(handle.state, handle.hash))


def of_request(request: ConsentRequest) -> ConsentRequestAnswer:
    """A request that a patient is to sign."""
    unusual = request.unusual_end
    return ConsentRequestAnswer(
        commitment=request.commitment,
        request=request.to_json(),
        unusual_end=None if unusual is None else {"en": unusual.en, "fr": unusual.fr},
    )


def of_consent(consent: str, handle: Handle) -> ConsentAnswer:
    """A consent that a verb recorded or withdrew."""
    return ConsentAnswer(consent=consent, state=handle.state.value, transaction=handle.hash or None)


def of_verdict(verdict: Verdict) -> VerdictAnswer:
    """A verdict, with the values that may be held."""
    return VerdictAnswer(verdict=verdict.to_json())


def of_issued(issued: IssuedVerdict) -> IssuedAnswer:
    """A verdict as it was issued."""
    return IssuedAnswer(
        id=issued.id,
        claim=issued.claim,
        step=issued.step,
        head=issued.head,
        outcome=issued.outcome.value,
        reasons=[{"code": each.code, "en": each.en, "fr": each.fr} for each in issued.reasons],
    )


def of_envelope(envelope: Envelope) -> MessageAnswer:
    """A message that a verb made."""
    text = envelope.text
    made = text.draft.id if isinstance(text, EnvelopeText) else None
    return MessageAnswer(id=made, recipient=envelope.recipient, state="leaves")


def of_listed(listed: Listed) -> dict[str, Any]:
    """A message of the inbox."""
    key, message, received, task = listed
    return {**of_received(key, message, received), "asks": None if task is None else task.value}


def of_received(key: str, message: Message, received: Received) -> dict[str, Any]:
    """A message that was received."""
    return {
        "id": key,
        "kind": message.kind,
        "from": message.sender,
        "signed_at": iso_text(message.issued_at),
        **summary(received),
    }


def of_values(received: Received) -> dict[str, Any]:
    """The values of the record that a message opens."""
    return dict(values_of(received))


def of_troubles(problems: Iterable[Trouble]) -> list[dict[str, Any]]:
    """What did not succeed."""
    return [
        {
            "code": each.code,
            "party": each.party,
            "place": each.place,
            "count": each.count,
            "detail": each.text("en"),
            "detail_fr": each.text("fr"),
        }
        for each in problems
    ]


def of_report(report: SyncReport | None) -> dict[str, Any] | None:
    """What the last turn of the post did."""
    if report is None:
        return None
    counted = ("written", "queued", "sent", "received", "waiting", "offline")
    return {**{name: getattr(report, name) for name in counted}, "problems": of_troubles(report.problems)}


def of_entry(entry: Entry) -> dict[str, Any]:
    """An entry of the outbox."""
    return {
        "entry": entry.id,
        "state": entry.state.value,
        "function": entry.call.function,
        "about": entry.lane,
        "wanted_at": iso_text(entry.wanted_at),
        "transaction": None if entry.signed is None else entry.signed.hash,
        "reason": _reason(entry.reason),
    }


def of_intention(intention: Intention) -> dict[str, Any]:
    """A disclosure that waits for its step."""
    return {
        "entry": intention.id,
        "state": "wanted" if intention.reason is None else "stopped",
        "claim": intention.claim,
        "payer": intention.payer,
        "clause": intention.clause,
        "wanted_at": iso_text(intention.wanted_at),
        "reason": _reason(intention.reason),
    }


def _reason(reason: Any) -> dict[str, str] | None:
    return None if reason is None else {"code": reason["code"], "en": reason["en"], "fr": reason["fr"]}
