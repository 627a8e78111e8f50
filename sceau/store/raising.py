# SPDX-License-Identifier: Apache-2.0
"""When a transaction that waits offers less than nodes take now, and what it must offer to take its own place.

On a chain without fees nothing takes the place of anything: a node would let any other transaction replace the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sceau.chain.fees import highest_fee
from sceau.store.entry import SignedCall

#: So many blocks after it was signed a transaction may be signed again with a higher fee.
PATIENT_BLOCKS = 5

_FEES = ("gasPrice", "maxFeePerGas", "maxPriorityFeePerGas")


def higher(signed: SignedCall, asked: Mapping[str, Any], base_fee: int) -> dict[str, Any] | None:
    """The fields of the same transaction with higher fees; ``None`` where what it offers is enough.

    ``asked`` are the fees of a transaction that is signed now. Each fee grows by an eighth or more: nodes ask for a
    tenth before they take a replacement.
    """
    if signed.fees is None or highest_fee(dict(asked)) == 0:
        return None
    if highest_fee(dict(signed.fees)) >= highest_fee(dict(asked)) - base_fee:
        return None
    fees = {name: max(asked.get(name, 0), _next(signed.fees[name])) for name in _FEES if name in signed.fees}
    return {**signed.fees, **fees}


def replaces(signed: SignedCall, fees: Mapping[str, Any]) -> bool:
    """Whether nodes take these fees in the place of the signed ones: each is a tenth higher."""
    before = signed.fees or {}
    return all(fees[name] * 10 >= before[name] * 11 for name in _FEES if name in before)


def _next(fee: int) -> int:
    return fee + fee // 8 + 1
