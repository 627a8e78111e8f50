# SPDX-License-Identifier: Apache-2.0
"""In which groups a prepared delivery or invoice differs from its order: what the contract will find and say."""

from __future__ import annotations

from collections.abc import Sequence

from sceau.claim.prepared import Argument, PreparedStep
from sceau.conformity.keys import OrderContext
from sceau.conformity.seals import lock_of
from sceau.terms import Group

_SEALS = 3
_ORDER_LOCKS = 4


def differing_groups(prepared: PreparedStep) -> tuple[Group, ...]:
    """The groups in which a step that is not yet sent differs from the order; none for any other step.

    A difference that is written stays for ever, so the party that writes it should know before.
    """
    if prepared.function not in ("deliver", "invoice"):
        return ()
    seals, order_locks = _list(prepared.arguments[_SEALS]), _list(prepared.arguments[_ORDER_LOCKS])
    if prepared.function == "deliver":
        context = OrderContext.of(prepared.record.scope)
        seals = [lock_of(context, group, seals[group]) for group in Group]
    return tuple(group for group in Group if seals[group] != order_locks[group])


def _list(argument: Argument) -> Sequence[str]:
    if not isinstance(argument, list):
        raise TypeError("a delivery or an invoice carries four seals")
    return argument
