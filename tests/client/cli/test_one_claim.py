# SPDX-License-Identifier: Apache-2.0
"""A payer's file number and a supplier's physical order serve one claim each, by commands; and a payer's own dates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client.cli.offices import Published
from tests.client.cli.trade import Trade, open_trade
from tests.support.deployed import Deployed
from tests.support.life import UNTIL


@pytest.fixture
def trade(chain: Deployed, published: Published, tmp_path: Path) -> Trade:
    return open_trade(tmp_path, chain, published)


def again(trade: Trade, pec: str = "") -> None:
    """Another claim, of which each desk keeps files of the usual names."""
    for desk in (trade.shop, trade.maker, trade.insurer):
        folder = desk.path(f"claim-{trade.opened}")
        folder.mkdir()
        for path in [*desk.directory.glob("*.json"), *desk.directory.glob("*.env")]:
            if path.name not in ("deployment.json", "key.json"):
                path.rename(folder / path.name)
    trade.open(pec)


def test_a_file_number_serves_one_claim_until_that_is_refused(trade: Trade) -> None:
    trade.authorise()
    first = trade.claim
    again(trade, "PEC1")
    shown = trade.disclose("opening.json")
    authorise = ("claim", "authorise", shown, "--valid-until", UNTIL, "-o", "authorisation.json")
    before = trade.insurer.files()
    line = trade.insurer.run(*authorise).refused()
    assert first in line
    assert "PEC1" not in line
    assert trade.insurer.files() == before
    assert "qu'à un seul" in trade.insurer.run(*authorise, SCEAU_LANGUAGE="fr").refused()
    trade.shop.done("claim", "cancel", first, "--reason", "PATIENT", "-o", "cancel.json")
    trade.insurer.done(*authorise)


def test_an_authorisation_that_the_chain_refuses_serves_nothing(trade: Trade) -> None:
    shown = trade.disclose("opening.json")
    trade.insurer.done("claim", "authorise", shown, "--valid-until", UNTIL, "-o", "authorisation.json")
    before = trade.insurer.files()
    other = ("claim", "authorise", shown, "--valid-until", "2090-01-01", "-o", "x.json")
    assert "not possible now" in trade.insurer.run(*other).refused()
    assert trade.insurer.files() == before


def test_one_dispatch_serves_one_claim(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver("order.json", dispatch_reference="BL7")
    again(trade)
    trade.authorise()
    trade.order()
    trade.maker.values("delivery", dispatch_reference="BL7")
    deliver = ("claim", "deliver", "order.json", "delivery-values.json", "-o", "delivery.json")
    before = trade.maker.files()
    assert "already" in trade.maker.run(*deliver).refused()
    assert trade.maker.files() == before
    trade.deliver("order.json", dispatch_reference="BL8")


def test_without_a_store_no_number_is_used(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    again(trade)
    shown = trade.disclose("opening.json")
    trade.maker.values("delivery")
    for desk, words in (
        (trade.insurer, ("claim", "authorise", shown, "--valid-until", UNTIL, "-o", "x.json")),
        (trade.maker, ("claim", "deliver", "claim-1/order.json", "delivery-values.json", "-o", "x.json")),
    ):
        lines = desk.path("sceau.toml").read_text().splitlines()
        desk.write("sceau.toml", "\n".join(line for line in lines if not line.startswith("store")))
        before = desk.files()
        assert "SCEAU_STORE" in desk.run(*words).refused()
        assert desk.files() == before


def test_the_payers_own_dates_judge_a_renewal(trade: Trade) -> None:
    shown = trade.disclose("opening.json", sealed=False)
    own = {"format": "sceau-beneficiary/1", "last_equipment": "2026-03-01", "band": "FROM-16", "early": False}
    trade.insurer.write("beneficiary.json", own)
    judged = trade.insurer.run("verify", shown, "--beneficiary", "beneficiary.json", "--json")
    assert judged.code == 3
    assert "renewal-too-early" in [finding["code"] for finding in judged.data["findings"]]
    authorise = (
        "claim",
        "authorise",
        shown,
        "--valid-until",
        UNTIL,
        "--beneficiary",
        "beneficiary.json",
        "-o",
        "a.json",
    )
    assert "2026-03-01" not in trade.insurer.run(*authorise).refused(3)
    trade.insurer.write("beneficiary.json", {**own, "last_equipment": "2024-03-01"})
    trade.insurer.done(*authorise)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "x"}, "format"),
        ({"name": "Mrs Martin"}, "key that the format does not have"),
        ({"born": "1/2/1990"}, "'born'"),
        ({"born": "19900201"}, "'born'"),
        ({"early": "no"}, "'early'"),
        ({"band": "OLD"}, "band"),
    ],
)
def test_a_beneficiary_file_that_is_none_is_named(trade: Trade, change: dict[str, str], said: str) -> None:
    shown = trade.disclose("opening.json", sealed=False)
    trade.insurer.write("b.json", {"format": "sceau-beneficiary/1", "last_equipment": "2026-03-01", **change})
    line = trade.insurer.run("verify", shown, "--beneficiary", "b.json").refused()
    assert said in line
    assert "Martin" not in line
    assert "1990" not in line
