# SPDX-License-Identifier: Apache-2.0
"""A payer compares an invoice with what it authorised itself: nothing beyond it is accepted, nothing hidden either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau import LocalStore, Outcome, Payer, Verdict, load_policy
from sceau.chain.contract_errors import ClaimStepIllegal
from sceau.claim.decision import AMOUNT, AUTHORISATION, CODES, CURRENCY, FILE_NUMBER, LAST_DAY
from sceau.claim.steps import STEPS
from sceau.disclosure import Disclosure
from sceau.record import Value, load_profile
from sceau.roles.errors import NotTheAuthorisation, VerdictInDoubt
from sceau.store import Kind
from sceau.terms import State, Step
from sceau.verify.act_codes import ActCodes
from sceau.verify.settlement import check_settlement
from sceau.verify.verdict import Finding, Weight
from tests.client.verify.cheats import CODES as LENS_CODES
from tests.client.verify.invoices import AUTHORISED, authorise_as_sealed, dearer
from tests.support.life import Life
from tests.support.stage import Stage
from tests.support.stores import copied

LAST = date(2027, 1, 31)
DECIDED: Mapping[str, Value] = {**AUTHORISED, LAST_DAY: LAST.isoformat()}
INVOICED: Mapping[str, Value] = {
    **{path: value for path, value in AUTHORISED.items() if path != LAST_DAY},
    "invoice.date": "2026-12-01",
}


def codes(found: list[Finding] | tuple[Finding, ...]) -> set[str]:
    return {each.code for each in found}


def compared(decided: Mapping[str, Value], invoiced: Mapping[str, Value], day: date = LAST) -> set[str]:
    return codes(check_settlement(decided, invoiced, day))


def invoice(life: Life, **changes: Value) -> Verdict:
    """The payer's verdict on the invoice of a claim that was delivered as ordered."""
    life.invoice(**changes)
    return life.verdict("invoice")


# The comparison alone


def test_what_was_authorised_is_within_it_to_the_cent_and_to_the_day() -> None:
    assert compared(DECIDED, INVOICED) == set()
    assert compared(DECIDED, {**INVOICED, AMOUNT: 0}) == set()
    assert compared({**DECIDED, AMOUNT: 0}, {**INVOICED, AMOUNT: 0}) == set()
    assert compared({**DECIDED, AMOUNT: 0}, {**INVOICED, AMOUNT: 1}) == {"invoice-above-authorised"}
    assert compared(DECIDED, {**INVOICED, "equipment.dispensed": LAST.isoformat()}) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({AMOUNT: 34_398}, "invoice-above-authorised"),
        ({CURRENCY: "CHF"}, "invoice-other-currency"),
        ({FILE_NUMBER: "PEC2"}, "invoice-other-file-number"),
        ({FILE_NUMBER: "pec20260417338"}, "invoice-other-file-number"),
        ({FILE_NUMBER: "PEC20260417338 "}, "invoice-other-file-number"),
        ({"right.code": "VXB2", "left.code": "VXB1"}, "invoice-codes-not-authorised"),
        ({"invoice.date": "2027-02-01"}, "invoice-after-last-day"),
        ({"equipment.dispensed": "2027-02-01"}, "invoice-after-last-day"),
        ({"right.code": "VXB2"}, "invoice-codes-not-authorised"),
        ({"frame.code": "MXA"}, "invoice-codes-not-authorised"),
    ],
)
def test_each_part_that_goes_beyond_refuses(changes: dict[str, Value], code: str) -> None:
    assert compared(DECIDED, {**INVOICED, **changes}) == {code}
    assert all(
        each.weight is Weight.REFUSES for each in check_settlement(DECIDED, {**INVOICED, **changes}, LAST)
    )


def test_a_block_after_the_last_day_refuses_whatever_date_is_written_on_the_invoice() -> None:
    assert compared(DECIDED, INVOICED, LAST + timedelta(days=1)) == {"invoice-after-last-day"}


def test_a_code_for_an_eye_that_was_not_authorised_refuses() -> None:
    right = {path: value for path, value in DECIDED.items() if path not in ("left.code", "frame.code")}
    assert compared(right, INVOICED) == {"invoice-codes-not-authorised"}
    one = {path: value for path, value in INVOICED.items() if path not in ("left.code", "frame.code")}
    assert compared(right, one) == set()


@pytest.mark.parametrize("path", sorted(INVOICED))
def test_what_the_invoice_does_not_show_is_in_doubt(path: str) -> None:
    shown = {each: value for each, value in INVOICED.items() if each != path}
    (found,) = check_settlement(DECIDED, shown, LAST)
    assert (found.code, found.weight) == ("invoice-not-compared", Weight.DOUBTS)
    assert found.sentence.details["paths"] == path


@pytest.mark.parametrize("path", AUTHORISATION)
def test_what_the_authorisation_does_not_state_is_in_doubt(path: str) -> None:
    stated = {each: value for each, value in DECIDED.items() if each != path}
    (found,) = check_settlement(stated, INVOICED, LAST)
    assert (found.code, found.weight) == ("authorisation-incomplete", Weight.DOUBTS)
    assert found.sentence.details["paths"] == path


def test_an_authorisation_without_any_code_is_in_doubt_and_names_all() -> None:
    stated = {path: value for path, value in DECIDED.items() if path not in CODES}
    (found,) = check_settlement(stated, INVOICED, LAST)
    assert (found.code, found.sentence.details["paths"]) == ("authorisation-incomplete", ", ".join(CODES))


LENSES = {path: value for path, value in DECIDED.items() if path != "frame.code"}
#: An invoice of two lenses and a service, and of a frame that shows no code.
WITHOUT_CODE: Mapping[str, Value] = {path: value for path, value in INVOICED.items() if path != "frame.code"}
LINES: Mapping[str, Value] = {
    "right.amc": 12_000,
    "left.amc": 13_397,
    "service.1.code": "PXA",
    "service.1.amc": 0,
}


@pytest.mark.parametrize(
    ("shown", "betraying"),
    [
        ({}, []),
        ({"right.class": "B", "left.class": "B"}, []),
        ({"frame.class": "B"}, ["frame.class"]),
        ({"frame.price": 0, "frame.amo": 0}, ["frame.price", "frame.amo"]),
        (LINES, ["total.amc"]),
        ({**LINES, "service.1.amc": 9_000}, []),
        # More than the total is in no whole record either.
        ({**LINES, "service.1.amc": 9_001}, ["total.amc"]),
        # What a line does not state may be what is missing.
        ({path: value for path, value in LINES.items() if path != "service.1.amc"}, []),
        ({"total.price": 46_700, "right.price": 14_900}, []),
        ({"total.price": 46_700, "right.price": 14_900, "left.price": 15_900}, ["total.price"]),
    ],
    ids=str,
)
def test_a_line_whose_code_is_neither_authorised_nor_shown_puts_in_doubt_where_anything_gives_it_away(
    shown: dict[str, Value], betraying: list[str]
) -> None:
    found = check_settlement(LENSES, {**WITHOUT_CODE, **shown}, LAST)
    assert [each.data["paths"] for each in found] == ([betraying] if betraying else [])
    assert {(each.code, each.weight) for each in found} <= {("invoice-line-not-shown", Weight.DOUBTS)}


def test_a_code_that_is_authorised_and_hidden_is_named_once() -> None:
    (found,) = check_settlement(DECIDED, {**WITHOUT_CODE, **LINES, "frame.class": "B"}, LAST)
    assert (found.code, found.data["paths"]) == ("invoice-not-compared", ["frame.code"])


def test_without_the_authorisation_nothing_is_compared_and_it_is_in_doubt() -> None:
    (found,) = check_settlement(None, INVOICED, LAST)
    assert (found.code, found.weight) == ("authorisation-not-held", Weight.DOUBTS)


AMOUNTS = st.integers(0, 10**12)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
CODE = st.sampled_from(["VXB1", "VXB2", "MXB"])


def said(**more: st.SearchStrategy[Value]) -> st.SearchStrategy[dict[str, Value]]:
    """Any part of what a record says."""
    parts: dict[str, st.SearchStrategy[Value]] = {
        AMOUNT: AMOUNTS,
        CURRENCY: st.sampled_from(["EUR", "CHF"]),
        FILE_NUMBER: st.sampled_from(["PEC1", "PEC2"]),
        **dict.fromkeys(CODES, CODE),
        **more,
    }
    return st.fixed_dictionaries({}, optional=parts)


@given(
    decided=said(**{LAST_DAY: DAYS.map(date.isoformat)}),
    invoiced=said(**{"invoice.date": DAYS.map(date.isoformat)}),
    day=DAYS,
)
def test_nothing_is_found_only_where_everything_was_compared_and_is_within(
    decided: dict[str, Value], invoiced: dict[str, Value], day: date
) -> None:
    found = check_settlement(decided, invoiced, day)
    assert all(each.weight is not Weight.NOTES for each in found)
    whole = {*AUTHORISATION} <= {*decided} and {AMOUNT, CURRENCY, FILE_NUMBER, "invoice.date"} <= {*invoiced}
    eyes = [path for path in CODES if path in decided]
    within = (
        whole
        and bool(eyes)
        and int(invoiced[AMOUNT]) <= int(decided[AMOUNT])
        and all(invoiced[path] == decided[path] for path in (CURRENCY, FILE_NUMBER))
        and max(str(invoiced["invoice.date"]), day.isoformat()) <= str(decided[LAST_DAY])
        and all(invoiced.get(path) == decided.get(path) for path in CODES)
    )
    assert (found == []) == within


@given(st.data())
def test_hiding_a_part_never_makes_an_invoice_better(data: st.DataObject) -> None:
    """What goes beyond the authorisation refuses; what is left out of sight is in doubt at least."""
    decided = data.draw(said(**{LAST_DAY: DAYS.map(date.isoformat)}))
    invoiced = data.draw(said(**{"invoice.date": DAYS.map(date.isoformat)}).filter(bool))
    hidden = data.draw(st.sampled_from(sorted(invoiced)))
    rest = {path: value for path, value in invoiced.items() if path != hidden}
    day = data.draw(DAYS)
    if check_settlement(decided, invoiced, day):
        assert check_settlement(decided, rest, day)


@pytest.mark.parametrize("step", [Step.OPEN, Step.INVOICE])
def test_the_parts_have_one_name_and_one_format_in_every_record(step: Step) -> None:
    decision = load_profile("payer-decision").fields
    for profile in STEPS[step].profiles:
        fields = load_profile(profile).fields
        for path in (AMOUNT, CURRENCY, FILE_NUMBER, *CODES):
            if path in fields:
                assert fields[path].format == decision[path].format


# On a chain


def test_an_invoice_of_what_was_authorised_is_accepted_and_settled(stage: Stage) -> None:
    life = stage.delivered
    assert invoice(life).outcome is Outcome.ACCEPTED
    life.settle()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (dearer(500_000), "invoice-above-authorised"),
        (dearer(1), "invoice-above-authorised"),
        ({"pec.number": "PEC-OF-ANOTHER-CLAIM"}, "invoice-other-file-number"),
        ({"frame.code": "MXA"}, "invoice-codes-not-authorised"),
    ],
    ids=["5,000 euros more", "a cent more", "another claim's file number", "another frame"],
)
def test_an_invoice_beyond_the_authorisation_is_refused_and_never_settled(
    stage: Stage, changes: dict[str, Value], code: str
) -> None:
    verdict = invoice(stage.delivered, **changes)
    assert codes(verdict.reasons) == {code}
    assert verdict.outcome is Outcome.REFUSED


def test_codes_that_were_not_authorised_are_refused_while_the_payer_holds_both_and_no_key(
    stage: Stage,
) -> None:
    """Practice and supplier seal the same other code; the payer needs no key to see it on the invoice."""
    life = stage.authorised
    life.order(**{"right.code": "VXC9"})
    life.deliver(**{"right.code": "VXC9"})
    assert codes(invoice(life, **{"right.code": "VXC9"}).reasons) == {"invoice-codes-not-authorised"}


@pytest.mark.parametrize("when", ["dated", "written"])
def test_an_invoice_after_the_last_day_is_refused_by_its_date_or_by_its_block(
    stage: Stage, when: str
) -> None:
    life, today = stage.opened, stage.round.today()
    life.authorise(valid_until=today)
    life.order()
    if when == "written":
        stage.chain.sleep(86_400)
    # Dated back to the last day, or ahead of it.
    day = today + timedelta(days=when == "dated")
    dates: dict[str, Value] = dict.fromkeys(("invoice.date", "equipment.dispensed"), day.isoformat())
    assert codes(invoice(life, **dates).reasons) == {"invoice-after-last-day"}


def test_an_amount_in_another_currency_is_refused(stage: Stage) -> None:
    """The invoice's profile knows euros alone: the payer authorised another currency."""
    life = stage.opened
    life.authorise({"currency": "CHF"})
    life.order()
    assert "invoice-other-currency" in codes(invoice(life).reasons)


@pytest.mark.parametrize("hidden", ["total.amc", "currency", "pec.number", "invoice.date", "left.code"])
def test_an_invoice_that_hides_a_part_is_in_doubt(stage: Stage, hidden: str) -> None:
    life = stage.delivered
    life.invoice()
    paths = [path for path in life.disclosure("invoice").paths if path != hidden]
    verdict = life.payer.verify(life.show(_partly(life, paths)))
    assert verdict.outcome is Outcome.IN_DOUBT
    (reason,) = verdict.reasons
    assert (reason.code, reason.sentence.details["paths"]) == ("invoice-not-compared", hidden)


def test_lenses_swapped_between_the_eyes_are_refused_though_everybody_sealed_them_so(stage: Stage) -> None:
    swapped: dict[str, Value] = {"right.code": "VXB2", "left.code": "VXB1"}
    life = stage.authorised
    life.order(**swapped)
    life.deliver(**swapped)
    verdict = invoice(life, **swapped)
    assert codes(verdict.reasons) == {"invoice-codes-not-authorised"}
    assert verdict.reasons[0].data["paths"] == ["right.code", "left.code"]


def test_two_halves_of_one_invoice_are_each_in_doubt_and_neither_is_paid(stage: Stage) -> None:
    """What one disclosure hides the other shows; they make no whole."""
    life = stage.delivered
    life.invoice()
    whole = life.disclosure("invoice").paths
    for hidden in ("total.amc", "frame.code"):
        verdict = life.payer.verify(life.show(_partly(life, [path for path in whole if path != hidden])))
        assert codes(verdict.reasons) == {"invoice-not-compared"}
        with pytest.raises(VerdictInDoubt):
            life.payer.settle(verdict, values={"total.amc": 34_397})
    assert life.state() is State.INVOICED


def test_a_payer_taken_back_to_before_it_authorised_pays_nothing_and_authorises_nothing_twice(
    stage: Stage,
) -> None:
    life = stage.opened
    verdict = life.verdict()
    yesterday = copied(life.payer.store)
    life.authorise()
    life.order()
    life.deliver()
    life.invoice()
    signer, box = stage.chain.signers["payer"], life.published.mailbox("payer", yesterday)
    payer = Payer(stage.chain.network, signer, store=yesterday, mailbox=box)
    with pytest.raises(ClaimStepIllegal):
        payer.authorise(verdict, valid_until=LAST).wait(30)
    # What it sealed just now has another commitment than what the chain holds.
    again = payer.verify(life.disclosure("invoice"))
    assert codes(again.reasons) == {"authorisation-not-held"}
    with pytest.raises(VerdictInDoubt):
        payer.settle(again)


def test_an_authorisation_that_states_nothing_puts_the_invoice_in_doubt(stage: Stage) -> None:
    life = stage.opened
    authorise_as_sealed(life, {})
    life.order()
    verdict = invoice(life)
    assert verdict.outcome is Outcome.IN_DOUBT
    assert codes(verdict.reasons) == {"authorisation-incomplete"}


def test_a_payer_that_lost_its_store_is_in_doubt_until_it_gives_its_authorisation(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    shown, signers = life.disclosure("invoice"), stage.chain.signers
    for payer in (
        Payer(stage.chain.network, signers["payer"]),
        Payer(stage.chain.network, signers["payer"], store=LocalStore(None)),
    ):
        verdict = payer.verify(shown)
        assert verdict.outcome is Outcome.IN_DOUBT
        assert codes(verdict.reasons) == {"authorisation-not-held"}
        repaired = payer.verify(shown, authorisation=life.steps["authorise"])
        assert repaired.outcome is Outcome.ACCEPTED


def test_a_decision_counts_only_if_it_is_the_one_on_the_chain(stage: Stage) -> None:
    """A generous decision that was never written, or on another claim, is none; nor one of another step."""
    life, other = stage.delivered, stage.ordered
    life.invoice(**dearer(500_000))
    shown = life.disclosure("invoice")
    true = life.steps["authorise"]
    generous = {**true.record.values, "total.amc": 10**9}
    unsent = life.sealed("payer-decision", generous, Step.AUTHORISE)
    store = LocalStore(None)
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], store=store)
    store.put(Kind.STEP, unsent.record.root, unsent.to_json(), claim=life.claim)
    assert codes(payer.verify(shown).reasons) == {"authorisation-not-held"}
    for false in (other.steps["authorise"], life.steps["order"]):
        with pytest.raises(NotTheAuthorisation):
            payer.verify(shown, authorisation=false)
    # Beside the true one, in whatever order.
    store.put(Kind.STEP, true.record.root, true.to_json(), claim=life.claim)
    assert codes(payer.verify(shown, authorisation=unsent).reasons) == {"invoice-above-authorised"}


# Keys of orders


def test_a_key_for_order_two_makes_nothing_conform_while_order_one_is_invoiced(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    life.remake()
    life.deliver()
    second = life.act_code_key("remake")
    shown = life.disclosure("invoice")
    for keys in ([second], [life.act_code_key(), second]):
        verdict = life.payer.verify(shown, act_codes=life.payer.act_codes(keys))
        assert "conform" not in {(each.code) for each in verdict.findings if each.order_number != 1}


def test_codes_given_by_hand_do_not_replace_those_that_were_sealed(stage: Stage) -> None:
    """The caller says that it authorised what was ordered; its own decision says otherwise."""
    life = stage.authorised
    life.order(**{"right.code": "VXC9"})
    life.deliver(**{"right.code": "VXC9"})
    by_hand = ActCodes((life.act_code_key(),), {**LENS_CODES, "right.code": "VXC9"})
    verdict = life.payer.verify(life.disclosure(), act_codes=by_hand)
    assert "act-codes-not-authorised" in codes(verdict.reasons)
    assert "conform" not in codes(verdict.findings)


def _partly(life: Life, paths: list[str]) -> Disclosure:
    return life.practice.disclose(
        life.steps["invoice"].record,
        paths,
        payer=life.payer.party,
        policy=load_policy("fr-responsible-contract"),
        clause="minimal",
    )
