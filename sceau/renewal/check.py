# SPDX-License-Identifier: Apache-2.0
"""Is a renewal due, early with a legal case, or too early? Judged by dates and a yes or no, never by a correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from sceau.renewal.rules import RenewalRules


@dataclass(frozen=True, repr=False)
class Beneficiary:
    """What a payer holds itself of a beneficiary, from its own contract and payment files.

    ``last_equipment`` is the day of the last purchase that it paid for; ``born`` the date of birth, or ``band`` the
    code of a band of ages; ``early`` the practice's yes or no, where it was shown before. ``None``: not known.
    """

    last_equipment: date | None = None
    born: date | None = None
    band: str | None = None
    early: bool | None = None

    def __repr__(self) -> str:
        # No date: this ends up in logs and tracebacks.
        return "Beneficiary()"

    def band_on(self, rules: RenewalRules, day: date) -> str | None:
        """The band of ages on a day. Raises :class:`BandUnknown` for a code that the rules do not have."""
        if self.band is not None:
            return rules.band(self.band).code
        return None if self.born is None else rules.band_on(self.born, day).code


class Timing(Enum):
    """When a purchase comes, by the rules."""

    DUE = "due"
    """The ordinary delay has passed."""
    EARLY_ATTESTED = "early-attested"
    """It has not; the practice attests a legal case for which an early one is possible on that day."""
    EARLY_UNATTESTED = "early-unattested"
    """It has not, and the practice's yes or no is not known."""
    TOO_EARLY = "too-early"
    """It has not, and no legal case is attested, or none can apply yet."""


@dataclass(frozen=True)
class Renewal:
    """The answer: when the purchase comes, and the day from which the ordinary delay allows it."""

    timing: Timing
    due_on: date


def check_renewal(
    rules: RenewalRules, *, last: date, purchase: date, band: str | None = None, early: bool | None = None
) -> Renewal:
    """Judges a purchase on ``purchase`` after one on ``last``.

    Args:
        rules: those in force on the day of the purchase.
        last: day of the last purchase.
        purchase: day of this one.
        band: code of the beneficiary's band of ages; without it the shortest delay counts.
        early: the practice's yes or no to "a legal case allows it early"; ``None`` if it was not shown.

    Raises:
        BandUnknown: the rules have no such band.
    """
    due = rules.due_on(last, band)
    if purchase >= due:
        timing = Timing.DUE
    elif early is False or purchase < rules.earliest(last, band):
        timing = Timing.TOO_EARLY
    else:
        timing = Timing.EARLY_ATTESTED if early else Timing.EARLY_UNATTESTED
    return Renewal(timing, due)
