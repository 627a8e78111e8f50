# SPDX-License-Identifier: Apache-2.0
"""Names for the illegal steps that a cheat or a mistake tries, each with what it means and what to do.

The contract refuses them all as ``ClaimStepIllegal``; which one it is follows from the claim's state and the step.
Their list, with the other non-conformities, is in docs/verdicts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from sceau.errors import Sentence
from sceau.terms import State, Step, state_words, step_words

DOUBLE_INVOICE: Final = Sentence("illegal-steps.double-invoice")
INVOICE_WITHOUT_ORDER: Final = Sentence("illegal-steps.invoice-without-order")
ORDER_WITHOUT_LINK: Final = Sentence("illegal-steps.second-order-without-link")
INVOICE_OF_CANCELLED: Final = Sentence("illegal-steps.invoice-of-cancelled")


def _pairs(states: Iterable[State], step: Step, sentence: Sentence) -> Mapping[tuple[str, str], Sentence]:
    return {(state_words(state).code, step_words(step).code): sentence for state in states}


#: The named ones, by the codes of state and step.
NAMED: Final[Mapping[tuple[str, str], Sentence]] = MappingProxyType(
    {
        **_pairs((State.INVOICED, State.SETTLED), Step.INVOICE, DOUBLE_INVOICE),
        **_pairs((State.OPENED, State.AUTHORISED), Step.INVOICE, INVOICE_WITHOUT_ORDER),
        **_pairs((State.ORDERED, State.INVOICED, State.SETTLED), Step.ORDER, ORDER_WITHOUT_LINK),
        **_pairs((State.CANCELLED, State.REFUSED), Step.INVOICE, INVOICE_OF_CANCELLED),
    }
)


def named(state: object, step: object) -> Sentence | None:
    """The sentence for a step tried in a state, both as sentences of :mod:`sceau.terms`; ``None`` if unnamed."""
    if isinstance(state, Sentence) and isinstance(step, Sentence):
        return NAMED.get((state.code, step.code))
    return None
