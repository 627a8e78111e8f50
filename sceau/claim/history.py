# SPDX-License-Identifier: Apache-2.0
"""All that was written on a claim, read from events and proved whole by the head that the contract keeps.

The head folds every step in: previous head, claim, step, party, key, block time, order number, commitment and
detail (docs/protocol.md). A node that hides, adds or edits an event cannot reach it. Which groups differ is not in
the head: it follows from tags and locks, which are, and is computed here again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Event, Network
from sceau.chain.registries.claims import NO_CONSENT, ClaimState, read_claim
from sceau.chain.terms import Group, Step, groups_of
from sceau.claim.errors import HistoryIncomplete, NoOrder
from sceau.conformity.keys import OrderContext
from sceau.conformity.seals import lock_of
from sceau.documents.identifiers import ZERO_HASH, bytes_of, hex_of

_STEP_OF_EVENT = {
    "ClaimOpened": Step.OPEN,
    "ClaimAuthorised": Step.AUTHORISE,
    "ClaimRefused": Step.REFUSE,
    "ClaimCancelled": Step.CANCEL,
    "OrderDelivered": Step.DELIVER,
    "OrderReturned": Step.RETURN,
    "OrderDisputed": Step.DISPUTE,
    "ClaimInvoiced": Step.INVOICE,
    "ClaimSettled": Step.SETTLE,
}


@dataclass(frozen=True)
class WrittenStep:
    """One step or mark on a claim.

    ``order`` is the number of the order it is about, 0 before one; ``time`` its block's time in seconds; ``supplier``
    the party that an order names; ``seals`` the locks or tags that travelled with it; ``mismatch`` the groups that
    the contract found to differ.
    """

    step: Step
    party: int
    key: str
    time: int
    block: int
    transaction: str
    order: int
    commitment: str
    supplier: int | None = None
    seals: tuple[str, ...] = ()
    mismatch: tuple[Group, ...] = ()


@dataclass(frozen=True)
class History:
    """A claim's state and everything written on it, in order; ``consent`` is ``None`` if it was opened without."""

    state: ClaimState
    consent: str | None
    steps: tuple[WrittenStep, ...]

    def find(self, step: Step, order: int | None = None) -> WrittenStep | None:
        """The last step of a kind (about an order), or ``None``."""
        for written in reversed(self.steps):
            if written.step == step and order in (None, written.order):
                return written
        return None

    def supplier_of(self, order: int) -> int:
        """Party number of the supplier that an order names. Raises :class:`NoOrder`."""
        placed = self.find(Step.ORDER if order == 1 else Step.REMAKE, order)
        if placed is None or placed.supplier is None:
            raise NoOrder(claim=self.state.claim)
        return placed.supplier

    def current_order(self) -> tuple[int, list[str]]:
        """Number and locks of the current order. Raises :class:`NoOrder` before the first."""
        for written in reversed(self.steps):
            if written.step in (Step.ORDER, Step.REMAKE):
                return written.order, list(written.seals)
        raise NoOrder(claim=self.state.claim)


def read_history(network: Network, claim: str, *, block: int) -> History:
    """The history of a claim up to a block.

    Raises:
        NoSuchClaim: nothing was opened under this identifier.
        HistoryIncomplete: the node's events do not lead to the claim's head.
    """
    state = read_claim(network, claim, block=block)
    events = network.events("ClaimRegistry", [state.claim], to_block=block)
    times = {number: network.node.block(number).timestamp for number in {e.block for e in events}}
    # The contract announces no other event about a claim; a node that does invents it.
    if any(event.name not in _STEP_OF_EVENT and event.name != "OrderPlaced" for event in events):
        raise HistoryIncomplete(claim=state.claim)
    if not events or events[0].name != "ClaimOpened":
        raise HistoryIncomplete(claim=state.claim)
    opened = events[0].args
    fold = _Fold(state.claim, int(opened["practice"]), int(opened["payer"]))
    steps = tuple(fold.add(event, times[event.block]) for event in events)
    if fold.head != state.head or _bent(network, state.claim, steps):
        raise HistoryIncomplete(claim=state.claim)
    consent = str(opened["consent"])
    return History(state=state, consent=None if consent == NO_CONSENT else consent, steps=steps)


def _bent(network: Network, claim: str, steps: Sequence[WrittenStep]) -> bool:
    """Whether an event names other groups than its tags or locks give, as the contract compares them."""
    placed: tuple[str, ...] = ()
    for step in steps:
        if step.step in (Step.ORDER, Step.REMAKE):
            placed = step.seals
        elif step.step in (Step.DELIVER, Step.INVOICE):
            written = step.seals
            if step.step == Step.DELIVER:
                contract = network.address("ClaimRegistry")
                context = OrderContext(network.chain_id, contract, claim, step.order)
                written = tuple(lock_of(context, group, step.seals[group]) for group in Group)
            if step.mismatch != tuple(group for group in Group if written[group] != placed[group]):
                return True
    return False


class _Fold:
    """Folds events into a head, as ``ClaimRegistry._advanceHead`` does."""

    def __init__(self, claim: str, practice: int, payer: int) -> None:
        self.head = ZERO_HASH
        self._claim = claim
        self._practice = practice
        self._payer = payer
        self._supplier = 0
        self._order = 0

    def add(self, event: Event, time: int) -> WrittenStep:
        args = event.args
        if event.name == "OrderPlaced":
            step = Step.ORDER if args["orderNumber"] == 1 else Step.REMAKE
            self._supplier, self._order = int(args["supplier"]), int(args["orderNumber"])
        else:
            step = _STEP_OF_EVENT[event.name]
        written = WrittenStep(
            step=step,
            party=self._writer(step),
            key=str(args["key"]),
            time=time,
            block=event.block,
            transaction=event.transaction,
            order=int(args.get("orderNumber", self._order)),
            commitment=str(args["commitment"]),
            supplier=args.get("supplier"),
            seals=tuple(args.get("locks") or args.get("tags") or ()),
            mismatch=groups_of(int(args.get("mismatch", 0))),
        )
        self.head = _fold(self.head, self._claim, written, self._detail(step, args))
        return written

    def _writer(self, step: Step) -> int:
        if step in (Step.AUTHORISE, Step.REFUSE, Step.SETTLE):
            return self._payer
        if step in (Step.DELIVER, Step.RETURN, Step.DISPUTE):
            return self._supplier
        return self._practice

    def _detail(self, step: Step, args: Any) -> bytes:
        if step == Step.OPEN:
            return _hash(["uint32", "bytes32"], [args["payer"], _raw(args["consent"])])
        if step in (Step.ORDER, Step.REMAKE):
            return _hash(["uint32", "bytes32"], [args["supplier"], _seals_hash(args["locks"])])
        if step == Step.DELIVER:
            return _seals_hash(args["tags"])
        if step == Step.INVOICE:
            return _seals_hash(args["locks"])
        return bytes(32)


def _fold(head: str, claim: str, written: WrittenStep, detail: bytes) -> str:
    folded = _hash(
        ["bytes32", "bytes32", "uint8", "uint32", "address", "uint256", "uint8", "bytes32", "bytes32"],
        [
            _raw(head),
            _raw(claim),
            int(written.step),
            written.party,
            written.key,
            written.time,
            written.order,
            _raw(written.commitment),
            detail,
        ],
    )
    return hex_of(folded)


def _seals_hash(seals: Sequence[str]) -> bytes:
    return _hash(["bytes32[4]"], [[_raw(seal) for seal in seals]])


def _hash(types: list[str], values: list[Any]) -> bytes:
    from eth_abi.abi import encode
    from eth_utils.crypto import keccak

    return keccak(encode(types, values))


def _raw(value: str) -> bytes:
    return bytes_of(value)
