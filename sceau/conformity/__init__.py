# SPDX-License-Identifier: Apache-2.0
"""Conformity of order, delivery and invoice: keyed tags and locks that tell which group differs, and no value.

Pure: nothing here touches a chain. docs/conformity.md is the specification, tests/vectors/conformity.json its
test vectors.
"""

from __future__ import annotations

from sceau.conformity.groups import CanonicalGroup, differences, group_values
from sceau.conformity.keys import GroupKey, OrderContext, OrderKey
from sceau.conformity.opening import GroupOpening, check_lock, check_tag, open_group
from sceau.conformity.seals import (
    Seals,
    act_code_lock,
    check_locks,
    differing_locks,
    lock_of,
    locks,
    tag_of,
    tags,
)

__all__ = [
    "CanonicalGroup",
    "GroupKey",
    "GroupOpening",
    "OrderContext",
    "OrderKey",
    "Seals",
    "act_code_lock",
    "check_lock",
    "check_locks",
    "check_tag",
    "differences",
    "differing_locks",
    "group_values",
    "lock_of",
    "locks",
    "open_group",
    "tag_of",
    "tags",
]
