# SPDX-License-Identifier: Apache-2.0
"""Errors of the renewal rules. None holds a date or an age of a person."""

from __future__ import annotations

from sceau.errors import InputError


class RenewalError(InputError):
    """Base of the errors of renewal rules."""


class RulesBroken(RenewalError):
    """A file of renewal rules does not follow the format (docs/verdicts.md). ``where`` is the place in it."""

    code = "renewal-rules-broken"


class RulesUnknown(RenewalError):
    """No renewal rules of that name, or none in force on that day."""

    code = "renewal-rules-unknown"


class RulesFolderMissing(RenewalError):
    """The directory of further renewal rules cannot be read."""

    code = "renewal-folder-missing"


class BandUnknown(RenewalError):
    """The rules have no such band of ages."""

    code = "renewal-band-unknown"


class CaseUnknown(RenewalError):
    """The rules have no such early case for this band of ages."""

    code = "renewal-case-unknown"
