# SPDX-License-Identifier: Apache-2.0
"""What an auditor asks of a party, the party's receipt, and what the party then opens: each signed by its sender.

A false opening is the sender's only if the sender signed it, to this auditor, in answer to this request. Silence is its
fault only if it signed that it received the request.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sceau.chain.network import Network
from sceau.chain.registries.parties import may_act
from sceau.conformity.groups import group_of_code
from sceau.conformity.keys import LAST_ORDER
from sceau.conformity.opening import GroupOpening
from sceau.documents.identifiers import checked_id, is_hash
from sceau.errors import SceauError
from sceau.messages.envelope import Message
from sceau.messages.errors import DeadlineTooSoon, MessageMalformed, NotAnAuditor
from sceau.messages.mailbox import Mailbox
from sceau.record import Scope
from sceau.terms import Group, Role, group_words

REQUEST = "evidence-request"
RECEIPT = "evidence-receipt"
OPENING = "evidence-opening"

#: The least time between a request and its deadline, in seconds.
LEAST_TIME = 86_400

_MOST = 64
_ID_BYTES = 16
_ID_DIGITS = 2 * _ID_BYTES

T = TypeVar("T")


@dataclass(frozen=True)
class EvidenceRequest:
    """What an auditor asks a party to open: groups of orders, each in every step about that order that it wrote.

    ``deadline`` and ``asked_at`` are seconds since 1970.
    """

    auditor: int
    party: int
    id: str
    claim: str
    groups: tuple[tuple[int, Group], ...]
    deadline: int
    asked_at: int

    @classmethod
    def make(
        cls,
        auditor: int,
        party: int,
        claim: str,
        groups: Iterable[tuple[int, Group]],
        *,
        deadline: int,
        asked_at: int,
    ) -> EvidenceRequest:
        """A new request. Raises :class:`DeadlineTooSoon`, :class:`IdentifierInvalid`."""
        if deadline - asked_at < LEAST_TIME:
            raise DeadlineTooSoon(seconds=LEAST_TIME)
        id_ = secrets.token_hex(_ID_BYTES)
        return cls(auditor, party, id_, checked_id(claim), tuple(dict.fromkeys(groups)), deadline, asked_at)

    def asks(self, order_number: int, group: Group) -> bool:
        """Whether it asks for a group of an order."""
        return (order_number, group) in self.groups

    @property
    def digest(self) -> str:
        """SHA-256 of what is asked: a receipt is for these words and no others under the same number."""
        return _digest(self.body())

    def body(self) -> dict[str, Any]:
        """What the message says."""
        return {
            "request": self.id,
            "claim": self.claim,
            "groups": [{"order": order, "group": group_words(group).code} for order, group in self.groups],
            "deadline": self.deadline,
        }

    def to_json(self) -> dict[str, Any]:
        """The request as its auditor stores it."""
        return {"auditor": self.auditor, "party": self.party, "asked_at": self.asked_at, **self.body()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EvidenceRequest:
        """What :meth:`to_json` wrote into the auditor's own store."""
        groups = tuple((each["order"], group_of_code(each["group"])) for each in data["groups"])
        return cls(
            data["auditor"],
            data["party"],
            data["request"],
            data["claim"],
            groups,
            data["deadline"],
            data["asked_at"],
        )


@dataclass(frozen=True)
class EvidenceReceipt:
    """A party's word that it received a request at a time (seconds); ``asked`` is the digest of what it read."""

    party: int
    auditor: int
    request: str
    claim: str
    asked: str
    received_at: int
    signed: str


@dataclass(frozen=True, repr=False)
class SignedOpening:
    """What a party opens of one of its steps, to one auditor, in answer to one request.

    ``digests`` are SHA-256 of each opened group by its group; ``openings`` what travelled beside them, which holds
    health data; ``messages`` what others signed to the party that it shows beside.
    """

    party: int
    auditor: int
    request: str
    claim: str
    step: str
    order_number: int
    digests: Mapping[Group, str]
    signed: str
    scope: Scope | None = None
    openings: tuple[GroupOpening, ...] = ()
    messages: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SignedOpening({self.step}, order {self.order_number} of {self.claim})"


def request_envelope(mailbox: Mailbox, request: EvidenceRequest) -> str:
    """The envelope of a request, for the party that is asked."""
    return mailbox.encrypt(REQUEST, request.body(), recipient=request.party)


def request_of(network: Network, message: Message) -> EvidenceRequest:
    """A request, which only an auditor may make.

    Raises:
        MessageMalformed: it is malformed, or leaves less time than :data:`LEAST_TIME`.
        NotAnAuditor: its sender is not an auditor, or is suspended.
    """
    read = _Reader(message)
    groups = read.items("groups", _asked_group)
    deadline = read.whole("deadline", LEAST_TIME + message.issued_at)
    if not may_act(network, message.sender, Role.AUDITOR, block=network.head().number):
        raise NotAnAuditor(party=message.sender)
    return EvidenceRequest(
        message.sender,
        message.recipient,
        read.number(),
        read.claim(),
        groups,
        deadline,
        message.issued_at,
    )


def receipt_envelope(mailbox: Mailbox, request: EvidenceRequest) -> str:
    """The envelope in which a party confirms that it received a request."""
    body = {"request": request.id, "claim": request.claim, "asked": request.digest}
    return mailbox.encrypt(RECEIPT, body, recipient=request.auditor)


def receipt_of(network: Network, message: Message) -> EvidenceReceipt:
    """A receipt; that it is for a request of its reader's is for :meth:`Auditor.audit` to see."""
    del network
    read = _Reader(message)
    return EvidenceReceipt(
        message.sender,
        message.recipient,
        read.number(),
        read.claim(),
        read.sha256("asked"),
        message.issued_at,
        message.signed,
    )


def opening_envelope(
    mailbox: Mailbox,
    request: EvidenceRequest,
    scope: Scope,
    openings: Iterable[GroupOpening],
    messages: Iterable[str] = (),
) -> str:
    """The envelope of one step's opened groups, for the auditor that asked; it holds health data."""
    opened = tuple(openings)
    body = {
        "request": request.id,
        "claim": request.claim,
        "step": scope.step,
        "order": scope.order_number,
        "openings": {group_words(each.group).code: opening_digest(scope, each) for each in opened},
    }
    attached = {
        "scope": scope.text(),
        "openings": [each.to_json() for each in opened],
        "messages": list(messages),
    }
    return mailbox.encrypt(OPENING, body, recipient=request.auditor, attached=attached)


def opening_of(network: Network, message: Message) -> SignedOpening:
    """What a party opens, with what travelled beside it; :meth:`Auditor.audit` checks it against the chain.

    Raises :class:`MessageMalformed`, also where what travelled beside is not what was signed for.
    """
    signed = read_opening(message)
    try:
        scope = Scope.parse(message.attached.get("scope"))
        openings = tuple(GroupOpening.from_json(each) for each in message.attached.get("openings", ()))
    except (SceauError, TypeError):
        raise _malformed(message, "attached") from None
    # What is opened is of the step that was signed for: an answer about something else is none.
    here = (network.chain_id, network.address("ClaimRegistry").lower())
    if (scope.chain_id, scope.contract, scope.claim, scope.step, scope.order_number) != (
        *here,
        signed.claim,
        signed.step,
        signed.order_number,
    ):
        raise _malformed(message, "attached")
    digests = {each.group: opening_digest(scope, each) for each in openings}
    if digests != signed.digests or len(openings) != len(digests):
        raise _malformed(message, "openings")
    beside = message.attached.get("messages")
    if not isinstance(beside, list) or len(beside) > _MOST or not all(isinstance(e, str) for e in beside):
        raise _malformed(message, "attached")
    return replace(signed, scope=scope, openings=openings, messages=tuple(beside))


def read_opening(message: Message) -> SignedOpening:
    """What a party signed of its opening, without what travelled beside it. Raises :class:`MessageMalformed`."""
    read = _Reader(message)
    said = message.body.get("openings")
    step = message.body.get("step")
    if not isinstance(step, str):
        raise _malformed(message, "step")
    if not isinstance(said, dict) or not said:
        raise _malformed(message, "openings")
    try:
        digests = {group_of_code(code): digest for code, digest in said.items()}
    except SceauError:
        raise _malformed(message, "openings") from None
    if not all(isinstance(digest, str) for digest in digests.values()):
        raise _malformed(message, "openings")
    return SignedOpening(
        message.sender,
        message.recipient,
        read.number(),
        read.claim(),
        step,
        read.whole("order", 1, LAST_ORDER),
        digests,
        message.signed,
    )


def opening_digest(scope: Scope, opening: GroupOpening) -> str:
    """SHA-256 of an opened group, of the record that it says it is of."""
    return _digest({"scope": scope.text(), "opening": opening.to_json()})


def _digest(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _malformed(message: Message, part: str) -> MessageMalformed:
    return MessageMalformed(kind=message.kind, sender=message.sender, part=part)


def _asked_group(item: object) -> tuple[int, Group]:
    if not isinstance(item, dict) or set(item) != {"order", "group"}:
        raise ValueError("not a group")
    order = item["order"]
    if type(order) is not int or not 1 <= order <= LAST_ORDER or not isinstance(item["group"], str):
        raise ValueError("not an order")
    return order, group_of_code(item["group"])


class _Reader:
    """Takes the parts of a message's body; each is refused by its name."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def claim(self) -> str:
        claim = self._message.body.get("claim")
        if not is_hash(claim):
            raise _malformed(self._message, "claim")
        return claim

    def number(self) -> str:
        """The request's number."""
        return self._hexadecimal("request", _ID_DIGITS)

    def sha256(self, part: str) -> str:
        return self._hexadecimal(part, 64)

    def whole(self, part: str, least: int, most: int = 2**53) -> int:
        value = self._message.body.get(part)
        if type(value) is not int or not least <= value <= most:
            raise _malformed(self._message, part)
        return value

    def items(self, part: str, read: Callable[[object], T]) -> tuple[T, ...]:
        """Items, each once: at least one."""
        given = self._message.body.get(part)
        if not isinstance(given, list) or not 0 < len(given) <= _MOST:
            raise _malformed(self._message, part)
        try:
            items = tuple(read(each) for each in given)
        except (SceauError, ValueError):
            raise _malformed(self._message, part) from None
        if len(set(items)) != len(items):
            raise _malformed(self._message, part)
        return items

    def _hexadecimal(self, part: str, digits: int) -> str:
        value = self._message.body.get(part)
        if not isinstance(value, str) or len(value) != digits or set(value) - set("0123456789abcdef"):
            raise _malformed(self._message, part)
        return value
