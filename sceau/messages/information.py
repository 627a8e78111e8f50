# SPDX-License-Identifier: Apache-2.0
"""What a payer asks to be shown of a claim's record, and what the practice refuses of it: each signed by its sender.

A request names paths, and the clause of a policy under which it asks for them. What is granted is an ordinary
disclosure, and no answer of this kind. An answer is answered by nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from sceau.chain.network import Network
from sceau.claim.steps import STEPS, row_of_code
from sceau.disclosure import PolicyReference
from sceau.documents.identifiers import checked_id, is_hash
from sceau.messages.envelope import Message
from sceau.messages.errors import AskedPaths, MessageMalformed, ReasonNotListed
from sceau.messages.mailbox import Mailbox
from sceau.messages.readers import PAYER, PRACTICE, require_sender
from sceau.record import load_profile
from sceau.record.errors import PathUnknown
from sceau.terms import Step

REQUEST = "information-request"
ANSWER = "information-answer"

#: Why a payer asks: amounts, classes, codes or a renewal are unclear, a bill may be a second one, or it drew a sample.
REASONS: Final = ("AMOUNTS", "CLASS", "CODES", "DUPLICATE", "RENEWAL", "SAMPLE")

#: The steps whose records can be asked about: those that a practice shows a payer.
STEPS_ASKED: Final = (Step.OPEN, Step.INVOICE)

#: How a path was answered: refused by policy or consent, declined by a person; what is granted is shown.
REFUSED = "refused"
DECLINED = "declined"
GRANTED = "granted"

#: Most paths of one request.
MOST_PATHS: Final = 32

_ID_BYTES = 16
_ID = re.compile(r"[0-9a-f]{32}")
_PATH = re.compile(r"(?=.{1,60}\Z)[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_WHY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")


@dataclass(frozen=True)
class InformationRequest:
    """What a payer asks the claim's practice to be shown: ``paths`` of the record of a step, under a policy's clause.

    ``id`` are 32 random hex digits, ``reason`` one of :data:`REASONS`, ``asked_at`` seconds since 1970. ``message`` is
    the key under which its reader received it, empty for who asks.
    """

    payer: int
    practice: int
    id: str
    claim: str
    step: Step
    paths: tuple[str, ...]
    policy: str
    clause: str
    reason: str
    asked_at: int
    message: str = ""

    @classmethod
    def make(
        cls,
        payer: int,
        practice: int,
        claim: str,
        step: Step,
        paths: Iterable[str],
        *,
        policy: str,
        clause: str,
        reason: str,
        asked_at: int,
    ) -> InformationRequest:
        """A new request.

        Raises:
            PathUnknown: no record of the step has such a path.
            AskedPaths: it names no path, or more than :data:`MOST_PATHS`.
            ReasonNotListed, IdentifierInvalid.
        """
        chosen = tuple(sorted(set(paths)))
        profiles = [load_profile(name) for name in STEPS[step].profiles]
        for path in chosen:
            if not any(path in profile.fields for profile in profiles):
                raise PathUnknown(path, profile=", ".join(each.key for each in profiles))
        if not 0 < len(chosen) <= MOST_PATHS:
            raise AskedPaths(count=len(chosen), limit=MOST_PATHS)
        if reason not in REASONS:
            raise ReasonNotListed(known=", ".join(REASONS))
        id_ = secrets.token_hex(_ID_BYTES)
        return cls(payer, practice, id_, checked_id(claim), step, chosen, policy, clause, reason, asked_at)

    def asks_the_same(self, other: InformationRequest) -> bool:
        """Whether another message says the same under the same number."""
        return replace(self, asked_at=0, message="") == replace(other, asked_at=0, message="")

    def body(self) -> dict[str, Any]:
        """What the message says."""
        return {
            "request": self.id,
            "claim": self.claim,
            "step": STEPS[self.step].code,
            "paths": list(self.paths),
            "policy": self.policy,
            "clause": self.clause,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class InformationAnswer:
    """What a practice did not show of what was asked: ``why`` is the code of each path's reason.

    ``outcome`` says whether policy or consent refused it, without a person, or a person declined it; ``policy`` is the
    version and clause that refused. ``content`` is the SHA-256 of what it says, which both parties have; ``signed`` the
    practice's word, a JWS.
    """

    practice: int
    payer: int
    request: str
    claim: str
    outcome: str
    why: Mapping[str, str]
    policy: PolicyReference | None
    said_at: int
    content: str
    signed: str


def request_envelope(mailbox: Mailbox, request: InformationRequest) -> str:
    """The envelope of a request, for the claim's practice."""
    return mailbox.encrypt(REQUEST, request.body(), recipient=request.practice)


def answer_envelope(
    mailbox: Mailbox,
    request: InformationRequest,
    outcome: str,
    why: Mapping[str, str],
    policy: PolicyReference | None = None,
) -> str:
    """The envelope of an answer to a request, for the payer that asked."""
    body = {
        "request": request.id,
        "claim": request.claim,
        "outcome": outcome,
        "paths": [{"path": path, "why": code} for path, code in sorted(why.items())],
        "policy": None if policy is None else policy.to_json(),
    }
    return mailbox.encrypt(ANSWER, body, recipient=request.payer)


def request_of(network: Network, message: Message) -> InformationRequest:
    """A request, which only the claim's payer may make; what may be shown of it is for the practice's role to see.

    Raises:
        MessageMalformed: it is malformed.
        SenderNotNamed: its sender is not the claim's payer.
        NoSuchClaim.
    """
    body = message.body
    row = row_of_code(body.get("step"))
    if row is None or row.step not in STEPS_ASKED:
        raise _malformed(message, "step")
    paths: Any = body.get("paths")
    if not _are_paths(paths):
        raise _malformed(message, "paths")
    if body.get("reason") not in REASONS:
        raise _malformed(message, "reason")
    request = InformationRequest(
        message.sender,
        message.recipient,
        _text(message, "request", _ID),
        _claim(message),
        row.step,
        tuple(paths),
        _text(message, "policy", _NAME),
        _text(message, "clause", _NAME),
        body["reason"],
        message.issued_at,
        f"{message.sender}:{message.id}",
    )
    require_sender(network, REQUEST, PAYER, request.claim, message.sender)
    return request


def answer_of(network: Network, message: Message) -> InformationAnswer:
    """An answer, which only the claim's practice may give; whether it was asked is for its reader's role to see.

    Raises:
        MessageMalformed: it is malformed.
        SenderNotNamed: its sender is not the claim's practice.
        NoSuchClaim.
    """
    answer = read_answer(message)
    require_sender(network, ANSWER, PRACTICE, answer.claim, message.sender)
    return answer


def read_answer(message: Message) -> InformationAnswer:
    """What a message says as an answer, not yet checked against the chain. Raises :class:`MessageMalformed`."""
    outcome = message.body.get("outcome")
    if outcome not in (REFUSED, DECLINED):
        raise _malformed(message, "outcome")
    return InformationAnswer(
        message.sender,
        message.recipient,
        _text(message, "request", _ID),
        _claim(message),
        outcome,
        MappingProxyType(_why(message)),
        _policy(message),
        message.issued_at,
        message.content,
        message.signed,
    )


def _are_paths(written: object) -> bool:
    """Whether a value is a list of paths, each once, in order, and not too many."""
    return (
        isinstance(written, list)
        and 0 < len(written) <= MOST_PATHS
        and all(isinstance(each, str) and _PATH.fullmatch(each) for each in written)
        and written == sorted(set(written))
    )


def _why(message: Message) -> dict[str, str]:
    """The reason of each path."""
    written = message.body.get("paths")
    if not isinstance(written, list) or not all(
        isinstance(each, dict) and set(each) == {"path", "why"} for each in written
    ):
        raise _malformed(message, "paths")
    if not _are_paths([each["path"] for each in written]):
        raise _malformed(message, "paths")
    if not all(isinstance(each["why"], str) and _WHY.fullmatch(each["why"]) for each in written):
        raise _malformed(message, "paths")
    return {each["path"]: each["why"] for each in written}


def _policy(message: Message) -> PolicyReference | None:
    written = message.body.get("policy")
    if written is None:
        return None
    if not isinstance(written, dict) or set(written) != {"id", "version", "clause"}:
        raise _malformed(message, "policy")
    if not all(isinstance(each, str) and _NAME.fullmatch(each) for each in written.values()):
        raise _malformed(message, "policy")
    return PolicyReference(written["id"], written["version"], written["clause"])


def _text(message: Message, part: str, form: re.Pattern[str]) -> str:
    written = message.body.get(part)
    if not isinstance(written, str) or not form.fullmatch(written):
        raise _malformed(message, part)
    return written


def _claim(message: Message) -> str:
    claim = message.body.get("claim")
    if not is_hash(claim):
        raise _malformed(message, "claim")
    return claim


def _malformed(message: Message, part: str) -> MessageMalformed:
    return MessageMalformed(kind=message.kind, sender=message.sender, part=part)
