# SPDX-License-Identifier: Apache-2.0
"""A reason is one code, whoever gives it: a sentence, which may tell of a person, passes for none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sceau.record.errors import ValueNotCanonical
from sceau.terms import Step
from tests.support.life import Life
from tests.support.stage import Stage

#: Each takes a delivered claim and gives a reason.
GIVEN: dict[str, Callable[[Life, str], Any]] = {
    "answer": lambda life, reason: life.answer(refuse_because=reason),
    "dispute": lambda life, reason: life.supplier.dispute(life.claim, reason=reason),
    "return": lambda life, reason: life.supplier.record_return(life.claim, reason=reason),
    "tell": lambda life, reason: life.supplier.tell_payer(life.claim, 1, Step.DISPUTE, reason=reason),
    "cancel": lambda life, reason: life.practice.cancel(life.claim, reason=reason),
    "justify": lambda life, reason: life.practice.justify(life.claim, "delivery-differs", reason),
    "refuse": lambda life, reason: life.payer.refuse(life.verdict(), reason=reason),
}


@pytest.mark.parametrize("verb", GIVEN)
@pytest.mark.parametrize("words", ["the customer is blind", "NOT IN\u00a0CATALOGUE", "aveugle, droit", ""])
def test_a_sentence_is_no_reason(stage: Stage, verb: str, words: str) -> None:
    life = stage.delivered if verb != "refuse" else stage.opened
    if verb == "tell":
        life.remake("BREAKAGE")  # of an order that stands, the supplier writes on the chain
    head = life.head()
    with pytest.raises(ValueNotCanonical) as refused:
        GIVEN[verb](life, words)
    assert words == "" or words not in str(refused.value)
    assert life.head() == head


def test_a_reason_counts_in_small_letters_and_between_blanks(stage: Stage) -> None:
    life = stage.ordered
    assert life.answer(refuse_because=" not-in-catalogue\n").reason == "NOT-IN-CATALOGUE"
    life.dispute(" defect ")
    note = life.supplier.steps(life.claim)[-1].record.values
    assert note["note.reason"] == "DEFECT"


@pytest.mark.parametrize("words", ["the customer is blind", "aveugle, droit"])
def test_a_sentence_is_no_reason_among_values_either(stage: Stage, words: str) -> None:
    life = stage.opened
    verdict, head = life.verdict(), life.head()
    with pytest.raises(ValueNotCanonical):
        life.payer.refuse(verdict, values={"decision.reason": words})
    with pytest.raises(ValueNotCanonical):
        life.practice.cancel(life.claim, values={"note.date": "2026-11-02", "note.reason": words})
    assert life.head() == head
