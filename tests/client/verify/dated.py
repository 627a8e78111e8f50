# SPDX-License-Identifier: Apache-2.0
"""Disclosures in envelopes that a practice dates as it likes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from sceau.disclosure import Disclosure
from sceau.messages.disclosure import KIND, ReceivedDisclosure
from sceau.terms import Step
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope


def step_time(life: Life) -> int:
    """When the claim was opened, in seconds."""
    opened = life.practice.history(life.claim).find(Step.OPEN)
    assert opened is not None
    return opened.time


def made(life: Life, at: int) -> Disclosure:
    """A disclosure of the opening that says that it was made at ``at``, and may be held for a day."""
    made_at = datetime.fromtimestamp(at, timezone.utc)
    later = datetime.fromtimestamp(life.chain.now, timezone.utc) + timedelta(days=1)
    return replace(life.disclosure(), made_at=made_at, delete_by=max(made_at, later).date())


def envelope(life: Life, disclosure: Disclosure, issued_at: int) -> str:
    """Its envelope, which says that it was signed at ``issued_at``."""
    return hostile_envelope(
        life.mailboxes["practice"],
        KIND,
        {"id": disclosure.id},
        recipient=life.payer.party,
        attached=disclosure.to_json(),
        now=issued_at,
    )


def sent(life: Life, *, made_at: int, issued_at: int) -> ReceivedDisclosure:
    """A disclosure in its envelope, each dated by itself, as the payer received it."""
    received = life.payer.receive(envelope(life, made(life, made_at), issued_at))
    assert isinstance(received, ReceivedDisclosure)
    return received
