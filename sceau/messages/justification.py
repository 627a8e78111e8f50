# SPDX-License-Identifier: Apache-2.0
"""A party's signed word on a non-conformity, by which a payer may close it. Codes only, no free text."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.documents.identifiers import checked_id
from sceau.errors import SceauError
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed, NotJustifiable, OrderToName
from sceau.messages.mailbox import Mailbox
from sceau.record.canonical import Limits, canonical
from sceau.record.errors import ValueNotCanonical

KIND = "justification"

#: What a word on one order can put right.
OF_AN_ORDER = frozenset(
    {
        "act-codes-differ",
        "delivery-differs",
        "invoice-differs",
        "invoice-of-replaced-order",
        "order-disputed",
        "order-returned",
    }
)

#: What a word can put right: differences, returns, disputes and dates. Never a proof, a consent or a policy.
JUSTIFIABLE = OF_AN_ORDER | {"renewal-too-early", "renewal-unattested"}

_LONGEST = Limits(longest=40)


@dataclass(frozen=True)
class Justification:
    """What a party says of one finding on a claim: ``finding`` and ``reason`` are codes; ``signed`` its word.

    ``order`` is the number of the order that the finding is about, 0 where it is about the claim as a whole.
    """

    party: int
    claim: str
    order: int
    finding: str
    reason: str
    signed: str


def justification_envelope(
    post: Mailbox, claim: str, finding: str, reason: str, *, order: int, recipient: int
) -> str:
    """An envelope that justifies a finding, such as ``invoice-differs``, to the payer.

    ``reason`` is a code in capitals (``WRONG-LENS-SENT-BACK``): what happened to a person is not for this message.
    ``order`` is the number of the order that the finding is about, 0 for a renewal: a word on one order says nothing
    of its remake.

    Raises:
        NotJustifiable: no word can close this finding.
        OrderToName: the finding is about an order and none is named, or the other way round.
        IdentifierInvalid, ValueNotCanonical: ``claim`` or ``reason`` is not written as it should be.
    """
    if finding not in JUSTIFIABLE:
        raise NotJustifiable(finding=finding, known=", ".join(sorted(JUSTIFIABLE)))
    if not _names_what_it_should(finding, order):
        raise OrderToName(finding=finding)
    canonical("reason", "code", reason, _LONGEST)
    body = {"claim": checked_id(claim), "order": order, "finding": finding, "reason": reason}
    return post.seal(KIND, body, recipient=recipient)


def receive_justification(post: Mailbox, envelope: str) -> Justification:
    """The justification of an envelope. It closes nothing before it is given to :meth:`Payer.verify`.

    Raises:
        EnvelopeError: the envelope is foreign, altered, replayed or stale.
        MessageMalformed: it is no justification, or not in codes.
    """
    return justification_of(post.open(KIND, envelope))


def justification_of(message: Message) -> Justification:
    """The justification that a message holds. Raises :class:`MessageMalformed`."""

    def bent(part: str) -> MessageMalformed:
        return MessageMalformed(kind=KIND, sender=message.sender, part=part)

    claim, finding, reason = (message.body.get(part) for part in ("claim", "finding", "reason"))
    if not isinstance(claim, str) or not isinstance(reason, str):
        raise bent("claim" if isinstance(reason, str) else "reason")
    try:
        claim = checked_id(claim)
    except SceauError:
        raise bent("claim") from None
    if not isinstance(finding, str) or finding not in JUSTIFIABLE:
        raise bent("finding")
    order = message.body.get("order")
    if not isinstance(order, int) or isinstance(order, bool) or not _names_what_it_should(finding, order):
        raise bent("order")
    try:
        canonical("reason", "code", reason, _LONGEST)
    except ValueNotCanonical:
        raise bent("reason") from None
    return Justification(message.sender, claim, order, finding, reason, message.signed)


def _names_what_it_should(finding: str, order: int) -> bool:
    return order >= 1 if finding in OF_AN_ORDER else order == 0
