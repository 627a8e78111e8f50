# SPDX-License-Identifier: Apache-2.0
"""The head of a claim, computed from its events alone as docs/protocol.md says."""

from collections.abc import Sequence
from typing import Any

from eth_abi import encode
from eth_utils import keccak

from tests.contracts.support.chain import Event
from tests.contracts.support.protocol import table
from tests.contracts.support.terms import ZERO, Step

EVENTS = {
    "ClaimOpened": Step.OPEN,
    "ClaimAuthorised": Step.AUTHORISE,
    "ClaimRefused": Step.REFUSE,
    "ClaimCancelled": Step.CANCEL,
    "OrderDelivered": Step.DELIVER,
    "ClaimInvoiced": Step.INVOICE,
    "ClaimSettled": Step.SETTLE,
    "OrderReturned": Step.RETURN,
    "OrderDisputed": Step.DISPUTE,
}
NUMBERS = {name.upper(): int(number) for name, number, *_ in table("step", "number", "order number")}


def step_of(event: Event) -> Step:
    if event.name == "OrderPlaced":
        return Step.ORDER if event.args["orderNumber"] == 1 else Step.REMAKE
    return EVENTS[event.name]


def head_of(events: Sequence[tuple[int, Event]]) -> bytes:
    """The head after these events of one claim, each with its block's time."""
    head, order = ZERO, 0
    parties: dict[str, int] = {}
    for time, event in events:
        step = step_of(event)
        if event.name == "ClaimOpened":
            parties |= {"practice": event.args["practice"], "payer": event.args["payer"]}
        if event.name == "OrderPlaced":
            parties["supplier"], order = event.args["supplier"], event.args["orderNumber"]
        head = next_head(
            head,
            event.args["claim"],
            step,
            parties[_writer(step)],
            event.args["key"],
            time,
            order,
            event.args["commitment"],
            detail(event),
        )
    return head


def next_head(
    head: bytes,
    claim: bytes,
    step: Step,
    party: int,
    key: str,
    time: int,
    order: int,
    commitment: bytes,
    detail: bytes,
) -> bytes:
    kinds = ["bytes32", "bytes32", "uint8", "uint32", "address", "uint256", "uint8", "bytes32", "bytes32"]
    number = NUMBERS[step.name]
    return keccak(encode(kinds, [head, claim, number, party, key, time, order, commitment, detail]))


def detail(event: Event) -> bytes:
    """What a step holds beside its commitment, hashed."""
    args = event.args
    if event.name == "ClaimOpened":
        return _hash(["uint32", "bytes32"], args["payer"], args["consent"])
    if event.name == "OrderPlaced":
        return _hash(["uint32", "bytes32"], args["supplier"], _hash(["bytes32[4]"], args["locks"]))
    if event.name == "OrderDelivered":
        return _hash(["bytes32[4]"], args["tags"])
    if event.name == "ClaimInvoiced":
        return _hash(["bytes32[4]"], args["locks"])
    return ZERO


def _hash(kinds: list[str], *values: Any) -> bytes:
    return bytes(keccak(encode(kinds, values)))


def _writer(step: Step) -> str:
    if step in (Step.AUTHORISE, Step.REFUSE, Step.SETTLE):
        return "payer"
    return "supplier" if step in (Step.DELIVER, Step.RETURN, Step.DISPUTE) else "practice"
