# SPDX-License-Identifier: Apache-2.0
"""What a word closes, asked of the rule alone: every claim, order, finding, head and party beside the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sceau.messages.justification import FindingOfClaim, Justification
from sceau.messages.ruling import AuditRuling
from sceau.messages.word import Word
from sceau.terms import Step
from sceau.verify.findings import finding
from sceau.verify.justify import close
from sceau.verify.verdict import Finding, Weight
from tests.client.verify.test_orders_property import CLAIM, PAYER, PRACTICE, ClaimModel, lives

FIRST, SECOND, STRANGER, AUDITOR = 3, 4, 6, 9
#: Order 1 differs and is replaced by order 2, which differs as well and went back; order 2 is invoiced.
PLAYED: list[tuple[str, object]] = [
    *(("deliver", True), ("remake", SECOND), ("deliver", True), ("return", None), ("invoice", False))
]
OPEN = [("delivery-differs", 1), ("delivery-differs", 2), ("order-returned", 2)]


@pytest.fixture
def claim() -> ClaimModel:
    return lives(PLAYED, FIRST)


def about(
    claim: ClaimModel, code: str = "delivery-differs", order: int = 2, head: str = ""
) -> FindingOfClaim:
    return FindingOfClaim(CLAIM, order, code, head or claim.steps[-1].head)


def said(claim: ClaimModel, by: int = PRACTICE, **named: str | int) -> Justification:
    return Justification(by, about(claim, **named), "OTHER", f"signed by {by}")  # type: ignore[arg-type]


def ruled(claim: ClaimModel, fault: int | None, by: int = AUDITOR) -> AuditRuling:
    return AuditRuling(by, about(claim), fault, f"ruled by {by}")


def closed(claim: ClaimModel, words: Sequence[Word], **more: Sequence[Word]) -> list[Finding]:
    return close(claim.findings(), words, claim.history, [AUDITOR, PAYER, FIRST, PRACTICE], **more)


def left(claim: ClaimModel, *words: Word) -> list[tuple[str, int]]:
    return sorted(
        (each.code, each.order_number) for each in closed(claim, words) if each.weight is not Weight.NOTES
    )


def noted(claim: ClaimModel, *words: Word) -> list[tuple[str, object]]:
    """The notes that words leave, each with the party that it names."""
    codes = ("justified", "ruled", "ruled-at-fault", "ruled-against-practice", "word-without-effect")
    return [(each.code, each.data["party"]) for each in closed(claim, words) if each.code in codes]


def test_a_word_closes_its_finding_on_its_order_alone(claim: ClaimModel) -> None:
    assert left(claim) == OPEN
    for code, order in OPEN:
        mine = said(claim, code=code, order=order)
        assert left(claim, mine) == [each for each in OPEN if each != (code, order)]
        assert noted(claim, mine) == [("justified", PRACTICE)]
    # The supplier of an order has a say in that order.
    assert left(claim, said(claim, SECOND)) == [OPEN[0], OPEN[2]]
    assert left(claim, said(claim, FIRST, order=1)) == OPEN[1:]


@pytest.mark.parametrize("code", ["a-finding", "delivery-differs-not", "order-disputed", "order-zero"])
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_a_word_on_what_was_not_found_closes_nothing(claim: ClaimModel, code: str, order: int) -> None:
    mine = said(claim, code=code, order=order)
    assert left(claim, mine) == OPEN
    assert noted(claim, mine) == [("word-without-effect", PRACTICE)]


@pytest.mark.parametrize("other", ["0x" + "00" * 32, "0x" + "ff" * 32])
def test_a_word_of_another_claim_or_head_closes_nothing(claim: ClaimModel, other: str) -> None:
    mine = said(claim)
    for changed in (replace(mine.about, claim=other), replace(mine.about, head=other)):
        assert left(claim, replace(mine, about=changed)) == OPEN


@pytest.mark.parametrize("by", [0, PAYER, FIRST, 5, STRANGER, AUDITOR])
def test_a_word_of_a_party_without_a_part_in_the_order_closes_nothing(claim: ClaimModel, by: int) -> None:
    assert left(claim, said(claim, by)) == OPEN
    assert noted(claim, said(claim, by)) == [("word-without-effect", by)]


def test_a_practice_that_supplies_itself_has_a_say_in_its_order() -> None:
    own = lives([("deliver", True)], PRACTICE)
    assert left(own) == [("delivery-differs", 1)]
    assert left(own, said(own, order=1)) == []


def test_a_word_ends_with_what_is_written_of_its_order_and_with_any_order_placed(claim: ClaimModel) -> None:
    heads = [step.head for step in claim.steps]

    def closes(head: str, order: int) -> bool:
        return left(claim, said(claim, order=order, head=head)) != OPEN

    assert [closes(head, 2) for head in heads] == [False, False, False, False, False, True]
    # Of order 1 nothing is written after the remake, and the remake counts.
    assert [closes(head, 1) for head in heads] == [False, False, True, True, True, True]


def test_a_word_on_the_claim_as_a_whole_ends_with_the_invoice(claim: ClaimModel) -> None:
    early = [finding("renewal-too-early", due=None, rules="")]
    for step, closes in zip(claim.steps, [False] * 5 + [True], strict=True):
        mine = said(claim, code="renewal-too-early", order=0, head=step.head)
        (found, *_) = close(early, [mine], claim.history, [])
        assert (found.code == "justified") is closes
        # A supplier has no say in it.
        (found, *_) = close(early, [replace(mine, party=SECOND)], claim.history, [])
        assert found.code == "renewal-too-early"


def test_no_order_and_no_mark_ends_a_word_on_the_claim_as_a_whole() -> None:
    claim = lives([("deliver", True), ("remake", SECOND), ("deliver", False), ("dispute", None)], FIRST)
    for step in claim.steps:
        mine = said(claim, code="renewal-too-early", order=0, head=step.head)
        (found,) = close([finding("renewal-too-early", due=None, rules="")], [mine], claim.history, [])
        assert found.code == "justified"


def test_a_settlement_ends_no_word(claim: ClaimModel) -> None:
    late = said(claim, code="renewal-too-early", order=0)
    claim._write(Step.SETTLE)
    (found,) = close([finding("renewal-too-early", due=None, rules="")], [late], claim.history, [])
    assert found.code == "justified"


def test_no_word_closes_a_finding_that_no_word_can_put_right(claim: ClaimModel) -> None:
    revoked = [finding("consent-revoked", at=None)]
    assert close(revoked, [said(claim, code="consent-revoked", order=0)], claim.history, [])[0] == revoked[0]


def test_a_word_that_is_outdated_closes_nothing(claim: ClaimModel) -> None:
    mine, other = said(claim), said(claim, SECOND)
    found = closed(claim, [mine], outdated=[mine])
    assert {each.code for each in found} >= {"delivery-differs", "word-without-effect"}
    assert "justified" not in {each.code for each in found}
    assert "justified" in {each.code for each in closed(claim, [mine, other], outdated=[mine])}


@pytest.mark.parametrize(
    ("fault", "code"), [(None, "ruled"), (SECOND, "ruled-at-fault"), (PRACTICE, "ruled-against-practice")]
)
def test_a_ruling_says_who_is_at_fault(claim: ClaimModel, fault: int | None, code: str) -> None:
    ruling = ruled(claim, fault)
    assert noted(claim, ruling) == [(code, AUDITOR)]
    assert left(claim, ruling) == (OPEN if fault == PRACTICE else [OPEN[0], OPEN[2]])


def test_a_ruling_against_the_practice_stands_whatever_else_is_said(claim: ClaimModel) -> None:
    against = ruled(claim, PRACTICE)
    others: list[Word] = [said(claim), said(claim, SECOND), ruled(claim, None)]
    for words in ([against, *others], [*others, against]):
        assert left(claim, *words) == OPEN
        assert noted(claim, *words) == [("ruled-against-practice", AUDITOR)]


@pytest.mark.parametrize("fault", [0, PAYER, FIRST, 5, STRANGER, AUDITOR])
def test_a_ruling_against_a_party_without_a_part_in_the_order_closes_nothing(
    claim: ClaimModel, fault: int
) -> None:
    assert left(claim, ruled(claim, fault)) == OPEN


@pytest.mark.parametrize("by", [PRACTICE, PAYER, FIRST, SECOND, STRANGER])
def test_nobody_rules_without_the_role_or_in_its_own_case(claim: ClaimModel, by: int) -> None:
    """Practice, payer and the first supplier are auditors here as well."""
    assert left(claim, ruled(claim, None, by)) == OPEN
    assert noted(claim, ruled(claim, None, by)) == [("word-without-effect", by)]
