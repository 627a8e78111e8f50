# SPDX-License-Identifier: Apache-2.0
"""Errors of the DCS reader. None holds a value of the file: a correction is health data."""

from __future__ import annotations

from sceau.errors import InputError, Sentence


class DcsError(InputError):
    """Base of every refusal of a DCS file."""


class DcsUnreadable(DcsError):
    """The file cannot be opened, is too long, or is no text of lines."""

    code = "dcs-unreadable"


class DcsRefused(DcsError):
    """A line breaks a rule. ``number`` is the line, from 1; ``path`` its label, ``(?)`` where it has none."""

    code = "dcs-refused"


class DcsMissing(DcsError):
    """A label that an order needs is missing, or has no value for an eye that is ordered. ``path`` is the label."""

    code = "dcs-missing"


NOT_A_RECORD = Sentence("dcs.not-a-record")
DEVICE_TRAFFIC = Sentence("dcs.device-traffic")
ANSWER = Sentence("dcs.answer")
TWICE = Sentence("dcs.twice")
TOO_MANY_VALUES = Sentence("dcs.too-many-values")
NOT_ASCII = Sentence("dcs.not-ascii")
NOT_A_NUMBER = Sentence("dcs.not-a-number")
EYES_UNKNOWN = Sentence("dcs.eyes-unknown")
TWO_PRISMS = Sentence("dcs.two-prisms")
PRISM_WITHOUT_BASE = Sentence("dcs.prism-without-base")
BASE_RANGE = Sentence("dcs.base-range")
BASE_SIDE_UNKNOWN = Sentence("dcs.base-side-unknown")
PRODUCT_UNKNOWN = Sentence("dcs.product-unknown")
CODE_UNKNOWN = Sentence("dcs.code-unknown")
