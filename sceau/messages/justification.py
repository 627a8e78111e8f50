# SPDX-License-Identifier: Apache-2.0
"""A party's signed word on a non-conformity, by which a payer may close it. Codes only, no free text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.documents.identifiers import CLAIM_HEAD, checked_id, is_hash
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed, NotJustifiable, OrderToName
from sceau.messages.mailbox import Mailbox
from sceau.record.canonical import Limits, broken_rule, canonical

KIND = "justification"

#: What a word on one order can put right.
OF_AN_ORDER = frozenset(
    {
        "act-codes-differ",
        "act-codes-not-authorised",
        "delivery-differs",
        "invoice-differs",
        "invoice-of-replaced-order",
        "invoiced-order-not-attested",
        "order-disputed",
        "order-returned",
    }
)

#: What a word can put right: differences, returns, disputes and dates. Never a proof, a consent or a policy.
JUSTIFIABLE = OF_AN_ORDER | {
    "care-date-implausible",
    "invoice-after-last-day",
    "renewal-too-early",
    "renewal-unattested",
}

_LONGEST = Limits(longest=40)


@dataclass(frozen=True)
class FindingOfClaim:
    """The finding that a justification or ruling is about: its code, claim, order, and the claim's head at that time.

    ``order_number`` is the number of the order that the finding is about, 0 where it is about the claim as a whole.
    """

    claim: str
    order_number: int
    finding: str
    head: str

    def require_named(self) -> None:
        """Raises :class:`NotJustifiable`, :class:`OrderToName`, :class:`IdentifierInvalid` if it cannot be closed."""
        if self.finding not in JUSTIFIABLE:
            raise NotJustifiable(finding=self.finding, known=", ".join(sorted(JUSTIFIABLE)))
        if not _names_what_it_should(self.finding, self.order_number):
            raise OrderToName(finding=self.finding)
        checked_id(self.claim)
        checked_id(self.head, CLAIM_HEAD)

    def body(self) -> dict[str, Any]:
        """What a message says of it."""
        return {
            "claim": self.claim.lower(),
            "order": self.order_number,
            "finding": self.finding,
            "head": self.head.lower(),
        }

    @classmethod
    def read(cls, message: Message) -> FindingOfClaim:
        """What :meth:`body` wrote. Raises :class:`MessageMalformed`."""
        body: Mapping[str, object] = message.body
        finding, order_number = body.get("finding"), body.get("order")
        if not isinstance(finding, str) or finding not in JUSTIFIABLE:
            raise MessageMalformed(kind=message.kind, sender=message.sender, part="finding")
        if type(order_number) is not int or not _names_what_it_should(finding, order_number):
            raise MessageMalformed(kind=message.kind, sender=message.sender, part="order")
        claim, head = body.get("claim"), body.get("head")
        if not is_hash(claim) or not is_hash(head):
            part = "head" if is_hash(claim) else "claim"
            raise MessageMalformed(kind=message.kind, sender=message.sender, part=part)
        return cls(claim, order_number, finding, head)


class OnFinding:
    """What is signed about one finding on a claim, ``about``."""

    about: FindingOfClaim

    @property
    def claim(self) -> str:
        """The claim."""
        return self.about.claim

    @property
    def order_number(self) -> int:
        """Number of the order that the finding is about, 0 where it is about the claim as a whole."""
        return self.about.order_number

    @property
    def finding(self) -> str:
        """The finding's code."""
        return self.about.finding


@dataclass(frozen=True)
class Justification(OnFinding):
    """What a party says of one finding on a claim; ``reason`` is a code, ``signed`` its word."""

    party: int
    about: FindingOfClaim
    reason: str
    signed: str


def justification_envelope(mailbox: Mailbox, about: FindingOfClaim, reason: str, *, recipient: int) -> str:
    """An envelope that justifies a finding, such as ``invoice-differs``, to the payer.

    ``reason`` is a code in capitals (``WRONG-LENS-SENT-BACK``): what happened to a person is not for this message. It
    is neither about a remake of its order nor about what is written after its head.

    Raises:
        NotJustifiable: no justification or ruling can close this finding.
        OrderToName: the finding is about an order and none is named, or the other way round.
        IdentifierInvalid, ValueNotCanonical: claim, head or ``reason`` is not written as it should be.
    """
    about.require_named()
    canonical("reason", "code", reason, _LONGEST)
    return mailbox.encrypt(KIND, {**about.body(), "reason": reason}, recipient=recipient)


def justification_of(network: Network, message: Message) -> Justification:
    """The justification that a message holds; it closes nothing before it is given to :meth:`Payer.verify`.

    Raises :class:`MessageMalformed`.
    """
    del network
    about, reason = FindingOfClaim.read(message), message.body.get("reason")
    if not isinstance(reason, str) or broken_rule("code", reason, _LONGEST) is not None:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="reason")
    return Justification(message.sender, about, reason, message.signed)


def _names_what_it_should(finding: str, order_number: int) -> bool:
    return order_number >= 1 if finding in OF_AN_ORDER else order_number == 0
