# SPDX-License-Identifier: Apache-2.0
"""The certificate of erasure says all that is known, no value, and nothing that its party did not sign."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.node import Block
from sceau.chain.times import iso_text
from sceau.deployment import RegistryId
from sceau.documents.errors import FileMalformed
from sceau.documents.times import day_of
from sceau.errors import Language
from sceau.messages.deletion import DELETED, KEPT
from sceau.papers.certificate import ErasureCertificate, certify
from sceau.papers.errors import (
    CertificateElsewhere,
    CertificateKeyInvalid,
    CertificateNotSigned,
    CertificateUndated,
)
from sceau.papers.kinds import KIND_WORDS
from sceau.roles.certifying import page
from sceau.roles.errors import ErasureUnknown
from sceau.roles.traces import Traces
from sceau.store import Kind
from sceau.store.backup import back_up
from sceau.store.erasing import Copies
from tests.client.roles.test_erasing import DAY, QUIET, to_disk
from tests.client.roles.test_notifying import answered, by_recipient, received
from tests.support.deployed import key
from tests.support.life import Life
from tests.support.posting import connected
from tests.support.stage import Stage
from tests.support.stores import rows_of

#: Shorter values stand in any text by chance.
SHORTEST = 4


@pytest.fixture
def settled(stage: Stage) -> Life:
    life = stage.delivered
    life.invoice()
    life.settle()
    stage.chain.sleep(QUIET)
    return life


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "new.backup")


def needles(role: Any, claim: str) -> list[str]:
    """Every value and every secret that a party's store holds of a claim, as text; but days, which may be today."""
    traces = Traces.of((kind, row) for kind, row in rows_of(role.store) if row.claim == claim)
    found = (*traces.secrets, *(each[2:] for each in traces.secrets), *traces.values)
    return [each for each in found if len(each) > SHORTEST and day_of(each) is None]


def test_it_lists_what_went_what_stays_and_who_was_told(
    settled: Life, stage: Stage, copies: Copies, tmp_path: Path
) -> None:
    practice, supplier, claim = settled.practice, settled.supplier, settled.claim
    store = to_disk(practice, tmp_path / "store")
    secret = needles(practice, claim)
    roots = {step.record.root for step in practice.steps(claim)}
    old = tmp_path / "dupont.backup"
    back_up(store, old)
    done = practice.erase(copies, claims=[claim], old_backups=[old], nowhere_else=True)
    assert done.erased is not None
    first = practice.erasure_certificate()
    first.check(stage.chain.network)
    said = first.content
    assert (said["party"], said["erasure"]) == (practice.party, done.erased.id)
    assert said["erased"]["claims"] == [claim]
    assert roots <= set(said["erased"]["commitments"])
    assert said["erased"]["records"] == dict(done.erased.kinds)
    assert {each["kind"]: each["reason"] for each in said["stays"]} == {
        "received": "must-not-come-back",
        "given": "says-who-was-given-what",
    }
    assert said["backups"]["covered"] == "covered"
    assert [each["readable"] for each in said["backups"]["tried"]] == [False]
    assert said["search"]["found_in"] == said["search"]["rows_that_verify"] == 0
    assert said["search"]["bytes"] >= copies.backup.stat().st_size
    assert {each["recipient"] for each in said["given"]} == {supplier.party, settled.payer.party}
    assert all(each["notices"] == [] for each in said["given"])
    [on_chain] = said["on_chain"]
    assert roots <= {each["commitment"] for each in on_chain["steps"]}
    # Made again when an answer came: it has a new date, and the answer.
    sent = by_recipient(practice.deletion_notices())
    practice.deletion_answered(
        answered(practice, supplier.obey_deletion(received(supplier, sent[supplier.party])))
    )
    stage.chain.sleep(DAY)
    second = practice.erasure_certificate(claim)
    second.check(stage.chain.network)
    assert second.issued_at > first.issued_at
    answers = {
        each["recipient"]: [(notice["outcome"], notice["state"]) for notice in each["notices"]]
        for each in second.content["given"]
    }
    assert answers == {
        supplier.party: [(DELETED, "handed-over")],
        settled.payer.party: [(None, "handed-over")],
    }
    # No value, salt or key, nor the name that a file happens to have.
    languages: tuple[Language, ...] = ("en", "fr")
    for text in (json.dumps(second.to_json()), *(page(second, language) for language in languages)):
        assert "dupont" not in text
        assert not [each for each in secret if each in text]


def test_what_is_kept_is_in_it_and_an_answer_s_own_words_are_not(
    settled: Life, stage: Stage, copies: Copies
) -> None:
    practice, supplier = settled.practice, settled.supplier
    running = stage.authorised
    for step in running.practice.steps(running.claim):
        practice.store.put(Kind.STEP, step.record.root, step.to_json(), claim=step.claim)
    practice.erase(copies, claims=[settled.claim, running.claim])
    sent = by_recipient(practice.deletion_notices())
    answer = answered(practice, supplier.obey_deletion(received(supplier, sent[supplier.party])))
    practice.deletion_answered(replace(answer, outcome=KEPT, reason="madame-dupont"))
    made = practice.erasure_certificate()
    assert [(each["subject"], each["reason"]) for each in made.content["kept"]] == [
        (running.claim, "not-ended")
    ]
    assert "dupont" not in json.dumps(made.to_json())


def test_by_the_exchange_it_says_how_far_each_notice_came(settled: Life, tmp_path: Path) -> None:
    life = connected(settled, tmp_path / "exchange")
    life.practice.erase(Copies(tmp_path / "b"), claims=[life.claim])

    def states() -> set[tuple[str, str | None]]:
        return {
            (notice["state"], notice["outcome"])
            for each in life.practice.erasure_certificate().content["given"]
            for notice in each["notices"]
        }

    life.practice.deletion_notices()
    assert states() == {("waiting", None)}
    life.practice.sync()
    assert states() == {("left", None)}
    for role in (life.supplier, life.payer):
        role.sync()
        role.sync()
    life.practice.sync()
    assert states() == {("received", DELETED)}


def test_an_erasure_that_is_not_final_says_so(settled: Life, stage: Stage, copies: Copies) -> None:
    practice = settled.practice
    assert practice.erase(copies, records=[practice.steps(settled.claim)[0].record.root]).final
    second = practice.erase(copies, claims=[settled.claim])
    assert not second.final
    made = practice.erasure_certificate()
    assert made.content["final_at"] is made.content["backups"]["covered"] is None
    stage.chain.sleep(DAY)
    assert practice.erase(copies).final
    assert practice.erasure_certificate(made.content["erasure"]).content["final_at"] is not None


def test_what_was_never_erased_has_no_certificate(settled: Life, copies: Copies) -> None:
    with pytest.raises(ErasureUnknown):
        settled.practice.erasure_certificate()
    settled.practice.erase(copies, claims=[settled.claim])
    with pytest.raises(ErasureUnknown):
        settled.practice.erasure_certificate("0x" + "11" * 32)


@pytest.fixture
def made(settled: Life, copies: Copies) -> ErasureCertificate:
    settled.practice.erase(copies, claims=[settled.claim])
    return settled.practice.erasure_certificate()


def _edits() -> dict[str, Callable[[dict[str, Any]], object]]:
    """Edits that keep the form of a certificate; what each would hide or claim is in its name."""
    return {
        "covered": lambda said: said["backups"].update(covered="covered"),
        "no backup was tried": lambda said: said["backups"].update(tried=[]),
        "given to nobody": lambda said: said["given"].clear(),
        "more was erased": lambda said: said["erased"]["records"].update(step=99),
        "another claim": lambda said: said["erased"].update(claims=["0x" + "11" * 32]),
        "another day": lambda said: said.update(issued_at="2026-01-01T00:00:00Z"),
        "another party": lambda said: said.update(party=said["party"] + 1),
        "final before": lambda said: said.update(final_at="2026-01-01T00:00:00Z"),
        "nothing kept": lambda said: said["stays"].clear(),
        "another block": lambda said: said["block"].update(number=1),
        "another key": lambda said: said.update(key="0x" + "11" * 20),
        "no signature": lambda said: said.update(signature="0x" + "00" * 65),
    }


@pytest.mark.parametrize("name", _edits())
def test_an_edited_one_is_refused(made: ErasureCertificate, stage: Stage, name: str) -> None:
    said = json.loads(json.dumps(made.to_json()))
    said["backups"]["tried"] = said["backups"]["tried"] or []
    before = json.dumps(said)
    _edits()[name](said)
    if json.dumps(said) == before:
        said["search"] = None
    with pytest.raises(CertificateNotSigned):
        ErasureCertificate.from_json(json.dumps(said)).check(stage.chain.network)


def test_what_is_no_certificate_is_refused(made: ErasureCertificate) -> None:
    edits: tuple[dict[str, Any], ...] = (
        {"patient": "Dupont"},
        {"format": "sceau-erasure-certificate/2"},
        {"party": True},
        {"kept": [{"subject": "madame", "reason": "recent", "until": None}]},
        {"erased": {}},
    )
    for edit in edits:
        with pytest.raises(FileMalformed):
            ErasureCertificate.from_json(json.dumps({**made.to_json(), **edit}))


def test_who_else_signs_it_is_not_believed(made: ErasureCertificate, stage: Stage) -> None:
    """A competitor signs another party's erasure; a stranger signs its own; a thief dates one before the theft."""
    network, signers = stage.chain.network, stage.chain.signers
    registry = RegistryId.of(network.manifest, "PartyRegistry")
    strangers = (signers["supplier"], key("a stranger"))
    for signer in strangers:
        with pytest.raises(CertificateKeyInvalid):
            certify(made.content, signer, registry).check(network)
    head = network.head()
    for dated in (
        {"issued_at": "2100-01-01T00:00:00Z"},
        {"block": {"number": head.number + 1000, "hash": head.hash}},
        {"block": {"number": head.number, "hash": "0x" + "11" * 32}},
    ):
        with pytest.raises(CertificateUndated):
            certify({**made.content, **dated}, signers["practice"], registry).check(network)


def test_no_key_signs_for_a_time_before_it_was_added(made: ErasureCertificate, stage: Stage) -> None:
    network, new = stage.chain.network, key("a later key")
    registry = RegistryId.of(network.manifest, "PartyRegistry")
    before = network.head()
    stage.chain.sleep(2)
    stage.chain.controller("practice").add_key(new).wait(30)
    after = network.head()

    def certified(block: Block) -> ErasureCertificate:
        dated = {
            "block": {"number": block.number, "hash": block.hash},
            "issued_at": iso_text(block.timestamp),
        }
        return certify({**made.content, **dated}, new, registry)

    certified(after).check(network)
    with pytest.raises(CertificateKeyInvalid):
        certified(before).check(network)


def test_one_of_another_deployment_is_refused(made: ErasureCertificate, stage: Stage) -> None:
    for part in ({"chain_id": 99}, {"genesis_hash": "0x" + "11" * 32}, {"contract": "0x" + "11" * 20}):
        other = replace(made, content={**made.content, **part})
        with pytest.raises(CertificateElsewhere):
            other.check(stage.chain.network)


def test_every_kind_of_row_has_words() -> None:
    assert set(KIND_WORDS) == {kind.value for kind in Kind} | {
        "received",
        "number",
        "outbox",
        "request-begun",
    }
