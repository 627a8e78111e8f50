# SPDX-License-Identifier: Apache-2.0
"""One claim played step by step, with the right arguments and the right hands unless a test says otherwise."""

from collections.abc import Sequence
from typing import Any

from eth_abi import encode
from eth_utils import keccak

from tests.contracts.support.chain import Call, Receipt
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import GROUPS, ZERO, Claim, State, Step
from tests.contracts.support.world import Organisation, World

FUNCTIONS = {
    Step.OPEN: "open",
    Step.AUTHORISE: "authorise",
    Step.REFUSE: "refuse",
    Step.CANCEL: "cancel",
    Step.ORDER: "order",
    Step.REMAKE: "remake",
    Step.DELIVER: "deliver",
    Step.INVOICE: "invoice",
    Step.SETTLE: "settle",
    Step.RETURN: "recordReturn",
    Step.DISPUTE: "dispute",
}
PAYER_STEPS = frozenset({Step.AUTHORISE, Step.REFUSE, Step.SETTLE})
SUPPLIER_MARKS = frozenset({Step.DELIVER, Step.RETURN, Step.DISPUTE})

# The shortest way to each state.
WAY = {
    State.NONE: (),
    State.OPENED: (Step.OPEN,),
    State.AUTHORISED: (Step.OPEN, Step.AUTHORISE),
    State.ORDERED: (Step.OPEN, Step.AUTHORISE, Step.ORDER),
    State.INVOICED: (Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.INVOICE),
    State.SETTLED: (Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.INVOICE, Step.SETTLE),
    State.REFUSED: (Step.OPEN, Step.REFUSE),
    State.CANCELLED: (Step.OPEN, Step.CANCEL),
}


def claim_id(practice: int, nonce: bytes) -> bytes:
    return keccak(encode(["uint32", "bytes32"], [practice, nonce]))


def lock(claim: bytes, order: int, group: int, tag: bytes) -> bytes:
    """keccak256(ABI encoding of claim, order number, group, tag), as design and interface say."""
    return keccak(encode(["bytes32", "uint8", "uint256", "bytes32"], [claim, order, group, tag]))


def locks(claim: bytes, order: int, tags: Sequence[bytes]) -> list[bytes]:
    return [lock(claim, order, group, tag) for group, tag in enumerate(tags)]


class Life:
    """A claim's life. Remembers its tags and locks by order number, as practice and supplier do."""

    def __init__(
        self,
        world: World,
        practice: Organisation | None = None,
        payer: Organisation | None = None,
        supplier: Organisation | None = None,
        consent: bytes = ZERO,
    ) -> None:
        self.world = world
        self.practice = practice or world.practice
        self.payer = payer or world.payer
        self.supplier = supplier or world.supplier
        self.consent = consent
        self.nonce = world.word("nonce")
        self.id = claim_id(self.practice.number, self.nonce)
        self.receipts: list[Receipt] = []

    @property
    def stored(self) -> Claim:
        return self.world.claim(self.id)

    @property
    def order(self) -> int:
        return self.stored.order

    def tags(self, order: int) -> list[bytes]:
        """Tags of an order, one for each group."""
        return [keccak(text=f"tag of {self.id.hex()} {order} {group}") for group in range(GROUPS)]

    def locks(self, order: int) -> list[bytes]:
        return locks(self.id, order, self.tags(order))

    def owner(self, step: Step) -> Organisation:
        """The party whose step it is."""
        if step in PAYER_STEPS:
            return self.payer
        return self.supplier if step in SUPPLIER_MARKS else self.practice

    def call(self, step: Step, **choices: Any) -> Call:
        """The call of a step with right arguments; `choices` name what is out of the ordinary.

        head, order (its number), supplier (a party's number), commitment, locks, tags, order_locks, nonce,
        payer, consent.
        """
        stored = self.stored
        chosen: dict[str, Any] = {
            "nonce": self.nonce,
            "payer": self.payer.number,
            "consent": self.consent,
            "supplier": self.supplier.number,
            "head": stored.head,
            "order": stored.order,
            "commitment": self.world.word("commitment"),
            "tags": self.tags(stored.order),
            "order_locks": self.locks(stored.order),
        }
        next_order = stored.order + 1 if step in (Step.ORDER, Step.REMAKE) else stored.order
        chosen["locks"] = self.locks(next_order)
        assert not set(choices) - set(chosen), f"no such choice: {set(choices) - set(chosen)}"
        chosen |= choices
        args = [self.id, *(chosen[name] for name in ARGUMENTS[step])]
        if step is Step.OPEN:
            args = args[1:]
        return Call(self.world.claims, FUNCTIONS[step], tuple(args))

    def step(self, step: Step, by: Signer | None = None, at: int | None = None, **choices: Any) -> Receipt:
        """Write a step, by its own party unless said otherwise."""
        sender = by or self.owner(step).key
        receipt = self.world.chain.send(self.call(step, **choices), sender.address, at)
        self.receipts.append(receipt)
        return receipt

    def play(self, *steps: Step) -> "Life":
        for step in steps:
            self.step(step)
        return self

    def reach(self, state: State) -> "Life":
        """Play a new claim to this state by the shortest way."""
        return self.play(*WAY[state])


ARGUMENTS = {
    Step.OPEN: ("nonce", "payer", "consent", "commitment"),
    Step.AUTHORISE: ("head", "commitment"),
    Step.REFUSE: ("head", "commitment"),
    Step.CANCEL: ("commitment",),
    Step.ORDER: ("supplier", "commitment", "locks"),
    Step.REMAKE: ("order", "supplier", "commitment", "locks"),
    Step.DELIVER: ("order", "commitment", "tags", "order_locks"),
    Step.INVOICE: ("order", "commitment", "locks", "order_locks"),
    Step.SETTLE: ("head", "commitment"),
    Step.RETURN: ("order", "commitment"),
    Step.DISPUTE: ("order", "commitment"),
}
