# SPDX-License-Identifier: Apache-2.0
"""What a party's own store says of a claim while no node answers, or while its steps wait in the outbox."""

from __future__ import annotations

from sceau.claim.prepared import Argument, PreparedStep
from sceau.claim.steps import STEPS
from sceau.documents.strict_json import parse_object
from sceau.errors import SceauError
from sceau.messages.stored import StoredMessage
from sceau.record import SealedRecord
from sceau.roles.step_writer import stored_steps
from sceau.store import Kind, Store
from sceau.terms import Step


def newest_order(store: Store, claim: str) -> PreparedStep | None:
    """The order of the highest number that this party sealed for a claim."""
    placed = stored_steps(store, claim, Step.ORDER, Step.REMAKE)
    return max(placed, key=lambda step: step.order_number, default=None)


def was_received(store: Store, claim: str, step: Step) -> bool:
    """Whether the record of a step of a claim was received from its writer: it stood on the chain then."""
    return any(
        _is_of(StoredMessage.from_json(each), claim, step) for each in store.of_claim(Kind.MESSAGE, claim)
    )


def listed(argument: Argument) -> list[str]:
    """An argument of a call that is a list."""
    if not isinstance(argument, list):
        raise TypeError("this argument is not a list")
    return argument


def _is_of(message: StoredMessage, claim: str, step: Step) -> bool:
    attached = parse_object(message.attached.encode())
    opening = attached.get("opening") if isinstance(attached, dict) else None
    if not isinstance(opening, dict):
        return False
    try:
        scope = SealedRecord.from_json(opening).scope
    except SceauError:
        return False
    return (scope.claim, scope.step) == (claim, STEPS[step].code)
