# SPDX-License-Identifier: Apache-2.0
"""The sealed record of a step, sent by its writer to the party that relies on it, and checked against the chain."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.claim.history import History, WrittenStep, read_history
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import STEPS, row_of_code
from sceau.errors import SceauError
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed, NotTheWriter, OpeningNotOnChain, StepNotWritten
from sceau.messages.mailbox import Mailbox
from sceau.record import SealedRecord
from sceau.terms import Step, step_words

KIND = "step-opening"


@dataclass(frozen=True, repr=False)
class ReceivedStep:
    """A step whose sealed record was received and is the one on the chain; ``signed`` is its sender's word."""

    history: History
    written: WrittenStep
    record: SealedRecord
    signed: str

    @property
    def claim(self) -> str:
        """The claim."""
        return self.history.state.claim

    @property
    def step(self) -> Step:
        """Which step it is."""
        return self.written.step

    def __repr__(self) -> str:
        return f"ReceivedStep({step_words(self.written.step).code} {self.history.state.claim})"


def step_envelope(mailbox: Mailbox, prepared: PreparedStep, *, recipient: int) -> str:
    """An envelope with the sealed record of a step, for the party that relies on it (an authorisation back…)."""
    return mailbox.encrypt(
        KIND,
        {"claim": prepared.claim, "commitment": prepared.record.root},
        recipient=recipient,
        attached={"opening": prepared.record.to_json()},
    )


def step_of(network: Network, message: Message) -> ReceivedStep:
    """The record of a step, once the step is found on the chain and written by the sender.

    Raises:
        MessageRefused: it is not the record of what stands on the chain.
    """
    record = attached_record(message)
    row = row_of_code(record.scope.step)
    if row is None:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="sceau.record")
    return opened(network, message, record, row.step)


def attached_record(message: Message) -> SealedRecord:
    """The sealed record that travelled beside a message. Raises :class:`MessageMalformed`."""
    try:
        return SealedRecord.from_json(message.attached.get("opening") or {})
    except SceauError:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="opening") from None


def opened(network: Network, message: Message, record: SealedRecord, step: Step) -> ReceivedStep:
    """Holds an opening against the chain: that very step, written by the sender, with this commitment.

    Raises:
        MessageRefused: by the class that names what does not fit.
        NoSuchClaim, HistoryIncomplete.
    """
    scope = record.scope
    words = step_words(step)
    if scope.claim is None or scope.claim != message.body.get("claim"):
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="claim")
    here = (network.chain_id, network.address("ClaimRegistry").lower(), words.code)
    if (scope.chain_id, scope.contract, scope.step) != here or scope.profile not in STEPS[step].profiles:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="sceau.record")
    history = read_history(network, scope.claim, block=network.head().number)
    written = history.find(step, scope.order_number)
    if written is None:
        raise StepNotWritten(claim=scope.claim, step=words, order=scope.order_number)
    if written.party != message.sender:
        raise NotTheWriter(sender=message.sender, writer=written.party)
    if record.root != written.commitment or message.body.get("commitment") != written.commitment:
        raise OpeningNotOnChain(claim=scope.claim, step=words)
    return ReceivedStep(history, written, record, message.signed)
