# SPDX-License-Identifier: Apache-2.0
"""Errors of the periods of retention."""

from __future__ import annotations

from sceau.errors import InputError


class PeriodsBroken(InputError):
    """A file of periods does not follow the format (docs/erasure.md). ``where`` is the place in it."""

    code = "retention-broken"


class PeriodsUnknown(InputError):
    """No periods of that name, or none in force on that day."""

    code = "retention-unknown"


class PeriodsFolderMissing(InputError):
    """The directory of further periods cannot be read."""

    code = "retention-folder-missing"
