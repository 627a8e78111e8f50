# SPDX-License-Identifier: Apache-2.0
"""A claim is read to the cent, in its one currency, or refused by the JSON path of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from sceau.errors import SceauError
from sceau.formats.fhir import import_claim
from sceau.formats.fhir.errors import (
    AmountsDisagree,
    EnteredInError,
    FhirUnreadable,
    FieldRefused,
    RecordNotActive,
)
from sceau.formats.fhir.imported import Imported
from tests.client.formats.fhir.conftest import Examples

NAME = "Claim-660151"
GONE = "(gone)"
ITEM = ("item", 0)
FRAME, LENS, TAX = (("item", 0, "detail", place) for place in range(3))
USD = {"currency": "USD"}


@pytest.fixture
def claim(examples: Examples) -> Callable[..., Imported]:
    """Imports the example claim with changes made to it."""

    def read(
        *changes: tuple[tuple[str | int, ...], object], name: str = NAME, coverage: str = "Coverage-9876B1"
    ) -> Imported:
        made = [(place, examples.gone if value == GONE else value) for place, value in changes]
        return import_claim(examples.changed(name, *made), examples.path(coverage))

    return read


REFUSED = [
    (("use",), "predetermination", "use", "use-unknown"),
    (("use",), GONE, "use", "missing"),
    (("type",), GONE, "type", "missing"),
    (("type", "coding", 0, "code"), "oral", "type", "not-vision"),
    (("type", "coding"), [], "type", "code-wanted"),
    (("created",), "2014-08", "created", "day-wanted"),
    (("created",), GONE, "created", "missing"),
    (("status",), GONE, "status", "missing"),
    (("status",), "final", "status", "status-unknown"),
    (("insurance",), GONE, "insurance", "missing"),
    (("insurance",), [], "insurance", "not-one-focal"),
    (("insurance", 0, "focal"), False, "insurance", "not-one-focal"),
    (("insurance", 0, "preAuthRef"), ["A1", "A2"], "insurance[0].preAuthRef", "not-one-number"),
    (("insurance", 0, "preAuthRef"), ["n° 12"], "insurance[0].preAuthRef", "code-shape"),
    (("insurance", 0, "preAuthRef"), ["A" * 61], "insurance[0].preAuthRef", "too-long"),
    (("identifier", 0, "value"), "", "identifier[0].value", "malformed"),
    (("item",), GONE, "item", "missing"),
    ((*ITEM, "productOrService"), GONE, "item[0].productOrService", "missing"),
    ((*ITEM, "productOrService"), {"text": "glasses"}, "item[0].productOrService", "code-wanted"),
    (
        (*FRAME, "productOrService", "coding"),
        [{}],
        "item[0].detail[0].productOrService.coding[0].code",
        "missing",
    ),
    (
        (*FRAME, "productOrService", "coding", 0, "code"),
        "straße",
        "item[0].detail[0].productOrService.coding[0].code",
        "code-shape",
    ),
    (
        (*FRAME, "productOrService", "coding"),
        [{"code": "frame"}, {"code": "V2020"}],
        "item[0].detail[0].productOrService",
        "code-ambiguous",
    ),
    (
        (*ITEM, "productOrService", "coding", 0, "code"),
        "2200393",
        "item[0].productOrService.coding[0].code",
        "code-individual",
    ),
    (
        (*FRAME, "productOrService", "coding", 0, "code"),
        "220 03 93",
        "item[0].detail[0].productOrService.coding[0].code",
        "code-individual",
    ),
    (("insurance", 0, "_preAuthRef"), [{"id": "a"}], "insurance[0].preAuthRef", "withheld"),
    (("insurance", 0, "focal"), GONE, "insurance[0].focal", "missing"),
    ((*FRAME, "_factor"), {"id": "a"}, "item[0].detail[0].factor", "withheld"),
    ((*LENS, "sequence"), 1, "item[0].detail[1].sequence", "line-twice"),
    ((*LENS, "quantity", "value"), 0, "item[0].detail[1].quantity.value", "quantity-unclear"),
    ((*LENS, "quantity", "value"), 1.5, "item[0].detail[1].quantity.value", "quantity-unclear"),
    ((*LENS, "quantity", "value"), 100, "item[0].detail[1].quantity.value", "quantity-unclear"),
    ((*LENS, "quantity", "value"), "2", "item[0].detail[1].quantity.value", "not-a-number"),
    ((*LENS, "quantity"), {"unit": "lens"}, "item[0].detail[1].quantity.value", "missing"),
    ((*LENS, "quantity", "comparator"), "<", "item[0].detail[1].quantity.comparator", "quantity-unclear"),
    ((*ITEM, "net"), {"value": 214}, "item[0].net.currency", "currency-missing"),
    ((*ITEM, "net"), USD, "item[0].net.value", "missing"),
    ((*ITEM, "net", "currency"), "EUR", "item[0].net.currency", "currency-mixed"),
    ((*ITEM, "unitPrice", "currency"), "EUR", "item[0].unitPrice.currency", "currency-mixed"),
    (("total",), {"value": 214, "currency": "EUR"}, "total.currency", "currency-mixed"),
    ((*FRAME, "net", "currency"), "usd", "item[0].detail[0].net.currency", "currency-shape"),
    ((*FRAME, "net", "currency"), "US Dollars", "item[0].detail[0].net.currency", "too-long"),
    ((*ITEM, "net", "value"), "214.00", "item[0].net.value", "not-a-number"),
    ((*ITEM, "net", "value"), 214.001, "item[0].net.value", "not-cents"),
    ((*ITEM, "net", "value"), -214, "item[0].net.value", "amount-range"),
    ((*ITEM, "net", "value"), 10**10, "item[0].net.value", "amount-range"),
    ((*ITEM, "net", "value"), 10**400, "item[0].net.value", "amount-range"),
    ((*TAX, "factor"), -1, "item[0].detail[2].factor", "factor-range"),
    ((*TAX, "factor"), 1001, "item[0].detail[2].factor", "factor-range"),
    ((*TAX, "factor"), 1e-21, "item[0].detail[2].factor", "factor-range"),
    ((*TAX, "factor"), "0.07", "item[0].detail[2].factor", "not-a-number"),
    ((*TAX, "factor"), 0.08, "item[0].detail[2].net", "net-wrong"),
    ((*LENS, "quantity", "value"), 3, "item[0].detail[1].net", "net-wrong"),
    ((*FRAME, "unitPrice", "value"), 100.01, "item[0].detail[0].net", "net-wrong"),
    ((*ITEM, "net", "value"), 215, "item[0].net", "net-wrong"),
    ((*ITEM, "unitPrice"), GONE, None, None),
    (("total",), {"value": 215, "currency": "USD"}, "total", "total-wrong"),
]


@pytest.mark.parametrize(("place", "value", "path", "rule"), REFUSED)
def test_a_missing_or_absurd_field_is_refused(
    claim: Callable[..., Imported],
    place: tuple[str | int, ...],
    value: object,
    path: str | None,
    rule: str | None,
) -> None:
    if path is None:
        assert claim((place, value)).values == claim().values
        return
    with pytest.raises(SceauError) as refused:
        claim((place, value))
    assert refused.value.details["path"] == f"Claim.{path}"
    assert refused.value.details["rule"].code == rule
    assert refused.value.message("fr").startswith(f"Claim.{path} : ")


def test_the_details_must_add_up_to_their_item(claim: Callable[..., Imported]) -> None:
    with pytest.raises(AmountsDisagree) as refused:
        claim(((*FRAME, "net", "value"), 101), ((*FRAME, "unitPrice"), GONE))
    assert (refused.value.details["path"], refused.value.details["rule"].code) == (
        "Claim.item[0].net",
        "sum-wrong",
    )


def test_a_part_of_a_product_may_have_an_individual_code(claim: Callable[..., Imported]) -> None:
    """No payer is shown it."""
    place = ("item", 0, "detail", 1, "subDetail", 0, "productOrService", "coding", 0, "code")
    assert claim((place, "2200393"), name="Claim-660152").values["part.1.code"] == "2200393"


def test_the_parts_must_add_up_to_their_detail(examples: Examples) -> None:
    part = ("item", 0, "detail", 1, "subDetail", 0)
    file = examples.changed(
        "Claim-660152", ((*part, "net", "value"), 65), ((*part, "unitPrice"), examples.gone)
    )
    with pytest.raises(AmountsDisagree) as refused:
        import_claim(file, examples.path("Coverage-9876B1"))
    assert refused.value.details["path"] == "Claim.item[0].detail[1].net"


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ({"start": "2014-08-16"}, None),
        ({"start": "2014-08-16", "end": "2014-08-17"}, None),
        ({"start": "2014-08", "end": "2014-08"}, None),
        ({"start": "2014-08-16", "end": "2014-08-16"}, "2014-08-16"),
        ({"start": "2014-08-16T09:00:00+02:00", "end": "2014-08-16T09:15:00+02:00"}, "2014-08-16"),
    ],
)
def test_a_period_of_service_is_a_day_or_left_out_with_a_notice(
    claim: Callable[..., Imported], period: dict[str, str], day: str | None
) -> None:
    read = claim(((*ITEM, "servicedDate"), GONE), ((*ITEM, "servicedPeriod"), period))
    assert read.values.get("item.1.serviced") == day
    assert ("left-out" in {notice.code for notice in read.notices}) == (day is None)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2014", None),
        ("2014-08", None),
        ("2014-08-16T24:00:00Z", None),
        ("16/08/2014", None),
        ("2014-02-30", None),
        ("2014-08-16", "2014-08-16"),
    ],
)
def test_a_day_of_service_that_is_none_is_left_out_with_a_notice(
    claim: Callable[..., Imported], written: str, day: str | None
) -> None:
    read = claim(((*ITEM, "servicedDate"), written))
    assert read.values.get("item.1.serviced") == day
    assert ("left-out" in {notice.code for notice in read.notices}) == (day is None)


@pytest.mark.parametrize(("net", "holds"), [(0.33, True), (0.34, True), (0.32, False), (0.35, False)])
def test_a_net_amount_is_the_exact_one_rounded_to_a_neighbouring_cent(
    claim: Callable[..., Imported], net: float, holds: bool
) -> None:
    line = {
        "sequence": 4,
        "productOrService": {"coding": [{"code": "X"}]},
        "unitPrice": {"value": 0.67, "currency": "USD"},
        "factor": 0.5,
        "net": {"value": net, "currency": "USD"},
    }
    changes = [(("item",), [line])]
    if holds:
        assert claim(*changes).values["total"] == round(net * 100)
    else:
        with pytest.raises(AmountsDisagree):
            claim(*changes)


@pytest.mark.parametrize("count", [1, 2, 99])
def test_any_whole_quantity_up_to_99_is_read(claim: Callable[..., Imported], count: int) -> None:
    values = claim(((*LENS, "quantity", "value"), count), ((*LENS, "unitPrice"), GONE)).values
    assert values["detail.2.quantity"] == count


@pytest.mark.parametrize(("price", "factor", "net"), [(5, 0, 0), (0.01, 1000, 10), (3, 1, 3)])
def test_a_factor_goes_from_nothing_to_a_thousand(
    claim: Callable[..., Imported], price: float, factor: int, net: float
) -> None:
    line = {
        "sequence": 1,
        "productOrService": {"coding": [{"code": "X"}]},
        "unitPrice": {"value": price, **USD},
        "factor": factor,
    }
    assert claim((("item",), [line])).values["total"] == net * 100


def test_a_missing_net_follows_from_price_or_parts_only_when_it_is_exact(
    claim: Callable[..., Imported],
) -> None:
    assert claim(((*ITEM, "net"), GONE)).values == claim().values
    assert claim(((*TAX, "net"), GONE)).values == claim().values
    with pytest.raises(SceauError) as refused:
        claim(((*TAX, "net"), GONE), ((*TAX, "factor"), 0.07001))
    assert refused.value.details["rule"].code == "not-cents"
    with pytest.raises(SceauError) as refused:
        claim(((*TAX, "net"), GONE), ((*TAX, "unitPrice"), GONE))
    assert refused.value.details["rule"].code == "net-unknown"


def test_a_factor_written_beyond_all_reason_is_refused_at_once(examples: Examples) -> None:
    text = json.dumps(examples.data(NAME)).replace('"factor": 0.07', '"factor": 1E-999999999')
    with pytest.raises(SceauError) as refused:
        import_claim(text.encode(), examples.path("Coverage-9876B1"))
    assert refused.value.details["path"] == "Claim.item[0].detail[2].factor"


def test_the_currency_is_the_claims_own(examples: Examples) -> None:
    text = json.dumps(examples.data(NAME)).replace("USD", "EUR").encode()
    assert import_claim(text, examples.path("Coverage-9876B1")).values["currency"] == "EUR"


def test_a_preauthorization_is_told_from_a_claim(claim: Callable[..., Imported]) -> None:
    assert claim((("use",), "preauthorization")).values["claim.use"] == "PREAUTHORIZATION"


def test_the_code_that_counts_may_be_marked(claim: Callable[..., Imported]) -> None:
    codings = [{"code": "frame"}, {"code": "V2020", "userSelected": True}]
    assert claim(((*FRAME, "productOrService", "coding"), codings)).values["detail.1.code"] == "V2020"


def test_the_identifier_that_counts_may_be_marked_official(claim: Callable[..., Imported]) -> None:
    numbers = [
        {"value": "old"},
        {"value": "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", "use": "official"},
    ]
    values = claim((("identifier",), numbers)).values
    assert values["claim.number"] == "URN:UUID:53FEFA32-FCBB-4FF8-8A92-55EE120877B7"
    assert "claim.number" not in claim((("identifier",), [])).values


@pytest.mark.parametrize(("count", "fits"), [(4, True), (5, False)])
def test_a_claim_holds_as_many_items_as_its_profile(
    claim: Callable[..., Imported], examples: Examples, count: int, fits: bool
) -> None:
    item = examples.data("Claim-660150")["item"][0]
    changes = [(("item",), [{**item, "sequence": place + 1} for place in range(count)])]
    if fits:
        assert claim(*changes).values["total"] == 32000
    else:
        with pytest.raises(SceauError) as refused:
            claim(*changes)
        assert refused.value.details["rule"].code == "too-many"


@pytest.mark.parametrize(
    ("status", "error"),
    [("entered-in-error", EnteredInError), ("draft", RecordNotActive), ("cancelled", RecordNotActive)],
)
def test_a_claim_or_coverage_that_is_not_active_is_refused(
    examples: Examples, status: str, error: type[SceauError]
) -> None:
    dead_claim = examples.changed(NAME, (("status",), status))
    with pytest.raises(error, match=r"^Claim\.status"):
        import_claim(dead_claim, examples.path("Coverage-9876B1"))
    dead_coverage = examples.changed("Coverage-9876B1", (("status",), status))
    with pytest.raises(error, match=r"^Coverage\.status"):
        import_claim(examples.path(NAME), dead_coverage)


def test_a_refused_claim_shows_no_amount_and_no_code(claim: Callable[..., Imported]) -> None:
    for change in (((*ITEM, "net", "value"), 987654321), ((*FRAME, "net", "value"), 98765.4321)):
        with pytest.raises(SceauError) as refused:
            claim(change)
        shown = refused.value.message("en") + refused.value.message("fr") + repr(refused.value)
        assert "98765" not in shown


def test_a_claim_that_cannot_be_read_is_refused(examples: Examples) -> None:
    with pytest.raises(FhirUnreadable):
        import_claim(b"{", examples.path("Coverage-9876B1"))
    with pytest.raises(FhirUnreadable):
        import_claim(examples.path(NAME), b"{")


@pytest.mark.parametrize(
    ("place", "value", "where", "left_out"),
    [
        (("identifier",), [{"value": "A"}, {"value": "B"}], "Claim.identifier", "claim.number"),
        (("identifier", 0, "value"), "n° 12", "Claim.identifier[0].value", "claim.number"),
        ((*ITEM, "servicedDate"), "2014-08", "Claim.item[0].servicedDate", "item.1.serviced"),
    ],
)
def test_what_a_claim_may_lack_and_cannot_be_read_is_left_out_with_a_notice(
    claim: Callable[..., Imported], place: tuple[str | int, ...], value: object, where: str, left_out: str
) -> None:
    whole, imported = claim(), claim((place, value))
    assert set(whole.values) - set(imported.values) == {left_out}
    assert [(each.path, each.code) for each in imported.notices if each not in whole.notices] == [
        (where, "left-out")
    ]


def test_one_of_several_codings_may_say_that_a_claim_is_a_vision_claim(
    claim: Callable[..., Imported],
) -> None:
    hl7 = {"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "vision"}
    local = {"system": "http://example.org", "code": "OPT"}
    assert claim((("type", "coding"), [local, hl7])).values == claim().values
    with pytest.raises(FieldRefused) as refused:
        claim((("type", "coding"), [local, {**hl7, "code": "oral"}]))
    assert refused.value.details["rule"].code == "code-ambiguous"
