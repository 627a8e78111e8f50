# SPDX-License-Identifier: Apache-2.0
"""Errors of the policy package. They name paths, never values."""

from __future__ import annotations

from sceau.errors import PolicyError


class PolicyBroken(PolicyError):
    """A policy file does not follow the format (docs/policies.md). ``where`` is the JSON path in it."""

    http_status = 422
    code = "policy-broken"


class PolicyUnknown(PolicyError):
    """No policy of that identifier, or none in that version."""

    http_status = 422
    code = "policy-unknown"


class NoPolicyInForce(PolicyError):
    """The policy is known, but no version of it was in force on that day."""

    code = "policy-not-in-force"


class PolicyFolderMissing(PolicyError):
    """The directory of further policies cannot be read."""

    http_status = 422
    code = "policy-folder-missing"


class ClauseUnknown(PolicyError):
    """The policy has no clause of that name."""

    http_status = 422
    code = "policy-clause-unknown"


class PathNotAllowed(PolicyError):
    """A path that the clause does not let the recipient see."""

    code = "path-not-allowed"
