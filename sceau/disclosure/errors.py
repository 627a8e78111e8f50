# SPDX-License-Identifier: Apache-2.0
"""Why a disclosure cannot be made."""

from __future__ import annotations

from sceau.errors import InputError, PolicyError


class DisclosureError(PolicyError):
    """Base of the errors of making a disclosure."""


class ConsentNeeded(DisclosureError):
    """The clause needs a consent and none was given."""

    code = "consent-needed"


class ConsentDoesNotCover(DisclosureError):
    """The consent says something else than what this disclosure needs."""

    code = "consent-does-not-cover"


class ConsentNotInForce(DisclosureError):
    """The consent relied on is not recorded, or was revoked, withdrawn, or has expired: it covers nothing new."""

    code = "consent-not-in-force"


class PolicyDoesNotApply(DisclosureError):
    """The policy is for another kind of recipient, or for other days."""

    code = "policy-does-not-apply"


class NothingAllowed(DisclosureError):
    """The record holds nothing that the clause allows to show."""

    code = "nothing-allowed"


class DisclosureMalformed(InputError):
    """A disclosure file is truncated, edited, or no disclosure."""

    code = "disclosure-malformed"
