# SPDX-License-Identifier: Apache-2.0
"""A party's signed word on a non-conformity, by which a payer may close it. Codes only, no free text."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.claim.registry import checked_id
from sceau.envelope.envelope import Message
from sceau.envelope.post import Post
from sceau.errors import SceauError
from sceau.message.errors import MessageMalformed, NotJustifiable
from sceau.record.canonical import Limits, canonical
from sceau.record.errors import ValueNotCanonical

KIND = "justification"

#: What a word can put right: differences, returns, disputes and dates. Never a proof, a consent or a policy.
JUSTIFIABLE = frozenset(
    {
        "act-codes-differ",
        "delivery-differs",
        "invoice-differs",
        "invoice-of-replaced-order",
        "order-disputed",
        "order-returned",
        "renewal-too-early",
        "renewal-unattested",
    }
)

_LONGEST = Limits(longest=40)


@dataclass(frozen=True)
class Justification:
    """What a party says of one finding on a claim: ``finding`` and ``reason`` are codes; ``signed`` its word."""

    party: int
    claim: str
    finding: str
    reason: str
    signed: str


def send_justification(post: Post, claim: str, finding: str, reason: str, *, recipient: int) -> str:
    """An envelope that justifies a finding, such as ``invoice-differs``, to the payer.

    ``reason`` is a code in capitals (``WRONG-LENS-SENT-BACK``): what happened to a person is not for this message.

    Raises:
        NotJustifiable: no word can close this finding.
        IdentifierInvalid, ValueNotCanonical: ``claim`` or ``reason`` is not written as it should be.
    """
    if finding not in JUSTIFIABLE:
        raise NotJustifiable(finding=finding, known=", ".join(sorted(JUSTIFIABLE)))
    canonical("reason", "code", reason, _LONGEST)
    return post.seal(
        KIND, {"claim": checked_id(claim), "finding": finding, "reason": reason}, recipient=recipient
    )


def receive_justification(post: Post, envelope: str) -> Justification:
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
    try:
        canonical("reason", "code", reason, _LONGEST)
    except ValueNotCanonical:
        raise bent("reason") from None
    return Justification(message.sender, claim, finding, reason, message.signed)
