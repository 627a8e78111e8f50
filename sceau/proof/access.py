# SPDX-License-Identifier: Apache-2.0
"""What the access manager answers of a role and an account: from one storage word, by the time of the block.

As OpenZeppelin's ``AccessManager`` 5.3.0 and its ``Time.Delay`` reckon: a grant may begin later, and another delay may
wait until it takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

#: The role that every account holds.
_PUBLIC_ROLE = 2**64 - 1
_WORD, _SELECTOR = 32, 4

#: Of a call's data, the members stored (``since`` and ``delay``) and a time in seconds, the words of the answer.
Rule = Callable[[bytes, Sequence[int], int], tuple[int, ...]]


def has_role(calldata: bytes, stored: Sequence[int], time: int) -> tuple[int, ...]:
    """``hasRole``: whether the account holds the role, and the delay in seconds after which it may act."""
    if int.from_bytes(calldata[_SELECTOR : _SELECTOR + _WORD], "big") == _PUBLIC_ROLE:
        return 1, 0
    since, delay, _, _ = get_access(calldata, stored, time)
    return int(0 < since <= time), delay


def get_access(_calldata: bytes, stored: Sequence[int], time: int) -> tuple[int, ...]:
    """``getAccess``: since when, the delay, the one that waits, and when it takes effect; zero where none waits."""
    since, packed = stored
    after, before, effect = packed & 2**32 - 1, packed >> 32 & 2**32 - 1, packed >> 64
    return (since, after, 0, 0) if effect <= time else (since, before, after, effect)


#: The views of the access manager that answer otherwise than their storage says.
RULES: dict[str, Rule] = {"hasRole": has_role, "getAccess": get_access}
