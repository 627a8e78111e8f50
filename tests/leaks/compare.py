# SPDX-License-Identifier: Apache-2.0
"""Two plays of one scenario with other private values: what may differ, by name; all else must be equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from tests.leaks.facts import Fact

_CONSENT = "identifier of a consent: hash of its commitment and its key"
_COMMITMENT = "commitment: root of a salted tree"
_LOCKS = "locks: hashes of keyed tags"
_HEAD = "head: hash of commitments, locks and tags"
_SIGNATURE = "signature, over a commitment or over an identifier of a consent"

#: What follows from commitments, locks and tags. One value here stands for one value there, always.
KEYED: Mapping[str, str] = {
    "ConsentRegistry.record: commitment": _COMMITMENT,
    "ConsentRegistry.record: signature": _SIGNATURE,
    "ConsentRegistry.revoke: commitment": _COMMITMENT,
    "ConsentRegistry.revokeBySignature: commitment": _COMMITMENT,
    "ConsentRegistry.revokeBySignature: signature": _SIGNATURE,
    "ConsentRegistry.withdraw: consent": _CONSENT,
    "ConsentRegistry.consentOf: consent": _CONSENT,
    "ConsentRegistry.ConsentRecorded: consent": _CONSENT,
    "ConsentRegistry.ConsentRecorded: commitment": _COMMITMENT,
    "ConsentRegistry.ConsentRevoked: consent": _CONSENT,
    "ConsentRegistry.ConsentWithdrawn: consent": _CONSENT,
    "ConsentAlreadyRecorded: consent": _CONSENT,
    "ConsentAlreadyRevoked: consent": _CONSENT,
    "ConsentAlreadyWithdrawn: consent": _CONSENT,
    "ConsentOfAnotherRecorder: consent": _CONSENT,
    "ClaimRegistry.open: consent": _CONSENT,
    "ClaimRegistry.open: commitment": _COMMITMENT,
    "ClaimRegistry.authorise: head": _HEAD,
    "ClaimRegistry.authorise: commitment": _COMMITMENT,
    "ClaimRegistry.refuse: head": _HEAD,
    "ClaimRegistry.refuse: commitment": _COMMITMENT,
    "ClaimRegistry.settle: head": _HEAD,
    "ClaimRegistry.settle: commitment": _COMMITMENT,
    "ClaimRegistry.cancel: commitment": _COMMITMENT,
    "ClaimRegistry.order: commitment": _COMMITMENT,
    "ClaimRegistry.order: locks": _LOCKS,
    "ClaimRegistry.remake: commitment": _COMMITMENT,
    "ClaimRegistry.remake: locks": _LOCKS,
    "ClaimRegistry.deliver: commitment": _COMMITMENT,
    "ClaimRegistry.deliver: tags": "tags: keyed",
    "ClaimRegistry.deliver: orderLocks": _LOCKS,
    "ClaimRegistry.invoice: commitment": _COMMITMENT,
    "ClaimRegistry.invoice: locks": _LOCKS,
    "ClaimRegistry.invoice: orderLocks": _LOCKS,
    "ClaimRegistry.recordReturn: commitment": _COMMITMENT,
    "ClaimRegistry.dispute: commitment": _COMMITMENT,
    "ClaimRegistry.ClaimOpened: consent": _CONSENT,
    "ClaimRegistry.ClaimOpened: commitment": _COMMITMENT,
    "ClaimRegistry.ClaimAuthorised: commitment": _COMMITMENT,
    "ClaimRegistry.ClaimRefused: commitment": _COMMITMENT,
    "ClaimRegistry.ClaimCancelled: commitment": _COMMITMENT,
    "ClaimRegistry.OrderPlaced: commitment": _COMMITMENT,
    "ClaimRegistry.OrderPlaced: locks": _LOCKS,
    "ClaimRegistry.OrderDelivered: commitment": _COMMITMENT,
    "ClaimRegistry.OrderDelivered: tags": "tags: keyed",
    "ClaimRegistry.ClaimInvoiced: commitment": _COMMITMENT,
    "ClaimRegistry.ClaimInvoiced: locks": _LOCKS,
    "ClaimRegistry.ClaimSettled: commitment": _COMMITMENT,
    "ClaimRegistry.OrderReturned: commitment": _COMMITMENT,
    "ClaimRegistry.OrderDisputed: commitment": _COMMITMENT,
    "ClaimHeadMoved: head": _HEAD,
    "ClaimHeadMoved: current": _HEAD,
    "ClaimConsentNotValid: consent": _CONSENT,
    "ClaimConsentOfAnotherPractice: consent": _CONSENT,
    "storage of ClaimRegistry: head": _HEAD,
    "storage of ClaimRegistry: hash of the locks": _LOCKS,
}

_OF_CONTENT = "hash or signature of what a block or a transaction holds"
_OF_GAS = (
    "follows from the gas of earlier blocks, and so from zero bytes in their calldata: see explained_fees"
)

#: What follows from all of a block or a transaction, and from fees.
DERIVED: Mapping[str, str] = {
    "block: hash": _OF_CONTENT,
    "block: parentHash": _OF_CONTENT,
    "block: stateRoot": _OF_CONTENT,
    "block: transactionsRoot": _OF_CONTENT,
    "block: receiptsRoot": _OF_CONTENT,
    "block: logsBloom": "filter of the logs' topics, identifiers of consents among them",
    "block: mixHash": "drawn by Ganache from what the block holds",
    "block: gasUsed": _OF_GAS,
    "block: baseFeePerGas": _OF_GAS,
    "block: size": "numbers of gas and fees are written without leading zeros",
    "transaction: hash": _OF_CONTENT,
    "transaction: blockHash": _OF_CONTENT,
    "transaction: maxFeePerGas": _OF_GAS,
    "transaction: gasPrice": _OF_GAS,
    "transaction: v": _OF_CONTENT,
    "transaction: yParity": _OF_CONTENT,
    "transaction: r": _OF_CONTENT,
    "transaction: s": _OF_CONTENT,
    "receipt: transactionHash": _OF_CONTENT,
    "receipt: blockHash": _OF_CONTENT,
    "receipt: logsBloom": "as the block's",
    "receipt: effectiveGasPrice": _OF_GAS,
}


def differences(first: Iterable[Fact], second: Iterable[Fact]) -> Iterator[str]:
    """Everything in which two tellings differ and may not, in words that show no value."""
    there: dict[object, object] = {}
    back: dict[object, object] = {}
    for number, (one, other) in enumerate(zip_longest(first, second, fillvalue=("nothing more", None))):
        (name, value), (other_name, other_value) = one, other
        if name != other_name:
            yield f"fact {number}: {name} in one play, {other_name} in the other"
            return
        if name in DERIVED:
            continue
        if name not in KEYED:
            if value != other_value:
                yield f"fact {number}: {name} differs"
            continue
        # A constant tells by standing there, and two that are equal tell that they are.
        same = (
            there.setdefault(value, other_value) == other_value
            and back.setdefault(other_value, value) == value
        )
        if not same:
            yield f"fact {number}: {name} comes again where the other play has another, or the reverse"
        if is_empty(value) != is_empty(other_value):
            yield f"fact {number}: {name} is empty in one play only"
        if length(value) != length(other_value):
            yield f"fact {number}: {name} has another length"


def is_empty(value: object) -> bool:
    """Whether there is nothing but zeros."""
    return not any(_bytes(value))


def length(value: object) -> int:
    """Length in bytes."""
    return len(_bytes(value))


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(str(value)[2:])


def explained_fees(facts: Iterable[Fact]) -> Iterator[str]:
    """Blocks whose base fee is not the one that EIP-1559 gives from the block before."""
    before: dict[str, int] = {}
    block: dict[str, int] = {}
    for name, value in facts:
        kind, _, field = name.partition(": ")
        if kind == "block" and field in ("number", "gasLimit", "gasUsed", "baseFeePerGas"):
            block[field] = int(str(value), 16)
            if len(block) == 4:
                if before and block["baseFeePerGas"] != _next_fee(before):
                    yield f"block {block['number']}: its base fee does not follow from the block before"
                before, block = block, {}


def _next_fee(block: Mapping[str, int]) -> int:
    fee, target = block["baseFeePerGas"], block["gasLimit"] // 2
    change = fee * abs(block["gasUsed"] - target) // target // 8
    return (
        fee + max(change, 1)
        if block["gasUsed"] > target
        else fee - change
        if block["gasUsed"] < target
        else fee
    )
