# SPDX-License-Identifier: Apache-2.0
"""Sends what an outbox holds: checks what became of it, numbers and signs what can be sent, and offers it to the nodes.

Nothing that matters is kept in memory alone: if a process is killed at any point, the next one continues from the
database. Each round first looks at the entries that have a number. Signatures are deterministic, so that what is
offered again is the same transaction, byte for byte.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sceau.chain.batch import Fault, Question, ask_all
from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import FeeTooHigh, NodeRefused, NotANode, SenderHasNoFunds, TransactionReverted
from sceau.chain.fees import capped, coins_text, fee_fields, highest_cost, within
from sceau.chain.following import Receipt, Signed, Transaction
from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.refusals import Refusal, meaning
from sceau.chain.signer import Signer
from sceau.documents.identifiers import hex_of, is_hash
from sceau.errors import NodeError, SceauError, StoreError
from sceau.store.entry import Call, Entry, EntryState, SignedCall
from sceau.store.outbox import Outbox
from sceau.store.raising import PATIENT_BLOCKS, higher, replaces

#: How many transactions of one key a node's pool takes at once, where the manifest does not say; Besu's default.
WINDOW = 5

_GAS_OF_A_TRANSFER = 21_000
# What no node shows in a block after this time is offered again, to every node.
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.25
# So often a node may refuse the same bytes before others are signed under their number.
_MOST_REFUSALS = 3
# By so many blocks the node that gave the head can be ahead of the one behind the same address that gave the number.
_BLOCKS_APART = 16


class Effects(Protocol):
    """What the roles know of an entry."""

    def require(self, entry: Entry) -> None:
        """Checks again what was assumed when the entry was wanted. Raises SceauError where it does not hold."""

    def written(self, entry: Entry) -> Receipt | None:
        """Where what the entry would write stands already, by another transaction."""

    def mined(self, entry: Entry) -> None:
        """Stores what follows from an entry that is written; part of the change that notes it."""

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """Remembers where it stands, to ask less of nodes later; after that change."""


@dataclass
class Round:
    """What a round did: entries written, entries stopped with their errors, and alarms; and why it ended early."""

    mined: list[tuple[Entry, Receipt]] = field(default_factory=list)
    stopped: list[tuple[Entry, SceauError | None]] = field(default_factory=list)
    replaced: list[Entry] = field(default_factory=list)
    offered: int = 0
    problem: SceauError | None = None

    @property
    def moved(self) -> bool:
        """Whether anything went on."""
        return bool(self.mined or self.stopped or self.replaced or self.offered)


class Sender:
    """Sends the entries of one signing key.

    ``window`` is how many of its transactions wait for a block at once.
    """

    def __init__(
        self, network: Network, signer: Signer, outbox: Outbox, effects: Effects, *, window: int | None = None
    ) -> None:
        self._network = network
        self._signer = signer
        self._outbox = outbox
        self._effects = effects
        self._window = window or network.manifest.waiting or WINDOW
        self._checked_at = -1
        self._refusals: dict[str, int] = {}
        self._offered_at: dict[str, float] = {}

    def round(self) -> Round:
        """Looks once at everything, and sends what can go; never raises for a node or a contract."""
        done = Round()
        try:
            head = self._head()
            flying, count = self._look(done)
            flying = self._raised(flying, head, done)
            room = self._window - len(flying)
            if room > 0:
                flying += self._signed(room, head, count, done)
            self._offer(flying, done)
        except (NodeError, SenderHasNoFunds, FeeTooHigh) as problem:
            done.problem = problem
        return done

    def drain(
        self,
        timeout: float,
        *,
        until: Callable[[], bool] = lambda: False,
        told: Callable[[Round], None] = lambda _: None,
    ) -> Round:
        """Rounds until nothing can go on any more, ``until`` says so, or ``timeout`` seconds have passed."""
        deadline = time.monotonic() + timeout
        whole = Round()
        while True:
            done = self.round()
            told(done)
            for each in ("mined", "stopped", "replaced"):
                getattr(whole, each).extend(getattr(done, each))
            whole.offered += done.offered
            whole.problem = done.problem
            waits = bool(self._outbox.in_flight(self._signer.address))
            if until() or time.monotonic() >= deadline or (not waits and not done.moved):
                return whole
            if not done.mined:
                time.sleep(max(0.0, min(_PAUSE_SECONDS, deadline - time.monotonic())))

    # What became of what was sent

    def _head(self) -> Block:
        """The newest block, of the deployment's own chain. Raises NodeError."""
        head = self._network.head()
        if head.number < self._checked_at or self._checked_at < 0:
            # A chain that begins anew behind the same address is another chain.
            self._network.check_chain()
        self._checked_at = head.number
        return head

    def _look(self, done: Round) -> tuple[list[Entry], int]:
        """The entries that still have no block, and the number that the chain takes next from this key."""
        flying = self._outbox.in_flight(self._signer.address)
        hashes = [(entry, hash_) for entry in flying for hash_ in _hashes(entry)]
        count, *receipts = self._ask(
            [
                ("eth_getTransactionCount", (self._signer.address, "latest")),
                *(("eth_getTransactionReceipt", (hash_,)) for _, hash_ in hashes),
            ]
        )
        mined = self._number(count)
        shown = {
            hash_: found
            for (_, hash_), found in zip(hashes, receipts, strict=True)
            if isinstance(found, dict)
        }
        left = []
        for entry in flying:
            if not self._ended(entry, shown, mined, done):
                left.append(entry)
        return left, mined

    def _ended(self, entry: Entry, shown: Mapping[str, Any], mined: int, done: Round) -> bool:
        """Whether an entry is in flight no more."""
        for hash_ in _hashes(entry):
            if hash_ in shown and self._found(entry, hash_, shown[hash_], done):
                return True
        if entry.number is not None and mined > entry.number:
            return self._taken(entry, done)
        return False

    def _found(self, entry: Entry, hash_: str, shown: Mapping[str, Any], done: Round) -> bool:
        """Whether an entry is in a block, as every node bears out; one that was refused there is stopped."""
        alone = len(self._network.nodes) == 1
        try:
            receipt = (_written(hash_, shown) if alone else None) or self._transaction(entry, hash_).receipt()
        except (ContractError, TransactionReverted) as error:
            self._note_refused(entry, error, done)
            return True
        except NodeError:
            return False
        if receipt is None:
            return False
        own = (*([entry.signed] if entry.signed else []), *entry.earlier)
        if any(each.fills and each.hash == receipt.hash for each in own):
            self._stop(entry, entry.reason or {}, None, done)
        else:
            self._note_mined(entry, receipt, done)
        return True

    def _taken(self, entry: Entry, done: Round) -> bool:
        """Whether a block holds another transaction under the number of an entry."""
        signed = [self._transaction(entry, hash_) for hash_ in _hashes(entry)]
        with suppress(NodeError):
            try:
                # Whichever of its own bytes a block holds counts.
                if any(each.receipt() is not None or not each.is_replaced() for each in signed):
                    return False
            except (ContractError, TransactionReverted) as error:
                # A block took it after the receipts were asked for.
                self._note_refused(entry, error, done)
                return True
            written = self._effects.written(entry)
            if written is not None:
                self._note_mined(entry, written, done)
            else:
                self._outbox.again(entry, "another transaction of this key has its number")
                done.replaced.append(entry)
            return True
        return False

    def _note_refused(self, entry: Entry, error: SceauError, done: Round) -> None:
        """Stops an entry that a contract refused, unless another transaction wrote the same."""
        written = self._effects.written(entry)
        if written is not None:
            self._note_mined(entry, written, done)
        else:
            self._stop(entry, reason_of(error), error, done)

    def _note_mined(self, entry: Entry, receipt: Receipt, done: Round) -> None:
        block = {"number": receipt.block_number, "hash": receipt.block_hash, "transaction": receipt.hash}
        self._outbox.mined(entry, block, lambda: self._effects.mined(entry))
        self._effects.learnt(entry, receipt)
        done.mined.append((entry, receipt))

    def _stop(self, entry: Entry, reason: Mapping[str, Any], error: SceauError | None, done: Round) -> None:
        if self._outbox.stop(entry, reason):
            done.stopped.append((entry, error))

    # What can go

    def _signed(self, room: int, head: Block, mined: int, done: Round) -> list[Entry]:
        """Wanted entries that the contracts would take now, numbered and signed."""
        wanted = self._outbox.ready(self._signer.address, room)
        if not wanted:
            return []
        pending = self._ask([("eth_getTransactionCount", (self._signer.address, "pending"))])[0]
        least = max(mined, self._number(pending))
        priced = self._priced(wanted, head, done)
        return self._outbox.number(
            [entry for entry, _ in priced],
            least,
            lambda entry, number: self._sign(entry, number, dict(_by_id(priced))[entry.id], head),
        )

    def _priced(
        self, wanted: Sequence[Entry], head: Block, done: Round
    ) -> list[tuple[Entry, dict[str, Any]]]:
        """The entries that the contracts would take, each with its gas and fees; others are stopped."""
        fees = fee_fields(self._network.node, head)
        asked = [
            ("eth_estimateGas", ({"from": self._signer.address, "to": each.call.to, "data": each.call.data},))
            for each in wanted
        ]
        balance, *gas = self._ask([("eth_getBalance", (self._signer.address, "latest")), *asked])
        held = self._number(balance)
        taken = []
        for entry, answer in zip(wanted, gas, strict=True):
            try:
                fields = self._taken_by_contract(entry, answer, fees, held, done)
            except (FeeTooHigh, SenderHasNoFunds) as problem:
                # It waits, and what stands before it does not: what is urgent comes first.
                done.problem = problem
                break
            if fields is not None:
                taken.append((entry, fields))
                held -= highest_cost(fields)
        return taken

    def _taken_by_contract(
        self, entry: Entry, answer: Any, fees: dict[str, Any], held: int, done: Round
    ) -> dict[str, Any] | None:
        try:
            self._effects.require(entry)
            if isinstance(answer, Fault):
                answer = self._estimated(entry)
                if answer is None:
                    return None
        except (NodeError, StoreError):
            raise
        except SceauError as error:
            self._note_refused(entry, error, done)
            return None
        fields = self._within(entry, fees, answer)
        cost = highest_cost(fields)
        if cost > held:
            raise SenderHasNoFunds(address=self._signer.address, needed=cost, balance=held)
        return fields

    def _within(self, entry: Entry, fees: dict[str, Any], gas: Any) -> dict[str, Any]:
        """The fees, and the gas that a node estimates, within the ceiling of the settings; what is urgent offers it.

        Raises FeeTooHigh.
        """
        return within(self._network.fee_limit, fees, self._number(gas), insist=entry.urgent)

    def _estimated(self, entry: Entry) -> Any | None:
        """The gas of an entry that the first node refused, as any node that may be relied on gives it.

        ``None`` where no node says anything of use now. Raises ContractError where every one of them refuses: what one
        node alone says would let it stop a step, or a withdrawal.
        """
        asked = {"from": self._signer.address, "to": entry.call.to, "data": entry.call.data}
        refused: SceauError | None = None
        said = ""
        for node in (self._network.node, *(witness.node for witness, _ in self._network.witnesses())):
            # A call tells a contract's reason that some nodes hide behind the sender's empty purse.
            with suppress(NodeError):
                called, gas = ask_all(node, [("eth_call", (asked, "latest")), ("eth_estimateGas", (asked,))])
                faults = [each for each in (called, gas) if isinstance(each, Fault)]
                if not faults:
                    return gas
                error = next((each.error for each in faults if each.error is not None), None)
                refused = refused or error
                said = said or ("" if error else faults[0].words)
        if refused is not None:
            raise refused
        if said:
            self._outbox.note([replace(entry, said=said)])
        return None

    def _sign(
        self, entry: Entry, number: int, fields: Mapping[str, Any], head: Block, *, fills: bool = False
    ) -> SignedCall:
        from eth_utils.address import to_checksum_address

        hash_, raw = self._signer.sign_transaction(
            {
                "to": to_checksum_address(self._signer.address if fills else entry.call.to),
                "data": "0x" if fills else entry.call.data,
                "value": 0,
                "nonce": number,
                "chainId": self._network.chain_id,
                **fields,
            }
        )
        since = max(0, head.number - _BLOCKS_APART)
        return SignedCall(hash_, hex_of(raw), since, fills, dict(fields), head.number)

    # What offers too little

    def _raised(self, flying: Sequence[Entry], head: Block, done: Round) -> list[Entry]:
        """The entries in flight; those that offer less than nodes take are signed again, under the same numbers."""
        due = [
            each
            for each in flying
            if each.signed is not None and head.number >= each.signed.height + PATIENT_BLOCKS
        ]
        if not due or head.base_fee == 0:
            return list(flying)
        asked, base_fee = fee_fields(self._network.node, head), head.base_fee or 0
        raised: dict[int, Entry | None] = {}
        for entry in due:
            fields = higher(_signed(entry), asked, base_fee)
            if fields is not None:
                raised[entry.id] = self._signed_higher(entry, fields, head, done)
        found = [raised.get(each.id, each) for each in flying]
        return [each for each in found if each is not None]

    def _signed_higher(self, entry: Entry, fields: dict[str, Any], head: Block, done: Round) -> Entry | None:
        """An entry with higher fees, as it is stored now; ``None`` where another process went on with it.

        The ceiling of the settings holds; what is urgent offers the ceiling itself.
        """
        before, limit = _signed(entry), self._network.fee_limit
        if highest_cost(fields) > limit:
            asked = coins_text(highest_cost(fields))
            fields = capped(fields, fields["gas"], limit)
            if not entry.urgent or not replaces(before, fields):
                done.problem = FeeTooHigh(asked=asked, limit=coins_text(limit))
                return entry
        cost = highest_cost(fields)
        balance = self._number(self._ask([("eth_getBalance", (self._signer.address, "latest"))])[0])
        if cost > balance:
            done.problem = SenderHasNoFunds(address=self._signer.address, needed=cost, balance=balance)
            return entry
        signed = self._sign(entry, entry.number or 0, fields, head, fills=before.fills)
        signed = replace(signed, since=min(signed.since, before.since))
        return self._outbox.sign_again(entry, signed, entry.reason)

    # Offering

    def _offer(self, flying: Sequence[Entry], done: Round) -> None:
        """Offers what no node has accepted, and what was accepted long ago, in the order of the numbers."""
        due = [entry for entry in flying if entry.signed is not None and self._is_due(entry)]
        if not due:
            return
        fresh = [
            replace(entry, state=EntryState.OFFERED) for entry in due if entry.state is EntryState.SIGNED
        ]
        if fresh:
            self._outbox.note(fresh)
        now = time.monotonic()
        for entry in due:
            self._offered_at[_signed(entry).hash] = now
        answers = self._ask([("eth_sendRawTransaction", (_signed(entry).raw,)) for entry in due])
        self._offer_elsewhere([entry for entry in due if entry.state is EntryState.ACCEPTED])
        noted = []
        for entry, answer in zip(due, answers, strict=True):
            if entry.state is not EntryState.ACCEPTED:
                done.offered += 1
            noted.append(self._answered(entry, answer))
        self._outbox.note([each for each in noted if each is not None])

    def _offer_elsewhere(self, entries: Sequence[Entry]) -> None:
        """Offers to the other nodes what the first one accepted long ago: it may have passed it to nobody."""
        questions = [("eth_sendRawTransaction", (_signed(entry).raw,)) for entry in entries]
        for node in self._network.nodes[1:] if questions else ():
            with suppress(NodeError):
                ask_all(node, questions)

    def _is_due(self, entry: Entry) -> bool:
        offered = self._offered_at.get(_signed(entry).hash)
        if offered is None:
            return True
        return time.monotonic() - offered > _PATIENCE_SECONDS

    def _answered(self, entry: Entry, answer: Any) -> Entry | None:
        """The entry as a node's answer leaves it; ``None`` where nothing changes."""
        if isinstance(answer, Fault) and answer.data is not None:
            # Ganache runs a transaction at once and says of one that failed why: it is in a block.
            return None
        if not isinstance(answer, Fault) or meaning(answer.words) is Refusal.HAS_IT:
            if entry.state is EntryState.ACCEPTED:
                return None
            return replace(entry, state=EntryState.ACCEPTED, said="")
        held = self._ask([("eth_getTransactionByHash", (_signed(entry).hash,))])[0]
        if isinstance(held, dict):
            return replace(entry, state=EntryState.ACCEPTED, said="")
        if meaning(answer.words) in (Refusal.NUMBER_USED, Refusal.NOT_NOW):
            # Its own transaction or another has the number, which the next look tells; or nothing was said.
            return None
        for other in self._network.nodes[1:]:
            with suppress(NodeError):
                found = ask_all(other, [("eth_sendRawTransaction", (_signed(entry).raw,))])[0]
                if not isinstance(found, Fault) or meaning(found.words) is Refusal.HAS_IT:
                    return replace(entry, state=EntryState.ACCEPTED, said="")
        if meaning(answer.words) is not Refusal.NUMBER_WAITS:
            self._refusals[_signed(entry).hash] = self._refusals.get(_signed(entry).hash, 0) + 1
        if self._refusals.get(_signed(entry).hash, 0) >= _MOST_REFUSALS:
            self._sign_again(entry)
            return None
        return replace(entry, state=EntryState.OFFERED, said=answer.words)

    def _sign_again(self, entry: Entry) -> None:
        """Other bytes under the number of an entry that no node takes: at today's price, or nothing at all.

        A contract that would refuse it now leaves a number that must be filled, for those behind it.
        """
        head = self._network.head()
        asked = {"from": self._signer.address, "to": entry.call.to, "data": entry.call.data}
        answer = self._ask([("eth_estimateGas", (asked,))])[0]
        fees = fee_fields(self._network.node, head)
        if isinstance(answer, Fault) and answer.error is not None:
            signed = self._sign(
                entry, entry.number or 0, {**fees, "gas": _GAS_OF_A_TRANSFER}, head, fills=True
            )
            self._outbox.sign_again(entry, signed, reason_of(answer.error))
        elif not isinstance(answer, Fault):
            signed = self._sign(entry, entry.number or 0, self._within(entry, fees, answer), head)
            signed = replace(signed, since=min(signed.since, _signed(entry).since))
            if entry.signed is not None and signed.hash != entry.signed.hash:
                self._outbox.sign_again(entry, signed, None)

    def _number(self, answer: Any) -> int:
        """A number that a node answers. Raises NodeRefused."""
        if isinstance(answer, Fault):
            raise NodeRefused(url=self._network.node.url, why=answer.words)
        try:
            return int(answer, 16)
        except (TypeError, ValueError):
            raise NotANode(url=self._network.node.url) from None

    def _ask(self, questions: Sequence[Question]) -> list[Any]:
        return ask_all(self._network.node, questions)

    def _transaction(self, entry: Entry, hash_: str) -> Transaction:
        request = {"from": self._signer.address, "to": entry.call.to, "data": entry.call.data}
        since = entry.signed.since if entry.signed else 0
        return Transaction(self._network.nodes, Signed(hash_, b"", request, entry.number or 0, since))


def reason_of(error: SceauError) -> dict[str, Any]:
    """What is stored of why an entry stopped: the code, the sentences that people read, and what a contract gave."""
    said = {"code": error.code, "en": error.message("en"), "fr": error.message("fr")}
    return {**said, "revert": error.revert} if isinstance(error, ContractError) else said


def call_of(network: Network, contract: Any, function: str, *args: Any) -> Call:
    """A call of a contract of the deployment."""
    return Call(network.address(contract), network.encode(contract, function, *args), function)


def _written(hash_: str, shown: Mapping[str, Any]) -> Receipt | None:
    """The receipt of a transaction that succeeded, as the node gave it; ``None`` for any other answer."""
    try:
        number, gas, status = (int(shown[name], 16) for name in ("blockNumber", "gasUsed", "status"))
    except (LookupError, TypeError, ValueError):
        return None
    block = shown.get("blockHash")
    if status != 1 or shown.get("transactionHash") != hash_ or not is_hash(block):
        return None
    return Receipt(hash_, number, block, gas)


def _hashes(entry: Entry) -> tuple[str, ...]:
    return (*([entry.signed.hash] if entry.signed else []), *(each.hash for each in entry.earlier))


def _signed(entry: Entry) -> SignedCall:
    if entry.signed is None:
        raise AssertionError("an entry in flight without its bytes")
    return entry.signed


def _by_id(priced: Sequence[tuple[Entry, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    return [(entry.id, fields) for entry, fields in priced]
