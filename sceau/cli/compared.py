# SPDX-License-Identifier: Apache-2.0
"""What a delivery or an invoice gives when the chain compares it with its order, known before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sceau.cli.errors import DifferenceNotConfirmed
from sceau.cli.received import group_names
from sceau.cli.sending import Result
from sceau.cli.words import say
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.claim.prepared import PreparedStep


def require_confirmed(prepared: PreparedStep, *, confirmed: bool) -> None:
    """A difference stays on the chain for ever: raises :class:`DifferenceNotConfirmed` unless it is wanted."""
    from sceau.chain.terms import group_words
    from sceau.claim.difference import differing_groups

    words = [group_words(group) for group in differing_groups(prepared)]
    if words and not confirmed:
        groups = Sentence("groups", ", ".join(w.en for w in words), ", ".join(w.fr for w in words))
        raise DifferenceNotConfirmed(order=prepared.record.scope.order_number, groups=groups)


def compared(prepared: PreparedStep) -> Result:
    """The result of the comparison, in words and as JSON values."""
    from sceau.chain.terms import group_words
    from sceau.claim.difference import differing_groups

    groups = differing_groups(prepared)
    words = (
        say("differs in: ", "diffère en : ") + group_names(groups) if groups else say("conform", "conforme")
    )
    order = prepared.record.scope.order_number
    return Result(
        [(say("Order", "Commande"), order), (say("Compared", "Comparée"), words)],
        {"order": order, "differing": [group_words(group).code for group in groups]},
    )
