# SPDX-License-Identifier: Apache-2.0
"""What one auditor asked on a claim, and what the parties signed to it in answer, from its own mailbox.

A person who holds an evidence file can leave anything out of it. So what a party did not do is judged by what the
auditor that asked received itself, and by nothing in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sceau.audit.evidence import OpenedGroup
from sceau.claim.history import WrittenStep
from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening, opening_digest
from sceau.terms import Group, step_words


@dataclass(frozen=True)
class Asked:
    """``auditor`` is its party number, ``requests`` those that it made; the others are what it received."""

    auditor: int
    requests: tuple[EvidenceRequest, ...] = ()
    receipts: tuple[EvidenceReceipt, ...] = ()
    answers: tuple[SignedOpening, ...] = field(default=(), repr=False)

    def groups(self) -> Iterator[OpenedGroup]:
        """The groups that the parties opened in their answers."""
        for answer in self.answers:
            if answer.scope is not None:
                for opening in answer.openings:
                    yield OpenedGroup(answer.scope, opening)

    def messages(self) -> Iterator[str]:
        """What the parties signed, and what they showed beside their answers."""
        for answer in self.answers:
            yield answer.signed
            yield from answer.messages

    def signed_by(self, written: WrittenStep, opened: OpenedGroup, answers: Iterable[SignedOpening]) -> bool:
        """Whether a step's writer signed this very opening of it to this auditor, in answer to a request of it."""
        digest, group = opening_digest(opened.scope, opened.opening), opened.opening.group
        return any(each.digests[group] == digest for each in self._about(written, group, answers))

    def confirmed(self, written: WrittenStep, group: Group, now: int) -> bool:
        """Whether a step's writer signed that it received a request for a group, and the deadline passed since."""
        return any(
            request.deadline < now and any(_confirms(receipt, request) for receipt in self.receipts)
            for request in self.requests
            if request.party == written.party and request.asks(written.order_number, group)
        )

    def answered(self, written: WrittenStep, group: Group, answers: Iterable[SignedOpening]) -> bool:
        """Whether a step's writer signed any opening of a group to this auditor."""
        return any(True for _ in self._about(written, group, answers))

    def _about(
        self, written: WrittenStep, group: Group, answers: Iterable[SignedOpening]
    ) -> Iterator[SignedOpening]:
        for each in answers:
            about = (each.party, each.auditor, each.step, each.order_number)
            step = (written.party, self.auditor, step_words(written.step).code, written.order_number)
            if about == step and group in each.digests and self._asked(each, group):
                yield each

    def _asked(self, answer: SignedOpening, group: Group) -> bool:
        return any(
            (request.id, request.party, request.claim) == (answer.request, answer.party, answer.claim)
            and request.asks(answer.order_number, group)
            for request in self.requests
        )


def _confirms(receipt: EvidenceReceipt, request: EvidenceRequest) -> bool:
    """Whether a receipt is for this very request, and came in time to answer it."""
    return (
        (receipt.party, receipt.auditor, receipt.request, receipt.claim, receipt.asked)
        == (request.party, request.auditor, request.id, request.claim, request.digest)
    ) and receipt.received_at <= request.deadline
