# SPDX-License-Identifier: Apache-2.0
"""A difference from the order is confirmed before it is written: it stands on the chain for ever."""

from __future__ import annotations

from sceau.chain.terms import group_words
from sceau.claim.difference import differing_groups
from sceau.claim.prepared import PreparedStep
from sceau.errors import Sentence
from sceau.roles.errors import DifferenceNotConfirmed


def require_confirmed(step: PreparedStep, *, confirmed: bool) -> None:
    """Raises :class:`DifferenceNotConfirmed` for a delivery or an invoice that differs, unless that is wanted."""
    words = [group_words(group) for group in differing_groups(step)]
    if words and not confirmed:
        groups = Sentence("groups", ", ".join(w.en for w in words), ", ".join(w.fr for w in words))
        raise DifferenceNotConfirmed(order=step.order_number, groups=groups)
