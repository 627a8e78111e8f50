# SPDX-License-Identifier: Apache-2.0
"""A party's signed word on a non-conformity, by which a payer may close it."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.envelope.post import Post
from sceau.message.errors import MessageMalformed

KIND = "justification"


@dataclass(frozen=True)
class Justification:
    """What a party says of one finding on a claim: ``finding`` and ``reason`` are codes; ``signed`` its word."""

    party: int
    claim: str
    finding: str
    reason: str
    signed: str


def send_justification(post: Post, claim: str, finding: str, reason: str, *, recipient: int) -> str:
    """An envelope that justifies a finding, such as ``invoice-differs``, to the payer; codes only, no free text."""
    return post.seal(KIND, {"claim": claim, "finding": finding, "reason": reason}, recipient=recipient)


def receive_justification(post: Post, envelope: str) -> Justification:
    """The justification of an envelope. Raises :class:`EnvelopeError`, :class:`MessageMalformed`."""
    message = post.open(KIND, envelope)
    parts = [message.body.get(part) for part in ("claim", "finding", "reason")]
    if not all(isinstance(part, str) and 0 < len(part) <= 80 for part in parts):
        raise MessageMalformed(kind=KIND, sender=message.sender, part="finding")
    claim, finding, reason = (str(part) for part in parts)
    return Justification(message.sender, claim, finding, reason, message.signed)
