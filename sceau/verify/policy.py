# SPDX-License-Identifier: Apache-2.0
"""Was it lawful to disclose this, and may it be held?"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from sceau.chain.node import Block
from sceau.disclosure.disclosure import Disclosure
from sceau.policy import Clause, load_policy
from sceau.policy.errors import PolicyError
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

# A sender's clock may run ahead of the chain's by this much.
_CLOCK_SECONDS = 300


def check_policy(
    disclosure: Disclosure, block: Block, directory: Path | None
) -> tuple[list[Finding], set[str], Clause | None]:
    """Findings, the paths that may not be held, and the clause; under an unknown clause nothing may be held."""
    reference = disclosure.policy
    try:
        policy = load_policy(reference.id, reference.version, directory=directory)
        clause = policy.clause(reference.clause)
    except PolicyError:
        unknown = finding("policy-unknown", policy=reference, clause=reference.clause)
        return [unknown], set(disclosure.paths), None
    found = _dates(disclosure, block, clause.delete_after_days)
    made_on = disclosure.made_at.date()
    if not policy.in_force(made_on):
        found.append(finding("policy-not-in-force", policy=reference, day=made_on.isoformat()))
    if disclosure.purpose != clause.purpose:
        found.append(finding("purpose-differs"))
    _, outside = policy.holdable(disclosure.scope.profile_key, disclosure.paths, clause=reference.clause)
    if outside:
        found.append(finding("outside-policy", paths=", ".join(outside)))
    if not clause.consent:
        found.append(finding("without-consent", policy=reference, clause=reference.clause))
    return found, set(outside), clause


def _dates(disclosure: Disclosure, block: Block, days: int) -> list[Finding]:
    """Dates are judged by the block's time, not by the reader's clock."""
    found = []
    now = datetime.fromtimestamp(block.timestamp, timezone.utc)
    latest = (disclosure.made_at + timedelta(days=days)).date()
    if disclosure.made_at > now + timedelta(seconds=_CLOCK_SECONDS):
        found.append(finding("made-in-the-future"))
    if disclosure.delete_by > latest:
        found.append(
            finding("delete-by-too-late", day=disclosure.delete_by.isoformat(), latest=latest.isoformat())
        )
    if now.date() > disclosure.delete_by:
        found.append(finding("delete-by-passed", day=disclosure.delete_by.isoformat()))
    return found
