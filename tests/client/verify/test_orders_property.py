# SPDX-License-Identifier: Apache-2.0
"""Over random legal lives of a claim: nothing that a practice writes makes the payer's answer better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.chain.registries.claims import ClaimState
from sceau.chain.times import iso_text
from sceau.claim.history import History, WrittenStep
from sceau.messages.told_mark import ToldMark
from sceau.terms import Group, State, Step
from sceau.verify.findings import CATALOGUE
from sceau.verify.order import check_orders
from sceau.verify.verdict import Finding, Weight

CLAIM = "0x" + "c1" * 32
PRACTICE, PAYER = 1, 2
SUPPLIERS = (3, 4)

#: What may happen to a claim; each is done where it is legal, and passed over where it is not.
EVENTS = st.one_of(
    st.tuples(st.just("remake"), st.sampled_from(SUPPLIERS)),
    st.tuples(st.just("invoice"), st.booleans()),
    st.tuples(st.just("deliver"), st.booleans()),
    st.tuples(st.just("return"), st.none()),
    st.tuples(st.just("dispute"), st.none()),
    st.tuples(st.just("told"), st.tuples(st.integers(0, 3), st.sampled_from([Step.RETURN, Step.DISPUTE]))),
)
PRACTICE_ALONE = ("remake", "invoice")
LIVES = st.lists(EVENTS, max_size=12)


@dataclass
class ClaimModel:
    """A claim as the contract would let it go on, and an independent account of what was said of each order."""

    first: int
    steps: list[WrittenStep] = field(default_factory=list)
    told: list[ToldMark] = field(default_factory=list)
    suppliers: list[int] = field(default_factory=list)
    invoiced: int = 0
    #: What was said, in order: the order's number, and whether it is good ("whole") or bad.
    said: list[tuple[int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._write(Step.ORDER, self.first)

    @property
    def last(self) -> int:
        return len(self.suppliers)

    def copy(self) -> ClaimModel:
        own = replace(self)
        own.steps, own.told = list(self.steps), list(self.told)
        own.suppliers, own.said = list(self.suppliers), list(self.said)
        return own

    def play(self, event: tuple[str, object]) -> None:
        name, what = event
        marked = {step.step for step in self.steps if step.order_number == self.last}
        if name == "remake":
            self._write(Step.REMAKE, int(str(what)))
        elif name == "invoice" and not self.invoiced:
            self.invoiced = self.last
            self._write(Step.INVOICE, mismatch=bool(what))
        elif name == "deliver" and Step.DELIVER not in marked:
            self._write(Step.DELIVER, mismatch=bool(what))
            self.said.append((self.last, not what))
        elif name == "return" and Step.DELIVER in marked and Step.RETURN not in marked:
            self._write(Step.RETURN)
            self.said.append((self.last, False))
        elif name == "dispute" and Step.DISPUTE not in marked:
            self._write(Step.DISPUTE)
            self.said.append((self.last, False))
        elif name == "told":
            self._tell(*what)  # type: ignore[misc] # a pair

    def _write(self, step: Step, supplier: int | None = None, *, mismatch: bool = False) -> None:
        if supplier is not None:
            self.suppliers.append(supplier)
        time = 10 * len(self.steps)
        by = self.suppliers[-1] if step in (Step.DELIVER, Step.RETURN, Step.DISPUTE) else PRACTICE
        groups = (Group.LENS_PRODUCT,) if mismatch else ()
        root = f"0x{len(self.steps):064x}"
        self.steps.append(
            WrittenStep(
                step, by, "0x", time, time, root, self.last, root, supplier, mismatch=groups, head=root
            )
        )

    def _tell(self, order_number: int, mark: Step) -> None:
        if not 0 < order_number < self.last:
            return
        supplier, time = self.suppliers[order_number - 1], 10 * len(self.steps) - 5
        self.told.append(ToldMark(supplier, CLAIM, order_number, mark, None, time, ""))
        self.said.append((order_number, False))

    @property
    def history(self) -> History:
        state = ClaimState(
            CLAIM, PRACTICE, PAYER, self.suppliers[-1], State.ORDERED, self.last, self.invoiced,
            0, 0, 0, (), (), "0x", "0x",
        )  # fmt: skip
        return History(state, None, tuple(self.steps))

    def findings(self, *, fits: bool = False) -> list[Finding]:
        return check_orders(self.history, told=self.told, standing_fits=fits)

    # The rule, said again in another way

    def whole(self, order_number: int) -> bool:
        """The last word on an order is that it was delivered without difference."""
        words = [good for number, good in self.said if number == order_number]
        return bool(words) and words[-1]

    def open_troubles(self) -> Iterator[int]:
        """Orders of which something bad was said, and after it nothing good that still holds of it or a later one."""
        for place, (number, good) in enumerate(self.said):
            later = self.said[place + 1 :]
            if not good and not any(fine and after >= number and self.whole(after) for after, fine in later):
                yield number


def lives(events: list[tuple[str, object]], first: int) -> ClaimModel:
    claim = ClaimModel(first)
    for event in events:
        claim.play(event)
    return claim


def badness(found: list[Finding]) -> int:
    weights = {finding.weight for finding in found}
    return 2 if Weight.REFUSES in weights else 1 if Weight.DOUBTS in weights else 0


def reasons(found: list[Finding]) -> set[tuple[str, int]]:
    return {(each.code, each.order_number) for each in found if each.weight is not Weight.NOTES}


@settings(max_examples=400)
@given(LIVES, st.sampled_from(SUPPLIERS), LIVES, st.booleans())
def test_nothing_that_the_practice_writes_takes_a_reason_away(
    events: list[tuple[str, object]], first: int, more: list[tuple[str, object]], fits: bool
) -> None:
    """What fits the order that stands now fits no order that replaces it: a remake's key is another."""
    claim = lives(events, first)
    for event in more:
        if event[0] not in PRACTICE_ALONE:
            continue
        before, last = claim.findings(fits=fits), claim.last
        claim.play(event)
        fits = fits and claim.last == last
        after = claim.findings(fits=fits)
        assert badness(after) >= badness(before)
        assert _of_marks(reasons(before)) == _of_marks(reasons(after))
        # The doubt on an invoiced order may get another name; it does not go.
        if badness(before) == 0:
            continue
        lost = reasons(before) - reasons(after)
        assert lost <= {("invoiced-order-not-attested", claim.invoiced)}
        assert not lost or ("invoice-of-replaced-order", claim.invoiced) in reasons(after)


@settings(max_examples=400)
@given(LIVES, st.sampled_from(SUPPLIERS), st.booleans())
def test_accepted_means_delivered_whole_or_the_silence_of_an_only_supplier(
    events: list[tuple[str, object]], first: int, fits: bool
) -> None:
    claim = lives(events, first)
    found = claim.findings(fits=fits)
    if not claim.invoiced or badness(found):
        return
    one = len(set(claim.suppliers)) == 1 and claim.invoiced == claim.last
    silent = claim.invoiced not in {number for number, _ in claim.said}
    assert claim.whole(claim.invoiced) or (claim.whole(claim.last) and fits) or (one and silent)


@settings(max_examples=400)
@given(LIVES, st.sampled_from(SUPPLIERS))
def test_a_trouble_is_open_until_goods_close_it(events: list[tuple[str, object]], first: int) -> None:
    claim = lives(events, first)
    found = claim.findings()
    assert {order for _, order in _of_marks(reasons(found))} == set(claim.open_troubles())
    # What bad was said is always told: as a reason, or as a note that names who closed it.
    told = {each.order_number for each in found if each.code == "closed-by-delivery"}
    bad = {number for number, good in claim.said if not good}
    assert bad == told | {order for _, order in _of_marks(reasons(found))}
    for each in found:
        if each.code == "closed-by-delivery":
            by = each.sentence.details["by"]
            assert by >= each.order_number
            assert claim.whole(by)
            assert each.sentence.details["party"] == claim.suppliers[by - 1]
            assert each.sentence.details["supplier"] == claim.suppliers[each.order_number - 1]


@settings(max_examples=400)
@given(LIVES, st.sampled_from(SUPPLIERS), st.booleans())
def test_an_invoice_is_in_doubt_exactly_where_the_rule_says(
    events: list[tuple[str, object]], first: int, fits: bool
) -> None:
    claim = lives(events, first)
    if not claim.invoiced:
        return
    replaced = claim.invoiced < claim.last
    delivered = {step.order_number for step in claim.steps if step.step is Step.DELIVER}
    expected = set()
    if replaced and not claim.whole(claim.invoiced) and not (fits and claim.whole(claim.last)):
        expected.add(("invoice-of-replaced-order", claim.invoiced))
    if not replaced and claim.invoiced not in delivered and len(set(claim.suppliers)) > 1:
        expected.add(("invoiced-order-not-attested", claim.invoiced))
    found = {each for each in reasons(claim.findings(fits=fits)) if each[0].startswith("invoice")}
    assert {each for each in found if each[0] != "invoice-differs"} == expected


def test_a_word_dated_back_is_closed_by_no_delivery_of_an_earlier_order() -> None:
    claim = lives([("deliver", False), ("remake", 4), ("remake", 3), ("told", (2, Step.DISPUTE))], 3)
    claim.told = [replace(told, said_at=0) for told in claim.told]
    assert reasons(claim.findings()) == {("order-disputed", 2)}


@pytest.mark.parametrize("supplier", [2, 4, 5])
def test_a_word_of_another_than_the_orders_supplier_is_passed_over(supplier: int) -> None:
    claim = lives([("remake", 4)], 3)
    claim.told = [ToldMark(supplier, CLAIM, 1, Step.DISPUTE, None, 15, "")]
    assert reasons(claim.findings()) == set()
    claim.told = [replace(told, supplier=3) for told in claim.told]
    assert reasons(claim.findings()) == {("order-disputed", 1)}


def test_of_several_words_of_one_kind_the_newest_is_noted_and_the_first_is_the_trouble() -> None:
    claim = lives([("deliver", False), ("remake", 4)], 3)
    claim.told = [ToldMark(3, CLAIM, 1, Step.DISPUTE, None, time, "") for time in (86_399, 86_400, 15)]
    noted = [each for each in claim.findings() if each.code == "mark-told"]
    assert [each.data["at"] for each in claim.findings() if each.code == "order-disputed"] == [iso_text(15)]
    assert [(each.order_number, each.data["supplier"], each.data["day"]) for each in noted] == [
        (1, 3, "1970-01-02")
    ]


@pytest.mark.parametrize(
    ("trouble", "what"),
    [
        ([("deliver", True)], "differed"),
        ([("deliver", False), ("return", None)], "returned"),
        ([("dispute", None)], "disputed"),
    ],
)
def test_a_closed_trouble_says_what_it_was(trouble: list[tuple[str, object]], what: str) -> None:
    found = lives([*trouble, ("remake", 4), ("deliver", False)], 3).findings()
    closed = [each.data for each in found if each.code == "closed-by-delivery"]
    assert [(each["what"], each["supplier"], each["by"], each["party"]) for each in closed] == [
        (what, 3, 2, 4)
    ]


@pytest.mark.parametrize("claim_id", ["0x" + "00" * 32, "0x" + "ff" * 32])
def test_a_word_on_another_claim_is_passed_over(claim_id: str) -> None:
    claim = lives([("remake", 4)], 3)
    claim.told = [ToldMark(3, claim_id, 1, Step.DISPUTE, None, 15, "")]
    assert reasons(claim.findings()) == set()


@pytest.mark.parametrize(
    ("events", "noted"),
    [
        ([("deliver", False), ("invoice", False)], set()),
        ([("invoice", False)], {("invoice-before-delivery", 1), ("delivery-not-attested", 1)}),
        ([("invoice", False), ("deliver", False)], {("invoice-before-delivery", 1)}),
        ([("remake", 4), ("invoice", False)], {("invoice-before-delivery", 2)}),
        (
            [("deliver", False), ("invoice", False), ("remake", 4)],
            {("delivery-not-attested", 2)},
        ),
    ],
)
def test_what_is_not_attested_yet_is_noted(
    events: list[tuple[str, object]], noted: set[tuple[str, int]]
) -> None:
    codes = ("invoice-before-delivery", "delivery-not-attested")
    found = lives(events, 3).findings()
    assert {(each.code, each.order_number) for each in found if each.code in codes} == noted


def test_a_mark_on_one_order_unmakes_no_delivery_of_another() -> None:
    claim = lives(
        [("deliver", True), ("remake", 4), ("deliver", False), ("remake", 3), ("told", (1, Step.RETURN))], 3
    )
    assert reasons(claim.findings()) == {("order-returned", 1)}


def test_a_replaced_order_is_told_with_the_one_in_its_place() -> None:
    found = lives([("deliver", False), ("remake", 4), ("remake", 3)], 3).findings()
    replaced = [(each.code, each.order_number, each.data["by"]) for each in found if "by" in each.data]
    assert replaced == [("order-remade", 1, 2), ("order-corrected", 2, 3)]


@settings(max_examples=200)
@given(LIVES, st.sampled_from(SUPPLIERS))
def test_each_finding_is_there_once_for_an_order(events: list[tuple[str, object]], first: int) -> None:
    found = lives(events, first).findings()
    open_ones = [(each.code, each.order_number) for each in found if each.weight is not Weight.NOTES]
    assert len(open_ones) == len(set(open_ones))
    assert {each.code for each in found} <= set(CATALOGUE)
    assert all(each.order_number for each in found)


def _of_marks(found: set[tuple[str, int]]) -> set[tuple[str, int]]:
    return {
        (code, order)
        for code, order in found
        if code in ("delivery-differs", "order-returned", "order-disputed")
    }
