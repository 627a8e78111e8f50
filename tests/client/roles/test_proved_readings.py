# SPDX-License-Identifier: Apache-2.0
"""Whoever reads the chain reads it proved, where the manifest lists validators: an order, a consent, a claim.

Each attack is tried on every reading. The node tells of a time before the order was cancelled and the consent revoked:
who believes it makes what nobody wants any more, and shows what may not be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from sceau import Auditor, Network, Practice, Supplier
from sceau.chain.errors import AnswerUnproved
from sceau.chain.node import Node
from sceau.chain.registries.consents import Status, consent_standing, read_state
from sceau.claim.errors import HistoryIncomplete
from sceau.consent.card import UnlockedCard
from sceau.disclosure.errors import ConsentNotInForce
from sceau.errors import SceauError
from sceau.formats.optics.order import load_delivery
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import order_envelope
from sceau.roles.patient import Patient
from sceau.store import LocalStore
from scripts.documents import document
from tests.support.life import Life
from tests.support.lying_node import lying
from tests.support.qbft import Lie, Seals, listing, qbft_at, the_truth, validator_keys
from tests.support.stage import Stage

KEYS = validator_keys(4)
STRANGERS = validator_keys(4, "stranger")
#: What a node answers by the state of a block, and where in the parameters that block is.
OF_STATE = {"eth_call": 1, "eth_getProof": 2}


@dataclass(frozen=True)
class Scene:
    """An order that was cancelled and a consent that was revoked, after block ``before``."""

    stage: Stage
    life: Life
    order: str
    before: int

    def mailbox(self, network: Network) -> Mailbox:
        """The supplier's, which has received nothing yet."""
        published, party = self.life.published, self.stage.chain.party("supplier")
        return Mailbox(network, party, published.keys["supplier"], published.directory, LocalStore(None))

    def supplier(self, network: Network) -> Supplier:
        """The order's supplier."""
        box = self.mailbox(network)
        return Supplier(network, self.stage.chain.signers["supplier"], store=box.store, mailbox=box)

    def patient(self, network: Network) -> Patient:
        """The patient, with the card."""
        request = self.stage.round.request
        card = UnlockedCard(request.registry, request.commitment, self.stage.round.key)
        return Patient(network, card, sender=self.stage.chain.signers["stranger"])

    def practice(self, network: Network) -> Practice:
        """The practice that has the consent."""
        return Practice(network, self.stage.chain.signers["practice"], store=LocalStore(None))


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """The scene at its end."""
    life = stage.ordered
    order = order_envelope(
        life.mailboxes["practice"], life.steps["order"], supplier=stage.chain.party("supplier")
    )
    before = stage.chain.network.head().number
    life.cancel()
    stage.round.revoke()
    return Scene(stage, life, order, before)


def receive(scene: Scene, network: Network) -> str:
    """The supplier's reading before it makes anything."""
    order: Any = scene.supplier(network).read(scene.order)
    return str(order.step.history.state.state.name)


def deliver(scene: Scene, network: Network) -> str:
    """Its second look, before it attests."""
    assert scene.life.received is not None
    handle = scene.supplier(network).deliver(scene.life.received, load_delivery(document("delivery")))
    return handle.state.name


def disclose(scene: Scene, network: Network) -> str:
    """The practice's look at the consent before it shows anything."""
    played = scene.stage.round
    scene.practice(network).disclose(
        played.record, payer=scene.stage.chain.party("payer"), clause="detailed", consent=played.held
    )
    return "DISCLOSED"


def timeline(scene: Scene, network: Network) -> str:
    """A claim as it is shown."""
    return Auditor(network).timeline(scene.life.claim).history.state.state.name


def check(scene: Scene, network: Network) -> str:
    """A consent as somebody relies on it."""
    return consent_standing(network, scene.stage.round.signed.consent).status.name


def look(scene: Scene, network: Network) -> str:
    """A patient's look at the card's consent."""
    return scene.patient(network).state().status.name


def revoked(scene: Scene, network: Network) -> str:
    """The proof that a patient is shown."""
    proof = scene.patient(network).revoke().wait(30)
    return proof.proof.status.name


#: Each reading, with what it says in the end and what it said before.
READINGS: Mapping[Callable[[Scene, Network], str], tuple[object, object]] = {
    receive: ("CANCELLED", "ORDERED"),
    disclose: (ConsentNotInForce, "DISCLOSED"),
    timeline: ("CANCELLED", "ORDERED"),
    check: ("REVOKED", "VALID"),
    look: ("REVOKED", "VALID"),
    revoked: ("REVOKED", None),
}


def said(reading: Callable[[Scene, Network], str], scene: Scene, network: Network) -> object:
    try:
        return reading(scene, network)
    except SceauError as error:
        return type(error)


@contextmanager
def at(scene: Scene, *, lie: Lie = the_truth, seals: Seals | None = None) -> Iterator[Callable[[], Network]]:
    """Makes connections to a node; the manifest lists the true validators."""
    chain = scene.stage.chain
    with (
        qbft_at(chain.url, lambda _: Seals(KEYS)) as (_, true),
        qbft_at(chain.url, lambda _: seals or Seals(KEYS), lie) as (url, _),
    ):
        manifest = listing(chain.network.manifest, true, KEYS)
        yield lambda: Network(Node(url), manifest)


def as_before(scene: Scene) -> Lie:
    """Answers by the older state under the newest block, and hides what was announced since."""

    def lie(method: str, params: Any, result: Any) -> Any:
        if method in OF_STATE:
            older = [*params[: OF_STATE[method]], hex(scene.before)]
            return scene.stage.chain.test_node.request(method, *older)
        if method == "eth_getLogs":
            return [log for log in result if int(log["blockNumber"], 16) <= scene.before]
        return result

    return lie


def without_proofs(_: Scene) -> Lie:
    """Answers no question for proofs."""
    return lambda method, _params, result: None if method == "eth_getProof" else result


def of_claims(change: Callable[[list[Any]], list[Any]]) -> Callable[[Scene], Lie]:
    """Changes what the registry of claims announced."""

    def made(scene: Scene) -> Lie:
        address = scene.stage.chain.network.address("ClaimRegistry").lower()

        def lie(method: str, _params: Any, result: Any) -> Any:
            is_it = method == "eth_getLogs" and len(result) > 1
            return change(result) if is_it and result[0]["address"].lower() == address else result

        return lie

    return made


def test_every_reading_says_what_stands_and_that_it_is_proved(scene: Scene) -> None:
    with at(scene) as connect:
        assert {each: said(each, scene, connect()) for each in READINGS} == {
            each: now for each, (now, _) in READINGS.items()
        }
        network = connect()
        assert network.proves
        assert scene.patient(network).state().block.proved
        assert consent_standing(network, scene.stage.round.signed.consent).block.proved
        assert Auditor(network).timeline(scene.life.claim).block.proved
        assert scene.patient(network).revoke().wait(30).proof.block.proved
    assert not scene.stage.chain.network.proves


def test_who_believes_the_node_is_told_of_the_past(scene: Scene) -> None:
    believed = {each: before for each, (_, before) in READINGS.items() if before is not None}
    with lying(scene.stage.chain, as_before(scene)) as network:
        assert {each: said(each, scene, network) for each in believed} == believed


@pytest.mark.parametrize("attack", [as_before, without_proofs])
def test_no_reading_takes_what_is_not_proved(scene: Scene, attack: Callable[[Scene], Lie]) -> None:
    with at(scene, lie=attack(scene)) as connect:
        found = {each: said(each, scene, connect()) for each in (*READINGS, deliver)}
    assert found == dict.fromkeys((*READINGS, deliver), AnswerUnproved)


@pytest.mark.parametrize(
    "seals",
    [Seals(STRANGERS), Seals([*KEYS[:2], *STRANGERS[:2]]), Seals(KEYS, sealers=KEYS[:2])],
    ids=["validators of its own", "half of them its own", "too few seals"],
)
def test_no_reading_takes_a_chain_of_the_nodes_own(scene: Scene, seals: Seals) -> None:
    with at(scene, seals=seals) as connect:
        found = {each: said(each, scene, connect()) for each in (*READINGS, deliver)}
    assert found == dict.fromkeys((*READINGS, deliver), AnswerUnproved)


@pytest.mark.parametrize(
    "change",
    [lambda logs: logs[:-1], lambda logs: [*logs, logs[-1]], lambda logs: [logs[0], *logs]],
    ids=["the last one dropped", "the last one twice", "the first one twice"],
)
def test_events_dropped_or_invented_lead_to_no_proved_head(
    scene: Scene, change: Callable[[list[Any]], list[Any]]
) -> None:
    with at(scene, lie=of_claims(change)(scene)) as connect:
        found = {each: said(each, scene, connect()) for each in (*READINGS, deliver)}
    for each, (now, _) in READINGS.items():
        if each in (receive, timeline):
            assert found[each] is HistoryIncomplete
        elif each is disclose:
            # The claim has one step: it stands whole, and the consent is refused as it must be.
            assert found[each] in (now, HistoryIncomplete)
        else:
            assert found[each] == now
    assert found[deliver] is HistoryIncomplete


def test_an_order_that_a_node_invents_is_no_order(stage: Stage) -> None:
    """The practice and a node together: the order's event, for a claim that was never ordered."""
    life = stage.authorised
    with stage.chain.rolled_back():
        life.order()
        order = order_envelope(
            life.mailboxes["practice"], life.steps["order"], supplier=stage.chain.party("supplier")
        )
        claim = life.claim
        number = stage.chain.network.head().number
        logs: Any = stage.chain.test_node.request(
            "eth_getLogs", {"fromBlock": hex(number - 1), "toBlock": hex(number)}
        )
    placed = [log for log in logs if claim[2:] in "".join(log["topics"])]
    assert placed

    def invented(method: str, _params: Any, result: Any) -> Any:
        if method != "eth_getLogs" or not result:
            return result
        last = result[-1]
        where = {"blockNumber": last["blockNumber"], "blockHash": last["blockHash"], "logIndex": "0xff"}
        return [*result, *({**each, **where} for each in placed)]

    scene = Scene(stage, life, order, 0)
    with at(scene, lie=invented) as connect:
        assert said(receive, scene, connect()) is HistoryIncomplete


def test_a_node_that_proves_nothing_keeps_no_revocation_from_the_others(stage: Stage) -> None:
    consent, life = stage.round.signed.consent, stage.ordered
    scene = Scene(stage, life, "", 0)
    with (
        qbft_at(stage.chain.url, lambda _: Seals(KEYS), without_proofs(scene)) as (url, sealed),
        qbft_at(stage.chain.url, lambda _: Seals(KEYS)) as (other, _),
    ):
        manifest = listing(stage.chain.network.manifest, sealed, KEYS)
        network = Network.joined([Network(Node(each), manifest) for each in (url, other)])
        assert network.node.url == url
        patient = scene.patient(network)
        assert patient.revoke().wait(30).proof.block.proved
        # Now it is known, and the false node alone still says nothing that counts.
        assert patient.revoked() is not None
    assert read_state(stage.chain.network, consent).status is Status.REVOKED
