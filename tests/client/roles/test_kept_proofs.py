# SPDX-License-Identifier: Apache-2.0
"""A party keeps what proves its steps and its verdicts, where the chain's validators are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from sceau import LocalStore, Network, Outcome, Payer, Practice
from sceau.chain.proof_reading import reading
from sceau.chain.registries.claims import read_claim
from sceau.chain.registries.consents import Status, read_state
from sceau.chain.registries.parties import read_key, read_party
from sceau.formats.optics.quote import load_quote
from sceau.proof.errors import ValidatorsOutdated
from sceau.roles.proving import keep_step_proof, kept_proof
from sceau.store import Filed, Kind
from sceau.store.errors import StoreUnusable
from scripts.documents import document
from tests.support.qbft import Lie, proved, validator_keys
from tests.support.stage import Stage

KEYS = validator_keys(4)
WAIT = 60


def test_a_verdict_keeps_the_state_on_which_it_rests(stage: Stage) -> None:
    round_, store = stage.round, LocalStore(None)
    with proved(stage.chain, KEYS) as (network, _):
        payer = Payer(network, stage.chain.signers["payer"], store=store)
        verdict, again = (payer.verify(round_.disclose()) for _ in range(2))
    assert verdict.outcome is Outcome.ACCEPTED
    proof = payer.proof_of(verdict.id)
    assert proof is not None
    assert payer.proof_of(again.id) is not None
    with reading(proof, network.manifest) as offline:
        head = offline.node.head()
        assert (head.number, head.hash) == (verdict.block.number, verdict.block.hash)
        assert read_claim(offline, round_.claim, block=head.number).head == verdict.head
        assert read_state(offline, round_.signed.consent, head).status is Status.VALID
        assert read_party(offline, stage.chain.party("practice"), block=head.number).party
        assert read_key(offline, stage.chain.signers["practice"].address, block=head.number).active
    assert [len(store.of_claim(kind, round_.claim)) for kind in (Kind.VERDICT, Kind.PROOF)] == [2, 2]


def test_nothing_is_kept_of_what_was_believed(stage: Stage) -> None:
    store = LocalStore(None)
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], store=store)
    verdict = payer.verify(stage.opened.disclosure())
    assert payer.proof_of(verdict.id) is None
    assert list(store.of_kind(Kind.PROOF)) == []


@pytest.mark.parametrize("queues", [False, True])
def test_a_step_keeps_its_header_and_receipt(stage: Stage, tmp_path: Path, queues: bool) -> None:
    store = LocalStore(tmp_path)
    with proved(stage.chain, KEYS) as (network, _):
        shop = Practice(network, stage.chain.signers["practice"], store=store, queues=queues)
        quote = {**load_quote(document("quote")), "pec.number": "PEC7"}
        handle = shop.open_claim("fr-optical-quote", quote, payer=stage.chain.party("payer"))
        receipt = handle.wait(WAIT)
        (step,) = shop.steps(handle.claim)
        proof = shop.proof_of(step.record.root)
    assert proof is not None
    assert [number for number, _ in proof.receipts] == [receipt.block_number]
    with reading(proof, network.manifest) as offline:
        (event,) = offline.events("ClaimRegistry", [handle.claim], to_block=proof.block)
    assert (event.name, event.transaction, event.block_hash) == (
        "ClaimOpened",
        receipt.hash,
        receipt.block_hash,
    )
    assert event.args["commitment"] == step.record.root
    with store.vault.view() as rows:
        assert rows is not None
        assert "proof" in {kind for kind, _ in rows.about(handle.claim, but=frozenset())}


@pytest.mark.parametrize("lie", ["receipts", "transactions", "none"])
def test_a_node_that_gives_no_true_receipts_changes_nothing_of_the_writing(stage: Stage, lie: str) -> None:
    def lying(method: str, params: object, result: object) -> object:
        if lie == "receipts" and method == "eth_getTransactionReceipt" and isinstance(result, dict):
            return {**result, "cumulativeGasUsed": "0x1"}
        if (
            method == "eth_getBlockByNumber"
            and isinstance(result, dict)
            and isinstance(params, list)
            and params[1]
        ):
            if lie == "transactions":
                return {**result, "transactions": []}
            return None
        return result

    told: Lie = lying
    store = LocalStore(None)
    with proved(stage.chain, KEYS, lie=told) as (network, _):
        shop = Practice(network, stage.chain.signers["practice"], store=store, queues=True)
        quote = {**load_quote(document("quote")), "pec.number": "PEC7"}
        handle = shop.open_claim("fr-optical-quote", quote, payer=stage.chain.party("payer"))
        handle.wait(WAIT)
        (step,) = shop.steps(handle.claim)
        assert shop.proof_of(step.record.root) is None


def outdated(network: Network) -> Network:
    """The same node once the manifest's validators were listed too long ago."""
    listed = network.manifest.require_validators()
    old = replace(listed.sets[0], time=listed.sets[0].time - 91 * 86_400)
    return Network(network.node.anew(), replace(network.manifest, validators=replace(listed, sets=(old,))))


def test_a_proof_that_cannot_be_kept_changes_nothing_of_what_is_written(stage: Stage) -> None:
    """The window ends, or the disk is full, between the sending of a step and its block."""
    store = LocalStore(None)
    with proved(stage.chain, KEYS) as (network, _):
        shop = Practice(network, stage.chain.signers["practice"], store=store)
        quote = {**load_quote(document("quote")), "pec.number": "PEC7"}
        handle = shop.open_claim("fr-optical-quote", quote, payer=stage.chain.party("payer"))
        receipt = handle.wait(WAIT)
        (step,) = shop.steps(handle.claim)
        late = LocalStore(None)
        with pytest.raises(ValidatorsOutdated):
            outdated(network).node.block(receipt.block_number)
        keep_step_proof(late, outdated(network), step, receipt)
        assert kept_proof(late, step.record.root) is None
        keep_step_proof(late, network, step, receipt)
        assert kept_proof(late, step.record.root) is not None


def test_a_verdict_is_issued_whether_its_proof_can_be_kept_or_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(None)
    put_all = store.put_all

    def full(kind: Kind, documents: Iterable[Filed]) -> None:
        if kind is Kind.PROOF:
            raise StoreUnusable(path="store", why="no room")
        put_all(kind, documents)

    monkeypatch.setattr(store, "put_all", full)
    with proved(stage.chain, KEYS) as (network, _):
        payer = Payer(network, stage.chain.signers["payer"], store=store)
        verdict = payer.verify(stage.round.disclose())
    assert payer.issued(verdict).outcome is Outcome.ACCEPTED
    assert payer.proof_of(verdict.id) is None
