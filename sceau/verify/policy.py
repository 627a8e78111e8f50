# SPDX-License-Identifier: Apache-2.0
"""Was it lawful to disclose this, and may it be held?"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from sceau.chain.node import Block
from sceau.disclosure import Disclosure
from sceau.policy import PAYER, Clause, Policy, load_policy
from sceau.policy.errors import ClauseUnknown, NoPolicyInForce, PolicyUnknown
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

# A sender's clock may run ahead of the chain's by this much.
_CLOCK_SECONDS = 300


def check_policy(
    disclosure: Disclosure, block: Block, directory: Path | None
) -> tuple[list[Finding], set[str], Clause | None]:
    """Findings, the paths that may not be held, and the clause.

    Nothing may be held under a clause that is unknown, of another day or purpose, or whose time to delete is past.
    Raises :class:`PolicyFolderMissing` and :class:`PolicyBroken`: those are the reader's own to mend.
    """
    reference = disclosure.policy
    everything = set(disclosure.paths)
    try:
        policy = load_policy(reference.id, reference.version, directory=directory)
        clause = policy.clause(reference.clause) if policy.recipient == PAYER else None
    except (PolicyUnknown, ClauseUnknown):
        clause = None
    if clause is None:
        return [finding("policy-unknown", policy=reference, clause=reference.clause)], everything, None
    found = _dates(disclosure, block, clause.delete_after_days)
    made_on = disclosure.made_at.date()
    if not _counts(policy, made_on, directory):
        found.append(finding("policy-not-in-force", policy=reference, day=made_on.isoformat()))
    if disclosure.purpose != clause.purpose:
        found.append(finding("purpose-differs"))
    unlawful = bool(found)
    _, outside = policy.holdable(disclosure.scope.profile_key, disclosure.paths, clause=reference.clause)
    if outside:
        found.append(finding("outside-policy", paths=", ".join(outside)))
    if not clause.consent:
        found.append(finding("without-consent", policy=reference, clause=reference.clause))
    return found, everything if unlawful else set(outside), clause


def _counts(policy: Policy, day: date, directory: Path | None) -> bool:
    """Whether this is the version that counts on a day: a sender may not choose an older, wider one."""
    try:
        return load_policy(policy.id, on=day, directory=directory).version == policy.version
    except NoPolicyInForce:
        return False


def _dates(disclosure: Disclosure, block: Block, days: int) -> list[Finding]:
    """Dates are judged by the block's time, not by the reader's clock."""
    found = []
    now = datetime.fromtimestamp(block.timestamp, timezone.utc)
    if disclosure.made_at > now + timedelta(seconds=_CLOCK_SECONDS):
        # Its other date says nothing then, and the years may end before the time to delete comes.
        return [finding("made-in-the-future")]
    latest = (disclosure.made_at + timedelta(days=days)).date()
    if disclosure.delete_by > latest:
        found.append(
            finding("delete-by-too-late", day=disclosure.delete_by.isoformat(), latest=latest.isoformat())
        )
    if now.date() > disclosure.delete_by:
        found.append(finding("delete-by-passed", day=disclosure.delete_by.isoformat()))
    return found
