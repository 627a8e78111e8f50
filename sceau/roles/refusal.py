# SPDX-License-Identifier: Apache-2.0
"""A refusal that is written again, on a newer verdict, each time that the claim's head moved before it.

A practice that writes a remake whenever it expects a refusal can delay it, but not prevent it: the contract limits
what can move a claim's head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sceau.chain.contract_errors import ClaimHeadMoved
from sceau.chain.errors import EntryStopped, TransactionReverted
from sceau.errors import SceauError
from sceau.roles.handle import Handle
from sceau.roles.issued import IssuedVerdict

#: The most that can be written on a claim between a verdict and its refusal: 254 remakes, three marks on each of 255
#: orders, and the invoice.
MOST_MOVES = 254 + 3 * 255 + 1

#: A transaction that failed beside what moved the head may give no reason.
_MOVED = frozenset({ClaimHeadMoved.code, TransactionReverted.code})


class Refusal:
    """One refusal of a claim.

    ``seal_and_write`` writes it on a verdict; ``verify_again`` gives a newer verdict on the same disclosure, ``None``
    where the disclosure is not at hand.
    """

    def __init__(
        self,
        verdict: IssuedVerdict,
        seal_and_write: Callable[[IssuedVerdict], Handle],
        verify_again: Callable[[IssuedVerdict], IssuedVerdict | None],
    ) -> None:
        self._first = self._newest = verdict
        self._seal_and_write = seal_and_write
        self._verify_again = verify_again
        self._moves = 0

    def write(self) -> Handle:
        """Writes the refusal; the handle goes on with the next attempt when its block refuses this one.

        Raises:
            ClaimHeadMoved: the disclosure is not at hand, or the node does not show what moved the head.
            NoGroundToRefuse, GroundGone: the newer verdict gives no ground.
            ContractError: as the registry refuses.
        """
        while True:
            try:
                return self._seal_and_write(self._newest).repeated(self._again)
            except ClaimHeadMoved as error:
                self._renew(error)

    def _again(self, error: Exception) -> Handle | None:
        code = error.details["reason"] if isinstance(error, EntryStopped) else getattr(error, "code", "")
        if not isinstance(error, SceauError) or not is_moved(code):
            return None
        self._renew(error)
        return self.write()

    def _renew(self, error: SceauError) -> None:
        self._moves += 1
        newer = self._verify_again(self._newest) if self._moves <= MOST_MOVES else None
        if newer is None or newer.head == self._newest.head:
            raise error
        newer.require_ground()
        newer.require_refusable_still(self._first)
        self._newest = newer


def is_moved(code: str) -> bool:
    """Whether a write was refused because the claim's head had moved, by the code of why."""
    return code in _MOVED


def refused_on(verdicts: Iterable[IssuedVerdict], head: str) -> IssuedVerdict | None:
    """The verdict on which a claim was refused at a head: the newest there, of those with reasons if there are any."""
    there = [each for each in verdicts if each.head == head]
    return next(reversed([each for each in there if each.reasons] or there), None)
