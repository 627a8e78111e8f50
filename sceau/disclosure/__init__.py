# SPDX-License-Identifier: Apache-2.0
"""Disclosures: a chosen part of a sealed record, made out to one recipient under a policy."""

from sceau.disclosure._build import GivenConsent, build_disclosure, covered_groups
from sceau.disclosure._disclosure import FORMAT, ConsentPart, Disclosure, PolicyReference, new_id

__all__ = [
    "FORMAT",
    "ConsentPart",
    "Disclosure",
    "GivenConsent",
    "PolicyReference",
    "build_disclosure",
    "covered_groups",
    "new_id",
]
