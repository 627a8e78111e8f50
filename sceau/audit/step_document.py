# SPDX-License-Identifier: Apache-2.0
"""What a party holds of a step, from whichever document it stores it in, proved under the commitment on the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sceau.audit.errors import HoldsNoRecord, OfNoStep
from sceau.claim.history import History, WrittenStep
from sceau.claim.prepared import FORMAT as STEP
from sceau.claim.prepared import PreparedStep
from sceau.claim.timeline import StepValues
from sceau.conformity.keys import OrderKey
from sceau.disclosure import FORMAT as DISCLOSURE
from sceau.disclosure import Disclosure
from sceau.documents.strict_json import read_object
from sceau.errors import Sentence
from sceau.messages.stored import FORMAT as MESSAGE
from sceau.messages.stored import StoredMessage
from sceau.record import SealedRecord

_WHAT = Sentence("files.step-document")


@dataclass(frozen=True, repr=False)
class StepDocument:
    """The records of a step, or a disclosure of one.

    ``records`` are the step's own record and those whose commitments it seals; ``order_key`` is the key of an order
    that the step places. Both are secret.
    """

    records: tuple[SealedRecord, ...] = ()
    disclosure: Disclosure | None = None
    order_key: OrderKey | None = None

    def __repr__(self) -> str:
        return "StepDocument(…)"

    @property
    def record(self) -> SealedRecord | None:
        """The step's own record, ``None`` where a disclosure is all that is held of it."""
        return self.records[0] if self.records else None

    @classmethod
    def from_json(cls, data: str | bytes | Mapping[str, object]) -> StepDocument:
        """What a prepared step, a sealed record, a disclosure or a stored message holds; :meth:`values` proves it.

        Raises:
            FileMalformed, RecordError, DisclosureMalformed: it is none of these, or damaged.
        """
        read = read_object(data, _WHAT)
        form = read.get("format")
        if form == STEP:
            return cls.of_step(PreparedStep.from_json(read))
        if form == DISCLOSURE:
            return cls(disclosure=Disclosure.from_json(read))
        if form == MESSAGE:
            return cls.of_message(StoredMessage.from_json(read))
        return cls((SealedRecord.from_json(read),))

    @classmethod
    def of_step(cls, step: PreparedStep) -> StepDocument:
        """What a step's writer stored."""
        return cls((step.record, *step.inner.values()), order_key=step.order_key)

    @classmethod
    def of_message(cls, message: StoredMessage) -> StepDocument:
        """What a received message brought: nothing, where it brought neither a record nor a disclosure.

        Raises:
            FileMalformed, RecordError, DisclosureMalformed: what is attached is damaged.
        """
        attached = read_object(message.attached, _WHAT)
        if attached.get("format") == DISCLOSURE:
            return cls(disclosure=Disclosure.from_json(attached))
        if "opening" not in attached:
            return cls()
        key = attached.get("order_key")
        return cls(
            (SealedRecord.from_json(attached["opening"]),),
            order_key=None if key is None else OrderKey.read(key),
        )

    def values(self, history: History) -> StepValues:
        """The step that the document is about, with the values that it holds.

        Raises:
            HoldsNoRecord: it is a message that brought nothing of a record.
            OfNoStep: what it holds was not written on this claim.
            DisclosureRefused: the disclosure is not part of what the claim sealed.
        """
        record, disclosure = self.record, self.disclosure
        if record is not None:
            written = _written(history, record.root, record.scope.claim)
            return StepValues(written, tuple((each.scope.profile_key, each.values) for each in self.records))
        if disclosure is None:
            raise HoldsNoRecord
        scope = disclosure.scope
        written = _written(history, disclosure.root, scope.claim)
        return StepValues(
            written, ((scope.profile_key, disclosure.multiproof.read(written.commitment, scope)),)
        )


def _written(history: History, root: str, claim: str | None) -> WrittenStep:
    found = next((step for step in history.steps if step.commitment == root), None)
    if found is None or claim != history.state.claim:
        raise OfNoStep(claim=history.state.claim)
    return found
