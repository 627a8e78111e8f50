# SPDX-License-Identifier: Apache-2.0
"""A party's signed word on a non-conformity, by which a payer may close it. Codes only, no free text."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
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

    ``order_number`` is the number of the order that the finding is about, 0 where it is about the claim as a whole.
    """

    party: int
    claim: str
    order_number: int
    finding: str
    reason: str
    signed: str


def justification_envelope(
    mailbox: Mailbox, claim: str, finding: str, reason: str, *, order_number: int, recipient: int
) -> str:
    """An envelope that justifies a finding, such as ``invoice-differs``, to the payer.

    ``reason`` is a code in capitals (``WRONG-LENS-SENT-BACK``): what happened to a person is not for this message.
    ``order_number`` is that of the order that the finding is about, 0 for a renewal: a word on one order says nothing
    of its remake.

    Raises:
        NotJustifiable: no word can close this finding.
        OrderToName: the finding is about an order and none is named, or the other way round.
        IdentifierInvalid, ValueNotCanonical: ``claim`` or ``reason`` is not written as it should be.
    """
    if finding not in JUSTIFIABLE:
        raise NotJustifiable(finding=finding, known=", ".join(sorted(JUSTIFIABLE)))
    if not _names_what_it_should(finding, order_number):
        raise OrderToName(finding=finding)
    canonical("reason", "code", reason, _LONGEST)
    body = {"claim": checked_id(claim), "order": order_number, "finding": finding, "reason": reason}
    return mailbox.encrypt(KIND, body, recipient=recipient)


def justification_of(network: Network, message: Message) -> Justification:
    """The justification that a message holds; it closes nothing before it is given to :meth:`Payer.verify`.

    Raises :class:`MessageMalformed`.
    """
    del network

    def malformed(part: str) -> MessageMalformed:
        return MessageMalformed(kind=KIND, sender=message.sender, part=part)

    claim, finding, reason = (message.body.get(part) for part in ("claim", "finding", "reason"))
    if not isinstance(claim, str) or not isinstance(reason, str):
        raise malformed("claim" if isinstance(reason, str) else "reason")
    try:
        claim = checked_id(claim)
    except SceauError:
        raise malformed("claim") from None
    if not isinstance(finding, str) or finding not in JUSTIFIABLE:
        raise malformed("finding")
    order_number = message.body.get("order")
    if (
        not isinstance(order_number, int)
        or isinstance(order_number, bool)
        or not _names_what_it_should(finding, order_number)
    ):
        raise malformed("order")
    try:
        canonical("reason", "code", reason, _LONGEST)
    except ValueNotCanonical:
        raise malformed("reason") from None
    return Justification(message.sender, claim, order_number, finding, reason, message.signed)


def _names_what_it_should(finding: str, order_number: int) -> bool:
    return order_number >= 1 if finding in OF_AN_ORDER else order_number == 0
