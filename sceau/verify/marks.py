# SPDX-License-Identifier: Apache-2.0
"""The marks on a claim's orders, in the order in which they were set, and what closes a trouble.

A *trouble* is a delivery with a difference, a return or a dispute. Only goods close it: a delivery without difference,
set later, of that order or of a later one, that was itself neither returned nor disputed since. A practice can set
none of these marks, so nothing that a practice writes closes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sceau.claim.errors import NoOrder
from sceau.claim.history import History
from sceau.messages.told_mark import ToldMark
from sceau.terms import Group, Step

_MARKS = (Step.DELIVER, Step.RETURN, Step.DISPUTE)


@dataclass(frozen=True)
class Mark:
    """A delivery, a return or a dispute of an order by its supplier.

    ``time`` is that of its block, or of its signature where it was *told* to the payer; ``mismatch`` the groups in
    which a delivery differs.
    """

    step: Step
    order_number: int
    supplier: int
    time: int
    mismatch: tuple[Group, ...] = ()
    told: bool = False

    @property
    def is_trouble(self) -> bool:
        """Whether something is wrong by it."""
        return self.step is not Step.DELIVER or bool(self.mismatch)


class Marks:
    """The marks of a claim: those in its history, and those that suppliers told its payer.

    A told mark counts from the time of its signature, after everything that was written by then. One of another claim,
    or of an order that does not name the supplier that tells it, is passed over.
    """

    def __init__(self, history: History, told: Iterable[ToldMark] = ()) -> None:
        written = [
            Mark(step.step, step.order_number, step.party, step.time, step.mismatch)
            for step in history.steps
            if step.step in _MARKS
        ]
        said = [
            Mark(each.mark, each.order_number, each.supplier, each.said_at, told=True)
            for each in told
            if concerns(history, each)
        ]
        # Sorting keeps the order of what has one time; what was told comes after what was written.
        self.all: tuple[Mark, ...] = tuple(sorted([*written, *said], key=lambda mark: mark.time))

    def of(self, order_number: int, *steps: Step) -> tuple[Mark, ...]:
        """The marks of an order, of these kinds."""
        return tuple(mark for mark in self.all if mark.order_number == order_number and mark.step in steps)

    def delivery(self, order_number: int) -> Mark | None:
        """The delivery of an order, or ``None``."""
        return next(iter(self.of(order_number, Step.DELIVER)), None)

    def whole(self, order_number: int) -> bool:
        """Whether an order is *delivered whole*: without difference, and neither returned nor disputed since."""
        delivery = self.delivery(order_number)
        return delivery is not None and self._stands(delivery)

    def closing(self, trouble: Mark) -> Mark | None:
        """The first delivery that closes a trouble, or ``None`` while it is open."""
        for mark in self._after(trouble):
            if mark.order_number >= trouble.order_number and self._stands(mark):
                return mark
        return None

    def _stands(self, mark: Mark) -> bool:
        """Whether a mark is a delivery without difference, of an order neither returned nor disputed since."""
        if mark.step is not Step.DELIVER or mark.mismatch:
            return False
        return not any(
            later.is_trouble for later in self._after(mark) if later.order_number == mark.order_number
        )

    def _after(self, mark: Mark) -> tuple[Mark, ...]:
        return self.all[self.all.index(mark) + 1 :]


def concerns(history: History, told: ToldMark) -> bool:
    """Whether a told mark is about an order of this claim, by the supplier that the order names."""
    if told.claim != history.state.claim:
        return False
    try:
        return history.supplier_of(told.order_number) == told.supplier
    except NoOrder:
        return False
