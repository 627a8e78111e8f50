# SPDX-License-Identifier: Apache-2.0
"""A command that is repeated after it was cut off finds its step: it is written once, and its files are whole."""

from __future__ import annotations

from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from sceau.roles.queue import Push
from sceau.store import Kind, LocalStore
from sceau.store._sealing import Opened
from tests.client.cli.offices import Office, Published
from tests.client.cli.trade import Trade, open_trade
from tests.support.deployed import Deployed
from tests.support.life import UNTIL
from tests.support.stores import rows_of


@pytest.fixture
def trade(chain: Deployed, published: Published, tmp_path: Path) -> Trade:
    return open_trade(tmp_path, chain, published)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def commitments(trade: Trade) -> list[str]:
    return [step["commitment"] for step in trade.history()["steps"]]


def cut_off_and_repeated(trade: Trade, desk: Office, *words: object, envelope: bool = False) -> Any:
    """Cuts a command off after it sent, repeats it, and gives what the second says: the step is written, and once."""
    written = len(commitments(trade))
    outputs = ("-o", "cut.json", "--envelope", "cut.env") if envelope else ("-o", "cut.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Push, "wait", killed)
        cut = desk.run(*words, *outputs)
    assert cut.code == 130, cut
    assert len(commitments(trade)) == written + 1
    root = desk.json("cut.json")["opening"]["root"]
    outputs = ("-o", "step.json", "--envelope", "step.env") if envelope else ("-o", "step.json")
    said = desk.done(*words, *outputs, "--json").data
    assert (said["commitment"], said["transaction"]) == (root, None)
    assert said["block_number"] == trade.history()["steps"][-1]["block"]
    assert commitments(trade)[written:] == [root]
    assert desk.json("step.json") == desk.json("cut.json")
    if envelope:
        assert desk.path("step.env").exists()
    for path in (*desk.directory.glob("cut.*"), *desk.directory.glob("step.*")):
        path.rename(desk.path(f"{path.stem}-{written}{path.suffix}"))
    return said


def test_each_command_of_a_claims_life_finds_what_it_wrote(trade: Trade) -> None:
    shop, maker, insurer = trade.shop, trade.maker, trade.insurer
    shown = trade.disclose("opening.json")
    said = cut_off_and_repeated(
        trade, insurer, "claim", "authorise", shown, "--valid-until", UNTIL, envelope=True
    )
    assert said["verdict"] == "accepted"
    insurer.hand("step-1.env", shop)
    shop.done("envelope", "open", "step-1.env", "-o", "authorisation.json")
    shop.values("order")
    order = ("claim", "order", "order-values.json", "--authorisation", "authorisation.json")
    cut_off_and_repeated(trade, shop, *order, "--supplier", 2, envelope=True)
    shop.hand("step-2.env", maker)
    maker.done("claim", "answer", "step-2.env", "--keep", "order.json", "-o", "answer.env")
    maker.values("delivery")
    deliver = ("claim", "deliver", "order.json", "delivery-values.json")
    said = cut_off_and_repeated(trade, maker, *deliver, envelope=True)
    assert (said["order"], said["differing"]) == (1, [])
    cut_off_and_repeated(trade, maker, "claim", "return", trade.claim, "--reason", "DEFECT", envelope=True)
    shop.values("order", order_reason="BREAKAGE")
    remake = ("claim", "remake", trade.claim, "order-values.json", "--supplier", 2)
    cut_off_and_repeated(trade, shop, *remake, envelope=True)
    # The practice has heard of that one: the same words ask for another remake now.
    assert shop.done(*remake, "-o", "order-3.json", "--json").data["transaction"] is not None
    shop.values("invoice", pec_number=trade.file_number)
    invoice = ("claim", "invoice", "invoice-values.json", "--order", "order-3.json")
    assert cut_off_and_repeated(trade, shop, *invoice)["order"] == 3
    shop.path("step-7.json").rename(shop.path("invoice.json"))
    # No goods closed the return of the first order: a person at the insurer goes on all the same.
    settle = ("claim", "settle", trade.disclose("invoice.json"), "--despite-doubt")
    assert cut_off_and_repeated(trade, insurer, *settle)["verdict"] == "in-doubt"
    assert trade.history()["state"] == "settled"


def test_an_opening_is_found_until_it_was_heard_of(trade: Trade) -> None:
    opening = ("claim", "open", "quote-values.json", "--payer", 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Push, "wait", killed)
        assert trade.shop.run(*opening, "-o", "cut.json").code == 130
    said = trade.shop.done(*opening, "-o", "again.json", "--json").data
    assert (said["transaction"], said["claim"]) == (None, trade.shop.json("cut.json")["claim"])
    another = trade.shop.done(*opening, "-o", "another.json", "--json").data
    assert another["claim"] not in (said["claim"], trade.claim)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Push, "wait", killed)
        trade.shop.run(*opening, "-o", "cut-2.json")
    trade.shop.done("claim", "send", "cut-2.json")
    assert trade.shop.done(*opening, "-o", "last.json", "--json").data["transaction"] is not None


def test_a_cancellation_a_dispute_and_a_refusal_are_found_too(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    dispute = ("claim", "dispute", trade.claim, "--reason", "NOT-RECEIVED")
    cut_off_and_repeated(trade, trade.maker, *dispute, envelope=True)
    cut_off_and_repeated(trade, trade.shop, "claim", "cancel", trade.claim, "--reason", "PATIENT")
    trade.shop.path("opening.json").unlink()
    trade.open()
    trade.insurer.path("opening-shown.json").unlink()
    shown = trade.disclose("opening.json")
    refuse = ("claim", "refuse", shown, "--reason", "NOT-COVERED")
    cut_off_and_repeated(trade, trade.insurer, *refuse, envelope=True)


def test_a_command_cut_off_before_it_sent_sends_what_it_kept(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade.authorise()
    trade.shop.values("order")
    order = ("claim", "order", "order-values.json", "--authorisation", "authorisation.json", "--supplier", 2)
    with monkeypatch.context() as patch:
        patch.setattr(Push, "look", killed)
        assert trade.shop.run(*order, "-o", "order.json").code == 130
    kept = trade.shop.json("order.json")
    assert kept["opening"]["root"] not in commitments(trade)
    sent = trade.shop.done(*order, "-o", "again.json", "--json").data
    assert sent["transaction"]["gas_used"] > 21_000
    assert trade.shop.json("again.json") == kept
    assert commitments(trade)[-1] == kept["opening"]["root"]


def test_other_values_wait_until_it_is_known_what_became_of_the_first(
    trade: Trade, chain: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = chain.party("other_supplier")
    trade.authorise()
    trade.shop.values("order")
    order = ("claim", "order", "order-values.json", "--authorisation", "authorisation.json", "--supplier")
    with monkeypatch.context() as patch:
        patch.setattr(Push, "look", killed)
        trade.shop.run(*order, 2, "-o", "order.json")
    before = trade.shop.files()
    line = trade.shop.run(*order, other, "-o", "x.json", "--json").refused()
    assert '"error": "step-pending"' in line
    assert "sceau claim send" in line
    trade.shop.values("order", left_sphere="-2.25")
    assert "step-pending" in trade.shop.run(*order, 2, "-o", "x.json", "--json").refused()
    trade.shop.values("order")
    assert trade.shop.files() == before
    trade.shop.done("claim", "send", "order.json")
    # It is written now: another order is refused by the chain's own reason.
    line = trade.shop.run(*order, other, "-o", "x.json", "--json").refused()
    assert '"error": "claim-step-illegal"' in line
    assert trade.shop.files().keys() == before.keys()


def test_a_lost_file_is_written_again(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    kept = trade.shop.json("order.json")
    trade.shop.path("order.json").unlink()
    order = ("claim", "order", "order-values.json", "--authorisation", "authorisation.json", "--supplier", 2)
    trade.shop.done(*order, "-o", "order.json")
    assert trade.shop.json("order.json") == kept
    assert kept["order_key"]


def held(office: Office) -> tuple[dict[str, bytes], list[tuple[str, Opened]]]:
    """The files of a desk, and the rows of its store but for what it remembers of where steps stand."""
    store = LocalStore(office.path("store"))
    rows = [row for row in rows_of(store) if row[0] != Kind.MEMO.value]
    store.close()
    return {name: text for name, text in office.files().items() if not name.startswith("store/")}, rows


def test_a_step_that_its_block_refuses_leaves_no_file(trade: Trade, chain: Deployed) -> None:
    """The practice cancels and the payer authorises in one block, in this order.

    The register alone says that an envelope was made: it may have left while the step waited for its block.
    """
    shown = trade.disclose("opening.json")
    before = held(trade.insurer)
    chain.test_node.stop_blocks()
    try:
        cancelled = trade.shop.run(
            *("claim", "cancel", trade.claim, "--reason", "PATIENT", "-o", "cancel.json", "--timeout", 1)
        )
        assert cancelled.code == 6
        timer = Timer(4, chain.test_node.start_blocks)
        timer.start()
        authorise = (
            "claim",
            "authorise",
            shown,
            "--valid-until",
            UNTIL,
            "-o",
            "x.json",
            "--envelope",
            "x.env",
            "--json",
        )
        line = trade.insurer.run(*authorise).refused()
        timer.join()
    finally:
        chain.test_node.start_blocks()
    assert '"error": "claim-step-illegal"' in line
    files, rows = held(trade.insurer)
    assert files == before[0]
    assert {row[0] for row in rows if row not in before[1]} == {Kind.GIVEN.value, Kind.REGISTER.value}
    assert all(row in rows for row in before[1])
    assert trade.history()["state"] == "cancelled"
    again = trade.shop.done("claim", "send", "cancel.json", "--json").data
    assert again["transaction"] is None
