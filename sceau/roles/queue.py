# SPDX-License-Identifier: Apache-2.0
"""A party's writes, through the outbox of its store: wanted in one change with what they are about, then sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from sceau.chain.abis import ContractName
from sceau.chain.errors import EntryStopped, FeeTooHigh, SenderHasNoFunds, TransactionNotMined, WriteQueued
from sceau.chain.following import Receipt, find_receipt
from sceau.chain.network import Network
from sceau.chain.revert import decode_revert
from sceau.chain.signer import Signer
from sceau.errors import NodeError, SceauError, Sentence
from sceau.messages.intended import Intention, drop_intention, intentions, retry_intention
from sceau.roles.errors import EntryNotStopped, EntryOnItsWay, EntryUnknown
from sceau.roles.posting import Problem, SyncReport
from sceau.store import LocalStore
from sceau.store.entry import Entry, EntryState

if TYPE_CHECKING:
    from sceau.store.outbox import Outbox
    from sceau.store.sending import Round, Sender

#: The words with which the keys of entries begin: for a step of a claim, a consent, the withdrawal of one.
STEP, CONSENT, WITHDRAWAL = "step", "consent", "withdrawal"

_PAUSE_SECONDS = 0.25


class Knower(Protocol):
    """What a role knows of the entries of one kind; as :class:`sceau.store.sending.Effects`."""

    def require(self, entry: Entry) -> None:
        """Looks again at what was assumed."""

    def written(self, entry: Entry) -> Receipt | None:
        """Where it stands already."""

    def mined(self, entry: Entry) -> None:
        """Stores what follows, in the party's own store alone: it is part of a change of it."""

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """Remembers where it stands."""

    def dropped(self, entry: Entry) -> None:
        """Forgets what was stored for it; part of the change that forgets the entry."""

    def instead(self, entry: Entry) -> bool:
        """Puts something else into the outbox in the place of a stopped entry, where it may; says whether it did."""


class WriteQueue:
    """The writes of one party on one network, by one of its signing keys.

    ``knowers`` know the entries whose key begins with their word: ``step:0x…``.
    """

    def __init__(
        self,
        network: Network,
        signer: Callable[[], Signer],
        store: LocalStore,
        knowers: Mapping[str, Knower],
    ) -> None:
        self._network = network
        self._signer = signer
        self._store = store
        self._knowers = knowers
        self._sender: Sender | None = None

    @property
    def outbox(self) -> Outbox:
        """The outbox. Loaded here: its database is not needed by a program that only reads."""
        from sceau.store.outbox import Outbox

        return Outbox(self._store.vault, self._network.manifest.genesis_hash)

    def want(
        self,
        key: str,
        contract: ContractName,
        function: str,
        *args: Any,
        lane: str,
        after: str = "",
        urgent: bool = False,
        assumed: Sequence[Mapping[str, Any]] = (),
    ) -> Entry:
        """Puts a call into the outbox; arguments as :meth:`sceau.store.outbox.Outbox.want`.

        One that stopped before is wanted again: a caller who asks for the same once more has corrected what was wrong.
        """
        from sceau.store.sending import call_of

        entry = self.outbox.want(
            key,
            call_of(self._network, contract, function, *args),
            lane=lane,
            signer=self._signer().address,
            after=after,
            urgent=urgent,
            assumed=assumed,
        )
        if entry.state is EntryState.STOPPED and self.outbox.retry(entry):
            return self.outbox.find(key) or entry
        return entry

    def push(self, entry: Entry) -> Push:
        """Sends what can go now; says what became of the entry."""
        push = Push(self, entry)
        push.look()
        return push

    def entry(self, id_: int) -> Entry:
        """An entry that is not written yet, by its own number. Raises :class:`EntryUnknown`."""
        found = self.outbox.entry(id_)
        if found is None or found.state is EntryState.MINED:
            raise EntryUnknown(entry=id_)
        return found

    def intentions(self) -> list[Intention]:
        """The disclosures that wait for their steps, or stopped, with their numbers."""
        return intentions(self._store)

    def retry(self, id_: int) -> None:
        """Makes a stopped entry or intention wanted again. Raises :class:`EntryUnknown`, :class:`EntryNotStopped`."""
        if retry_intention(self._store, id_):
            return
        if id_ in (each.id for each in self.intentions()) or not self.outbox.retry(self.entry(id_)):
            raise EntryNotStopped(entry=id_)

    def drop(self, id_: int) -> None:
        """Gives up an intention, or an entry that was not sent, and forgets what was stored for it.

        Raises:
            EntryUnknown: there is none of this number.
            EntryOnItsWay: it has a number: it may be mined at any time.
        """
        if drop_intention(self._store, id_):
            return
        entry = self.entry(id_)
        if not self.outbox.drop(entry, lambda: self._knower(entry).dropped(entry)):
            raise EntryOnItsWay(entry=id_)

    def sync(self, timeout: float) -> SyncReport:
        """Sends what waits, for ``timeout`` seconds at most, and says what became of it."""
        if not self.outbox.unfinished(limit=1):
            # No key is opened for nothing: a party that only reads may have none.
            return SyncReport()
        self._network.ask_again()
        done = self._drained(timeout)
        problems = [
            Problem("entry-stopped", stopped(self.outbox.find(entry.key) or entry), place=str(entry.id))
            for entry, _ in done.stopped
        ]
        if done.problem is not None:
            problems.append(Problem(done.problem.code, done.problem))
        return SyncReport(
            written=len(done.mined),
            queued=self.outbox.condition().unfinished,
            offline=isinstance(done.problem, NodeError),
            problems=tuple(problems),
        )

    def _drained(self, timeout: float) -> Round:
        """What became of what waits; of a stopped entry in whose place something else was sent, nothing is said."""
        deadline = time.monotonic() + timeout
        for entry in self.outbox.stopped():
            self._replaced(entry)
        done = self.sender().drain(timeout)
        while time.monotonic() < deadline:
            if not sum(self._replaced(entry) for entry, _ in done.stopped):
                break
            more = self.sender().drain(max(0.0, deadline - time.monotonic()))
            done.mined += more.mined
            done.stopped += more.stopped
            done.problem = more.problem
        done.stopped = [each for each in done.stopped if self.outbox.find(each[0].key) is not None]
        return done

    def _replaced(self, entry: Entry) -> bool:
        """Whether something else waits now in the place of a stopped entry, which is forgotten."""
        now = self.outbox.find(entry.key)
        if now is None or now.state is not EntryState.STOPPED:
            return False
        knower = self._knower(now)
        # Without a node, or without a ground: it stays stopped, and is told.
        with suppress(SceauError):
            return knower.instead(now) and self.outbox.drop(now, lambda: knower.dropped(now))
        return False

    def sender(self) -> Sender:
        """What sends the entries of this party's key."""
        if self._sender is None:
            from sceau.store.sending import Sender

            self._sender = Sender(self._network, self._signer(), self.outbox, self)
        return self._sender

    # What the sender asks

    def require(self, entry: Entry) -> None:
        """As :meth:`sceau.store.sending.Effects.require`."""
        self._knower(entry).require(entry)

    def written(self, entry: Entry) -> Receipt | None:
        """As :meth:`sceau.store.sending.Effects.written`."""
        return self._knower(entry).written(entry)

    def mined(self, entry: Entry) -> None:
        """As :meth:`sceau.store.sending.Effects.mined`."""
        self._knower(entry).mined(entry)

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """As :meth:`sceau.store.sending.Effects.learnt`."""
        self._knower(entry).learnt(entry, receipt)

    def receipt_of(self, entry: Entry) -> Receipt | None:
        """Where an entry that is mined stands."""
        if entry.block is None:
            return self.written(entry)
        return find_receipt(self._network.node, entry.block["transaction"])

    def _knower(self, entry: Entry) -> Knower:
        return self._knowers[entry.key.partition(":")[0]]


class Push:
    """An entry on its way, as :class:`sceau.chain.following.Transaction` is a transaction on its way."""

    def __init__(self, queue: WriteQueue, entry: Entry) -> None:
        self._queue = queue
        self.entry = entry
        self.receipt: Receipt | None = None
        self.error: SceauError | None = None
        self.problem: SceauError | None = None

    @property
    def hash(self) -> str:
        """Its transaction's hash; empty while it has none."""
        return self.entry.signed.hash if self.entry.signed is not None else ""

    def look(self) -> None:
        """One round of the sender, and what became of the entry."""
        done = self._queue.sender().round()
        self.problem = done.problem
        for entry, receipt in done.mined:
            if entry.id == self.entry.id:
                self.receipt = receipt
        for entry, error in done.stopped:
            if entry.id == self.entry.id:
                self.error = error
        now = self._queue.outbox.find(self.entry.key)
        if now is not None:
            self.entry = now
        if self.receipt is None and self.error is None:
            self._ended_elsewhere(now)

    def wait(self, timeout: float = 120) -> Receipt:
        """The receipt, once it is in a block; ``timeout`` in seconds.

        Raises:
            WriteQueued: it is still in the outbox alone; :meth:`CorrespondingParty.sync` sends it. Raised at once where
                it waits for an entry that stopped.
            TransactionNotMined: no node showed it in a block in time; it may still be mined later.
            ContractError, TransactionReverted: a contract refused it.
        """
        deadline = time.monotonic() + timeout
        while True:
            if self.receipt is not None:
                return self.receipt
            if self.error is not None:
                raise self.error
            self._require_free()
            if time.monotonic() >= deadline:
                if self.entry.state is EntryState.WANTED:
                    raise WriteQueued(why=self.problem or "-")
                raise TransactionNotMined(hash=self.hash, seconds=round(timeout))
            time.sleep(max(0.0, min(_PAUSE_SECONDS, deadline - time.monotonic())))
            self.look()

    @property
    def refusal(self) -> SceauError | None:
        """Why it was not sent, where that is not a node that does not answer."""
        if self.error is not None:
            return self.error
        return self.problem if isinstance(self.problem, (SenderHasNoFunds, FeeTooHigh)) else None

    def _require_free(self) -> None:
        if self.entry.state is EntryState.WANTED and not self.entry.urgent:
            before = self._queue.outbox.held_by(self.entry)
            if before is not None:
                raise WriteQueued(why=stopped(before))

    def _ended_elsewhere(self, now: Entry | None) -> None:
        """Another process may have heard what became of it."""
        if now is None or now.state is EntryState.MINED:
            self.receipt = self._queue.receipt_of(self.entry)
        elif now.state is EntryState.STOPPED:
            self.error = refusal_of(now)


def refusal_of(entry: Entry) -> SceauError:
    """Why an entry stopped, as its verb raises it: a contract's own error, whichever process heard it."""
    revert = (entry.reason or {}).get("revert")
    return decode_revert(revert) if revert else stopped(entry)


def stopped(entry: Entry) -> EntryStopped:
    """Why an entry stopped, as an error."""
    reason = entry.reason or {}
    why = Sentence("outbox.reason", reason.get("en", "-"), reason.get("fr", "-"))
    return EntryStopped(what=entry.call.function, why=why, reason=reason.get("code", ""))
