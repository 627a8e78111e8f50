# SPDX-License-Identifier: Apache-2.0
"""Deletion notices: to whom this party gave what is to be deleted now, and what it does with a notice of others.

The register says to whom what was given. A notice is due when a claim was erased here, when the consent relied on was
revoked or withdrawn, and when the day has passed by which it was to be deleted. It is made once for each content.
A received notice is obeyed only where its cause holds on the chain, and for what its sender gave; a claim that is
contested or under audit is kept, and the answer says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from sceau.chain.contract_errors import PartyUnknown
from sceau.chain.network import Network
from sceau.chain.registries.consents import consent_standing
from sceau.consent.typed_data import consent_id
from sceau.errors import MessageError
from sceau.messages.deletion import (
    DELETED,
    KEPT,
    NOTHING_HELD,
    Cause,
    DeletionAnswer,
    DeletionNotice,
    answer_envelope,
    notice_envelope,
)
from sceau.messages.errors import AnswerOfNothing
from sceau.messages.given import Given, entries_of
from sceau.messages.mailbox import Mailbox
from sceau.messages.stored import StoredMessage
from sceau.party.errors import MessageKeysInvalid, NotInDirectory
from sceau.retention import Periods, load_periods
from sceau.roles.handle import Envelope
from sceau.roles.keeping import Kept, contested, judge
from sceau.store import Kind, LocalStore, Store
from sceau.store.erasing import erasures, remove

if TYPE_CHECKING:
    from sceau.store.index import ChainIndex

#: Why an answer keeps something, where its sender's cause does not hold.
REASONS_OF_ANSWERS: Mapping[str, str] = {
    "consent-stands": "keeping.consent-stands",
    "not-due": "keeping.not-due",
}

#: So many consents are asked about at once.
MOST_ASKED = 200
_TURN = "turn"
_LOOKED = "looked"
_END = "end:"

_NOT_NOW = (MessageError, NotInDirectory, MessageKeysInvalid, PartyUnknown)


@dataclass(frozen=True)
class Notice:
    """A notice that this party sent, as its store has it, with the answer if one came.

    ``message`` is the identifier of the message that is queued; ``None`` where somebody carries the envelope.
    """

    id: str
    recipient: int
    claim: str
    cause: str
    given: tuple[str, ...]
    at: int
    outcome: str | None = None
    reason: str | None = None
    until: str | None = None
    message: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {**vars(self), "given": list(self.given)}

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> Notice:
        """What :meth:`to_json` wrote."""
        return cls(**{**read, "given": tuple(read["given"])})


def notices_due(
    mailbox: Mailbox,
    store: LocalStore,
    post: Callable[[Envelope], str | None],
    *,
    index: ChainIndex | None = None,
) -> list[Envelope]:
    """The notices that are due and were not made before, each an envelope for its recipient.

    ``post`` queues an envelope, where the party has a transport, and gives its message's identifier: that a notice was
    made is noted in the same change, so that none is lost that counts as made.

    The whole register is read, and the chain is asked about every consent in it. With an ``index`` that was followed up
    to now, nothing is read while no consent has ended and neither day, register nor erasures have changed, and the
    chain is asked about the consents that the index does not hold for valid.

    Raises as :meth:`Mailbox.encrypt`; what was made before stays made.
    """
    network, made = mailbox.network, []
    now = network.head().timestamp
    looked = None if index is None else _rests_on(store, now, index)
    if looked is not None and store.get(Kind.REGISTER, _LOOKED) == looked:
        return []
    ended = _ended_consents(network, store, index)
    for cause, consent, given in _due(network, store, ended.found):
        entry = given[0]
        content = [entry.recipient, entry.claim, cause.value, consent, sorted(each.id for each in given)]
        id_ = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
        if store.get(Kind.NOTICE, id_) is not None:
            continue
        commitments = [shown.commitment for each in given for shown in each.shown if shown.commitment]
        try:
            text = notice_envelope(
                mailbox,
                entry.claim,
                recipient=entry.recipient,
                id=id_,
                cause=cause,
                commitments=list(dict.fromkeys(commitments)),
                consent=consent,
            )
        except _NOT_NOW:
            # Its keys are not at hand: it is due still, and one recipient keeps no other from being told.
            looked = None
            continue
        envelope = Envelope(entry.recipient, text)
        ids = tuple(each.id for each in given)
        with store.change():
            notice = Notice(id_, entry.recipient, entry.claim, cause.value, ids, now, message=post(envelope))
            store.put(Kind.NOTICE, id_, notice.to_json(), claim=entry.claim)
        made.append(envelope)
    if looked is not None and ended.all_asked:
        store.put(Kind.REGISTER, _LOOKED, looked)
    return made


def _rests_on(store: LocalStore, now: int, index: ChainIndex) -> dict[str, Any]:
    """All that makes a notice due, in few words."""
    with store.vault.view() as rows:
        kinds = (Kind.GIVEN.value, Kind.ERASURE.value)
        last = [0 if rows is None else rows.last_place(kind) for kind in kinds]
    return {"day": now // 86_400, "ended": index.ended, "last": last}


def notices(store: Store, claim: str | None = None) -> list[Notice]:
    """The notices that this party sent, with their answers."""
    found = (
        store.of_claim(Kind.NOTICE, claim)
        if claim is not None
        else (document for _, document in store.of_kind(Kind.NOTICE))
    )
    return [Notice.from_json(each) for each in found]


def enter_answer(store: Store, answer: DeletionAnswer) -> Notice:
    """Enters an answer with the notice that it answers. That something was deleted is never taken back.

    Raises:
        AnswerOfNothing: this party sent no such notice to who answers.
    """
    stored = store.get(Kind.NOTICE, answer.notice)
    sent = None if stored is None else Notice.from_json(stored)
    if sent is None or (sent.recipient, sent.claim) != (answer.sender, answer.claim):
        raise AnswerOfNothing(sender=answer.sender)
    if sent.outcome == DELETED:
        return sent
    until = None if answer.until is None else answer.until.isoformat()
    entered = Notice(**{**vars(sent), "outcome": answer.outcome, "reason": answer.reason, "until": until})
    store.put(Kind.NOTICE, sent.id, entered.to_json(), claim=sent.claim)
    return entered


def obey(
    mailbox: Mailbox, store: LocalStore, notice: DeletionNotice, periods: Periods | None = None
) -> Envelope:
    """Does what a notice asks for as far as it may, and gives the answer for its sender.

    What is removed is final with the next erasure. The same notice is given the same answer again.

    Raises as :func:`judge`: without a node nothing is deleted.
    """
    key = f"{notice.sender}:{notice.id}"
    answered = store.get(Kind.OBEYED, key)
    if answered is None:
        answered = _obeyed(mailbox.network, store, notice, periods, key)
    until = answered["until"]
    text = answer_envelope(
        mailbox,
        notice,
        answered["outcome"],
        reason=answered["reason"],
        until=None if until is None else date.fromisoformat(until),
    )
    return Envelope(notice.sender, text)


def _obeyed(
    network: Network, store: LocalStore, notice: DeletionNotice, periods: Periods | None, key: str
) -> dict[str, Any]:
    """What the answer to a notice says; it is stored in one change with what is removed."""
    head = network.head()
    today = datetime.fromtimestamp(head.timestamp, timezone.utc).date()
    counting = periods or load_periods(on=today)
    rows, reason = _rows_of(network, store, notice, today)
    kept: Kept | None = None
    if notice.cause is Cause.ERASED:
        kept = judge(network, store, notice.claim, counting, waiting=False).kept
    else:
        kept = contested(network, store, notice.claim, counting)
    answered: dict[str, Any] = {"outcome": DELETED, "reason": None, "until": None}
    if not rows and reason is None:
        answered["outcome"] = NOTHING_HELD
    elif reason is not None or kept is not None:
        until = None if kept is None or kept.until is None else kept.until.isoformat()
        answered = {"outcome": KEPT, "reason": reason or (kept and kept.code), "until": until}
    with store.change():
        if answered["outcome"] == DELETED:
            remove(store, at=head.timestamp, rows=rows, begin=False)
        store.put(Kind.OBEYED, key, answered, claim=notice.claim)
    return answered


def _rows_of(
    network: Network, store: LocalStore, notice: DeletionNotice, today: date
) -> tuple[list[tuple[str, str]], str | None]:
    """The rows that a notice is about, and why they may not go, where its cause does not hold.

    Only what its sender gave: messages that it signed and that hold something, and the verdicts on them.
    """
    if notice.consent is not None and not _ended(network, notice):
        return [], "consent-stands"
    rows, disclosures = [], set()
    undue = False
    for key, document in _messages(store, notice.claim):
        message = StoredMessage.from_json(document)
        attached = json.loads(message.attached or "{}")
        sender = int(key.partition(":")[0])
        if sender != notice.sender or not attached:
            continue
        if notice.consent is not None and _consent_of(attached) != notice.consent:
            continue
        if notice.cause is Cause.DELETE_BY and not _passed(attached, today):
            undue = True
            continue
        rows.append((Kind.MESSAGE.value, key))
        if "id" in attached:
            disclosures.add(str(attached["id"]))
    for key, document in _verdicts(store, notice.claim):
        if document.get("disclosure") in disclosures:
            rows.append((Kind.VERDICT.value, key))
    return rows, "not-due" if undue and not rows else None


def _ended(network: Network, notice: DeletionNotice) -> bool:
    """Whether the consent has ended as the notice says, by any node that may be believed."""
    state = consent_standing(network, notice.consent or "")
    return bool(state.revoked_at if notice.cause is Cause.CONSENT_REVOKED else state.withdrawn_at)


def _messages(store: LocalStore, claim: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _of(store, Kind.MESSAGE, claim)


def _verdicts(store: LocalStore, claim: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _of(store, Kind.VERDICT, claim)


def _of(store: LocalStore, kind: Kind, claim: str) -> Iterator[tuple[str, dict[str, Any]]]:
    others = frozenset(each.value for each in Kind if each is not kind) | {"number", "received", "outbox"}
    with store.vault.view() as rows:
        found = [] if rows is None else rows.about(claim, but=others)
    yield from ((row.key, row.document) for _, row in found)


def _consent_of(attached: dict[str, Any]) -> str | None:
    part = attached.get("consent")
    return None if not isinstance(part, dict) else consent_id(part["commitment"], part["key"])


def _passed(attached: dict[str, Any], today: date) -> bool:
    """Whether the day by which a disclosure itself says that it must be deleted is over."""
    written = attached.get("delete_by")
    return isinstance(written, str) and date.fromisoformat(written) < today


def _due(
    network: Network, store: LocalStore, ended: Mapping[str, Cause]
) -> Iterator[tuple[Cause, str | None, list[Given]]]:
    """What is to be deleted by whom: entries of the register by recipient, claim and cause."""
    gone = erasures(store)
    claims = {claim for each in gone for claim in each.claims}
    commitments = {root for each in gone for root in each.commitments}
    today = datetime.fromtimestamp(network.head().timestamp, timezone.utc).date()
    found: dict[tuple[int, str, Cause, str | None], list[Given]] = {}
    for entry in entries_of(store):
        for cause, consent in _causes(entry, claims, commitments, ended, today):
            found.setdefault((entry.recipient, entry.claim, cause, consent), []).append(entry)
    for (_, _, cause, consent), entries in found.items():
        yield cause, consent, entries


def _causes(
    entry: Given, claims: set[str], commitments: set[str], ended: Mapping[str, Cause], today: date
) -> Iterator[tuple[Cause, str | None]]:
    if entry.claim in claims or any(shown.commitment in commitments for shown in entry.shown):
        yield Cause.ERASED, None
    if entry.consent is not None and entry.consent in ended:
        yield ended[entry.consent], entry.consent
    if entry.delete_by is not None and date.fromisoformat(entry.delete_by) < today:
        yield Cause.DELETE_BY, None


class _Ended(NamedTuple):
    """Consents that the chain says have ended, and whether it said so of all that may have."""

    found: Mapping[str, Cause]
    all_asked: bool


def _ended_consents(network: Network, store: Store, index: ChainIndex | None) -> _Ended:
    """The consents under which something was given and that have ended.

    The chain is asked about at most :data:`MOST_ASKED` at once, in turn: about the others the next time. What it said
    has ended stays so, and is noted.
    """
    consents = sorted({entry.consent for entry in entries_of(store) if entry.consent is not None})
    followed = dict(zip(consents, index.consents(consents), strict=True)) if index is not None else {}
    known = {each: end for each in consents if (end := _noted_end(store, each)) is not None}
    consents = [
        each
        for each in consents
        if each not in known and ((state := followed.get(each)) is None or state.ended)
    ]
    all_asked = len(consents) <= MOST_ASKED
    if not all_asked:
        turn = store.get(Kind.REGISTER, _TURN)
        after = "" if turn is None else turn["after"]
        consents = [
            *(each for each in consents if each > after),
            *(each for each in consents if each <= after),
        ]
        consents = consents[:MOST_ASKED]
        store.put(Kind.REGISTER, _TURN, {"after": consents[-1]})
    ends = {consent: _end_of(network, consent) for consent in consents}
    # A node that does not say what was heard before hides it, or it never was: it is asked again the next time.
    all_said = all(ends[each] is not None for each in consents if followed.get(each) is not None)
    found = {each: end for each, end in ends.items() if end is not None}
    for consent, end in found.items():
        store.put(Kind.MEMO, _END + consent, {"cause": end.value}, claim=consent)
    return _Ended({**known, **found}, all_asked and all_said)


def _noted_end(store: Store, consent: str) -> Cause | None:
    noted = store.get(Kind.MEMO, _END + consent)
    return None if noted is None else Cause(noted["cause"])


def _end_of(network: Network, consent: str) -> Cause | None:
    state = consent_standing(network, consent)
    if state.revoked_at:
        return Cause.CONSENT_REVOKED
    return Cause.CONSENT_WITHDRAWN if state.withdrawn_at else None
