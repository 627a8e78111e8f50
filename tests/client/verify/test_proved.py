# SPDX-License-Identifier: Apache-2.0
"""On a chain whose validators the manifest lists, a node proves what it says, or is not used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sceau import Disclosure, Network, Outcome, Payer, Verdict
from sceau.chain.errors import AnswerUnproved, NotANode
from sceau.chain.node import Node
from sceau.chain.registries.consents import Status, consent_standing, prove_revoked
from sceau.chain.registries.parties import read_key, read_party
from sceau.claim.errors import HistoryIncomplete
from sceau.consent.card import UnlockedCard
from sceau.proof.errors import ValidatorsOutdated
from sceau.proof.trust import Listed
from sceau.roles.patient import Patient
from sceau.store import LocalStore
from sceau.verify import verify_disclosure
from tests.support.lying_node import lying
from tests.support.qbft import Lie, Seals, address_of, listing, proved, qbft_at, validator_keys
from tests.support.stage import Stage

KEYS = validator_keys(4)
STRANGERS = validator_keys(4, "stranger")
#: What a node answers by the state of a block.
OF_STATE = {"eth_call": 1, "eth_getProof": 2}


def verify(network: Network, stage: Stage, disclosure: Disclosure) -> Verdict:
    return verify_disclosure(network, disclosure, reader=stage.chain.party("payer"))


def as_of(stage: Stage, block: int) -> Lie:
    """A lie that answers by an older block's state, and hides what was announced since."""

    def lie(method: str, params: Any, result: Any) -> Any:
        if method in OF_STATE:
            older = [*params[: OF_STATE[method]], hex(block)]
            return stage.chain.test_node.request(method, *older)
        if method == "eth_getLogs":
            return [log for log in result if int(log["blockNumber"], 16) <= block]
        return result

    return lie


def test_a_verdict_on_such_a_chain_is_proved(stage: Stage) -> None:
    with proved(stage.chain, KEYS) as (network, _):
        verdict = verify(network, stage, stage.round.disclose())
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.block.proved
    assert verdict.to_json()["block"]["proved"] is True
    believed = verify(stage.chain.network, stage, stage.round.disclose())
    assert not believed.block.proved
    assert "proved" not in believed.to_json()["block"]


def test_what_storage_proves_is_what_the_contracts_answer(stage: Stage) -> None:
    stage.swapped.invoice()
    with proved(stage.chain, KEYS) as (network, _):
        block = network.head().number
        true = stage.chain.network
        for name in ("practice", "payer", "supplier"):
            party, key = stage.chain.party(name), stage.chain.signers[name].address
            assert read_party(network, party, block=block) == read_party(true, party, block=block)
            assert read_key(network, key, block=block) == read_key(true, key, block=block)
        claim = bytes.fromhex(stage.swapped.claim[2:])
        for contract, view, arguments in (
            ("ClaimRegistry", "claimOf", (claim,)),
            ("ClaimRegistry", "claimOf", (bytes(32),)),
            ("ClaimRegistry", "paused", ()),
            ("ConsentRegistry", "consentOf", (bytes.fromhex(stage.round.signed.consent[2:]),)),
            ("PartyRegistry", "partyCount", ()),
        ):
            found = network.read(contract, view, *arguments, block=block)  # type: ignore[arg-type]
            assert found == true.read(contract, view, *arguments, block=block)  # type: ignore[arg-type]


def test_a_party_that_nobody_admitted_is_unknown_as_the_contract_says(stage: Stage) -> None:
    from sceau.chain.contract_errors import PartyUnknown

    with proved(stage.chain, KEYS) as (network, _):
        with pytest.raises(PartyUnknown) as proven:
            read_party(network, 77, block=network.head().number)
        with pytest.raises(PartyUnknown) as told:
            read_party(stage.chain.network, 77)
    assert proven.value.details == told.value.details


@pytest.mark.parametrize("together", [False, True])
def test_a_revocation_hidden_under_a_new_head_is_found_out(stage: Stage, together: bool) -> None:
    disclosure = stage.round.disclose()
    before = stage.chain.network.head().number
    stage.round.revoke()
    lie = as_of(stage, before)

    def judged(network: Network) -> Verdict:
        if not together:
            return verify(network, stage, disclosure)
        payer = Payer(network, stage.chain.signers["payer"], store=LocalStore(None))
        (answer,) = payer.verify_each([disclosure], lambda each: each)
        if answer.error is not None:
            raise answer.error
        assert answer.verdict is not None
        return answer.verdict

    # Who believes the node accepts what was revoked.
    with lying(stage.chain, lie) as network:
        assert verify(network, stage, disclosure).outcome is Outcome.ACCEPTED
    with proved(stage.chain, KEYS, lie=lie) as (network, _), pytest.raises(AnswerUnproved):
        judged(network)
    with proved(stage.chain, KEYS) as (network, _):
        assert judged(network).outcome is Outcome.REFUSED


def test_a_difference_and_a_dispute_hidden_under_a_new_head_are_found_out(stage: Stage) -> None:
    life = stage.ordered
    before = stage.chain.network.head().number
    disclosure = life.disclosure()
    life.dispute()
    with (
        proved(stage.chain, KEYS, lie=as_of(stage, before)) as (network, _),
        pytest.raises(AnswerUnproved),
    ):
        verify(network, stage, disclosure)


def test_a_swallowed_revocation_is_not_proved(stage: Stage) -> None:
    """The node tells the patient that the consent is revoked, and wrote nothing."""
    consent = stage.round.signed.consent
    with stage.chain.rolled_back():
        stage.round.revoke()
        revoked = stage.chain.network.head().number
        words = stage.chain.test_node.request(
            "eth_getProof",
            stage.chain.network.address("ConsentRegistry"),
            [f"0x{place:064x}" for place in _places(consent)],
            hex(revoked),
        )

    def lie(method: str, _params: Any, result: Any) -> Any:
        return words if method == "eth_getProof" else result

    with proved(stage.chain, KEYS, lie=lie) as (network, _), pytest.raises(AnswerUnproved):
        prove_revoked(network, consent)


def _places(consent: str) -> tuple[int, ...]:
    from sceau.chain.codec import function
    from sceau.proof.layout import views

    calldata = function("ConsentRegistry", "consentOf").encode([bytes.fromhex(consent[2:])])
    return views()["ConsentRegistry", "consentOf"].places(calldata)


@pytest.mark.parametrize("answer", [None, {}, {"accountProof": [], "storageProof": []}])
def test_a_node_without_proofs_is_not_used(stage: Stage, answer: Any) -> None:
    def lie(method: str, _params: Any, result: Any) -> Any:
        return answer if method == "eth_getProof" else result

    with proved(stage.chain, KEYS, lie=lie) as (network, _):
        with pytest.raises(AnswerUnproved):
            verify(network, stage, stage.round.disclose())
        # Nor is it asked for its newest block again at once.
        with pytest.raises(AnswerUnproved):
            network.head()


@pytest.mark.parametrize(
    "seals",
    [
        Seals(STRANGERS),
        Seals(KEYS, sealers=KEYS[:2]),
        Seals(KEYS[:2]),
        Seals([KEYS[0], *STRANGERS[:3]]),
        Seals([*KEYS[:2], STRANGERS[0]]),
        Seals(KEYS, sealers=[KEYS[0]] * 3),
        Seals(KEYS, listed=[]),
    ],
    ids=[
        *("validators of its own", "too few seals", "two of four", "one of four and invented ones"),
        *("two of four and an invented one", "one seal thrice", "no list"),
    ],
)
def test_a_chain_of_its_own_is_not_believed(stage: Stage, seals: Seals) -> None:
    with (
        qbft_at(stage.chain.url, lambda _: Seals(KEYS)) as (_, true),
        qbft_at(stage.chain.url, lambda _: seals) as (url, _),
    ):
        network = Network(Node(url), listing(stage.chain.network.manifest, true, KEYS))
        with pytest.raises(AnswerUnproved):
            network.head()


def test_another_node_is_used_instead(stage: Stage) -> None:
    disclosure = stage.round.disclose()
    before = stage.chain.network.head().number
    stage.round.revoke()
    with (
        qbft_at(stage.chain.url, lambda _: Seals(KEYS), as_of(stage, before)) as (false, _),
        qbft_at(stage.chain.url, lambda _: Seals(KEYS)) as (url, sealed),
        qbft_at(stage.chain.url, lambda _: Seals(STRANGERS)) as (foreign, _),
    ):
        manifest = listing(stage.chain.network.manifest, sealed, KEYS)
        network = Network.joined([Network(Node(each), manifest) for each in (foreign, false, url)])
        # The first is left for its head. The second is asked, found out, and left as well.
        with pytest.raises(AnswerUnproved):
            verify(network, stage, disclosure)
        assert verify(network, stage, disclosure).outcome is Outcome.REFUSED
        assert network.node.url == url


def test_what_another_node_proves_to_have_ended_has_ended(stage: Stage) -> None:
    consent = stage.round.signed.consent
    with (
        qbft_at(stage.chain.url, lambda _: Seals(KEYS)) as (url, sealed),
        qbft_at(stage.chain.url, lambda _: Seals(KEYS), _ends(stage, consent)) as (false, _),
    ):
        manifest = listing(stage.chain.network.manifest, sealed, KEYS)
        network = Network.joined([Network(Node(each), manifest) for each in (url, false)])
        # A false revocation stops nobody any more: it is not proved.
        assert consent_standing(network, consent).status is Status.VALID


def _ends(stage: Stage, consent: str) -> Lie:
    with stage.chain.rolled_back():
        stage.round.revoke()
        at = hex(stage.chain.network.head().number)
        places = [f"0x{place:064x}" for place in _places(consent)]
        registry = stage.chain.network.address("ConsentRegistry")
        ended: Any = stage.chain.test_node.request("eth_getProof", registry, places, at)

    def lie(method: str, params: Any, result: Any) -> Any:
        is_it = method == "eth_getProof" and params[0].lower() == registry.lower()
        return {**result, "storageProof": ended["storageProof"]} if is_it else result

    return lie


@pytest.mark.parametrize("change", [lambda logs: logs[:-1], lambda logs: [*logs, logs[-1]]])
def test_events_that_are_hidden_or_invented_do_not_lead_to_the_proved_head(stage: Stage, change: Any) -> None:
    def lie(method: str, _params: Any, result: Any) -> Any:
        return change(result) if method == "eth_getLogs" and len(result) > 1 else result

    with proved(stage.chain, KEYS, lie=lie) as (network, _), pytest.raises(HistoryIncomplete):
        verify(network, stage, stage.delivered.disclosure())


def test_validators_that_were_voted_out_and_in_are_followed(stage: Stage) -> None:
    first, last = stage.chain.network.manifest.block, stage.chain.network.head().number
    out = (first + last) // 2
    subject = address_of(KEYS[3])

    def seals(number: int) -> Seals:
        if out - 3 <= number < out:
            return Seals(KEYS, proposer=KEYS[number - out + 3], vote=(subject, False), round=1)
        return Seals(KEYS[:3] if number >= out else KEYS, round=number % 3)

    def without_votes(number: int) -> Seals:
        return Seals(KEYS[:3] if number >= out else KEYS)

    with proved(stage.chain, KEYS, seals=seals) as (network, _):
        assert verify(network, stage, stage.round.disclose()).block.proved
    with proved(stage.chain, KEYS, seals=without_votes) as (network, _), pytest.raises(AnswerUnproved):
        network.head()


def test_the_manifest_can_list_what_changed(stage: Stage) -> None:
    from sceau.chain.listing import list_changes, list_validators

    first, last = stage.chain.network.manifest.block, stage.chain.network.head().number
    out = last - 3
    subject = address_of(KEYS[3])

    def seals(number: int) -> Seals:
        if out - 3 <= number < out:
            return Seals(KEYS, proposer=KEYS[number - out + 3], vote=(subject, False))
        return Seals(KEYS[:3] if number >= out else KEYS)

    with qbft_at(stage.chain.url, seals) as (url, sealed):
        node = Node(url)
        listed = list_validators(node, first)
        assert listed is not None
        assert listed == listing(stage.chain.network.manifest, sealed, KEYS).validators
        manifest = listing(stage.chain.network.manifest, sealed, KEYS)
        changed = list_changes(node, manifest).validators
        assert changed is not None
        assert [(each.block, len(each.validators)) for each in changed.sets] == [
            (first, 4),
            (out, 3),
            (last, 3),
        ]
        # Nothing has changed since: only the newest block would be another.
        assert (
            list_changes(node, type(manifest)(**{**vars(manifest), "validators": changed})).validators
            == changed
        )
    assert list_validators(stage.chain.network.node, first) is None


def test_an_older_block_does_not_stand_for_the_one_that_was_asked_for(stage: Stage) -> None:
    older = hex(stage.chain.network.head().number - 1)

    def lie(method: str, params: Any, result: Any) -> Any:
        return (
            true[0].block(int(older, 16))
            if method == "eth_getBlockByNumber" and params[0] != older
            else result
        )

    true: list[Any] = []
    with proved(stage.chain, KEYS, lie=lie) as (network, sealed):
        true.append(sealed)
        with pytest.raises(NotANode):
            network.node.block(int(older, 16) + 1)


def test_past_the_window_a_patient_goes_on_and_a_payer_does_not(stage: Stage) -> None:
    with qbft_at(stage.chain.url, lambda _: Seals(KEYS)) as (url, sealed):
        manifest = listing(stage.chain.network.manifest, sealed, KEYS)
        assert manifest.validators is not None
        (first,) = manifest.validators.sets
        long_ago = Listed(first.block, first.time - 100 * 86_400, first.validators)
        old = replace(manifest, validators=replace(manifest.validators, sets=(long_ago,)))
        network = Network(Node(url), old)
        request = stage.round.request
        card = UnlockedCard(request.registry, request.commitment, stage.round.key)
        patient = Patient(network, card, sender=stage.chain.signers["stranger"])
        assert not patient.state().block.proved
        # Whoever else uses that connection believes nobody.
        with pytest.raises(ValidatorsOutdated):
            verify(network, stage, stage.round.disclose())
        assert not patient.revoke().wait(30).proof.block.proved
    with proved(stage.chain, KEYS) as (network, _):
        assert Patient(network, card).state().block.proved
