# SPDX-License-Identifier: Apache-2.0
"""Does the purchase come too early, by the dates that the payer may hold and the practice's yes or no?

A date of care is its practice's word. It counts only near the day on which the chain took its step, and never past it:
that day is proved, and judges the renewal otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sceau.record import Value
from sceau.renewal import Beneficiary, CareDates, RenewalRules, Timing, check_renewal, load_rules
from sceau.renewal.errors import RulesUnknown
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

#: Dates of care, as the records say them: those of the invoice, or else of the quote or claim.
CARE = ("invoice.date", "equipment.dispensed", "quote.date", "claim.created")

# From the best to the worst.
_FINDINGS = {
    Timing.DUE: "renewal-due",
    Timing.EARLY_ATTESTED: "renewal-early",
    Timing.EARLY_UNATTESTED: "renewal-unattested",
    Timing.TOO_EARLY: "renewal-too-early",
}


def check_purchase(
    values: Mapping[str, Value], beneficiary: Beneficiary | None, taken: date, directory: Path | None
) -> list[Finding]:
    """A finding on the dates of care that cannot be relied on, and one on the renewal where earlier equipment is known.

    ``values`` are those shown and lawful to hold; ``taken`` is the day of the block that holds the step which they
    belong to. The later of the payer's own date of the last equipment and of the one shown counts.

    Raises:
        BandUnknown: the band of ages in ``beneficiary`` is none of the rules'.
        RulesFolderMissing, RulesBroken: ``directory`` cannot be used.
    """
    rules = _rules(taken, directory)
    allowed = CareDates() if rules is None else rules.care_dates
    shown = {path: day for path in CARE if (day := _day(values, path)) is not None}
    implausible = [path for path, day in shown.items() if not allowed.allow(day, taken)]
    found = []
    if implausible:
        found.append(
            finding(
                "care-date-implausible",
                paths=tuple(implausible),
                day=taken,
                before=allowed.days_before,
                after=allowed.days_after,
            )
        )
    held = beneficiary or Beneficiary()
    last = [day for day in (held.last_equipment, _day(values, "equipment.last")) if day is not None]
    if not last:
        return found
    if rules is None:
        return [*found, finding("renewal-not-judged", day=taken)]
    # A date ahead of its block would only bring the renewal nearer to its day.
    purchase = min([taken, *([day for path, day in shown.items() if path not in implausible][:1])])
    return [*found, _renewal(rules, max(last), purchase, taken, held, values.get("renewal.early"))]


def _renewal(
    rules: RenewalRules, last: date, purchase: date, taken: date, held: Beneficiary, early: Value | None
) -> Finding:
    """What is found of a renewal; of two ages, on the day that is stated and on the block's, the worse counts.

    Otherwise a date from before a birthday would bring back the shorter delay of a child.
    """
    said = early if isinstance(early, bool) else held.early
    bands = [held.band_on(rules, day) for day in (purchase, taken)]
    judged = [
        check_renewal(rules, last=last, purchase=purchase, band=band, early=said)
        for band in dict.fromkeys(bands)
    ]
    renewal = max(judged, key=lambda each: list(_FINDINGS).index(each.timing))
    return finding(_FINDINGS[renewal.timing], due=renewal.due_on, rules=rules.key)


def _rules(taken: date, directory: Path | None) -> RenewalRules | None:
    """The rules in force on a day that the chain proves, so that no sender chooses the version; if there are any."""
    try:
        return load_rules(on=taken, directory=directory)
    except RulesUnknown:
        return None


def _day(values: Mapping[str, Value], path: str) -> date | None:
    written = values.get(path)
    return date.fromisoformat(written) if isinstance(written, str) else None
