# SPDX-License-Identifier: Apache-2.0
"""Claims' lives by commands alone, each party at a desk of its own."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import order_envelope
from sceau.party.directory import Directory
from sceau.party.message_keys import MessageKeys
from sceau.store import LocalStore
from tests.client.cli.offices import MESSAGE_PASSWORD, Published
from tests.client.cli.trade import MINIMAL, Trade, open_trade
from tests.support.deployed import Deployed
from tests.support.life import UNTIL
from tests.support.qbft import proved, validator_keys
from tests.support.stage import OTHER_LENS


@pytest.fixture
def trade(chain: Deployed, published: Published, tmp_path: Path) -> Trade:
    return open_trade(tmp_path, chain, published)


def steps(trade: Trade) -> list[tuple[str, int]]:
    return [(step["step"], step["order"]) for step in trade.history()["steps"]]


def codes(verdict: Any) -> set[str]:
    return {finding["code"] for finding in verdict.data["findings"]}


def test_a_conform_claim_goes_from_opening_to_settlement(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    assert trade.deliver()["differing"] == []
    assert trade.invoice()["differing"] == []
    assert trade.settle()["verdict"] == "accepted"
    assert trade.history()["state"] == "settled"
    assert [name for name, _ in steps(trade)] == [
        *("opened", "authorised", "ordered", "delivered", "invoiced", "settled")
    ]
    kept = [
        *(
            "opening.json",
            "order.json",
            "order.env",
            "invoice.json",
            "authorisation.json",
            "store/store.sqlite",
        ),
        *("order-answer.json", "opening-shown.env"),
    ]
    for desk, names in (
        (trade.shop, kept),
        (trade.maker, ["order.json", "order-answer.env", "delivery.json", "store/store.sqlite"]),
        (
            trade.insurer,
            ["opening-shown.json", "authorisation.json", "settlement.json", "store/store.sqlite"],
        ),
    ):
        for name in names:
            assert stat.S_IMODE(desk.path(name).stat().st_mode) == 0o600, name
    # What the authorisation seals is what was asked; the settlement, what was invoiced.
    sealed = trade.insurer.json("authorisation.json")["opening"]["values"]
    assert (sealed["right.code"], sealed["total.amc"]) == ("VXB1", "34397")
    assert trade.insurer.json("settlement.json")["opening"]["values"]["total.amc"] == "34397"


def test_a_swapped_lens_is_named_and_its_justification_closes_it(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    assert trade.deliver("order.json", "--despite-difference", **OTHER_LENS)["differing"] == ["lens-product"]
    trade.invoice()
    shown = trade.disclose("invoice.json")
    settle = ("claim", "settle", shown, "-o", "settlement.json")
    line = trade.insurer.run(*settle).refused(3)
    assert "lens product" in line
    assert "modèle de verre" in trade.insurer.run(*settle, SCEAU_LANGUAGE="fr").refused(3)
    trade.maker.done(
        *("claim", "justify", trade.claim, "--finding", "delivery-differs"),
        *("--reason", "catalogue-renamed", "-o", "word.env"),
    )
    trade.maker.hand("word.env", trade.insurer)
    said = trade.insurer.done("envelope", "open", "word.env", "-o", "word.json", "--json").data
    assert (said["from"], said["order"], said["finding"]) == (2, 1, "delivery-differs")
    assert said["reason"] == "CATALOGUE-RENAMED"
    verdict = trade.insurer.done("verify", shown, "--justification", "word.json", "--json")
    assert "justified" in codes(verdict)
    trade.insurer.done(*settle, "--justification", "word.json")
    assert trade.history()["state"] == "settled"


def test_a_remake_is_another_order_of_the_same_claim(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver()
    trade.shop.values("order", order_reason="BREAKAGE")
    remake = ("claim", "remake", trade.claim, "order-values.json", "--supplier", 2)
    trade.shop.done(*remake, "-o", "order-2.json", "--envelope", "order-2.env")
    trade.shop.values("invoice")
    old = ("claim", "invoice", "invoice-values.json", "--order", "order.json", "-o", "invoice.json")
    assert "order 1" in trade.shop.run(*old).refused()
    assert not trade.shop.path("invoice.json").exists()
    trade.receive_order("order-2")
    trade.deliver("order-2.json")
    trade.invoice("order-2.json")
    assert trade.settle()["verdict"] == "accepted"
    assert steps(trade)[3:] == [
        ("delivered", 1),
        ("remade", 2),
        ("delivered", 2),
        ("invoiced", 2),
        ("settled", 2),
    ]


def test_an_absent_supplier_is_silence_and_can_attest_late(trade: Trade) -> None:
    trade.authorise()
    trade.shop.values("order")
    trade.shop.done(
        *("claim", "order", "order-values.json", "--authorisation", "authorisation.json"),
        *("--supplier", 2, "-o", "order.json"),
    )
    trade.invoice()
    trade.settle()
    trade.shop.done("envelope", "step", "order.json", "-o", "order.env")
    trade.receive_order()
    late = trade.deliver("order.json", "--despite-difference", **OTHER_LENS)
    assert late["differing"] == ["lens-product"]
    history = trade.history()
    assert history["state"] == "settled"
    assert history["steps"][-1]["mismatch"] == ["lens-product"]


def test_a_return_puts_the_settlement_in_doubt_and_the_payer_may_go_on(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver()
    trade.maker.done(
        *("claim", "return", trade.claim, "--reason", "defect", "--reference", "rma 12"),
        *("-o", "return.json", "--envelope", "return.env"),
    )
    note = trade.maker.json("return.json")["opening"]["values"]
    assert (note["note.reason"], note["note.reference"]) == ("DEFECT", "RMA12")
    trade.maker.hand("return.env", trade.shop)
    assert (
        trade.shop.done("envelope", "open", "return.env", "-o", "r.json", "--json").data["step"] == "returned"
    )
    trade.invoice()
    shown = trade.disclose("invoice.json")
    settle = ("claim", "settle", shown, "-o", "settlement.json")
    before = trade.insurer.files()
    assert "--despite-doubt" in trade.insurer.run(*settle).refused(4)
    assert trade.insurer.files() == before
    settled = trade.insurer.done(*settle, "--despite-doubt", "--json").data
    assert (settled["verdict"], settled["reasons"]) == ("in-doubt", ["order-returned"])


def test_a_supplier_disputes_an_order_that_does_not_reach_it(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.maker.done("claim", "dispute", trade.claim, "--reason", "NOT-RECEIVED", "-o", "dispute.json")
    assert steps(trade)[-1] == ("disputed", 1)


def test_a_replaced_order_is_told_to_the_payer_who_counts_it(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.shop.values("order", order_reason="CORRECTION")
    remake = ("claim", "remake", trade.claim, "order-values.json", "--supplier", 2)
    trade.shop.done(*remake, "-o", "order-2.json", "--envelope", "order-2.env")
    dispute = ("claim", "dispute", trade.claim, "--order", 1, "-o", "dispute.json")
    assert "sceau claim tell" in trade.maker.run(*dispute).refused(1)
    assert not trade.maker.path("dispute.json").exists()
    said = ("claim", "tell", trade.claim, "--reason", "NOT-RECEIVED", "-o", "told.env")
    assert "sceau claim dispute" in trade.maker.run(*said, "--order", 2).refused(1)
    told = trade.maker.done(*said, "--order", 1, "--json").data
    assert (told["claim"], told["order"], told["recipient"]) == (trade.claim, 1, 3)
    trade.maker.hand("told.env", trade.insurer)
    opened = trade.insurer.done("envelope", "open", "told.env", "-o", "told.json", "--json").data
    assert (opened["kind"], opened["mark"], opened["reason"]) == ("told-mark", "disputed", "NOT-RECEIVED")
    # The payer's own command counts it: nobody gives it the file.
    shown = trade.insurer.path("opening-shown.json").name
    verdict = trade.insurer.run("verify", shown, "--json")
    assert verdict.code == 4
    assert "order-disputed" in {each["code"] for each in verdict.data["findings"]}
    # The envelope of the second order never came: the maker sees it, and that it stands.
    found = trade.maker.done("claim", "unannounced", "--json").data["orders"]
    assert [(each["claim"], each["order"], each["current"]) for each in found] == [(trade.claim, 2, True)]
    assert "sceau claim dispute" in trade.maker.done("claim", "unannounced").out


def test_a_practice_cancels_and_a_payer_refuses(trade: Trade) -> None:
    trade.authorise()
    trade.shop.done("claim", "cancel", trade.claim, "--reason", "PATIENT", "-o", "cancel.json")
    assert trade.history()["state"] == "cancelled"
    trade.shop.path("opening.json").unlink()
    trade.open()
    trade.insurer.path("opening-shown.json").unlink()
    shown = trade.disclose("opening.json", sealed=False)
    # Neither message keys nor a directory is needed for a plain disclosure.
    settings = trade.insurer.path("sceau.toml").read_text().splitlines()
    trade.insurer.write("sceau.toml", "\n".join(settings[:4]))
    trade.insurer.done("claim", "refuse", shown, "--reason", "NOT-COVERED", "-o", "refusal.json")
    assert trade.history()["state"] == "refused"
    assert trade.insurer.json("refusal.json")["opening"]["values"]["decision.reason"] == "NOT-COVERED"


def test_the_payers_own_values_are_sealed_over_what_was_asked(trade: Trade) -> None:
    shown = trade.disclose("opening.json")
    values = {"decision.date": "2026-11-23", "total.amc": "30000", "currency": "EUR"}
    trade.insurer.write(
        "decision.json", {"format": "sceau-values/1", "profile": "payer-decision/1", "values": values}
    )
    trade.insurer.done(
        *("claim", "authorise", shown, "--values", "decision.json", "--valid-until", UNTIL),
        *("-o", "authorisation.json"),
    )
    sealed = trade.insurer.json("authorisation.json")["opening"]["values"]
    assert {**values, "valid-until": UNTIL}.items() <= sealed.items()
    # What they do not say is what was asked.
    assert sealed["right.code"] == "VXB1"


def test_the_act_code_key_lets_the_payer_check_the_codes_it_authorised(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver()
    trade.invoice()
    shown = trade.disclose("invoice.json")
    trade.shop.done("envelope", "act-codes", "order.json", "-o", "codes.env")
    trade.shop.hand("codes.env", trade.insurer)
    trade.insurer.done("envelope", "open", "codes.env", "-o", "codes.json")
    without = trade.insurer.done("verify", shown, "--json")
    assert "act-codes-fit" not in codes(without)
    checked = ("--act-codes", "codes.json", "--authorisation", "authorisation.json")
    assert "act-codes-fit" in codes(trade.insurer.done("verify", shown, *checked, "--json"))
    # The payer's store has its authorisation too.
    alone = ("verify", shown, "--act-codes", "codes.json")
    assert "act-codes-fit" in codes(trade.insurer.done(*alone, "--json"))
    trade.insurer.path("empty").mkdir()
    assert "--authorisation" in trade.insurer.run(*alone, "--store", "empty").refused()
    trade.insurer.done("claim", "settle", shown, *checked, "-o", "settlement.json")


def test_other_codes_than_those_authorised_are_caught_with_the_key(trade: Trade) -> None:
    trade.authorise()
    trade.order(right_code="VXB9")
    trade.invoice("order.json", right_code="VXB9")
    shown = trade.disclose("invoice.json")
    trade.shop.done("envelope", "act-codes", "order.json", "-o", "codes.env")
    trade.shop.hand("codes.env", trade.insurer)
    line = trade.insurer.run(
        *("claim", "settle", shown, "--act-codes", "codes.env", "--authorisation", "authorisation.json"),
        *("-o", "settlement.json"),
    ).refused(3)
    assert "act" in line
    # The command ended without its result: the envelope still counts as never received.
    trade.insurer.done("envelope", "open", "codes.env", "-o", "codes.json")


def test_envelopes_can_be_used_at_once_and_count_when_the_work_is_done(trade: Trade) -> None:
    trade.shop.done("disclose", "opening.json", "--to", 3, "--clause", "minimal", "-o", "shown.json")
    trade.shop.done("envelope", "disclosure", "shown.json", "-o", "shown.env")
    trade.shop.hand("shown.env", trade.insurer)
    for _ in range(2):
        trade.insurer.done("verify", "shown.env")
    trade.insurer.done(
        *(
            "claim",
            "authorise",
            "shown.env",
            "--valid-until",
            UNTIL,
            "-o",
            "authorisation.json",
            "--envelope",
            "authorisation.env",
        ),
        *("--keep", "shown.json"),
    )
    assert "already received" in trade.insurer.run("verify", "shown.env").refused()
    trade.insurer.done("envelope", "show", "shown.json")
    trade.insurer.hand("authorisation.env", trade.shop)
    trade.shop.values("order")
    order = ("claim", "order", "order-values.json", "--supplier", 2, "-o", "order.json")
    trade.shop.done(*order, "--authorisation", "authorisation.env", "--keep", "authorisation.json")
    assert trade.shop.json("authorisation.json")["format"] == "sceau-message/1"
    trade.shop.done("envelope", "step", "order.json", "-o", "order.env")
    trade.shop.hand("order.env", trade.maker)
    trade.maker.values("delivery")
    trade.maker.done(
        *(
            "claim",
            "deliver",
            "order.env",
            "delivery-values.json",
            "--keep",
            "order.json",
            "-o",
            "delivery.json",
        )
    )


def test_a_supplier_refuses_an_order_for_a_reason_of_its_own(trade: Trade) -> None:
    trade.authorise()
    trade.shop.values("order")
    trade.shop.done(
        *("claim", "order", "order-values.json", "--authorisation", "authorisation.json"),
        *("--supplier", 2, "-o", "order.json", "--envelope", "order.env"),
    )
    trade.shop.hand("order.env", trade.maker)
    answered = trade.maker.done(
        *("claim", "answer", "order.env", "--keep", "order.json", "--refuse-because", "out-of-stock"),
        *("-o", "answer.env", "--json"),
    )
    assert answered.data["accepted"] is False
    trade.maker.hand("answer.env", trade.shop)
    said = trade.shop.done("envelope", "open", "answer.env", "-o", "answer.json", "--json").data
    assert (said["accepted"], said["reason"]) == (False, "OUT-OF-STOCK")


def test_no_command_prints_a_secret(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver()
    secrets = set()
    for desk in (trade.shop, trade.maker, trade.insurer):
        for name in ("opening.json", "order.json", "delivery.json", "authorisation.json"):
            if desk.path(name).exists():
                secrets |= _secrets(desk.path(name).read_text())
    assert len(secrets) >= 4
    said = ""
    for desk, name in ((trade.shop, "authorisation.json"), (trade.maker, "order.json")):
        for flags in ((), ("--json",)):
            shown = desk.done("envelope", "show", name, *flags)
            said += shown.out + shown.err
            drawn = desk.done("claim", "show", trade.claim, "--with", name, *flags)
            said += drawn.out + drawn.err
    assert not [secret for secret in secrets if secret in said]


def _secrets(text: str) -> set[str]:
    """Seeds and order keys in a file, however deep."""
    found: set[str] = set()

    def walk(value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, key)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, name)
        elif name in ("seed", "order_key") and isinstance(value, str):
            found.add(value[2:])
        elif name == "attached":
            walk(json.loads(value))

    walk(json.loads(text))
    return found


def test_an_order_that_does_not_fit_its_locks_is_refused_and_disputed(
    trade: Trade, chain: Deployed, published: Published
) -> None:
    trade.authorise()
    trade.shop.values("order")
    trade.shop.done(
        *("claim", "order", "order-values.json", "--authorisation", "authorisation.json"),
        *("--supplier", 2, "-o", "order.json"),
    )
    # The practice's own software refuses such a file, so the cheat is another software's.
    kept = PreparedStep.from_json(trade.shop.json("order.json"))
    false = replace(kept, order_key=OrderKey.read("0x" + "5a" * 32))
    keys = MessageKeys.unlock(published.locked["practice"], MESSAGE_PASSWORD)
    directory = Directory.of(*published.entries.values())
    post = Mailbox(chain.network, chain.party("practice"), keys, directory, LocalStore(None))
    trade.maker.write("order.env", order_envelope(post, false, supplier=2))
    answered = trade.maker.run(
        "claim", "answer", "order.env", "--keep", "order.json", "-o", "answer.env", "--json"
    )
    assert answered.code == 3
    assert answered.data["accepted"] is False
    assert answered.data["differing"] == ["act-codes", "lens-product", "correction", "quantity"]
    trade.maker.values("delivery")
    before = trade.maker.files()
    deliver = (
        "claim",
        "deliver",
        "order.json",
        "delivery-values.json",
        "-o",
        "d.json",
        "--despite-difference",
    )
    assert "does not fit its locks" in trade.maker.run(*deliver).refused()
    assert trade.maker.files() == before
    trade.maker.done("claim", "dispute", trade.claim, "--reason", "LOCKS-DIFFER", "-o", "dispute.json")
    trade.maker.hand("answer.env", trade.shop)
    said = trade.shop.done("envelope", "open", "answer.env", "-o", "answer.json")
    assert "LOCKS-DIFFER" in said.out


def test_a_command_that_is_killed_before_it_sends_has_kept_the_step(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = trade.disclose("opening.json")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sceau.roles.queue.Push.look", killed)
        result = trade.insurer.run(
            "claim",
            "authorise",
            shown,
            "--valid-until",
            UNTIL,
            "-o",
            "authorisation.json",
            "--envelope",
            "authorisation.env",
        )
    assert result.code == 130
    assert stat.S_IMODE(trade.insurer.path("authorisation.json").stat().st_mode) == 0o600
    assert trade.history()["state"] == "opened"
    root = trade.insurer.json("authorisation.json")["opening"]["root"]
    for _ in range(2):
        trade.insurer.done("claim", "send", "authorisation.json")
    assert [step["commitment"] for step in trade.history()["steps"]][1:] == [root]
    trade.insurer.hand("authorisation.env", trade.shop)
    trade.shop.done("envelope", "open", "authorisation.env", "-o", "authorisation.json")


def test_an_order_is_not_made_before_it_is_on_the_chain(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade.authorise()
    trade.shop.values("order")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sceau.roles.queue.Push.look", killed)
        trade.shop.run(
            *("claim", "order", "order-values.json", "--authorisation", "authorisation.json"),
            *("--supplier", 2, "-o", "order.json", "--envelope", "order.env"),
        )
    trade.shop.hand("order.env", trade.maker)
    answer = ("claim", "answer", "order.env", "--keep", "order.json", "-o", "answer.env")
    assert "Wait for it" in trade.maker.run(*answer).refused()
    trade.shop.done("claim", "send", "order.json")
    trade.maker.done(*answer)


def test_a_command_says_whether_what_it_read_was_proved(trade: Trade, chain: Deployed) -> None:
    trade.authorise()
    trade.order()
    sentences = {"believed": "none: the node is believed", "proved": "validators sealed what was read"}
    with proved(chain, validator_keys(4)) as (network, _):
        for how, sentence in sentences.items():
            for desk, *words in (
                (trade.shop, "disclose", "opening.json", *MINIMAL, "-o", f"{how}.json"),
                (trade.maker, "claim", "answer", "order.json", "-o", f"{how}.env"),
                (trade.maker, "envelope", "show", "order.json"),
            ):
                if how == "proved":
                    desk.write("proving.json", network.manifest.to_json())
                    words += [
                        "--node",
                        network.node.url,
                        "--manifest",
                        "proving.json",
                        "--proofs",
                        "required",
                    ]
                assert sentence in desk.done(*words, COLUMNS="200").out


def test_the_timeline_shows_names_states_and_what_the_reader_holds(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver("order.json", "--despite-difference", **OTHER_LENS)
    bare = trade.insurer.done("claim", "show", trade.claim, COLUMNS="80")
    assert "Optique du Pont" in bare.out
    assert "DIFFERS from the order in: lens product" in bare.out
    assert "→ ordered" in bare.out
    assert "VXB1" not in bare.out
    drawn = trade.insurer.done(
        *("claim", "show", trade.claim, "--with", "opening-shown.json", "--with", "authorisation.json"),
        COLUMNS="80",
        SCEAU_LANGUAGE="fr",
    )
    french = drawn.out.replace("\u00a0", " ")
    assert "DIFFÈRE de la commande pour : modèle de verre" in french
    assert "code de regroupement : VXB1" in french
    assert "Montant payé par l'organisme : 343,97" in french
    assert all(len(line) <= 80 for line in (bare.out + drawn.out).splitlines())
    # The payer holds what it was shown; the supplier the whole order, the practice its own opening.
    assert "left.sphere" not in json.dumps(trade.insurer.done(*_with(trade, "opening-shown.json")).data)
    held = trade.maker.done(*_with(trade, "order.json", "delivery.json")).data["steps"]
    assert held[2]["values"]["lens-order/1"]["left.sphere"] == "-2.00"
    assert held[3]["values"]["lens-delivery/1"]["right.lens.code"] == "ECO50"
    assert [step["state"] for step in held] == ["opened", "authorised", "ordered", "ordered"]


def _with(trade: Trade, *names: str) -> list[str]:
    return ["claim", "show", trade.claim, "--json", *(word for name in names for word in ("--with", name))]
