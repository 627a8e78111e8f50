# SPDX-License-Identifier: Apache-2.0
"""The time before which nobody could have signed a message about a claim: what its signer had to know stood then."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from sceau.audit.checks import _earliest
from sceau.chain.registries.claims import ClaimState
from sceau.claim.history import History, WrittenStep
from sceau.messages.envelope import Message
from sceau.messages.order import ANSWER, ORDER
from sceau.terms import State, Step

ZERO = "0x" + "00" * 32
#: The opening, the authorisation, and three orders of a claim, with their times.
STEPS = (
    (Step.OPEN, 0, 10),
    (Step.AUTHORISE, 0, 20),
    (Step.ORDER, 1, 30),
    (Step.REMAKE, 2, 40),
    (Step.REMAKE, 3, 50),
)
STATE = ClaimState(ZERO, 1, 3, 2, State.ORDERED, 3, 0, 0, 0, 0, (), (), ZERO, ZERO)
HISTORY = History(
    STATE,
    None,
    tuple(WrittenStep(step, 1, "0x", time, 1, ZERO, number, ZERO) for step, number, time in STEPS),
)


def message(kind: str, order: object) -> Message:
    return Message(1, 2, kind, MappingProxyType({"order": order}), "", 0, 0, "", {}, "")


@pytest.mark.parametrize(
    ("kind", "order", "earliest"),
    [
        *((ORDER, 1, 20), (ORDER, 2, 30), (ORDER, 3, 40), (ORDER, 4, 50)),
        *((ANSWER, 1, 30), (ANSWER, 2, 40), (ANSWER, 3, 50)),
        # What names no order, or one that nobody placed, follows the opening.
        *((ORDER, 0, 10), (ANSWER, 0, 10), (ORDER, True, 10), (ORDER, None, 10), (ANSWER, 4, 10)),
        ("step", 3, 10),
    ],
)
def test_a_message_follows_what_its_signer_had_to_know(kind: str, order: object, earliest: int) -> None:
    assert _earliest(message(kind, order), HISTORY) == earliest


def test_the_first_order_of_a_claim_that_nobody_authorised_follows_its_opening() -> None:
    assert _earliest(message(ORDER, 1), replace(HISTORY, steps=HISTORY.steps[:1])) == 10


def test_of_a_claim_without_steps_any_time_is_possible() -> None:
    assert _earliest(message(ORDER, 1), replace(HISTORY, steps=())) == 0
