# SPDX-License-Identifier: Apache-2.0
"""Two plays of one scenario with other private values: what may differ, by name; all else must be equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from tests.leaks.facts import Fact
from tests.leaks.stories import read_data
from tests.support.deployed import PARTIES

_MAY_DIFFER = {
    kind: {name: why for why, names in reasons.items() for name in names}
    for kind, reasons in read_data("may_differ").items()
}
#: Names of facts that may differ, each with the reason why. These follow from commitments, locks and tags: one value
#: here stands for one value there, always.
KEYED: Mapping[str, str] = _MAY_DIFFER["keyed"]
#: Those that follow from a whole block or transaction, and from fees.
DERIVED: Mapping[str, str] = _MAY_DIFFER["derived"]
#: Those that a party asks its own node, and that stand nowhere on the chain: numbers of parties.
ASKED: Mapping[str, str] = _MAY_DIFFER["asked"]
_NUMBERS = set(range(1, len(PARTIES) + 1))


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
        if name in ASKED and {value, other_value} <= _NUMBERS:
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
