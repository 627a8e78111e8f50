# SPDX-License-Identifier: Apache-2.0
"""What the roles ask of a store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from typing import Any, NamedTuple, Protocol


class Kind(Enum):
    """Kinds of documents that are stored, and what the key of each is."""

    #: A prepared step, by the commitment of its record.
    STEP = "step"
    #: The envelope of a step for the party that is to learn of it, by the commitment of the step's record.
    ENVELOPE = "envelope"
    #: Which step a verb made of what it was asked, until it is known to be written: by the step's fingerprint.
    UNCONFIRMED = "unconfirmed"
    #: A consent request, by its commitment.
    CONSENT_REQUEST = "consent-request"
    #: A signed consent, by the consent's identifier.
    SIGNED_CONSENT = "signed-consent"
    #: A received message, by its sender and identifier.
    MESSAGE = "message"
    #: A request for evidence that this party made as an auditor, by its number.
    EVIDENCE_REQUEST = "evidence-request"
    #: The directory entry of a message's sender, by its hash: the sender may have another one since.
    DIRECTORY_ENTRY = "directory-entry"
    #: The file of a policy by which this party judged or disclosed, by its hash.
    POLICY = "policy"
    #: A verdict that this party issued, by its identifier.
    VERDICT = "verdict"
    #: What proves a step that this party wrote, by the commitment of its record, or a verdict, by its identifier.
    PROOF = "proof"
    #: A message that this party sends, by its identifier: what it says, and the recipient's receipt once it came.
    OUTGOING = "outgoing"
    #: How far a message is on its way, by its identifier, until its recipient confirmed it.
    DELIVERY = "delivery"
    #: Which message tells of something, by what it is about: doing a verb again makes no second one.
    TOLD = "told"
    #: What a request made that does its work once, and what it was answered, by the request's name.
    REQUEST = "request"
    #: A disclosure that is wanted and cannot be made yet, by what it shows to whom.
    INTENTION = "intention"
    #: A received message that nobody handled yet, by its sender and identifier.
    UNHANDLED = "unhandled"
    #: When a party was last sent again what it asked for, by its number.
    SENT_AGAIN = "sent-again"
    #: That this store was restored, and partners are to be asked for what it lacks: its key is :data:`RESTORED`.
    RESTORED = "restored"
    #: What was learnt of a chain before, and saves questions to a node: by the claim, or the contract and the node.
    MEMO = "memo"
    #: What was given to whom, by a hash of what was given.
    GIVEN = "given"
    #: Since when the register of disclosures is kept.
    REGISTER = "register"
    #: What was erased, without its content, by a random identifier.
    ERASURE = "erasure"
    #: A request for information that this party made or received, with its answers, by the payer and its number.
    INFORMATION = "information"
    #: A deletion notice that this party sent, and its answer, by its identifier.
    NOTICE = "notice"
    #: What this party did with a deletion notice that it received, by its sender and identifier.
    OBEYED = "obeyed"


class Number(Enum):
    """Numbers that serve one claim only. The chain sees neither, so each party's client stores which claim it is."""

    FILE_NUMBER = "file-number"
    DISPATCH = "dispatch"


#: The one key of :attr:`Kind.RESTORED`.
RESTORED = "restored"


#: The kind of what says that a message was received; its own document is a :attr:`Kind.MESSAGE`.
RECEIVED = "received"


#: The kind of what says that a request was begun, by its name. It has no claim, and stays when what it made is erased.
BEGUN = "request-begun"


#: The kind of what says which claim a number serves; its key is :func:`mark_of`.
NUMBER = "number"


def mark_of(kind: Number, number: str) -> str:
    """The mark of a number that serves one claim: its SHA-256, so that the number itself is stored nowhere."""
    return hashlib.sha256(f"{kind.value}:{number}".encode()).hexdigest()


class Arrived(NamedTuple):
    """A message that was opened: its sender's party number, its identifier, the document to store, and its claim."""

    sender: int
    id: str
    document: Mapping[str, Any]
    claim: str

    def __repr__(self) -> str:
        return f"Arrived(from party {self.sender})"

    @property
    def key(self) -> str:
        """Its key in the store."""
        return f"{self.sender}:{self.id}"


class Filed(NamedTuple):
    """A document to store: its key, its JSON values, and the claim that it is about."""

    key: str
    document: Mapping[str, Any]
    claim: str = ""

    def __repr__(self) -> str:
        return f"Filed({self.key})"


class Store(Protocol):
    """A party's own storage: durable when a method returns, private, and usable by several processes at once.

    Every method raises :class:`sceau.store.errors.StoreUnusable` when the store cannot be read or written.
    """

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """Stores JSON values under a key, in place of what was there."""

    def put_all(self, kind: Kind, documents: Iterable[Filed]) -> None:
        """As :meth:`put`, of many: all or none."""

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """What is stored under a key, or ``None``."""

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """All documents of a kind that are about a claim, in the order in which they came."""

    def of_claims(self, kind: Kind, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """As :meth:`of_claim`, of many claims, by claim; those of which there is nothing are left out."""

    def of_kind(self, kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
        """All documents of a kind, each with its key, in the order in which they came.

        What comes or goes meanwhile may be among them or not.
        """

    def discard(self, kind: Kind, key: str) -> None:
        """Removes a document, if it is there."""

    def change(self) -> AbstractContextManager[object]:
        """Makes one change of all that is stored inside it: all or nothing.

        Others wait until it ends: nothing may be asked of a node inside it.
        """

    def reserve(self, kind: Number, number: str, claim: str, *, ended: Callable[[str], bool]) -> None:
        """Lets a number serve a claim, before a step of it is sent: a process that is killed leaves it reserved.

        ``ended`` says of another claim whether it ended unpaid, so that its number is free again.

        Raises:
            NumberAlreadyUsed: the number serves another claim; nothing was changed.
        """

    def release(self, kind: Number, number: str, claim: str) -> None:
        """Takes back one :meth:`reserve` whose step was certainly not written; others of the same claim stay."""

    def has_received(self, sender: int, message: str) -> bool:
        """Whether a message with this identifier came from this sender before."""

    def receive(self, messages: Iterable[Arrived]) -> None:
        """Stores messages and counts them as received, by sender and identifier: all or none.

        Raises:
            EnvelopeReplayed: one was received before, in any process.
        """
