# SPDX-License-Identifier: Apache-2.0
"""Canonical records, sealed under a Merkle root of salted leaves, and disclosures of chosen parts.

Pure: nothing here touches a chain. docs/records.md is the specification, tests/vectors/ its test vectors.
Functions named like their module are imported from it: ``from sceau.record.canonical import canonical``,
``from sceau.record.normalise import normalise``.
"""

from __future__ import annotations

from sceau.record.canonical import FORMATS, LeafType, Limits, Value
from sceau.record.leaf import Leaf
from sceau.record.multiproof import Multiproof
from sceau.record.profile import Field, Profile
from sceau.record.profile_file import load_profile, load_profile_key, parse_profile, profile_names
from sceau.record.scope import RECORD_PATH, Scope
from sceau.record.sealed import SealedRecord, seal

__all__ = [
    "FORMATS",
    "RECORD_PATH",
    "Field",
    "Leaf",
    "LeafType",
    "Limits",
    "Multiproof",
    "Profile",
    "Scope",
    "SealedRecord",
    "Value",
    "load_profile",
    "load_profile_key",
    "parse_profile",
    "profile_names",
    "seal",
]
