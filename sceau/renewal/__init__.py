# SPDX-License-Identifier: Apache-2.0
"""When spectacles may be renewed at an insurer's cost: dated tables, and the check of dates against them.

Nothing here looks at a correction: a payer judges by dates that it may hold and by the practice's yes or no.
"""

from __future__ import annotations

from sceau.renewal.check import Beneficiary, Renewal, Timing, check_renewal
from sceau.renewal.errors import RenewalError
from sceau.renewal.rules import Band, CareDates, EarlyCase, RenewalRules
from sceau.renewal.rules_file import list_rules, load_rules

__all__ = [
    "Band",
    "Beneficiary",
    "CareDates",
    "EarlyCase",
    "Renewal",
    "RenewalError",
    "RenewalRules",
    "Timing",
    "check_renewal",
    "list_rules",
    "load_rules",
]
