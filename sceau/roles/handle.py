# SPDX-License-Identifier: Apache-2.0
"""The handle on what a verb writes: queued, sent, written or refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import (
    EntryStopped,
    FeeTooHigh,
    SenderHasNoFunds,
    TransactionNotMined,
    TransactionRefused,
    TransactionReplaced,
    TransactionReverted,
)
from sceau.chain.following import Receipt, Transaction
from sceau.claim.prepared import PreparedStep
from sceau.errors import NodeError, StoreError

if TYPE_CHECKING:
    from sceau.roles.queue import Push

#: The errors after which it is certain that the chain holds nothing of what was sent.
NOT_WRITTEN = (ContractError, EntryStopped, FeeTooHigh, SenderHasNoFunds, TransactionReverted)
# The errors after which the same may stand on the chain by another transaction.
_BY_ANOTHER = (*NOT_WRITTEN, TransactionReplaced, TransactionRefused)

_PAUSE_SECONDS = 0.5


class WriteState(Enum):
    """The state of a write."""

    QUEUED = "queued"
    SENT = "sent"
    WRITTEN = "written"
    REFUSED = "refused"


@dataclass(frozen=True, repr=False)
class Envelope:
    """A message for one party: any transport may carry the text."""

    recipient: int
    text: str

    def __repr__(self) -> str:
        return f"Envelope(to party {self.recipient})"

    def to_json(self) -> dict[str, Any]:
        """The envelope as JSON values."""
        return {"recipient": self.recipient, "text": self.text}


class Handle:
    """A write that was queued or sent, or found on the chain already: ``await`` it, or call :meth:`wait`.

    ``hash`` names its transaction; it is empty while the write is queued and has none. ``step`` is the step of a claim
    that was stored before it was sent, ``envelope`` the message for the party that is to learn of it; both are ``None``
    for other writes.
    """

    def __init__(
        self,
        transaction: Transaction | Push,
        *,
        step: PreparedStep | None = None,
        envelope: Envelope | None = None,
        find: Callable[[], Receipt | None] = lambda: None,
        confirmed: Callable[[Receipt], None] = lambda _: None,
        refused: Callable[[], None] = lambda: None,
        again: Callable[[Exception], Handle | None] = lambda _: None,
    ) -> None:
        self._transaction: Transaction | Push | None = transaction
        self._receipt: Receipt | None = None
        self._find = find
        self._confirmed = confirmed
        self._refused = refused
        self._again = again
        self._state = WriteState.SENT
        self.step = step
        self.envelope = envelope

    @classmethod
    def written(
        cls, receipt: Receipt, *, step: PreparedStep | None = None, envelope: Envelope | None = None
    ) -> Handle:
        """The handle on something that stands on the chain already."""
        handle = cls.__new__(cls)
        handle._transaction, handle._receipt = None, receipt
        handle._again = lambda _: None
        handle._state = WriteState.WRITTEN
        handle.step, handle.envelope = step, envelope
        return handle

    def __repr__(self) -> str:
        return f"Handle({self.state.value}, {self.hash})"

    @property
    def hash(self) -> str:
        """The transaction's hash (``0x`` hex); empty while there is none."""
        if self._receipt is not None:
            return self._receipt.hash
        return "" if self._transaction is None else self._transaction.hash

    @property
    def state(self) -> WriteState:
        """The state of the write, as far as this handle has looked."""
        return WriteState.QUEUED if self._state is WriteState.SENT and not self.hash else self._state

    @property
    def away(self) -> NodeError | None:
        """Why a queued write cannot be sent now: no node takes it, as far as this handle has looked."""
        problem = getattr(self._transaction, "problem", None) if self.state is WriteState.QUEUED else None
        return problem if isinstance(problem, NodeError) else None

    @property
    def claim(self) -> str:
        """Identifier of the claim that the step is of. Raises ValueError for other writes."""
        if self.step is None:
            raise ValueError("this write is not a step of a claim")
        return self.step.claim

    def repeated(self, again: Callable[[Exception], Handle | None]) -> Handle:
        """This handle, which goes on with what ``again`` gives for the error of a refusal, if it gives anything."""
        self._again = again
        return self

    def wait(self, timeout: float = 120) -> Receipt:
        """The receipt, once it is in a block; ``timeout`` in seconds, in all.

        Raises:
            WriteQueued: it waits in the outbox; the role's ``sync`` sends it.
            TransactionNotMined: no node showed it in a block in time; it may still be mined later.
            TransactionReplaced, TransactionRefused: another transaction of the same key took its place, or no node took
                it: repeat the verb.
            ContractError, TransactionReverted: it is in a block and was refused; nothing was written.
        """
        until = time.monotonic() + timeout
        while self._receipt is None and self._transaction is not None:
            try:
                self._receipt = self._transaction.wait(max(0.0, until - time.monotonic()))
            except _BY_ANOTHER as error:
                # The same step may have been written before, by a transaction that was still waiting then.
                self._receipt = self._found(self.hash, until)
                if self._receipt is None:
                    self._end(error)
                    if not self._goes_on(error):
                        raise
                    continue
            self._state = WriteState.WRITTEN
            # What is written is written, whatever becomes of the note that it was.
            with suppress(StoreError):
                self._confirmed(self._receipt)
        return self._known()

    def _found(self, hash_: str, until: float) -> Receipt | None:
        """Where the same stands by another transaction. Raises TransactionNotMined while no node says it."""
        started = time.monotonic()
        while True:
            try:
                return self._find()
            except NodeError:
                if time.monotonic() >= until:
                    raise TransactionNotMined(hash=hash_, seconds=round(until - started)) from None
            time.sleep(_PAUSE_SECONDS)

    def _goes_on(self, error: Exception) -> bool:
        """Takes up what is written in the place of a refused write, if anything is."""
        next_ = self._again(error) if self._state is WriteState.REFUSED else None
        if next_ is None:
            return False
        again = self._again
        vars(self).update(vars(next_))
        self._again = again
        return True

    def __await__(self) -> Generator[Any, None, Receipt]:
        return asyncio.to_thread(self.wait).__await__()

    def _known(self) -> Receipt:
        if self._receipt is None:
            raise AssertionError("a write that was neither sent nor found")
        return self._receipt

    def _end(self, error: Exception) -> None:
        # Once: what a later attempt stored is not this handle's to take back.
        if isinstance(error, NOT_WRITTEN) and self._state is not WriteState.REFUSED:
            self._state = WriteState.REFUSED
            self._refused()
