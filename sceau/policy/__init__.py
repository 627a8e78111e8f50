# SPDX-License-Identifier: Apache-2.0
"""Policies: what each kind of recipient may be shown, as dated data files."""

from __future__ import annotations

from sceau.errors import PolicyError
from sceau.policy._policy import PAYER, Clause, Policy
from sceau.policy._policy_file import list_policies, load_policy, parse_policy, replacing
from sceau.policy.errors import PathNotAllowed

__all__ = [
    "PAYER",
    "Clause",
    "PathNotAllowed",
    "Policy",
    "PolicyError",
    "list_policies",
    "load_policy",
    "parse_policy",
    "replacing",
]
