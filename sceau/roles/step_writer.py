# SPDX-License-Identifier: Apache-2.0
"""Writing the steps of claims: each is stored before it is sent, written once, and taken back if it was not written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sceau.chain.following import Receipt, find_receipt
from sceau.chain.network import Network
from sceau.chain.registries.claims import read_claim
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.signer import Signer
from sceau.chain.transaction import is_waiting
from sceau.claim.history import read_history
from sceau.claim.known import remember_blocks
from sceau.claim.prepared import Argument, PreparedStep
from sceau.claim.steps import STEPS
from sceau.documents.identifiers import checked_id
from sceau.errors import NodeError
from sceau.messages.intended import drop_of_step
from sceau.messages.outgoing import unqueue
from sceau.record import Value
from sceau.roles.errors import StepPending, StoreMissing
from sceau.roles.handle import NOT_WRITTEN, Envelope, Handle
from sceau.roles.proving import keep_step_proof
from sceau.roles.queue import STEP, WriteQueue
from sceau.store import HoldsOfClaims, Kind, Number, Store
from sceau.store.entry import Entry
from sceau.terms import Step, step_words


@dataclass(frozen=True)
class OnceOnly:
    """A number that may serve one claim only."""

    kind: Number
    number: str = field(repr=False)


#: The number that a step's record states and that serves one claim only, by the path of its value.
_ONCE_ONLY: Mapping[Step, tuple[Number, str]] = {
    Step.AUTHORISE: (Number.FILE_NUMBER, "pec.number"),
    Step.DELIVER: (Number.DISPATCH, "dispatch.reference"),
    Step.SETTLE: (Number.FILE_NUMBER, "pec.number"),
}


class StepWriter:
    """Writes a party's steps on a network, with one of its signing keys and its store."""

    def __init__(
        self,
        network: Network,
        signer: Callable[[], Signer],
        store: Store | None,
        queue: WriteQueue | None = None,
        post: Callable[[Envelope, PreparedStep], object] = lambda *_: None,
    ) -> None:
        self._network = network
        self._signer = signer
        self._store = store
        self._queue = queue
        self._post = post

    def write(
        self,
        step: PreparedStep,
        envelope: Envelope | None,
        shown: OnceOnly | None,
        assumed: Sequence[Mapping[str, Any]] = (),
    ) -> Handle:
        """Stores a step and its envelope, then sends it; with a queue, what cannot be sent now waits.

        The number that its record states, and the one ``shown``, then serve its claim alone.

        Raises:
            ContractError: the registry refuses, for the reason its class names; nothing was written or stored.
            NodeError: no node takes it; nothing was written.
            NumberAlreadyUsed: a number serves another claim.
            StoreMissing, StoreUnusable.
        """
        store = self._required
        # One that was stored before may have been sent before.
        is_new = not self.is_stored(step)
        numbers: tuple[OnceOnly, ...] = ()
        try:
            for each in {*numbers_of(step), *([shown] if shown else [])}:
                store.reserve(each.kind, each.number, step.claim, ended=self._ended)
                numbers += (each,)
            with store.change():
                store.put(Kind.STEP, step.record.root, step.to_json(), claim=step.claim)
                store.put(Kind.UNCONFIRMED, step.fingerprint, {"step": step.record.root}, claim=step.claim)
                if envelope is not None:
                    store.put(Kind.ENVELOPE, step.record.root, envelope.to_json(), claim=step.claim)
                    self._post(envelope, step)
                entry = None if self._queue is None else self._want(self._queue, step, assumed)
        except BaseException:
            if is_new:
                self._take_back(step, numbers)
            raise
        try:
            if self._queue is not None and entry is not None:
                return self._push(self._queue, entry, step, envelope, numbers)
            return self.send(step, envelope, numbers)
        except (*NOT_WRITTEN, NodeError) as error:
            # Nothing was handed to any node now; before, it may have been.
            if is_new or (isinstance(error, NOT_WRITTEN) and not self._has_waiting()):
                self._take_back(step, numbers)
            raise

    def send(
        self, step: PreparedStep, envelope: Envelope | None, numbers: tuple[OnceOnly, ...] = ()
    ) -> Handle:
        """Sends a step; one that its registry refuses because it stands there already is *written*.

        ``numbers`` are given back when it is refused later.
        """
        if self._queue is not None:
            return self._push(self._queue, self._want(self._queue, step, ()), step, envelope, numbers)
        try:
            transaction = step.send(self._network, self._signer())
        except NOT_WRITTEN:
            written = self.written(step)
            if written is None:
                raise
            self.confirm(step)
            return Handle.written(written, step=step, envelope=envelope)
        return Handle(
            transaction,
            step=step,
            envelope=envelope,
            find=lambda: self.written(step),
            confirmed=lambda receipt: self.hear(step, receipt),
            refused=lambda: self._take_back(step, numbers),
        )

    def _want(self, queue: WriteQueue, step: PreparedStep, assumed: Sequence[Mapping[str, Any]]) -> Entry:
        """Puts a step into the outbox, behind what it rests on: its claim's other steps, and a claim's consent."""
        consent = str(step.argument("consent")) if "consent" in step.row.arguments else ""
        return queue.want(
            f"{STEP}:{step.record.root}",
            "ClaimRegistry",
            step.function,
            *step.raw_arguments,
            lane=step.claim,
            after=consent,
            assumed=assumed,
        )

    def _push(
        self,
        queue: WriteQueue,
        entry: Entry,
        step: PreparedStep,
        envelope: Envelope | None,
        numbers: tuple[OnceOnly, ...],
    ) -> Handle:
        push = queue.push(entry)
        if push.receipt is not None:
            return Handle.written(push.receipt, step=step, envelope=envelope)
        # What another process numbered meanwhile is on its way: it is neither dropped nor taken back.
        if push.refusal is not None and queue.outbox.drop(push.entry):
            raise push.refusal
        return Handle(
            push,
            step=step,
            envelope=envelope,
            find=lambda: self.written(step),
            refused=lambda: self._give_up(queue, push.entry, step, numbers),
        )

    def _give_up(
        self, queue: WriteQueue, entry: Entry, step: PreparedStep, numbers: tuple[OnceOnly, ...]
    ) -> None:
        """The caller learnt that a step was refused: the outbox forgets it, and so does the store."""
        if queue.outbox.drop(entry):
            self._take_back(step, numbers)

    def give_up(self, step: PreparedStep) -> None:
        """Forgets a step that waits in the outbox and was sent to no node."""
        self._take_back(step, numbers_of(step))

    def hear(self, step: PreparedStep, receipt: Receipt) -> None:
        """A step is written."""
        self.learn(step, receipt)
        self.confirm(step)

    def learn(self, step: PreparedStep, receipt: Receipt) -> None:
        """Where a step stands, its claim is looked for from now on."""
        remember_blocks(self._network, step.claim, [receipt.block_number])
        if self._store is not None:
            keep_step_proof(self._store, self._network, step, receipt)

    def pending(
        self, claim: str, step: Step, order_number: int, values: Mapping[str, Value], **named: Argument
    ) -> PreparedStep | None:
        """The same step, sealed before and perhaps on its way: doing a verb again sends that, and seals none anew.

        ``named`` are arguments of the call by their shape in the table of steps. A step that names another head is the
        same only where it is written: it can be written no more.

        Raises:
            StepPending: one with other values, or to another supplier, may be on its way.
        """
        if self._store is None:
            return None
        stored = [
            each
            for each in stored_steps(self._store, claim, step)
            if (each.order_number == order_number or not each.row.names_order)
        ]
        for each in stored:
            same = dict(each.record.values) == each.record.profile.validate(values)
            moved = _names_another_head(each, named)
            if same and (_names(each, named) or (moved and self.written(each) is not None)):
                return each
        if any(not _names_another_head(each, named) and not self._is_written(each) for each in stored):
            raise StepPending(claim=claim, step=step_words(step))
        return None

    def _is_written(self, step: PreparedStep) -> bool:
        """Whether a step stands on the chain; off line, where writes are queued, it may be on its way."""
        try:
            return self.written(step) is not None
        except NodeError:
            if self._queue is None:
                raise
            return False

    def unconfirmed(self, step: PreparedStep) -> PreparedStep:
        """The step that was made of the same before, if nobody heard yet that it is written; otherwise ``step``."""
        before = self._required.get(Kind.UNCONFIRMED, step.fingerprint)
        stored = None if before is None else self._required.get(Kind.STEP, before["step"])
        return step if stored is None else PreparedStep.from_json(stored)

    def is_stored(self, step: PreparedStep) -> bool:
        """Whether the store has a step, by its commitment."""
        return self._store is not None and self._store.get(Kind.STEP, step.record.root) is not None

    def written(self, step: PreparedStep) -> Receipt | None:
        """Where a step stands on the chain with this very commitment, or ``None``."""
        try:
            history = read_history(self._network, step.claim, block=self._network.head().number)
        except NoSuchClaim:
            return None
        for written in history.steps:
            if written.commitment == step.record.root and written.step is step.row.step:
                return find_receipt(self._network.node, written.transaction)
        return None

    @property
    def _required(self) -> Store:
        if self._store is None:
            raise StoreMissing
        return self._store

    def confirm(self, step: PreparedStep) -> None:
        """The caller hears that a step is written: asking for the same again asks for another one."""
        if self._store is None:
            return
        # Another step may have been made of the same since.
        if self._store.get(Kind.UNCONFIRMED, step.fingerprint) == {"step": step.record.root}:
            self._store.discard(Kind.UNCONFIRMED, step.fingerprint)

    def _take_back(self, step: PreparedStep, numbers: tuple[OnceOnly, ...]) -> None:
        """Forgets a step that surely was not written, and its numbers."""
        self.confirm(step)
        if self._store is not None:
            for kind in (Kind.STEP, Kind.ENVELOPE):
                self._store.discard(kind, step.record.root)
            unqueue(self._store, step.record.root)
            drop_of_step(self._store, step.claim, step.record.root)
            for each in numbers:
                self._store.release(each.kind, each.number, step.claim)

    def _has_waiting(self) -> bool:
        """Whether something that this party sent may wait for a block."""
        try:
            return is_waiting(self._network.node, self._signer().address)
        except NodeError:
            return True

    def _ended(self, claim: str) -> bool:
        """Whether a claim has ended without being paid, so that its numbers are free again."""
        head = self._network.head().number
        try:
            return read_claim(self._network, claim, block=head).frees_its_numbers
        except NoSuchClaim:
            # The node may lag behind, or the store have served another deployment: no word on the claim frees nothing.
            return False


def stored_steps(store: HoldsOfClaims, claim: str, *only: Step) -> list[PreparedStep]:
    """The steps of a claim in a store, in the order in which they were sealed; of these kinds, if any are named.

    What is not asked for is not read: to read a step is to compute its commitment again.
    """
    functions = {STEPS[step].function for step in only}
    stored = store.of_claim(Kind.STEP, checked_id(claim))
    return [PreparedStep.from_json(each) for each in stored if not only or each.get("function") in functions]


def numbers_of(step: PreparedStep) -> tuple[OnceOnly, ...]:
    """The number that a step's record states and that serves one claim only, if there is one."""
    kind, path = _ONCE_ONLY.get(step.row.step, (None, ""))
    number = step.record.values.get(path)
    return () if kind is None or number is None else (OnceOnly(kind, str(number)),)


def _names(step: PreparedStep, named: Mapping[str, Argument]) -> bool:
    """Whether a step's call names these arguments, by shape."""
    return all(step.argument(shape) == argument for shape, argument in named.items())


def _names_another_head(step: PreparedStep, named: Mapping[str, Argument]) -> bool:
    """Whether a step was decided on another head than the one that is named now."""
    return "head" in named and step.argument("head") != named["head"]
