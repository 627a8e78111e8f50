# SPDX-License-Identifier: Apache-2.0
"""The policies by which a party disclosed or judged, as they were then: their files may change or go."""

from __future__ import annotations

from sceau.policy import Policy, parse_policy
from sceau.policy.errors import PolicyUnknown
from sceau.store import Kind, Store


def keep_policy(store: Store, policy: Policy) -> None:
    """Stores a policy's file under its hash, once."""
    if store.get(Kind.POLICY, policy.file_hash) is None:
        store.put(Kind.POLICY, policy.file_hash, {"text": policy.text})


def kept_policy(store: Store, file_hash: str) -> Policy:
    """The policy whose file has a hash (SHA-256, ``0x`` hex), as a verdict names it. Raises :class:`PolicyUnknown`."""
    kept = store.get(Kind.POLICY, file_hash.lower())
    if kept is None:
        raise PolicyUnknown(policy=file_hash)
    return parse_policy(kept["text"])
