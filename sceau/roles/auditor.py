# SPDX-License-Identifier: Apache-2.0
"""What an auditor does: it asks parties for evidence, checks it against the chain, and rules on findings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from sceau.audit import audit
from sceau.audit.asked import Asked
from sceau.audit.evidence import Evidence
from sceau.audit.ruling import Report
from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.documents.identifiers import checked_id
from sceau.errors import MessageError, NotFoundError
from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening, request_envelope
from sceau.messages.mailbox import Mailbox
from sceau.messages.ruling import ruling_envelope
from sceau.messages.stored import StoredMessage
from sceau.messages.transport import Transport
from sceau.party.directory import Directory
from sceau.roles.acting import ActingParty
from sceau.roles.errors import NotConcerned, OwnCase
from sceau.roles.handle import Envelope
from sceau.roles.justifying import concerned, finding_at
from sceau.store import Kind, Store
from sceau.terms import Group, Role


class Auditor(ActingParty):
    """An auditor. Anybody else with a node may audit, too: only what it asks and rules needs its mailbox and store.

    ``directory`` are the parties' entries beside those that evidence brings, which may be older, or a function that
    gives them: it is called only for evidence with messages in it. The other arguments are as :class:`PartyBase`.
    """

    def __init__(
        self,
        network: Network,
        directory: Directory | Callable[[], Directory] | None = None,
        *,
        signer: Signer | Callable[[], Signer] | None = None,
        party: int | Callable[[], int] | None = None,
        store: Store | None = None,
        mailbox: Mailbox | Callable[[], Mailbox] | None = None,
        transport: Transport | Callable[[], Transport] | None = None,
    ) -> None:
        super().__init__(network, signer, party=party, store=store, mailbox=mailbox, transport=transport)
        self._directory = directory

    def request_evidence(
        self, claim: str, party: int, groups: Iterable[tuple[int, Group]], *, deadline: int
    ) -> Envelope:
        """Asks a party to open groups of orders, each in every step about that order that it wrote.

        Args:
            claim: the claim.
            party: the party that is asked: the practice, or the supplier of an order.
            groups: order numbers and groups.
            deadline: seconds since 1970, at least a day from now: a party that confirmed the request is at fault
                from then on for what it did not open.

        Raises:
            DeadlineTooSoon: the deadline is earlier.
            NotConcerned: the party wrote nothing on one of these orders.
            NoOrder: the claim has no such order.
        """
        history, asked = self.history(claim), tuple(groups)
        for order_number, _ in asked:
            if party not in concerned(history, order_number):
                raise NotConcerned(party=party)
        now = self._network.head().timestamp
        request = EvidenceRequest.make(
            self.party, party, history.state.claim, asked, deadline=deadline, asked_at=now
        )
        text = request_envelope(self.mailbox, request)
        with self.store.change():
            self.store.put(Kind.EVIDENCE_REQUEST, request.id, request.to_json(), claim=request.claim)
            return self._posted(Envelope(party, text))

    def audit(self, evidence: Evidence | str, *, clock: Callable[[], float] = time.time) -> Report:
        """The checks of every piece of evidence, and who is at fault where a group differs.

        What the parties signed in answer to this auditor's requests is taken from its own store, beside the evidence.
        Without a mailbox nobody is found at fault for a false opening or for silence.

        Args:
            evidence: what was given, or a claim, to audit what the store holds of it alone.
            clock: gives seconds since 1970 and judges only how old the node's head is.

        Raises:
            EvidenceForeign: the evidence is about another deployment.
            NodeStale, ChainStopped, HeadInFuture: nothing may be done on the newest block.
            HistoryIncomplete, NoSuchClaim: the node, or the claim, cannot be relied on.
        """
        if isinstance(evidence, str):
            evidence = Evidence.about(self._network, evidence)
        asked = None if self._mailbox is None else self.asked(evidence.claim)
        directory = None
        if asked is not None:
            directory = self.mailbox.directory
        elif evidence.messages:
            given = self._directory
            directory = given() if callable(given) else given
        return audit(self._network, evidence, directory, asked=asked, clock=clock)

    def asked(self, claim: str) -> Asked:
        """What this auditor asked on a claim, and what it received in answer."""
        claim = checked_id(claim)
        asked = Asked(
            self.party,
            tuple(
                EvidenceRequest.from_json(each) for each in self.store.of_claim(Kind.EVIDENCE_REQUEST, claim)
            ),
        )
        for stored in self.store.of_claim(Kind.MESSAGE, claim):
            # What cannot be read shows nothing, and must not hide what can.
            with suppress(MessageError, NotFoundError):
                received = self.read(StoredMessage.from_json(stored))
                if isinstance(received, EvidenceReceipt):
                    asked = replace(asked, receipts=(*asked.receipts, received))
                elif isinstance(received, SignedOpening):
                    asked = replace(asked, answers=(*asked.answers, received))
        return asked

    def rule(
        self, report: Report, finding: str, fault: int | None, *, order_number: int | None = None
    ) -> Envelope:
        """A ruling on a finding, for the claim's payer, by what an audit found; the next mark on the order ends it.

        Args:
            report: the audit; the ruling names the head that it read.
            finding: code of the finding, such as ``delivery-differs``.
            fault: the party at fault, ``None`` for nobody: the practice, or the supplier of the order.
            order_number: the order that the finding is about; the current one if not given.

        Raises:
            PartyOfAnotherRole: this party is not an auditor.
            OwnCase: it has a part in the claim.
            NotConcerned: the party at fault has no part in the order.
            NoOrder, NotJustifiable, OrderToName: the finding or the number is invalid.
        """
        history = report.history
        state = history.state
        self._require_role(self.party, Role.AUDITOR)
        if self.party in {state.practice, state.payer, *(step.supplier for step in history.steps)}:
            raise OwnCase(party=self.party)
        about = finding_at(history, finding, order_number)
        about.require_named()
        if fault is not None and fault not in concerned(history, about.order_number):
            raise NotConcerned(party=fault)
        text = ruling_envelope(self.mailbox, about, fault, recipient=state.payer)
        return self._posted(Envelope(state.payer, text))
