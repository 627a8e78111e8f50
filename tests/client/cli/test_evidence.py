# SPDX-License-Identifier: Apache-2.0
"""Evidence from what parties keep, and its audit by somebody who has a node and nothing else."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sceau.party.entry import DirectoryEntry
from sceau.store import Kind, LocalStore
from tests.client.cli.conftest import Result
from tests.client.cli.offices import MESSAGE_PASSWORD, NAMES, Office, Published, open_office
from tests.support.deployed import Deployed
from tests.support.life import UNTIL, Life
from tests.support.mailboxes import confirmation, publish


class Case:
    """A claim on which another lens was delivered than ordered, one on which all is well, and an auditor."""

    def __init__(self, directory: Path, chain: Deployed) -> None:
        published = publish(chain, *NAMES)
        entries = {name: published.directory.entry(chain.network, chain.party(name)) for name in NAMES}
        at_desks = Published(
            {name: keys.locked(MESSAGE_PASSWORD, rounds=1_000) for name, keys in published.keys.items()},
            entries,
            {name: confirmation(chain, chain.party(name), each.identity) for name, each in entries.items()},
        )
        self.shop, self.maker, self.insurer, self.auditor = (
            open_office(directory / name, chain, name, at_desks) for name in NAMES
        )
        for desk in (self.shop, self.maker, self.insurer):
            desk.path("conform").mkdir()
        self.conform = self._life(Life(chain, published), "conform/")
        self.claim = self._life(Life(chain, published), "", right_lens_code="ECO50")

    def _life(self, life: Life, folder: str, **changes: str) -> str:
        """A claim as far as its invoice, with what each party stores of it in files at its desk."""
        life.authorise()
        life.order()
        life.answer()
        life.deliver(**{path.replace("_", "."): value for path, value in changes.items()})
        life.invoice()
        life.show(life.disclosure("invoice"))
        for name, function in (("opening", "open"), ("order", "order"), ("invoice", "invoice")):
            self.shop.write(f"{folder}{name}.json", life.steps[function].to_json())
        self.maker.write(f"{folder}delivery.json", life.steps["deliver"].to_json())
        for desk, name, party in (
            (self.shop, "order-answer", life.practice),
            (self.maker, "order", life.supplier),
            (self.insurer, "invoice-shown", life.payer),
        ):
            desk.write(f"{folder}{name}.json", party.store.of_claim(Kind.MESSAGE, life.claim)[-1])
        for desk, party in (
            (self.shop, life.practice),
            (self.maker, life.supplier),
            (self.insurer, life.payer),
        ):
            store = LocalStore(desk.path("store"))
            for kind in (Kind.STEP, Kind.MESSAGE):
                for key, stored in party.store.of_kind(kind):
                    store.put(kind, key, stored, claim=life.claim)
        return life.claim

    def evidence(self, desk: Office, name: str, *words: str, claim: str = "") -> str:
        desk.done("evidence", claim or self.claim, *words, "-o", name, "--force")
        return desk.hand(name, self.auditor)

    def audit(self, name: str, **variables: str) -> Result:
        return self.auditor.run("audit", name, "--json", **variables)


@pytest.fixture(scope="module")
def case(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with deployed.rolled_back():
        yield Case(tmp_path_factory.mktemp("case"), deployed)


@pytest.fixture(scope="module")
def both(case: Case) -> str:
    """Both sides' evidence on the swapped lens, in one file at the auditor's desk."""
    group = ("--group", "lens-product")
    case.evidence(case.shop, "shop.json", "--step", "order.json", *group, "--message", "order-answer.json")
    case.evidence(
        *(case.maker, "maker.json", "--step", "delivery.json", "--step", "order.json", *group),
        *("--message", "order.json"),
    )
    case.auditor.done(
        "evidence", case.claim, "--add", "shop.json", "--add", "maker.json", "-o", "both.json", "--force"
    )
    return "both.json"


def test_both_sides_open_and_the_goods_differ(case: Case, both: str) -> None:
    found = case.audit(both)
    assert found.code == 3
    assert [(ruling["code"], ruling["fault"]) for ruling in found.data["rulings"]] == [("goods-differ", None)]
    assert all(check["holds"] for check in found.data["checks"])
    assert "right.lens.code" in found.out
    assert "ECO50" not in found.out
    shown = case.auditor.run("audit", both, COLUMNS="80", SCEAU_LANGUAGE="fr")
    assert "UN GROUPE DIFFÈRE" in shown.out
    assert "ECO50" not in shown.out
    assert all(len(line) <= 80 for line in shown.out.splitlines())


@pytest.mark.usefixtures("both")
def test_who_did_not_open_is_to_be_asked(case: Case) -> None:
    found = case.audit("shop.json")
    assert found.code == 3
    (ruling,) = found.data["rulings"]
    assert (ruling["code"], ruling["fault"], ruling["ask"]) == ("not-opened-ask", None, 2)
    assert "to be asked: party 2" in case.auditor.run("audit", "shop.json").out


def test_a_conform_claim_holds(case: Case) -> None:
    words = ("--step", "conform/opening.json", "--path", "right.code", "--path", "total.amc")
    case.evidence(case.shop, "good.json", *words, claim=case.conform)
    found = case.audit("good.json")
    assert (found.code, found.data["holds"]) == (0, True)
    assert "ALL VALID" in case.auditor.run("audit", "good.json").out
    assert stat.S_IMODE(case.shop.path("good.json").stat().st_mode) == 0o600


def test_only_what_was_chosen_is_in_the_file(case: Case) -> None:
    words = (
        "--step",
        "order.json",
        "--step",
        "invoice.json",
        "--group",
        "act-codes",
        "--path",
        "invoice.number",
    )
    case.evidence(case.shop, "chosen.json", *words)
    made = case.shop.json("chosen.json")
    assert [len(made[part]) for part in ("records", "groups", "messages")] == [1, 2, 0]
    text = case.shop.path("chosen.json").read_text()
    assert "-2.50" not in text
    assert "sphere" not in text
    assert case.shop.json("order.json")["order_key"] not in text
    assert case.shop.json("order.json")["opening"]["seed"] not in text


def test_a_payer_shows_what_it_was_shown(case: Case) -> None:
    case.evidence(case.insurer, "payer.json", "--step", "invoice-shown.json")
    found = case.audit("payer.json")
    assert [check["holds"] for check in found.data["checks"]] == [True, True]


def test_an_edited_value_is_named(case: Case) -> None:
    case.evidence(case.shop, "values.json", "--step", "opening.json", "--path", "right.code")
    made = case.auditor.json("values.json")
    for leaf in made["records"][0]["shown"]["leaves"]:
        leaf["value"] = "VXB9" if leaf["name"] == "right.code" else leaf["value"]
    case.auditor.write("values.json", made)
    shown = case.auditor.run("audit", "values.json")
    assert shown.code == 3
    assert "1 CHECK FAILS" in shown.out
    assert "fr-optical-quote/1 (opened): invalid" in shown.out


def test_a_forged_message_is_named(case: Case, both: str) -> None:
    made = case.auditor.json(both)
    header, payload, signature = made["messages"][0].split(".")
    made["messages"][0] = ".".join((header, payload, signature[:-6] + "AAAAAA"))
    case.auditor.write("forged.json", made)
    found = case.audit("forged.json")
    assert found.code == 3
    assert "message-does-not-hold" in [check["code"] for check in found.data["checks"]]


def test_an_auditor_needs_no_directory(case: Case, both: str) -> None:
    lines = case.auditor.path("sceau.toml").read_text().splitlines()
    case.auditor.write("bare.toml", "\n".join(line for line in lines if not line.startswith("directory")))
    case.evidence(case.shop, "alone.json", "--step", "opening.json", "--path", "right.code")
    assert case.auditor.run("audit", "alone.json", "--config", "bare.toml").code == 3
    found = case.auditor.run("audit", both, "--config", "bare.toml", "--json")
    assert [check["holds"] for check in found.data["checks"] if "message" in check["code"]] == [True] * 2
    # Whoever edits an entry's name has no entry at all: it holds the hash of its identity.
    made = case.auditor.json(both)
    made["entries"][0]["name"] += " & Co"
    case.auditor.write("renamed.json", made)
    refused = case.auditor.run("audit", "renamed.json", "--config", "bare.toml", "--json").refused()
    assert json.loads(refused)["error"] == "evidence-malformed"
    # Whoever makes a whole entry of it has one that the chain does not know.
    other = DirectoryEntry.from_json(case.auditor.json(both)["entries"][0])
    made["entries"][0] = replace(other, name=f"{other.name} & Co").to_json()
    case.auditor.write("renamed.json", made)
    found = case.auditor.run("audit", "renamed.json", "--config", "bare.toml", "--json")
    assert "message-does-not-hold" in [check["code"] for check in found.data["checks"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), "evidence-empty", "--step"),
        (("--step", "order.json", "--group", "colour"), "group-unknown", "act-codes"),
        (("--step", "opening.json"), "nothing-chosen", "fr-optical-quote/1 (opened)"),
        (("--step", "opening.json", "--group", "quantity"), "chosen-nowhere", "quantity and eyes"),
        (("--step", "opening.json", "--path", "right.sphere"), "chosen-nowhere", "right.sphere"),
        (("--step", "invoice.json", "--group", "quantity"), "order-key-missing", "order 1"),
        (("--step", "conform/order.json", "--group", "quantity"), "of-no-step", "conform/order.json"),
        (("--step", "order-answer.json", "--path", "x"), "holds-no-record", "order-answer.json"),
        (("--step", "absent.json", "--path", "x"), "file-not-read", "absent.json"),
        (("--message", "order.json"), "file-malformed", "order.json"),
        (("--message", "conform/order-answer.json"), "of-another-claim", "conform/order-answer.json"),
        (("--add", "conform.json"), "of-another-claim", "conform.json"),
        (("--add", "order.json"), "file-malformed", "order.json"),
    ],
)
def test_evidence_that_cannot_be_made_is_refused(
    case: Case, words: tuple[str, ...], code: str, said: str
) -> None:
    shop = case.shop
    step = ("--step", "conform/opening.json", "--path", "right.code", "--force")
    shop.done("evidence", case.conform, *step, "-o", "conform.json")
    before = shop.files()
    line = json.loads(shop.run("evidence", case.claim, *words, "-o", "x.json", "--json").refused())
    assert line["error"] == code
    assert said in line["message"]
    assert shop.files() == before


def test_the_timeline_shows_what_the_reader_holds_and_nothing_else(case: Case) -> None:
    show = ("claim", "show", case.claim)
    bare = case.insurer.done(*show, COLUMNS="80")
    assert "practice SARL" in bare.out
    assert "DIFFERS from the order in: lens product" in bare.out
    assert "→ ordered" in bare.out
    drawn = case.maker.done(
        *show, "--with", "order.json", "--with", "delivery.json", COLUMNS="80", SCEAU_LANGUAGE="fr"
    )
    assert "DIFFÈRE de la commande pour : modèle de verre" in drawn.out.replace("\u00a0", " ")
    assert all(len(line) <= 80 for line in (bare.out + drawn.out).splitlines())
    data = case.maker.done(*show, "--with", "order.json", "--with", "delivery.json", "--json").data
    assert [step["state"] for step in data["steps"]] == [
        *("opened", "authorised", "ordered", "ordered", "invoiced"),
    ]
    assert data["names"]["1"] == "practice SARL"
    assert data["steps"][2]["values"]["lens-order/1"]["left.sphere"] == "-2.00"
    assert data["steps"][3]["values"]["lens-delivery/1"]["right.lens.code"] == "ECO50"
    shown = case.insurer.done(*show, "--with", "invoice-shown.json", "--json").data["steps"]
    assert [bool(step["values"]) for step in shown] == [False, False, False, False, True]
    assert "left.sphere" not in json.dumps(shown)
    line = json.loads(case.maker.run(*show, "--with", "conform/delivery.json", "--json").refused())
    assert (line["error"], "conform/delivery.json" in line["message"]) == ("of-no-step", True)


def test_what_the_store_holds_is_shown_as_files_of_it_are_and_only_on_demand(case: Case) -> None:
    show = ("claim", "show", case.claim, "--json")
    for desk, files in (
        (case.maker, ("order.json", "delivery.json")),
        (case.shop, ("opening.json", "order.json", "invoice.json")),
    ):
        bare = desk.done(*show).data["steps"]
        assert not any(step["values"] for step in bare)
        given = desk.done(*show, *(word for file in files for word in ("--with", file))).data["steps"]
        held = desk.done(*show, "--held").data["steps"]
        for step, told in zip(held, given, strict=True):
            assert step["values"].items() >= told["values"].items()
    # A payer looks at its own decision, and at what its verdict on a disclosure lets it hold.
    shown = case.insurer.done(*show, "--held").data["steps"]
    assert [bool(step["values"]) for step in shown] == [False, True, False, False, False]
    case.insurer.run("verify", case.claim)
    shown = case.insurer.done(*show, "--held").data["steps"]
    assert [bool(step["values"]) for step in shown] == [False, True, False, False, True]
    assert "left.sphere" not in json.dumps(shown)
    assert not any(step["values"] for step in case.auditor.done(*show, "--held").data["steps"])
    assert "--held" in case.maker.done("claim", "show", case.claim, SCEAU_LANGUAGE="fr").err
    lines = case.maker.path("sceau.toml").read_text().splitlines()
    case.maker.write("bare.toml", "\n".join(line for line in lines if not line.startswith("store")))
    assert "SCEAU_STORE" in case.maker.run(*show, "--held", "--config", "bare.toml").refused()


def test_an_auditor_asks_is_answered_and_rules_without_a_file(case: Case) -> None:
    folder = case.shop.directory.parent / "exchange"
    folder.mkdir()
    post = {"SCEAU_EXCHANGE": str(folder)}
    shop, maker, auditor = case.shop, case.maker, case.auditor
    alone = auditor.run("audit", case.claim, "--json")
    assert {(each["code"], each["ask"]) for each in alone.data["rulings"]} == {
        ("not-opened-ask", 1),
        ("not-opened-ask", 2),
    }
    for party in (1, 2):
        words = ("--party", party, "--group", "lens-product", "--until", UNTIL, "--json")
        asked = auditor.done("envelope", "request", case.claim, *words, **post).data
        assert asked == {"claim": case.claim, "recipient": party, "envelope": None}
    assert auditor.done("sync", "--json", **post).data["sent"] == 2
    for desk, steps in ((shop, 2), (maker, 1)):
        assert desk.done("sync", "--json", **post).data["received"] == 1
        messages = desk.done("inbox", "--json", **post).data["messages"]
        (request,) = [each["id"] for each in messages if each["asks"] == "open"]
        before = desk.files()
        # Where files are named but not one for each step, nothing leaves.
        places = ("-o", "a.env", "-o", "b.env", "-o", "c.env")
        assert desk.run("envelope", "answer", request, *places, **post).code == 2
        assert desk.done("envelope", "receipt", case.claim, "--json", **post).data["envelope"] is None
        answered = desk.done("envelope", "answer", request, "--json", **post).data
        assert (answered["claim"], answered["envelopes"]) == (case.claim, None)
        assert set(desk.files()) == set(before)
        assert desk.done("sync", "--json", **post).data["sent"] == 1 + steps
    auditor.done("sync", **post)
    found = auditor.run("audit", case.claim, "--json")
    assert found.code == 3
    assert [(ruling["code"], ruling["fault"]) for ruling in found.data["rulings"]] == [("goods-differ", None)]
    auditor.done(*("envelope", "ruling", case.claim, "--finding", "delivery-differs", "--fault", "2"), **post)
    auditor.done("sync", **post)
    case.insurer.done("sync", **post)
    (ruling,) = [
        each
        for each in case.insurer.done("inbox", "--json", **post).data["messages"]
        if each["kind"] == "audit-ruling"
    ]
    assert (ruling["from"], ruling["finding"], ruling["fault"]) == (4, "delivery-differs", 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            ("request", "CLAIM", "--party", "1", "--group", "lens-product", "--until", UNTIL),
            "setting-missing",
        ),
        (("receipt", "CLAIM"), "setting-missing"),
        (("answer", "CLAIM"), "setting-missing"),
        (("ruling", "CLAIM", "--finding", "delivery-differs"), "setting-missing"),
        (("answer", "CLAIM", "-o", "answer.env"), "not-received"),
        (("receipt", "4:0123456789abcdefghij", "-o", "receipt.env"), "not-received"),
    ],
)
def test_without_a_way_or_a_request_nothing_is_made(case: Case, words: tuple[str, ...], code: str) -> None:
    desk = case.shop
    before = desk.files()
    named = [case.conform if word == "CLAIM" else word for word in words]
    assert json.loads(desk.run("envelope", *named, "--json").refused())["error"] == code
    assert desk.files() == before


@pytest.mark.parametrize("setting", ["store", "keystore", "directory"])
def test_the_audit_of_a_claim_needs_what_was_received_and_a_node(case: Case, setting: str) -> None:
    lines = case.auditor.path("sceau.toml").read_text().splitlines()
    case.auditor.write("less.toml", "\n".join(line for line in lines if not line.startswith(f"{setting} =")))
    refused = case.auditor.run("audit", case.claim, "--config", "less.toml").refused()
    assert f"SCEAU_{setting.upper()}" in refused
    assert case.auditor.run("audit", case.claim, "--offline").code == 2


@pytest.mark.parametrize("cut", [0, 1, 60])
def test_a_cut_file_is_refused(case: Case, both: str, cut: int) -> None:
    case.auditor.write("cut.json", case.auditor.path(both).read_text()[:cut])
    assert "cut.json" in case.auditor.run("audit", "cut.json").refused()


def test_evidence_of_another_deployment_is_refused(case: Case, both: str) -> None:
    made = case.auditor.json(both)
    case.auditor.write("foreign.json", {**made, "genesis_hash": "0x" + "11" * 32})
    assert "another chain" in case.auditor.run("audit", "foreign.json").refused()
    assert "autre chaîne" in case.auditor.run("audit", "foreign.json", SCEAU_LANGUAGE="fr").refused()
