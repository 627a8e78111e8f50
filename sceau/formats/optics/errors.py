# SPDX-License-Identifier: Apache-2.0
"""Errors of the optics package. None holds a value: a correction is health data."""

from __future__ import annotations

from sceau.errors import InputError, Sentence


class CorrectionRefused(InputError):
    """A sphere, cylinder, axis, addition or prism that cannot be written in the one canonical way.

    ``path`` is where the value is (as the caller named it), ``rule`` the rule it breaks.
    """

    code = "correction-refused"


class QuoteRefused(InputError):
    """A quote file with a missing, unknown or absurd field. ``path`` is the place in the JSON file."""

    code = "quote-refused"


class LensFileRefused(InputError):
    """A file of an order, a delivery or an invoice with a missing, unknown or absurd field at ``path``."""

    code = "lens-file-refused"


class ReasonWrong(InputError):
    """An order that replaces another without saying why, or says what cannot be."""

    code = "order-reason-wrong"


NOT_A_NUMBER = Sentence("optics.not-a-number")
NOT_A_QUARTER = Sentence("optics.not-a-quarter")
AXIS_NOT_AN_INTEGER = Sentence("optics.axis-not-an-integer")
AXIS_OUT_OF_RANGE = Sentence("optics.axis-out-of-range")
CYLINDER_WITHOUT_AXIS = Sentence("optics.cylinder-without-axis")
AXIS_WITHOUT_CYLINDER = Sentence("optics.axis-without-cylinder")
PRISM_NEGATIVE = Sentence("optics.prism-negative")
BASE_UNKNOWN = Sentence("optics.base-unknown")
BASE_OBLIQUE = Sentence("optics.base-oblique")
EYE_UNKNOWN = Sentence("optics.eye-unknown")


def out_of_range(low: str, high: str, unit: str) -> Sentence:
    """The rule that a value lies between ``low`` and ``high``, both written for people, in ``unit``."""
    return Sentence("optics.out-of-range", low=low, high=high, unit=unit)
