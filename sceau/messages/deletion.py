# SPDX-License-Identifier: Apache-2.0
"""A deletion notice to a party that was given something of a claim, and the answer: deleted, or kept and why.

A notice names commitments, paths and groups, and no value. Neither of the two is ever answered by a notice. The
reader checks on the chain that its cause holds (``sceau/roles/notifying.py``): a notice alone deletes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from sceau.chain.network import Network
from sceau.documents.identifiers import is_hash
from sceau.documents.times import day_of
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed
from sceau.messages.mailbox import Mailbox

NOTICE = "deletion-notice"
ANSWER = "deletion-answer"

DELETED = "deleted"
KEPT = "kept"
NOTHING_HELD = "nothing-held"
_OUTCOMES = frozenset({DELETED, KEPT, NOTHING_HELD})

_MOST = 64
_ID_DIGITS = 32


class Cause(Enum):
    """Why something is to be deleted."""

    ERASED = "erased"
    CONSENT_REVOKED = "consent-revoked"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    DELETE_BY = "delete-by"


@dataclass(frozen=True)
class DeletionNotice:
    """A party's word that it asks for what it gave on a claim to be deleted.

    ``commitments`` are those of the records that it gave, or parts of; ``consent`` the one that ended, where that is
    the cause.
    """

    sender: int
    recipient: int
    id: str
    claim: str
    cause: Cause
    consent: str | None
    commitments: tuple[str, ...]
    signed: str

    def __repr__(self) -> str:
        return f"DeletionNotice({self.cause.value}, {self.claim})"


@dataclass(frozen=True)
class DeletionAnswer:
    """A party's word on a notice: ``outcome`` is deleted, kept or nothing-held; ``reason`` and ``until`` of what it
    keeps."""

    sender: int
    recipient: int
    notice: str
    claim: str
    outcome: str
    reason: str | None
    until: date | None
    issued_at: int
    signed: str


def notice_envelope(
    mailbox: Mailbox,
    claim: str,
    *,
    recipient: int,
    id: str,  # noqa: A002  # the word of the message
    cause: Cause,
    commitments: Sequence[str],
    consent: str | None = None,
) -> str:
    """The envelope of a notice; the first 64 commitments are named, and all of the claim is meant."""
    body = {
        "claim": claim,
        "notice": id,
        "cause": cause.value,
        "consent": consent,
        "commitments": list(commitments)[:_MOST],
    }
    return mailbox.encrypt(NOTICE, body, recipient=recipient)


def answer_envelope(
    mailbox: Mailbox, notice: DeletionNotice, outcome: str, *, reason: str | None, until: date | None
) -> str:
    """The envelope of the answer to a notice."""
    body = {
        "claim": notice.claim,
        "notice": notice.id,
        "outcome": outcome,
        "reason": reason,
        "until": None if until is None else until.isoformat(),
    }
    return mailbox.encrypt(ANSWER, body, recipient=notice.sender)


def notice_of(network: Network, message: Message) -> DeletionNotice:
    """A notice; whether it is obeyed is for the reader's role to see. Raises :class:`MessageMalformed`."""
    del network
    body = message.body
    cause = next((each for each in Cause if each.value == body.get("cause")), None)
    if cause is None:
        raise _malformed(message, "cause")
    consent, commitments = body.get("consent"), body.get("commitments")
    by_consent = cause in (Cause.CONSENT_REVOKED, Cause.CONSENT_WITHDRAWN)
    if by_consent != (consent is not None) or not (consent is None or is_hash(consent)):
        raise _malformed(message, "consent")
    if not isinstance(commitments, list) or len(commitments) > _MOST or not all(map(is_hash, commitments)):
        raise _malformed(message, "commitments")
    return DeletionNotice(
        message.sender,
        message.recipient,
        _id(message),
        _claim(message),
        cause,
        consent,
        tuple(commitments),
        message.signed,
    )


def answer_of(network: Network, message: Message) -> DeletionAnswer:
    """An answer; that it is to a notice of its reader's is for its role to see. Raises :class:`MessageMalformed`."""
    del network
    body = message.body
    outcome, reason, until = body.get("outcome"), body.get("reason"), body.get("until")
    if outcome not in _OUTCOMES:
        raise _malformed(message, "outcome")
    if reason is not None and not (isinstance(reason, str) and 0 < len(reason) <= 40 and reason.isascii()):
        raise _malformed(message, "reason")
    day = None if until is None else day_of(until)
    if until is not None and day is None:
        raise _malformed(message, "until")
    return DeletionAnswer(
        message.sender,
        message.recipient,
        _id(message),
        _claim(message),
        outcome,
        reason,
        day,
        message.issued_at,
        message.signed,
    )


def _id(message: Message) -> str:
    found: Any = message.body.get("notice")
    if not isinstance(found, str) or len(found) != _ID_DIGITS or set(found) - set("0123456789abcdef"):
        raise _malformed(message, "notice")
    return found


def _claim(message: Message) -> str:
    claim: Any = message.body.get("claim")
    if not is_hash(claim):
        raise _malformed(message, "claim")
    return str(claim)


def _malformed(message: Message, part: str) -> MessageMalformed:
    return MessageMalformed(kind=message.kind, sender=message.sender, part=part)
