# SPDX-License-Identifier: Apache-2.0
"""One version of the renewal rules: how long after one pair of spectacles the next is paid for, by age.

Delays are whole months from the purchase of the last equipment. They end on the day of the month that has the same
number, or on the month's last day where it has none (29 February 2024 and 24 months: 28 February 2026), as article
641 of the French code of civil procedure counts months; on that day the next equipment is due.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date

from sceau.documents.dated import Dated
from sceau.errors import Sentence
from sceau.renewal.errors import BandUnknown, CaseUnknown


@dataclass(frozen=True)
class Band:
    """A band of ages: from ``from_age`` whole years up to the next band; ``months`` between two equipments."""

    code: str
    from_age: int
    months: int
    title: Sentence


@dataclass(frozen=True)
class EarlyCase:
    """A case in which the next equipment is due earlier: after ``months``, by band; a band not named has none."""

    code: str
    months: Mapping[str, int]
    title: Sentence


@dataclass(frozen=True)
class CareDates:
    """How far a date of care may lie from the day of the block that took its step, in whole days.

    The numbers are this project's own (docs/verdicts.md says why); a file of rules may give others.
    """

    days_before: int = 92
    days_after: int = 2

    def allow(self, shown: date, taken: date) -> bool:
        """Whether a date shown is plausible for a step that the chain took on ``taken``."""
        return -self.days_before <= (shown - taken).days <= self.days_after


@dataclass(frozen=True)
class RenewalRules(Dated):
    """One version of the rules. ``bands`` ascend by age."""

    bands: tuple[Band, ...]
    early: tuple[EarlyCase, ...]
    care_dates: CareDates = CareDates()

    def band(self, code: str) -> Band:
        """The band of that code. Raises :class:`BandUnknown`."""
        for band in self.bands:
            if band.code == code:
                return band
        raise BandUnknown(rules=self.key, known=", ".join(band.code for band in self.bands))

    def band_on(self, born: date, on: date) -> Band:
        """The band of a person born on ``born``, on the day of a purchase."""
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return [band for band in self.bands if band.from_age <= max(years, 0)][-1]

    def due_on(self, last: date, band: str | None, case: str | None = None) -> date:
        """The first day on which the next equipment is due after one bought on ``last``.

        Args:
            last: day of the last purchase.
            band: code of the band of ages; ``None`` where it is not known, and the shortest delay then counts.
            case: code of an early case, or ``None`` for the ordinary delay.

        Raises:
            BandUnknown, CaseUnknown.
        """
        if case is None:
            bands = self.bands if band is None else (self.band(band),)
            return add_months(last, min(each.months for each in bands))
        delays = self._delays(band)
        if case not in delays:
            raise CaseUnknown(rules=self.key, known=", ".join(sorted(delays)))
        return add_months(last, delays[case])

    def earliest(self, last: date, band: str | None) -> date:
        """The first day on which it is due in any case, early cases included. Raises :class:`BandUnknown`."""
        ordinary = self.due_on(last, band)
        return min([ordinary, *(add_months(last, months) for months in self._delays(band).values())])

    def _delays(self, band: str | None) -> dict[str, int]:
        """The months of each early case for a band, or the fewest of all bands."""
        bands = [each.code for each in self.bands] if band is None else [self.band(band).code]
        return {
            case.code: min(case.months[code] for code in bands if code in case.months)
            for case in self.early
            if any(code in case.months for code in bands)
        }


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of that month where it is shorter; no later than the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
