# SPDX-License-Identifier: Apache-2.0
"""An auditor with a mailbox of its own, and what passes between it and the parties of a claim."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sceau import Auditor
from sceau.audit.evidence import Evidence, OpenedGroup
from sceau.audit.ruling import Report
from sceau.conformity.keys import GroupKey
from sceau.messages.evidence import EvidenceRequest
from sceau.roles.acting import ActingParty
from sceau.store import LocalStore
from sceau.terms import Group
from tests.support.life import Life

GROUP = Group.LENS_PRODUCT
WEEK = 7 * 86_400


@dataclass
class Office:
    """An auditor at work on a claim."""

    life: Life
    auditor: Auditor

    @classmethod
    def of(cls, life: Life, name: str = "auditor") -> Office:
        network, store = life.chain.network, LocalStore(None)
        box = life.published.mailbox(name, store)
        signer = life.chain.signers[name]
        return cls(life, Auditor(network, signer=signer, store=store, mailbox=box))

    def ask(self, party: ActingParty, *groups: Group, order: int = 1, within: int = WEEK) -> EvidenceRequest:
        """A request that a party has received."""
        asked = [(order, group) for group in groups or (GROUP,)]
        until = self.life.chain.network.node.head().timestamp + within
        made = self.auditor.request_evidence(self.life.claim, party.party, asked, deadline=until)
        received = party.receive(made.text)
        assert isinstance(received, EvidenceRequest)
        return received

    def confirmed(self, party: ActingParty, *groups: Group, order: int = 1) -> EvidenceRequest:
        """A request that a party has confirmed."""
        request = self.ask(party, *groups, order=order)
        self.auditor.receive(party.confirm_request(request).text)
        return request

    def answered(self, party: ActingParty, request: EvidenceRequest) -> None:
        for envelope in party.answer_request(request):
            self.auditor.receive(envelope.text)

    def report(self, *groups: OpenedGroup, messages: tuple[str, ...] = ()) -> Report:
        """The audit of a file with these groups and messages, beside what the auditor received itself."""
        network = self.life.chain.network
        given = Evidence.about(network, self.life.claim, groups=groups, messages=messages)
        return self.auditor.audit(Evidence.from_json(given.to_json()))


def rulings(found: Report) -> list[tuple[str, int | None]]:
    return [(ruling.code, ruling.fault) for ruling in found.rulings]


def failing(found: Report) -> list[str]:
    return [check.sentence.code for check in found.checks if not check.holds]


def false(opened: OpenedGroup) -> OpenedGroup:
    """The same group opened with a key that does not give its seal."""
    wrong = GroupKey(opened.opening.group, b"\x01" * 32)
    return replace(opened, opening=replace(opened.opening, key=wrong))
