# SPDX-License-Identifier: Apache-2.0
"""Was it lawful to disclose this, and may it be held?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sceau.chain.node import Block
from sceau.disclosure import Disclosure, PolicyReference
from sceau.messages.disclosure import Sent, of_one_time
from sceau.messages.envelope import CLOCK_SECONDS, LIFETIME
from sceau.policy import PAYER, Clause, load_policy, replacing
from sceau.policy.errors import ClauseUnknown, PolicyUnknown
from sceau.record import Value
from sceau.verify.findings import At, finding
from sceau.verify.verdict import Finding


@dataclass(frozen=True)
class When:
    """The times by which a disclosure is judged.

    ``block`` is the one that is read, ``step_time`` the time of the step that is disclosed in seconds (``None`` where
    the chain holds no such step), ``sent`` that of the envelope, ``None`` for a file without one: nobody signed when it
    was made, so the policy that counts is that of the block's day.
    """

    block: Block
    step_time: int | None
    sent: Sent | None

    @property
    def block_time(self) -> datetime:
        """The block's time, in UTC."""
        return datetime.fromtimestamp(self.block.timestamp, timezone.utc)

    @property
    def opened_at(self) -> int:
        """When the reader first opened the envelope; now, where it does not know."""
        opened_at = self.sent.opened_at if self.sent else None
        return self.block.timestamp if opened_at is None else opened_at


def check_policy(
    disclosure: Disclosure,
    values: Mapping[str, Value],
    when: When,
    directory: Path | None,
) -> tuple[list[Finding], set[str], Clause | None]:
    """Findings, the paths that may not be held, and the clause; ``values`` are those shown and proved.

    Nothing may be held under a clause that is unknown, of another day, purpose or kind of contract, whose time to
    delete is past, or of a time that cannot be true.
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
    found = _dates(disclosure, when, clause.delete_after_days)
    day = disclosure.made_at.date() if when.sent else when.block_time.date()
    if not policy.in_force(day) or replacing(policy, day, directory) is not None:
        found.append(finding("policy-not-in-force", policy=reference, day=day))
    if not policy.fits_contract(values):
        found.append(finding("contract-differs", policy=reference))
    if disclosure.purpose != clause.purpose:
        found.append(finding("purpose-differs"))
    unlawful = bool(found)
    _, outside = policy.holdable(disclosure.scope.profile_key, disclosure.paths, clause=reference.clause)
    if outside:
        found.append(finding("outside-policy", paths=tuple(outside)))
    if when.sent is None:
        found.append(finding("not-signed"))
    if not clause.consent:
        found.append(finding("without-consent", policy=reference, clause=reference.clause))
    return found, everything if unlawful else set(outside), clause


def policy_hash(reference: PolicyReference, directory: Path | None) -> str | None:
    """SHA-256 of the file of a policy, '0x' hex; ``None`` where the reader has no such file."""
    try:
        return load_policy(reference.id, reference.version, directory=directory).file_hash
    except PolicyUnknown:
        return None


def _dates(disclosure: Disclosure, when: When, days: int) -> list[Finding]:
    """Dates are judged by the chain's times, not by the reader's clock."""
    found = []
    now, made_at = when.block_time, int(disclosure.made_at.timestamp())
    issued_at = when.sent.issued_at if when.sent else made_at
    if max(made_at, issued_at) > when.block.timestamp + CLOCK_SECONDS:
        # Its other date says nothing then, and the years may end before the time to delete comes.
        return [finding("made-in-the-future")]
    if not of_one_time(disclosure.made_at, issued_at):
        found.append(finding("made-at-another-time", at=At(made_at), issued=At(issued_at)))
    if when.step_time is not None and issued_at < when.step_time - CLOCK_SECONDS:
        found.append(finding("made-before-step", at=At(issued_at), since=At(when.step_time)))
    if when.opened_at - issued_at > LIFETIME and when.sent:
        found.append(finding("opened-late", issued=At(issued_at), at=At(when.opened_at)))
    latest = (disclosure.made_at + timedelta(days=days)).date()
    if disclosure.delete_by > latest:
        found.append(finding("delete-by-too-late", day=disclosure.delete_by, latest=latest))
    if now.date() > disclosure.delete_by:
        found.append(finding("delete-by-passed", day=disclosure.delete_by))
    return found
