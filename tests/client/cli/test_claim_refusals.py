# SPDX-License-Identifier: Apache-2.0
"""What a command of a claim's life refuses: one line, a code, nothing written on any desk or on the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.cli.conftest import Result
from tests.client.cli.offices import Office, Published, open_office
from tests.client.cli.trade import open_trade
from tests.support.deployed import Deployed
from tests.support.life import UNTIL


class Scene:
    """A claim that is ordered and delivered as ordered, another just opened, and one desk of each kind more."""

    def __init__(self, directory: Path, chain: Deployed, published: Published) -> None:
        self.chain = chain
        self.trade = trade = open_trade(directory, chain, published)
        self.shop, self.maker, self.insurer = trade.shop, trade.maker, trade.insurer
        trade.authorise()
        trade.order()
        trade.deliver()
        self.shop.path("opening.json").rename(self.shop.path("first-opening.json"))
        self.insurer.path("opening-shown.json").rename(self.insurer.path("first-shown.json"))
        self.first = trade.claim
        trade.open()
        self.second = trade.claim
        plain = trade.disclose("opening.json", sealed=False)
        self.insurer.path(plain).rename(self.insurer.path("plain.json"))
        self.shown = trade.disclose("opening.json")
        for kind in ("invoice", "order", "quote"):
            self.shop.values(kind)
        self.maker.values("delivery")
        self.other_maker = open_office(
            directory / "other", chain, "other_supplier", _as(published, "supplier")
        )

    def refused(self, desk: Office, *words: object, code: int = 1, **variables: str) -> str:
        """The line that a command is refused with; nothing was written anywhere."""
        desks = (self.shop, self.maker, self.insurer)
        before, block = [each.files() for each in desks], self.chain.network.node.head().number
        result: Result = desk.run(*words, **variables)
        line = result.refused(code)
        assert [each.files() for each in desks] == before
        assert self.chain.network.node.head().number == block
        return line


def _as(published: Published, name: str) -> Published:
    locked = {**published.locked, "other_supplier": published.locked[name]}
    return Published(locked, published.entries)


@pytest.fixture(scope="module")
def scene(
    deployed: Deployed, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with deployed.rolled_back():
        yield Scene(tmp_path_factory.mktemp("scene"), deployed, published)


# The payer


def forged(scene: Scene) -> dict[str, Any]:
    """A disclosure in which another code stands than the one that was sealed."""
    shown: dict[str, Any] = scene.insurer.json("plain.json")
    leaves = shown["record"]["shown"]["leaves"]
    # By name: leaves stand in the order of their hashes, and a number in another's place breaks the file's form.
    next(leaf for leaf in leaves if leaf["name"] == "right.code")["value"] = "VXB9"
    return shown


@pytest.mark.parametrize("step", ["authorise", "settle"])
def test_a_refused_verdict_writes_nothing(scene: Scene, step: str) -> None:
    shown = forged(scene)
    scene.insurer.write("edited.json", shown)
    if step == "authorise":
        line = scene.refused(scene.insurer, "claim", step, "edited.json", "-o", "x.json", code=3)
        assert "REFUSED" in line
        assert "sealed" in line
    else:
        line = scene.refused(scene.insurer, "claim", step, "edited.json", "-o", "x.json")
        assert "invoice" in line


def test_a_claim_is_authorised_on_its_opening_and_settled_on_its_invoice(scene: Scene) -> None:
    line = scene.refused(scene.insurer, "claim", "settle", scene.shown, "-o", "x.json", SCEAU_LANGUAGE="fr")
    assert "facture" in line
    assert "ouverture" in line


def test_a_claim_that_was_authorised_takes_no_other_authorisation(scene: Scene) -> None:
    other = ("claim", "authorise", "first-shown.json", "--valid-until", "2090-01-01", "-o", "x.json")
    assert "'authorisation' is not possible" in scene.refused(scene.insurer, *other)


def test_a_disclosure_for_another_is_no_ground_for_anything(scene: Scene) -> None:
    scene.insurer.hand("plain.json", scene.maker)
    words = ("plain.json", "-o", "x.json")
    assert "REFUSED" in scene.refused(
        scene.maker, "claim", "authorise", *words, "--valid-until", UNTIL, code=3
    )
    assert "not to you" in scene.refused(scene.maker, "claim", "refuse", *words)


def test_a_forged_file_refuses_nobodys_claim(scene: Scene) -> None:
    shown = forged(scene)
    scene.insurer.write("forged.json", shown)
    assert "gives no ground" in scene.refused(scene.insurer, "claim", "refuse", "forged.json", "-o", "x.json")
    shown["sender"] = 5
    scene.insurer.write("forged.json", shown)
    assert "party 5" in scene.refused(scene.insurer, "claim", "refuse", "forged.json", "-o", "x.json")


def test_an_existing_file_is_never_written_over(scene: Scene) -> None:
    for option in ("-o", "--envelope", "--keep"):
        files = {"-o": "new-1.json", "--envelope": "new-2.env", "--keep": "new-3.json", option: "plain.json"}
        words = [word for pair in files.items() for word in pair]
        line = scene.refused(
            scene.insurer, "claim", "authorise", "opening-shown.env", "--valid-until", UNTIL, *words
        )
        assert line.startswith("sceau: plain.json already exists")


def test_two_things_are_not_written_to_one_file(scene: Scene) -> None:
    words = (
        "claim",
        "authorise",
        "plain.json",
        "--valid-until",
        UNTIL,
        "-o",
        "x.json",
        "--envelope",
        "./x.json",
    )
    assert "one file" in scene.refused(scene.insurer, *words)
    answer = ("claim", "answer", "order.json", "-o", "x.env", "--keep", "x.env")
    assert "one file" in scene.refused(scene.maker, *answer)
    assert "one file" in scene.refused(scene.maker, "message-keys", "new", "-o", "k", "--public", "k")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--valid-until", "31/12/2026"), "valid-until"),
        (("--values", "plain.json"), "plain.json"),
        (("--values", "quote.json"), "payer-decision/1"),
        (("--justification", "plain.json"), "plain.json"),
        (("--justification", "first-shown.json"), "justification"),
    ],
)
def test_values_and_files_that_do_not_fit_are_named(scene: Scene, flags: tuple[str, str], said: str) -> None:
    scene.shop.hand("quote-values.json", scene.insurer)
    scene.insurer.path("quote-values.json").replace(scene.insurer.path("quote.json"))
    line = scene.refused(
        scene.insurer, "claim", "authorise", "plain.json", "--valid-until", UNTIL, "-o", "x.json", *flags
    )
    assert said in line


# Envelopes


def test_an_envelope_counts_once(scene: Scene) -> None:
    line = scene.refused(scene.insurer, "envelope", "open", "opening-shown.env", "-o", "x.json")
    assert "already received" in line
    line = scene.refused(scene.maker, "claim", "answer", "order.env", "--keep", "k.json", "-o", "x.env")
    assert "already received" in line


def test_an_envelope_for_another_or_altered_or_cut_is_refused(scene: Scene) -> None:
    scene.shop.done("envelope", "step", "order.json", "-o", "again.env", "--force")
    whole = scene.shop.path("again.env").read_text()
    scene.insurer.write("o.env", whole)
    assert "cannot be opened" in scene.refused(scene.insurer, "envelope", "open", "o.env", "-o", "x.json")
    header, *parts = whole.strip().split(".")
    parts[2] = parts[2][:-4] + ("AAAA" if parts[2][-4:] != "AAAA" else "BBBB")
    for text in (".".join([header, *parts]), whole[: len(whole) // 2], whole[:10]):
        scene.maker.write("o.env", text)
        line = scene.refused(scene.maker, "claim", "answer", "o.env", "--keep", "k.json", "-o", "x.env")
        assert "o.env" in line
    for text in ("", "hello", "{}", json.dumps({"format": "sceau-message/1"})):
        scene.maker.write("o.env", text)
        assert "o.env" in scene.refused(
            scene.maker, "claim", "deliver", "o.env", "delivery-values.json", "-o", "x.json"
        )
        assert "o.env" in scene.refused(scene.maker, "envelope", "open", "o.env", "-o", "x.json")


def test_the_holder_of_the_keys_alone_is_not_the_supplier(scene: Scene) -> None:
    # Another supplier's party with the right supplier's message keys: not made out to it all the same.
    scene.shop.hand("order.env", scene.other_maker)
    assert "addressed to you" in scene.refused(
        scene.other_maker, "envelope", "open", "order.env", "-o", "x.json"
    )


def test_a_message_of_another_kind_is_not_taken(scene: Scene) -> None:
    order = ("claim", "order", "order-values.json", "--supplier", 2, "-o", "x.json", "--authorisation")
    assert "another kind" in scene.refused(scene.shop, *order, "order-answer.json")
    assert "received message" in scene.refused(scene.shop, *order, "order.json")


def test_a_kept_message_that_was_edited_is_none(scene: Scene) -> None:
    kept = scene.maker.json("order.json")
    kept["attached"] = kept["attached"].replace("VXB1", "VXB9")
    scene.maker.write("edited.json", kept)
    line = scene.refused(
        scene.maker, "claim", "deliver", "edited.json", "delivery-values.json", "-o", "x.json"
    )
    assert "edited since" in line


def test_an_order_in_an_envelope_must_be_kept(scene: Scene) -> None:
    scene.shop.done("envelope", "step", "order.json", "-o", "third.env", "--force")
    scene.shop.hand("third.env", scene.maker)
    assert "--keep" in scene.refused(scene.maker, "claim", "answer", "third.env", "-o", "x.env")
    line = scene.refused(scene.maker, "claim", "deliver", "third.env", "delivery-values.json", "-o", "x.json")
    assert "--keep" in line


def test_no_opening_goes_whole_to_a_payer(scene: Scene) -> None:
    for step in ("opening.json", "first-opening.json"):
        assert "sceau disclose" in scene.refused(scene.shop, "envelope", "step", step, "-o", "x.env")
    assert "no order" in scene.refused(scene.shop, "envelope", "act-codes", "opening.json", "-o", "x.env")


# Settings


@pytest.mark.parametrize("setting", ["message_keys", "directory", "store"])
def test_a_setting_that_is_missing_is_named(scene: Scene, setting: str) -> None:
    scene.shop.done("envelope", "step", "order.json", "-o", "fourth.env", "--force")
    scene.shop.hand("fourth.env", scene.maker)
    lines = scene.maker.path("sceau.toml").read_text().splitlines()
    scene.maker.write("other.toml", "\n".join(line for line in lines if not line.startswith(setting)))
    line = scene.refused(
        scene.maker, "envelope", "open", "fourth.env", "-o", "x.json", "--config", "other.toml"
    )
    assert f"--{setting.replace('_', '-')}" in line
    assert f"SCEAU_{setting.upper()}" in line


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--message-password-file", "password"), "password is wrong"),
        (("--message-keys", "key.json"), "key.json"),
        (("--directory", "nowhere"), "nowhere"),
        (("--store", "nowhere/store"), "nowhere/store"),
        (("--store", "key.json"), "key.json"),
    ],
)
def test_a_setting_that_does_not_serve_is_named(scene: Scene, flags: tuple[str, str], said: str) -> None:
    scene.shop.done("envelope", "step", "order.json", "-o", "fifth.env", "--force")
    scene.shop.hand("fifth.env", scene.maker)
    assert said in scene.refused(scene.maker, "envelope", "open", "fifth.env", "-o", "x.json", *flags)


def test_keys_and_directory_are_looked_at_before_anything_is_on_the_chain(scene: Scene) -> None:
    # The store holds the entries of those who wrote before: here it is a new one.
    for folder in ("empty", "new-store"):
        scene.insurer.path(folder).mkdir(exist_ok=True)
    line = scene.refused(
        *(
            scene.insurer,
            "claim",
            "authorise",
            "plain.json",
            "--valid-until",
            UNTIL,
            "-o",
            "x.json",
            "--envelope",
            "x.env",
        ),
        *("--directory", "empty", "--store", "new-store"),
    )
    assert "party 1" in line


# The practice


def test_nothing_is_ordered_twice_or_without_the_payers_word(scene: Scene) -> None:
    values = scene.shop.json("order-values.json")
    values["values"]["left.sphere"] = "-2.25"
    scene.shop.write("other-order.json", values)
    order = ("claim", "order", "other-order.json", "-o", "x.json", "--authorisation")
    line = scene.refused(scene.shop, *order, "authorisation.json", "--supplier", 2)
    assert "replaces" in line
    assert "supplier" in scene.refused(scene.shop, *order, "authorisation.json", "--supplier", 3)
    assert "999" in scene.refused(scene.shop, *order, "authorisation.json", "--supplier", 999)
    assert "absent.json" in scene.refused(scene.shop, *order, "absent.json", "--supplier", 2)


def test_a_remake_says_why(scene: Scene) -> None:
    remake = ("claim", "remake", scene.first, "order-values.json", "--supplier", 2, "-o", "x.json")
    assert "must give its reason" in scene.refused(scene.shop, *remake)
    values = scene.shop.json("order-values.json")
    values["values"]["order.reason"] = "CORRECTION"
    scene.shop.write("corrected.json", values)
    words = [word if word != "order-values.json" else "corrected.json" for word in remake]
    assert "delivered" in scene.refused(scene.shop, *words)


def test_an_invoice_that_differs_is_not_written_by_mistake(scene: Scene) -> None:
    values = scene.shop.json("invoice-values.json")
    values["values"]["right.lens.code"] = "ULTRA74"
    scene.shop.write("dear.json", values)
    invoice = ("claim", "invoice", "dear.json", "--order", "order.json", "-o", "x.json")
    line = scene.refused(scene.shop, *invoice)
    assert "lens product" in line
    assert "--despite-difference" in line
    assert "modèle de verre" in scene.refused(scene.shop, *invoice, SCEAU_LANGUAGE="fr")
    wrong = ("claim", "invoice", "invoice-values.json", "-o", "x.json", "--order")
    assert "first-opening.json" in scene.refused(scene.shop, *wrong, "first-opening.json")


def test_values_of_another_profile_are_refused(scene: Scene) -> None:
    line = scene.refused(
        scene.shop, "claim", "invoice", "order-values.json", "--order", "order.json", "-o", "x.json"
    )
    assert "fr-optical-invoice/1" in line


def test_a_note_has_one_of_the_known_reasons(scene: Scene) -> None:
    cancel = ("claim", "cancel", scene.second, "-o", "x.json")
    assert "note.reason" in scene.refused(scene.shop, *cancel)
    assert "note.reason" in scene.refused(scene.shop, *cancel, "--reason", "BORED")


# The supplier


def test_a_delivery_that_differs_is_not_written_by_mistake(scene: Scene) -> None:
    # The order was delivered once; the difference is found before the chain is asked.
    values = scene.maker.json("delivery-values.json")
    values["values"]["left.sphere"] = "-2.25"
    scene.maker.write("other.json", values)
    line = scene.refused(scene.maker, "claim", "deliver", "order.json", "other.json", "-o", "x.json")
    assert "correction" in line


def test_an_order_is_delivered_once(scene: Scene) -> None:
    line = scene.refused(
        scene.maker, "claim", "deliver", "order.json", "delivery-values.json", "-o", "x.json"
    )
    assert "'delivery'" in line


def test_only_the_supplier_marks_an_order(scene: Scene) -> None:
    for verb in ("return", "dispute"):
        line = scene.refused(
            scene.other_maker, "claim", verb, scene.first, "--reason", "OTHER", "-o", "x.json"
        )
        assert "only party 2 may do" in line


def test_a_justification_is_the_word_of_somebody_concerned_on_what_can_be_justified(scene: Scene) -> None:
    words = ("claim", "justify", scene.first, "-o", "x.env", "--reason", "R", "--finding")
    assert "can be justified" in scene.refused(scene.shop, *words, "consent-revoked")
    assert "neither" in scene.refused(scene.insurer, *words, "delivery-differs")
    long = ("claim", "justify", scene.first, "-o", "x.env", "--finding", "delivery-differs", "--reason")
    assert "reason" in scene.refused(scene.shop, *long, "a sentence, with a name in it: Mrs Martin")


# Looking


def test_a_file_of_another_claim_shows_nothing(scene: Scene) -> None:
    assert "opening.json" in scene.refused(scene.shop, "claim", "show", scene.first, "--with", "opening.json")
    assert "holds no record" in scene.refused(
        scene.shop, "claim", "show", scene.first, "--with", "order-answer.json"
    )
    shown = forged(scene)
    scene.insurer.write("edited.json", shown)
    assert "edited.json" in scene.refused(
        scene.insurer, "claim", "show", scene.second, "--with", "edited.json"
    )


@pytest.mark.parametrize(("claim", "said"), [("0x12", "0x and 64"), ("0x" + "00" * 32, "Claim 0x00")])
def test_a_claim_that_is_none_is_named(scene: Scene, claim: str, said: str) -> None:
    for words in (("claim", "show", claim), ("claim", "cancel", claim, "--reason", "OTHER", "-o", "x.json")):
        assert said in scene.refused(scene.shop, *words)
