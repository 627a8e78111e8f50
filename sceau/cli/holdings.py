# SPDX-License-Identifier: Apache-2.0
"""What a party holds of a claim's sealed records, from whichever file it keeps it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.cli.errors import HoldsNoRecord, OfNoStep
from sceau.cli.session import Session
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.claim.history import History, WrittenStep
    from sceau.conformity.keys import OrderKey
    from sceau.disclosure import Disclosure
    from sceau.record import SealedRecord, Value

_WHAT = Sentence("kept-file", "file kept of a step", "un fichier gardé d'une étape")


@dataclass(frozen=True, repr=False)
class Holding:
    """One file: the opening of a step and those sealed inside it, or a disclosure; beside an order, its key.

    ``signed`` is the sender's word (a JWS) where the file is a received message.
    """

    record: SealedRecord | None = None
    inner: tuple[SealedRecord, ...] = ()
    disclosure: Disclosure | None = None
    order_key: OrderKey | None = None
    signed: str | None = None

    def __repr__(self) -> str:
        return "Holding(…)"


@dataclass(frozen=True, repr=False)
class HeldStep:
    """A step on the chain with the values of it that a file holds: profile key, and values by path, each proved."""

    written: WrittenStep
    records: tuple[tuple[str, Mapping[str, Value]], ...]

    def __repr__(self) -> str:
        return f"HeldStep({self.written.step.name})"


def read_holding(data: bytes) -> Holding:
    """What a file holds: a kept step, an opening, a disclosure, or a received message.

    Raises:
        FileMalformed, RecordError, DisclosureMalformed: it is none of these, or damaged.
    """
    from sceau.claim.prepared import FORMAT as STEP
    from sceau.claim.prepared import PreparedStep
    from sceau.disclosure import FORMAT as DISCLOSURE
    from sceau.disclosure import Disclosure
    from sceau.documents.strict_json import read_object
    from sceau.messages.stored import FORMAT as MESSAGE
    from sceau.record import SealedRecord

    read = read_object(data, _WHAT)
    form = read.get("format")
    if form == STEP:
        step = PreparedStep.from_json(read)
        return Holding(step.record, tuple(step.inner.values()), order_key=step.order_key)
    if form == DISCLOSURE:
        return Holding(disclosure=Disclosure.from_json(read))
    if form == MESSAGE:
        return _from_message(read)
    return Holding(SealedRecord.from_json(read))


def held_step(session: Session, path: Path, history: History) -> HeldStep:
    """The step that a file is about, with what the file holds of it, proved under the commitment on the chain.

    Raises:
        HoldsNoRecord: the file is a message without a record.
        OfNoStep: what it holds was not written on this claim.
        DisclosureRefused: a disclosure is not part of what the claim sealed.
    """
    holding = session.read(path, read_holding)
    with session.in_file(path):
        if holding.record is not None:
            written = _by_commitment(history, holding.record.root)
            records = [holding.record, *holding.inner]
            if written is None or holding.record.scope.claim != history.state.claim:
                raise OfNoStep(path=path, claim=history.state.claim)
            return HeldStep(written, tuple((each.scope.profile_key, each.values) for each in records))
        if holding.disclosure is None:
            raise HoldsNoRecord(path=path)
        shown = holding.disclosure
        written = _by_commitment(history, shown.root)
        if written is None or shown.scope.claim != history.state.claim:
            raise OfNoStep(path=path, claim=history.state.claim)
        values = shown.multiproof.read(written.commitment, shown.scope)
        return HeldStep(written, ((shown.scope.profile_key, values),))


def _by_commitment(history: History, root: str) -> WrittenStep | None:
    return next((step for step in history.steps if step.commitment == root), None)


def _from_message(read: Mapping[str, Any]) -> Holding:
    from sceau.conformity.keys import OrderKey
    from sceau.disclosure import FORMAT as DISCLOSURE
    from sceau.disclosure import Disclosure
    from sceau.documents.strict_json import read_object
    from sceau.messages.stored import StoredMessage
    from sceau.record import SealedRecord

    kept = StoredMessage.from_json(read)
    attached = read_object(kept.attached, _WHAT)
    if attached.get("format") == DISCLOSURE:
        return Holding(disclosure=Disclosure.from_json(attached), signed=kept.signed)
    key = attached.get("order_key")
    return Holding(
        record=SealedRecord.from_json(attached["opening"]) if "opening" in attached else None,
        order_key=None if key is None else OrderKey.read(key),
        signed=kept.signed,
    )
