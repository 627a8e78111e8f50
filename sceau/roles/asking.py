# SPDX-License-Identifier: Apache-2.0
"""What a payer asks of a claim's record, and the answers that are entered with it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from sceau.claim.history import History
from sceau.documents.identifiers import checked_id
from sceau.errors import MessageError
from sceau.messages import asked
from sceau.messages.asked import AskedInformation
from sceau.messages.envelope import Message
from sceau.messages.information import (
    ANSWER,
    REQUEST,
    InformationAnswer,
    InformationRequest,
    read_answer,
    request_envelope,
)
from sceau.messages.kinds import Received
from sceau.messages.mailbox import Mailbox
from sceau.messages.readers import PAYER, require_sender
from sceau.messages.stored import StoredMessage
from sceau.roles.deleting import DeletingParty
from sceau.roles.handle import Envelope
from sceau.store import Kind
from sceau.terms import Step


class AskingParty(DeletingParty):
    """A party that asks for information, or is asked; arguments as :class:`PartyBase`."""

    _BY_ITSELF = (*DeletingParty._BY_ITSELF, ANSWER)

    def information_requests(self, claim: str | None = None) -> list[AskedInformation]:
        """The requests for information that this party made or received, of one claim or of all, with the answers.

        What was received in answer counts, however it came. Raises StoreMissing.
        """
        of = None if claim is None else checked_id(claim)
        for each in asked.requests(self.store, of):
            # Who asked has the request from nobody.
            if not each.request.message and each.waiting:
                self._enter_received(each.request)
        return asked.requests(self.store, of)

    def information_answered(self, answer: InformationAnswer) -> AskedInformation:
        """Enters an answer with the request that it answers.

        Raises:
            AnswerToNoRequest: this party asked nothing of the kind of who answers.
            RequestAnswered: what it is about was answered before.
        """
        return asked.enter_answer(self.store, answer)

    def _enter_received(self, request: InformationRequest) -> None:
        """Enters the answers to a request that the store has; each was checked when its envelope was opened."""
        for stored in self.store.of_claim(Kind.MESSAGE, request.claim):
            message = StoredMessage.from_json(stored).as_received(self._network, ANSWER)
            if message is not None and message.body.get("request") == request.id:
                with suppress(MessageError):
                    asked.enter_answer(self.store, read_answer(message))

    def _was_done(self, message: Message) -> bool:
        if message.kind != ANSWER:
            return super()._was_done(message)
        found = asked.find(self.store, message.recipient, str(message.body.get("request")))
        return found is not None and any(each.content == message.content for each in found.answers)

    def _does(self, received: Received) -> bool:
        if not isinstance(received, InformationAnswer):
            return super()._does(received)
        self.information_answered(received)
        # It stays in the inbox: a person sees what was not shown, and why.
        return False


def ask(
    mailbox: Mailbox,
    history: History,
    paths: Iterable[str],
    *,
    step: Step | None,
    policy: str,
    clause: str,
    reason: str,
) -> tuple[AskedInformation, Envelope]:
    """A request as it is to be stored, and its envelope for the claim's practice.

    Without ``step`` it is about the invoice, where there is one, otherwise about the opening.

    Raises:
        SenderNotNamed: the mailbox's party is not the claim's payer.
        PathUnknown, AskedPaths, ReasonNotListed: as :meth:`InformationRequest.make`.
    """
    network, state = mailbox.network, history.state
    require_sender(network, REQUEST, PAYER, state.claim, mailbox.party)
    if step is None:
        step = Step.OPEN if history.find(Step.INVOICE) is None else Step.INVOICE
    request = InformationRequest.make(
        mailbox.party,
        state.practice,
        state.claim,
        step,
        paths,
        policy=policy,
        clause=clause,
        reason=reason,
        asked_at=network.head().timestamp,
    )
    return AskedInformation(request), Envelope(state.practice, request_envelope(mailbox, request))
