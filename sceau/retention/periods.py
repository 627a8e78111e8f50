# SPDX-License-Identifier: Apache-2.0
"""Reading files of periods (format ``sceau-retention/1``, docs/erasure.md) and choosing the version of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sceau.documents.dated import Dated, DatedFiles, counting_on
from sceau.retention.errors import PeriodsBroken, PeriodsFolderMissing, PeriodsUnknown

if TYPE_CHECKING:
    from sceau.documents.model import Fault

#: The periods of this package, for opticians in France. They are the controller's to set.
FRENCH = "fr-optical"


@dataclass(frozen=True)
class Periods(Dated):
    """One version of the periods, in days; fields as in the file (docs/erasure.md)."""

    quiet_days: int
    contested_days: int
    erase_claim_after: int
    erase_consent_after: int
    erase_given_after: int


def load_periods(id: str = FRENCH, *, on: date, directory: Path | None = None) -> Periods:  # noqa: A002  # the word of the file format
    """The periods in force on a day.

    ``directory`` holds further files (``*.json``); one with the identifier and version of a packaged file replaces
    it. Where several versions are in force, the one that came into force last counts.

    Raises:
        PeriodsUnknown: none of that name is in force on that day.
        PeriodsFolderMissing, PeriodsBroken.
    """
    counting = counting_on(on, (each for each in _FILES.all(directory) if each.id == id))
    if counting is None:
        raise PeriodsUnknown(rules=id, day=on.isoformat())
    return counting


def parse_periods(text: str | bytes, file: str = "periods") -> Periods:
    """The periods that ``text`` holds; ``file`` names it in errors. Raises :class:`PeriodsBroken`."""
    from sceau.documents.model import Fault, parse
    from sceau.retention import shapes

    written = parse(shapes.Periods, text)
    fault = written if isinstance(written, Fault) else written.fault()
    if isinstance(written, Fault) or fault is not None:
        raise _broken(file, fault)
    return Periods(
        id=written.id,
        version=written.version.isoformat(),
        valid_from=written.valid_from,
        valid_until=written.valid_until,
        sources=tuple(written.sources),
        quiet_days=written.quiet_days,
        contested_days=written.contested_days,
        erase_claim_after=written.erase_after_days.claim,
        erase_consent_after=written.erase_after_days.consent,
        erase_given_after=written.erase_after_days.given,
    )


def _broken(file: str, fault: Fault | None) -> PeriodsBroken:
    return PeriodsBroken(file=file, where=(fault and fault.where) or "$", rule=fault and fault.rule)


_FILES = DatedFiles("sceau.retention", parse_periods, PeriodsBroken, PeriodsFolderMissing)
