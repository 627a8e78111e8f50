# SPDX-License-Identifier: Apache-2.0
"""The rules a FHIR file may break and the notices it may earn, each a sentence in English and in French."""

from __future__ import annotations

from sceau.errors import Sentence

# Any field
MISSING = Sentence("fhir.missing")
WITHHELD = Sentence("fhir.withheld")
UNKNOWN = Sentence("fhir.unknown")
MALFORMED = Sentence("fhir.malformed")
NOT_TEXT = Sentence("fhir.not-text")
NOT_A_NUMBER = Sentence("fhir.not-a-number")
NOT_WHOLE = Sentence("fhir.not-whole")
NOT_FLAG = Sentence("fhir.not-a-flag")
NOT_OBJECT = Sentence("fhir.not-an-object")
NOT_LIST = Sentence("fhir.not-a-list")
DAY_WANTED = Sentence("fhir.day-wanted")
MODIFIED = Sentence("fhir.modifier")
STATUS_UNKNOWN = Sentence("fhir.status-unknown")
CODE_WANTED = Sentence("fhir.code-wanted")
CODE_AMBIGUOUS = Sentence("fhir.code-ambiguous")

# Prescriptions
NOT_SPECTACLES = Sentence("fhir.not-spectacles")
EYE_UNKNOWN = Sentence("fhir.eye-unknown")
EYE_TWICE = Sentence("fhir.eye-twice")

# Claims
NOT_VISION = Sentence("fhir.not-vision")
USE_UNKNOWN = Sentence("fhir.use-unknown")
NOT_ONE_FOCAL = Sentence("fhir.not-one-focal")
NOT_ONE_NUMBER = Sentence("fhir.not-one-number")
NOT_ONE_IDENTIFIER = Sentence("fhir.not-one-identifier")
LINE_TWICE = Sentence("fhir.line-twice")
TOO_MANY = Sentence("fhir.too-many")
PERIOD_OF_SERVICE = Sentence("fhir.period-of-service")
QUANTITY_UNCLEAR = Sentence("fhir.quantity-unclear")
CURRENCY_MISSING = Sentence("fhir.currency-missing")
CURRENCY_MIXED = Sentence("fhir.currency-mixed")
FACTOR_RANGE = Sentence("fhir.factor-range")
NET_UNKNOWN = Sentence("fhir.net-unknown")
NET_WRONG = Sentence("fhir.net-wrong")
SUM_WRONG = Sentence("fhir.sum-wrong")
TOTAL_WRONG = Sentence("fhir.total-wrong")

# Responses to claims
NOT_DECIDED = Sentence("fhir.not-decided")
NOT_ONE_REASON = Sentence("fhir.not-one-reason")
NOT_ONE_BENEFIT = Sentence("fhir.not-one-benefit")
NOT_ONE_CODES = Sentence("fhir.not-one-codes")
PAYMENT_WRONG = Sentence("fhir.payment-wrong")

# Going out
LINE_ASTRAY = Sentence("fhir.line-astray")

# Claim and coverage together
OTHER_COVERAGE = Sentence("fhir.other-coverage")
OTHER_PAYER = Sentence("fhir.other-payer")
PERIOD_REVERSED = Sentence("fhir.period-reversed")

# Notices


def left_out(rule: Sentence) -> Sentence:
    """The notice for a field that may be left out, and is, since it breaks a rule."""
    return Sentence("fhir.left-out", rule=rule)


NOT_IN_FORCE = Sentence("fhir.coverage-not-in-force")
PERIOD_UNKNOWN = Sentence("fhir.coverage-period-unknown")
PAYER_UNSURE = Sentence("fhir.payer-unsure")
OTHER_BENEFICIARY = Sentence("fhir.coverage-other-beneficiary")
