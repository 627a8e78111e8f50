# SPDX-License-Identifier: Apache-2.0
"""A difference from the order is confirmed before it is written: it stands on the chain for ever."""

from __future__ import annotations

from sceau.claim.difference import differing_groups
from sceau.claim.prepared import PreparedStep
from sceau.roles.errors import DifferenceNotConfirmed
from sceau.terms import groups_words


def require_confirmed(step: PreparedStep, *, confirmed: bool) -> None:
    """Raises :class:`DifferenceNotConfirmed` for a delivery or an invoice that differs, unless that is wanted."""
    groups = differing_groups(step)
    if groups and not confirmed:
        raise DifferenceNotConfirmed(order=step.order_number, groups=groups_words(groups))
