# SPDX-License-Identifier: Apache-2.0
"""Of several nodes the freshest is asked, a negative answer of any counts, and it is told which is behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau import Payer, Practice
from sceau.chain.contract_errors import ConsentAlreadyRevoked
from sceau.chain.errors import ChainStopped, HeadInFuture, NodeStale, NodeUnreachable
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.provider import distinct
from sceau.chain.registries.consents import Status, consent_standing, read_state
from sceau.chain.registries.parties import key_standing, may_act, party_standing, read_party
from sceau.consent.card import UnlockedCard
from sceau.diagnosis import Level, diagnose
from sceau.disclosure.errors import ConsentNotInForce
from sceau.messages.errors import NotAnAuditor, ReaderNotNamed
from sceau.messages.evidence import RECEIPT, EvidenceRequest, request_envelope, request_of
from sceau.messages.kinds import KINDS
from sceau.messages.readers import Subject, require_named
from sceau.roles import revoked as revoked_module
from sceau.roles.errors import NodesDisagree
from sceau.roles.patient import Patient
from sceau.settings import Settings, connect
from sceau.terms import Group, Role
from tests.support.lying_node import Lie, Refused, head_at, lying_at
from tests.support.stage import Stage
from tests.support.words import ruled
from tools.ganache import free_port

#: A block is read a second after it was made at most, on a chain of the tests that has a beat.
NOW = head_at(time.time)


def old(seconds: int, blocks: int = 0) -> Lie:
    """A node whose newest block is old, and some blocks behind."""

    def lie(method: str, params: Any, result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == "latest":
            number = int(result["number"], 16) - blocks
            return {**result, "timestamp": hex(int(time.time()) - seconds), "number": hex(number)}
        return result

    return lie


def without_revocations(lie: Lie = NOW) -> Lie:
    """A node that knows of no revocation and no withdrawal, as one that was cut off before them."""

    def told(method: str, params: Any, result: Any) -> Any:
        if method == "eth_call" and params[0]["data"].startswith(_selector("consentOf(bytes32)")):
            words = [result[2 + 64 * place : 2 + 64 * (place + 1)] for place in range(6)]
            return "0x" + "".join([*words[:3], "0" * 64, "0" * 64, words[5]])
        return lie(method, params, result)

    return told


def _selector(signature: str) -> str:
    from eth_utils.crypto import keccak

    return "0x" + keccak(text=signature)[:4].hex()


@contextmanager
def several(stage: Stage, *lies: Lie, period: int = 1) -> Iterator[Network]:
    """One network of nodes that lie, on a chain with a beat, in the order in which they are named."""
    manifest = replace(stage.chain.network.manifest, block_period=period)
    with ExitStack() as opened:
        urls = [opened.enter_context(lying_at(stage.chain.url, lie)) for lie in lies]
        yield Network.joined([Network(Node(url), manifest) for url in urls])


def urls_of(network: Network) -> list[str]:
    return [network.node.url, *(each.node.url for each in network.others)]


def test_the_freshest_is_asked_and_of_equals_the_first(stage: Stage) -> None:
    with several(stage, old(5, 9), old(5, 1), NOW) as network:
        assert network.head().number == stage.chain.network.node.head().number - 1
    with several(stage, NOW, NOW) as network:
        first = network.node.url
        network.head()
        assert network.node.url == first


@pytest.mark.parametrize(
    ("wrong", "told"), [(old(61), NodeStale), (head_at(lambda: time.time() + 400), HeadInFuture)]
)
def test_a_node_that_cannot_be_believed_is_left_for_one_that_can(
    stage: Stage, wrong: Lie, told: type[Exception]
) -> None:
    with several(stage, wrong, NOW) as network:
        assert network.head().timestamp <= time.time() + 1
    with several(stage, wrong) as alone, pytest.raises(told):
        alone.head()


def test_a_node_that_fails_later_is_left_and_one_that_is_alone_is_told(stage: Stage) -> None:
    ages = {"first": 0}
    first: Lie = lambda *asked: old(ages["first"])(*asked)  # noqa: E731 - its age is changed below
    with several(stage, first, NOW) as network:
        before = network.node.url
        network.head()
        ages["first"] = 100
        network.head()
        assert network.node.url != before
        # What was bound to the first node is not asked any more.
        assert read_party(network, 1).party == 1


def test_a_node_that_is_gone_is_left_and_told_when_it_was_the_last(stage: Stage) -> None:
    network = stage.chain.network
    manifest = replace(network.manifest, block_period=0)
    gone = Network(Node(f"http://127.0.0.1:{free_port()}", timeout=1), manifest)
    several_ = Network.joined([gone, Network(Node(network.node.url), manifest)])
    several_.head()
    assert several_.node.url == network.node.url
    alone = Network(Node(f"http://127.0.0.1:{free_port()}", timeout=1), manifest)
    with pytest.raises(NodeUnreachable):
        alone.head()


def test_a_chain_that_stopped_is_told_from_a_node_that_is_behind(stage: Stage) -> None:
    with several(stage, old(100, 1), old(90)) as network, pytest.raises(ChainStopped) as stopped:
        network.head()
    assert stopped.value.details["nodes"] == 2
    assert stopped.value.details["number"] == stage.chain.network.node.head().number - 1
    with several(stage, old(100, 9), NOW) as network:
        assert network.look()[1] is None
    with several(stage, old(100), head_at(lambda: time.time() + 400)) as network, pytest.raises(NodeStale):
        network.head()


def revoke(stage: Stage) -> str:
    stage.round.revoke()
    return stage.round.signed.consent


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_revocation_that_one_fresh_node_knows_counts(stage: Stage, place: int) -> None:
    consent = revoke(stage)
    lies = [without_revocations()] * 3
    lies[place] = NOW
    with several(stage, *lies) as network:
        assert consent_standing(network, consent).status is Status.REVOKED
    with several(stage, *[without_revocations()] * 3) as network:
        assert consent_standing(network, consent).status is Status.VALID


def test_a_node_that_cannot_be_believed_says_nothing(stage: Stage) -> None:
    """It may be on another branch: what it says is not even used against a consent."""
    consent = revoke(stage)
    with several(stage, without_revocations(), old(100)) as network:
        assert consent_standing(network, consent).status is Status.VALID


def test_a_withdrawal_counts_in_the_same_way(stage: Stage) -> None:
    stage.round.practice.withdraw_consent(stage.round.signed.consent).wait(30)
    with several(stage, without_revocations(), NOW) as network:
        standing = consent_standing(network, stage.round.signed.consent)
        assert standing.status is Status.WITHDRAWN


def test_nothing_is_disclosed_opened_or_accepted_under_it(stage: Stage) -> None:
    made = stage.round.disclose()
    consent = revoke(stage)
    signers, payer = stage.chain.signers, stage.chain.party("payer")
    with several(stage, without_revocations(), NOW) as network:
        practice = Practice(network, signers["practice"], store=stage.round.practice.store)
        with pytest.raises(ConsentNotInForce):
            practice.disclose(stage.round.record, payer=payer, clause="detailed", consent=stage.round.held)
        with pytest.raises(ConsentNotInForce):
            practice.open_claim("fr-optical-quote", stage.opened.values("open"), payer=payer, consent=consent)
        verdict = Payer(network, signers["payer"]).verify(made)
        assert "consent-revoked" in [finding.code for finding in verdict.findings]


def told_by(function: str, place: int, word: str) -> Lie:
    """A node whose answer to a view has another word at a place."""

    def lie(method: str, params: Any, result: Any) -> Any:
        if method == "eth_call" and params[0]["data"].startswith(_selector(function)):
            return result[: 2 + 64 * place] + word.rjust(64, "0") + result[2 + 64 * (place + 1) :]
        return NOW(method, params, result)

    return lie


def test_a_suspension_or_a_stolen_key_that_one_fresh_node_knows_counts(stage: Stage) -> None:
    key = stage.chain.signers["practice"].address
    with several(stage, NOW, told_by("partyOf(uint32)", 3, "1")) as network:
        block = network.head().number
        assert not read_party(network, 1, block=block).suspended
        assert party_standing(network, 1, block=block).suspended
        verdict = Payer(network, stage.chain.signers["payer"]).verify(stage.opened.disclosure())
        assert "party-suspended" in [finding.code for finding in verdict.findings]
    with several(stage, NOW, told_by("keyOf(address)", 5, "1")) as network:
        assert key_standing(network, key, block=network.head().number).compromised_since == 1
        verdict = Payer(network, stage.chain.signers["payer"]).verify(stage.opened.disclosure())
        assert "key-compromised" in [finding.code for finding in verdict.findings]


@pytest.mark.parametrize("word", [(2, "0"), (3, "1")], ids=["no role any more", "suspended"])
def test_nothing_rests_on_an_auditor_that_one_fresh_node_knows_to_be_none(
    stage: Stage, word: tuple[int, str]
) -> None:
    """The node that is asked was cut off before the admins acted: its ruling closed the finding on a return."""
    life, auditor = stage.delivered, stage.chain.party("auditor")
    life.record_return()
    ruling = ruled(life, "order-returned", None)
    boxes, store = life.mailboxes, life.payer.store
    asked = EvidenceRequest.make(
        auditor,
        life.practice.party,
        life.claim,
        [(1, Group.LENS_PRODUCT)],
        deadline=stage.chain.now + 2 * 86_400,
        asked_at=stage.chain.now,
    )
    request = boxes["practice"].open(request_envelope(boxes["auditor"], asked))
    for second, counts in ((NOW, True), (told_by("partyOf(uint32)", *word), False)):
        with several(stage, NOW, second) as network:
            payer = Payer(network, stage.chain.signers["payer"], store=store, mailbox=boxes["payer"])
            verdict = payer.verify(life.disclosure(), justifications=[ruling])
            assert ("order-returned" not in {each.code for each in verdict.reasons}) is counts
            assert ("ruled" in {each.code for each in verdict.notes}) is counts
            head = network.head().number
            assert may_act(network, auditor, Role.AUDITOR, block=head) is counts
            subject = Subject(life.claim)
            with nullcontext() if counts else pytest.raises(ReaderNotNamed):
                require_named(network, RECEIPT, KINDS[RECEIPT].readers, subject, auditor)
            with nullcontext() if counts else pytest.raises(NotAnAuditor):
                request_of(network, request)


# Revocations


def patient(stage: Stage, network: Network) -> Patient:
    request = stage.round.request
    card = UnlockedCard(request.registry, request.commitment, stage.round.key)
    return Patient(network, card, sender=stage.chain.signers["stranger"])


def test_a_receipt_is_of_no_consent_that_one_fresh_node_knows_to_be_revoked(stage: Stage) -> None:
    revoke(stage)
    for second, said in ((without_revocations(), "active"), (NOW, "inactive")):
        with several(stage, without_revocations(), second) as network:
            receipt = patient(stage, network).receipt(stage.round.request, fhir=True)
            assert receipt["status"] == said


def test_another_node_than_the_one_that_relayed_gives_the_proof(stage: Stage) -> None:
    with several(stage, NOW, NOW) as network:
        revoked = patient(stage, network).revoke().wait(30)
    assert revoked.witnessed
    with several(stage, NOW) as alone:
        again = patient(stage, alone).revoke().wait(30)
    assert (again.receipt, again.witnessed) == (None, False)


@pytest.mark.parametrize("other", [old(5, 5), old(100)], ids=["behind", "stale"])
def test_a_node_that_cannot_know_it_yet_is_no_witness(
    stage: Stage, other: Lie, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revoked_module, "_SECONDS_OF_WITNESS", 1)
    with several(stage, NOW, other) as network:
        assert not patient(stage, network).revoke().wait(30).witnessed


def test_a_node_that_knows_the_block_and_not_the_revocation_is_told(stage: Stage) -> None:
    with several(stage, NOW, without_revocations()) as network, pytest.raises(NodesDisagree) as told:
        patient(stage, network).revoke().wait(30)
    assert told.value.exit_code == 6
    assert consent_standing(stage.chain.network, stage.round.signed.consent).revoked


def test_a_node_that_says_it_is_revoked_already_does_not_keep_it_from_the_others(stage: Stage) -> None:
    """The first node lies to keep the consent; the second does not know of any revocation, and is sent it."""
    revoked_since = told_by("consentOf(bytes32)", 3, "1")
    with several(stage, revoked_since, NOW) as network:
        found = patient(stage, network).revoke().wait(30)
    assert found.receipt is not None
    assert read_state(stage.chain.network, stage.round.signed.consent).revoked_at > 1


def test_a_node_that_is_named_twice_is_no_second_witness(stage: Stage) -> None:
    """The relaying node would bear out itself, and one late node would be "the chain has stopped"."""
    manifest = replace(stage.chain.network.manifest, block_period=1)
    with lying_at(stage.chain.url, NOW) as url:
        twice = [url, url.replace("http", "HTTP") + "/", url.replace("127.0.0.1", "localhost")]
        network = Network.joined([Network(Node(each), manifest) for each in twice])
        assert (network.others, len(network.nodes)) == ((), 1)
        assert not patient(stage, network).revoke().wait(30).witnessed
        assert len(Network.later([Node(each) for each in twice], manifest).nodes) == 1
    with lying_at(stage.chain.url, old(100)) as url, pytest.raises(NodeStale):
        Network.joined([Network(Node(each), manifest) for each in (url, url + "/")]).head()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Node.example", "https://node.example:443/", True),
        ("http://node.example.", "http://u:p@node.example:80", True),
        ("http://[::1]:8545", "http://localhost:8545", True),
        ("http://node.example", "https://node.example", False),
        ("https://gate.example/one", "https://gate.example/two", False),
        ("https://gate.example/?key=1", "https://gate.example/?key=2", False),
        ("http://127.0.0.1:1", "http://127.0.0.1:2", False),
        ("http://[", "http://[", True),
    ],
)
def test_two_writings_of_one_address_are_one_node(one: str, other: str, same: bool) -> None:
    assert (Node(one).place == Node(other).place) is same
    assert distinct([one, other]) == ((one,) if same else (one, other))


def refusing_to_revoke(kind: str) -> Lie:
    """A node that keeps a revocation back: by a contract's word, by none, or by too little gas."""
    already = _selector("ConsentAlreadyRevoked(bytes32)") + "0" * 64
    revoking = _selector("revokeBySignature(bytes32,address,bytes)")

    def lie(method: str, params: Any, result: Any) -> Any:
        if method == "eth_estimateGas" and kind == "gas":
            return hex(22_000)
        if method == "eth_call" and params[0]["data"].startswith(revoking) and kind != "gas":
            data = {"data": already} if kind == "revert" else {}
            raise Refused({"code": 3, "message": "execution reverted", **data})
        return NOW(method, params, result)

    return lie


@pytest.mark.parametrize("kind", ["revert", "no reason", "gas"])
def test_no_node_keeps_a_revocation_from_the_others(stage: Stage, kind: str) -> None:
    with several(stage, refusing_to_revoke(kind), NOW) as network:
        found = patient(stage, network).revoke().wait(30)
    assert found.receipt is not None
    assert read_state(stage.chain.network, stage.round.signed.consent).revoked


def test_where_every_node_refuses_a_revocation_the_first_says_why(stage: Stage) -> None:
    lies = [refusing_to_revoke("revert"), refusing_to_revoke("no reason")]
    with several(stage, *lies) as network, pytest.raises(ConsentAlreadyRevoked):
        patient(stage, network).revoke()


def test_what_both_know_is_sent_by_none(stage: Stage) -> None:
    revoke(stage)
    before = stage.chain.sent_by(stage.chain.signers["stranger"].address)
    with several(stage, NOW, NOW) as network:
        found = patient(stage, network).revoke().wait(30)
    assert (found.receipt, found.witnessed) == (None, True)
    assert stage.chain.sent_by(stage.chain.signers["stranger"].address) == before


def test_nothing_is_sent_to_a_node_that_is_cut_off_while_the_others_know_of_it(stage: Stage) -> None:
    """It would take it, and write it never: the patient would hear that nothing is sure."""
    revoke(stage)
    sender = stage.chain.signers["stranger"].address
    before = stage.chain.sent_by(sender)
    for nodes in ((without_revocations(old(100)), NOW), (NOW, without_revocations(old(100)))):
        with several(stage, *nodes) as network:
            assert patient(stage, network).revoke().hash is None
            assert patient(stage, network).revoked() is not None
    assert stage.chain.sent_by(sender) == before


def test_where_no_node_may_be_believed_it_is_sent_to_the_one_that_does_not_know(stage: Stage) -> None:
    told = told_by("consentOf(bytes32)", 3, "1")

    def lying_and_old(method: str, params: Any, result: Any) -> Any:
        return old(100)(method, params, told(method, params, result))

    with several(stage, lying_and_old, old(100)) as network:
        assert patient(stage, network).revoke().wait(30).receipt is not None
    assert read_state(stage.chain.network, stage.round.signed.consent).revoked_at > 1


# Settings


def test_settings_name_several_nodes_and_the_doctor_tells_which_is_behind(
    stage: Stage, tmp_path: Path
) -> None:
    manifest = stage.chain.write_manifest(tmp_path)
    manifest.write_text(manifest.read_text().replace('"block_period": 0', '"block_period": 1'))
    with ExitStack() as opened:
        behind, fresh = (opened.enter_context(lying_at(stage.chain.url, lie)) for lie in (old(100, 9), NOW))
        settings = Settings(nodes=(behind, f"http://127.0.0.1:{free_port()}", fresh), manifest=manifest)
        network = connect(settings, timeout=5)
        assert urls_of(network) == [fresh, behind]
        checks = {check.code: check for check in diagnose(settings)}
    assert checks["node-behind"].level is Level.WARNING
    assert "chain-stopped" not in checks


def test_the_doctor_tells_that_the_chain_has_stopped(stage: Stage, tmp_path: Path) -> None:
    manifest = stage.chain.write_manifest(tmp_path)
    manifest.write_text(manifest.read_text().replace('"block_period": 0', '"block_period": 1'))
    with ExitStack() as opened:
        nodes = [opened.enter_context(lying_at(stage.chain.url, lie)) for lie in (old(100), old(90))]
        checks = [check.code for check in diagnose(Settings(nodes=tuple(nodes), manifest=manifest))]
    assert checks.count("chain-stopped") == 1
    assert "node-behind" not in checks
