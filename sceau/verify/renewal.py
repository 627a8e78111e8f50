# SPDX-License-Identifier: Apache-2.0
"""Does the purchase come too early, by the dates that the payer may hold and the practice's yes or no?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sceau.record import Value
from sceau.renewal import Beneficiary, Timing, check_renewal, load_rules
from sceau.renewal.errors import RulesUnknown
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

# The day of the purchase, as the records say it: that of the invoice, or else that of the quote or claim.
_PURCHASE = ("invoice.date", "equipment.dispensed", "quote.date", "claim.created")

_FINDINGS = {
    Timing.DUE: "renewal-due",
    Timing.EARLY_ATTESTED: "renewal-early",
    Timing.EARLY_UNATTESTED: "renewal-unattested",
    Timing.TOO_EARLY: "renewal-too-early",
}


def check_purchase(
    values: Mapping[str, Value], beneficiary: Beneficiary | None, today: date, directory: Path | None
) -> list[Finding]:
    """At most one finding; none when no earlier equipment is known.

    ``values`` are those shown and lawful to hold. The later of the payer's own date and of the one shown counts.
    ``today``, the day of the block, is the day of the purchase when none is shown.
    """
    held = beneficiary or Beneficiary()
    last = [day for day in (held.last_equipment, _day(values, "equipment.last")) if day is not None]
    if not last:
        return []
    purchase = next((day for path in _PURCHASE if (day := _day(values, path)) is not None), today)
    try:
        rules = load_rules(on=purchase, directory=directory)
    except RulesUnknown:
        return [finding("renewal-not-judged", day=purchase.isoformat())]
    shown = values.get("renewal.early")
    renewal = check_renewal(
        rules,
        last=max(last),
        purchase=purchase,
        band=held.band_on(rules, purchase),
        early=shown if isinstance(shown, bool) else held.early,
    )
    return [finding(_FINDINGS[renewal.timing], due=renewal.due_on.isoformat(), rules=rules.key)]


def _day(values: Mapping[str, Value], path: str) -> date | None:
    written = values.get(path)
    return date.fromisoformat(written) if isinstance(written, str) else None
