# SPDX-License-Identifier: Apache-2.0
"""Many disclosures: each gets its answer, and one exit code says how all went."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest

from sceau import Network, Payer
from sceau.chain.errors import NodeUnreachable
from sceau.disclosure import Disclosure
from sceau.disclosure.errors import DisclosureMalformed
from sceau.verify.batch import Answer, exit_code, exit_code_of_all
from tests.client.verify.invoices import dearer
from tests.support.stage import Stage


@pytest.mark.parametrize(
    ("codes", "total"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 4], 4),
        ([4, 3, 0], 3),
        ([3, 1, 4], 1),
        ([1, 3, 5, 4, 0], 5),
        ([0, 6], 6),
        ([3, 7, 4], 7),
        ([4, 6], 6),
        ([7, 6, 1], 1),
        ([6, 7, 5], 5),
    ],
)
def test_what_could_not_be_judged_counts_first(codes: list[int], total: int) -> None:
    assert exit_code_of_all(codes) == total


def test_nothing_is_accepted_without_a_verdict() -> None:
    assert Answer("a file").exit_code == 1
    assert Answer("a file", error=NodeUnreachable(url="http://node", why="-")).exit_code == 5


def test_each_outcome_has_its_exit_code(stage: Stage) -> None:
    life = stage.delivered
    assert exit_code(life.verdict()) == 0
    assert exit_code(life.payer.verify(replace(life.disclosure(), sender=9))) == 3
    life.note("recordReturn")
    assert exit_code(life.verdict()) == 4


def test_what_cannot_be_judged_does_not_stop_the_rest(stage: Stage) -> None:
    shown = stage.delivered.disclosure()

    def read(given: str) -> Disclosure:
        if given == "away":
            raise NodeUnreachable(url="http://node", why="-")
        return Disclosure.from_json("{" if given == "bad" else json.dumps(shown.to_json()))

    answers = list(stage.delivered.payer.verify_each(["bad", "good", "away", "good"], read))
    assert [answer.given for answer in answers] == ["bad", "good", "away", "good"]
    assert [answer.exit_code for answer in answers] == [1, 0, 5, 0]
    assert isinstance(answers[0].error, DisclosureMalformed)
    assert answers[3].verdict is not None


def test_of_a_chain_that_stopped_each_verdict_tells(stage: Stage) -> None:
    network = stage.chain.network
    beating = Network(network.node, replace(network.manifest, block_period=2))
    payer = Payer(beating, stage.chain.signers["payer"])
    shown = [stage.opened.disclosure(), stage.delivered.disclosure()]
    answers = payer.verify_each(shown, lambda each: each, clock=lambda: time.time() + 3600)
    verdicts = [answer.verdict for answer in answers]
    assert [{reason.code for reason in each.reasons} for each in verdicts if each] == [{"stale-node"}] * 2


def test_a_program_can_route_and_delete_by_a_verdict(stage: Stage) -> None:
    life = stage.delivered
    shown = life.disclosure()
    written = life.payer.verify(shown).to_json()
    assert (written["disclosure"], written["delete_by"]) == (shown.id, shown.delete_by.isoformat())
    assert written["practice"] == life.practice.party
    assert (written["profile"], written["step"], written["order"]) == ("fr-optical-quote/1", "opened", 0)
    reference = shown.policy
    file = (
        resources.files("sceau.policy").joinpath("data").joinpath(f"{reference.id}-{reference.version}.json")
    )
    assert written["policy"] == {
        "id": reference.id,
        "version": reference.version,
        "clause": reference.clause,
        "hash": "0x" + hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def test_of_a_disclosure_that_is_not_for_the_reader_its_own_words_alone_are_told(stage: Stage) -> None:
    shown = replace(stage.delivered.disclosure(), recipient=2)
    written = stage.delivered.payer.verify(shown).to_json()
    assert (written["practice"], written["policy"]["hash"]) == (None, None)
    assert written["disclosure"] == shown.id
    (found,) = written["findings"]
    assert (found["code"], found["data"]) == ("not-addressed", {"recipient": 2, "reader": 3})


def test_the_hash_is_that_of_the_file_that_counts_for_the_reader(stage: Stage, tmp_path: Path) -> None:
    life = stage.delivered
    shown = life.disclosure()
    name = f"{shown.policy.id}-{shown.policy.version}.json"
    packaged = resources.files("sceau.policy").joinpath("data").joinpath(name)
    own = b"\xef\xbb\xbf" + packaged.read_bytes() + b"\n"
    (tmp_path / "own.json").write_bytes(own)
    verdict = type(life.payer)(stage.chain.network, stage.chain.signers["payer"], policies=tmp_path).verify(
        shown
    )
    assert verdict.judged is not None
    assert verdict.judged.policy_hash == "0x" + hashlib.sha256(own).hexdigest()


def test_what_differs_and_when_is_data(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**{"right.lens.code": "ECO50"})
    verdict = life.payer.verify(life.disclosure())
    (found,) = [each for each in verdict.findings if each.code == "delivery-differs"]
    written = next(step for step in life.practice.history(life.claim).steps if step.mismatch)
    assert found.to_json()["order"] == 1
    assert found.data["groups"] == ["lens-product"]
    assert found.data["supplier"] == stage.chain.party("supplier")
    assert found.data["at"].endswith("Z")
    assert date.fromisoformat(found.data["at"][:10]) == written.day
    assert exit_code(verdict) == 3


def test_an_amount_in_a_finding_is_the_payers_own(stage: Stage) -> None:
    life = stage.delivered
    life.invoice(**dearer(1))
    verdict = life.payer.verify(life.disclosure("invoice"))
    (found,) = [each for each in verdict.findings if each.code == "invoice-above-authorised"]
    assert found.data == {"authorised": life.steps["authorise"].record.values["total.amc"]}


def test_a_date_of_deletion_that_is_too_late_is_data(stage: Stage) -> None:
    shown = stage.delivered.disclosure()
    late = shown.delete_by + timedelta(days=400)
    verdict = stage.delivered.payer.verify(replace(shown, delete_by=late))
    (found,) = [each for each in verdict.findings if each.code == "delete-by-too-late"]
    assert found.data["day"] == late.isoformat()
    assert date.fromisoformat(found.data["latest"]) < late
    # Nothing of it may be held, so there is nothing to delete later.
    assert verdict.to_json()["values"] == {}
