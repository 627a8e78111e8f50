# SPDX-License-Identifier: Apache-2.0
"""Reading files of renewal rules (format ``sceau-renewal/1``, docs/verdicts.md) and choosing the version of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sceau.documents.dated import DatedFiles, counting_on
from sceau.errors import Sentence
from sceau.renewal.errors import RulesBroken, RulesFolderMissing, RulesUnknown
from sceau.renewal.rules import Band, CareDates, EarlyCase, RenewalRules

if TYPE_CHECKING:
    from sceau.documents.model import Fault
    from sceau.renewal import shapes

#: The rules of this package, for spectacles paid for in France.
FRENCH = "fr-optical"


def load_rules(id: str = FRENCH, *, on: date, directory: Path | None = None) -> RenewalRules:  # noqa: A002  # the word of the file format
    """The rules in force on a day: that of the purchase that they are asked about.

    ``directory`` holds further files (``*.json``); one with the identifier and version of a packaged file replaces
    it. Where several versions are in force, the one that came into force last counts.

    Raises:
        RulesUnknown: none of that name is in force on that day.
        RulesFolderMissing, RulesBroken.
    """
    counting = counting_on(on, (rules for rules in list_rules(directory) if rules.id == id))
    if counting is None:
        raise RulesUnknown(rules=id, day=on.isoformat())
    return counting


def list_rules(directory: Path | None = None) -> list[RenewalRules]:
    """All rules of the package and of ``directory``. Raises as :func:`load_rules`."""
    return _FILES.all(directory)


def parse_rules(text: str | bytes, file: str = "rules") -> RenewalRules:
    """The rules that ``text`` holds; ``file`` names it in errors. Raises :class:`RulesBroken`."""
    from sceau.documents.model import Fault, parse
    from sceau.renewal import shapes

    written = parse(shapes.RenewalRules, text)
    if isinstance(written, Fault):
        raise _broken(file, written)
    fault = next(_faults(written), None)
    if fault is not None:
        raise _broken(file, fault)
    return RenewalRules(
        id=written.id,
        version=written.version.isoformat(),
        valid_from=written.valid_from,
        valid_until=written.valid_until,
        sources=tuple(written.sources),
        bands=tuple(
            Band(each.code, each.from_age, each.months, _title(each.code, each.title))
            for each in written.bands
        ),
        early=tuple(
            EarlyCase(each.code, MappingProxyType(dict(each.months)), _title(each.code, each.title))
            for each in written.early
        ),
        care_dates=CareDates(written.care_dates.days_before, written.care_dates.days_after),
    )


def _title(code: str, written: shapes.Title) -> Sentence:
    return Sentence(code, written.en, written.fr)


def _faults(written: shapes.RenewalRules) -> Iterator[Fault]:
    """What is wrong with a file of the right shape."""
    from sceau.documents.model import fault_at

    days = written.fault()
    if days is not None:
        yield days
    ages = [band.from_age for band in written.bands]
    if ages[:1] != [0] or ages != sorted(set(ages)):
        yield fault_at("bands", "renewal.bands-ascend")
    bands = [band.code for band in written.bands]
    for number, case in enumerate(written.early):
        if not set(case.months) <= set(bands):
            yield fault_at(f"early[{number}].months", "renewal.unknown-band")
    for name, codes in (("bands", bands), ("early", [case.code for case in written.early])):
        if _twice(codes):
            yield fault_at(name, "renewal.code-twice")


def _twice(codes: Sequence[str]) -> bool:
    return len(set(codes)) < len(codes)


def _broken(file: str, fault: Fault) -> RulesBroken:
    return RulesBroken(file=file, where=fault.where or "$", rule=fault.rule)


_FILES = DatedFiles("sceau.renewal", parse_rules, RulesBroken, RulesFolderMissing)
