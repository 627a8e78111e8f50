# SPDX-License-Identifier: Apache-2.0
"""What the chain announced of a party's claims and consents, followed into its store."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau import Network, Payer
from sceau.chain.errors import NodeUnreachable
from sceau.chain.node import Node
from sceau.chain.registries.claims import read_claim
from sceau.chain.registries.consents import Status, read_state
from sceau.claim.history import History, read_history
from sceau.claim.known import Known
from sceau.documents.errors import IdentifierInvalid
from sceau.store import Kind, LocalStore, StoredMemos
from sceau.store.erasing import remove
from sceau.store.index import ChainIndex, Listed
from sceau.terms import State, Step
from tests.client.store.conftest import Home
from tests.support.deployed import Deployed
from tests.support.life import Life
from tests.support.limited_node import Limit, limited
from tests.support.lying_node import lying
from tests.support.stage import Stage
from tests.support.stores import rows_of


def index(
    chain: Deployed, name: str, store: LocalStore | None = None, network: Network | None = None
) -> ChainIndex:
    """The index of a party of the deployment."""
    store, network = store or LocalStore(None), network or chain.network
    return ChainIndex(network, store, chain.party(name))


def followed(chain: Deployed, name: str, store: LocalStore | None = None) -> dict[str, Listed]:
    """The claims of a party, followed to the newest block."""
    followed = index(chain, name, store)
    assert followed.follow()
    return {each.claim: each for each in followed.claims()}


def true_history(chain: Deployed, claim: str) -> History:
    """A claim's history as a reader sees it who knows nothing."""
    fresh = Network(Node(chain.url), chain.network.manifest)
    return read_history(fresh, claim, block=fresh.head().number)


def test_every_party_finds_its_claims_as_the_contract_holds_them(
    stage: Stage, homes: Callable[[], Home]
) -> None:
    chain, network = stage.chain, stage.chain.network
    lives = [stage.opened, stage.authorised, stage.ordered, stage.delivered, stage.swapped]
    claims = {life.claim for life in lives}
    for name in ("practice", "payer"):
        assert followed(chain, name, homes().open()).keys() == claims | {stage.round.claim}
    ordered = {stage.ordered.claim, stage.delivered.claim, stage.swapped.claim}
    supplied = followed(chain, "supplier", homes().open())
    assert supplied.keys() == ordered
    head = network.head().number
    for claim, listed in followed(chain, "practice").items():
        state = read_claim(network, claim, block=head)
        history = true_history(chain, claim)
        assert (listed.state, listed.practice, listed.payer) == (state.state, state.practice, state.payer)
        assert (listed.supplier or 0, listed.order_number) == (state.supplier, state.order_number)
        assert listed.consent == history.consent
        assert (listed.opened, listed.day) == (history.steps[0].day, history.steps[-1].day)
        assert listed.last is history.steps[-1].step


@pytest.mark.parametrize("name", ["other_practice", "other_payer", "other_supplier", "auditor"])
def test_nothing_is_kept_of_the_claims_of_others(stage: Stage, name: str) -> None:
    store = LocalStore(None)
    assert followed(stage.chain, name, store) == {}
    kept = [row.document for kind, row in rows_of(store) if kind == Kind.MEMO.value]
    claims = {event.args["claim"] for each in kept for event in Known.from_json(each).events}
    # A supplier may be named yet where nothing was ordered.
    open_yet = {stage.opened.claim, stage.authorised.claim, stage.round.claim}
    assert claims == (open_yet if name == "other_supplier" else set())


def test_a_claim_that_was_followed_is_read_without_a_question_about_events(
    stage: Stage, tmp_path: Path
) -> None:
    life, limit = stage.swapped, Limit()
    store = LocalStore(tmp_path)
    followed(stage.chain, "payer", store)
    with limited(stage.chain.url, stage.chain.network.manifest, limit) as network:
        network.memos = StoredMemos(lambda: LocalStore(tmp_path))
        head = network.head().number
        limit.clear()
        assert read_history(network, life.claim, block=head) == true_history(stage.chain, life.claim)
        assert limit.methods.count("eth_getLogs") == 0
        assert limit.methods.count("eth_call") == 1
        assert len(limit.methods) == 1
        # What came since is asked for from there on.
        life.invoice()
        head = network.head().number
        limit.clear()
        assert read_history(network, life.claim, block=head) == true_history(stage.chain, life.claim)
        assert limit.asked
        assert min(low for low, _ in limit.asked) > head - 5


def test_it_goes_on_where_it_ended(stage: Stage, home: Home) -> None:
    limit, manifest = Limit(), stage.chain.network.manifest
    life = stage.ordered
    with limited(stage.chain.url, manifest, limit) as network:
        first = index(stage.chain, "practice", home.open(), network)
        assert first.block is None
        assert first.follow()
        ended = network.head().number
        limit.clear()
        # Another process of the same party.
        again = index(stage.chain, "practice", home.open(), network)
        assert again.follow()
        assert limit.asked == []
        life.deliver()
        assert again.follow()
        assert {low for low, _ in limit.asked} == {ended + 1}
    (listed,) = [each for each in again.claims() if each.claim == life.claim]
    assert listed.last is Step.DELIVER
    assert again.block is not None
    assert again.block.number == network.head().number


@pytest.mark.parametrize("blocks", [1, 7, 50])
def test_a_node_that_limits_questions_gives_the_same(stage: Stage, blocks: int) -> None:
    expected, store = followed(stage.chain, "payer"), LocalStore(None)
    with limited(stage.chain.url, stage.chain.network.manifest, Limit(blocks=blocks)) as network:
        small = index(stage.chain, "payer", store, network)
        assert small.follow()
        assert {each.claim: each for each in small.claims()} == expected


def test_time_that_is_over_leaves_the_rest_to_the_next_time(stage: Stage) -> None:
    expected, store = followed(stage.chain, "payer"), LocalStore(None)
    manifest = replace(stage.chain.network.manifest, logs_range=20)
    rounds = 1
    with limited(stage.chain.url, manifest, Limit(blocks=20)) as network:
        while not index(stage.chain, "payer", store, network).follow(timeout=0):
            rounds += 1
        assert {each.claim: each for each in index(stage.chain, "payer", store, network).claims()} == expected
    assert rounds > 2


def test_random_pieces_of_two_processes_make_the_same(stage: Stage, home: Home) -> None:
    """Each goes on with what the other took in; a piece that both took counts once."""
    chain, dice = stage.chain, random.Random(20261130)
    expected = followed(chain, "practice")
    manifest, head = chain.network.manifest, chain.network.head().number
    while True:
        limits = [Limit(blocks=dice.randint(1, 40)) for _ in range(2)]
        with (
            limited(chain.url, manifest, limits[0]) as one,
            limited(chain.url, manifest, limits[1]) as other,
        ):
            first, second = (index(chain, "practice", home.open(), each) for each in (one, other))
            position = first.block
            take = first._take

            def overtaken(*arguments: Any, take: Any = take, second: ChainIndex = second) -> Any:
                second.follow(timeout=0)
                return take(*arguments)

            first._take = overtaken  # type: ignore[assignment, method-assign]
            assert not first.follow(timeout=0)
            assert first.block != position
            if second.block is not None and second.block.number == head:
                break
    assert {each.claim: each for each in second.claims()} == expected


def test_an_event_that_a_node_left_out_is_found_when_the_claim_is_read(stage: Stage, tmp_path: Path) -> None:
    """The index is what a node said; the claim's head says what there was."""
    life, store = stage.swapped, LocalStore(tmp_path)
    expected = true_history(stage.chain, life.claim)

    def hide(method: str, _: Any, result: Any) -> Any:
        gone = hex(expected.steps[2].block)
        return [log for log in result if log["blockNumber"] != gone] if method == "eth_getLogs" else result

    with lying(stage.chain, hide) as liar:
        assert index(stage.chain, "payer", store, liar).follow()
    network = Network(Node(stage.chain.url), stage.chain.network.manifest)
    network.memos = StoredMemos(lambda: LocalStore(tmp_path))
    assert read_history(network, life.claim, block=network.head().number) == expected
    # What the head proved is kept.
    memo = store.get(Kind.MEMO, life.claim)
    assert memo is not None
    assert len(Known.from_json(memo).events) == len(expected.steps)


@pytest.mark.parametrize("spoil", ["block", "deployment"])
def test_a_chain_that_was_reset_is_followed_from_its_beginning(stage: Stage, spoil: str) -> None:
    store = LocalStore(None)
    expected = followed(stage.chain, "payer", store)
    position = store.get(Kind.MEMO, "followed")
    assert position is not None
    strange = "0x" + "77" * 32
    store.put(Kind.MEMO, strange, Known().to_json(), claim=strange)
    store.put(Kind.MEMO, "followed", {**position, "hash" if spoil == "block" else "deployment": strange})
    stage.chain.test_node.request("evm_mine")
    assert followed(stage.chain, "payer", store) == expected
    assert store.get(Kind.MEMO, strange) is None


def test_a_node_that_is_behind_takes_nothing_away(stage: Stage) -> None:
    store = LocalStore(None)
    expected = followed(stage.chain, "payer", store)

    newest = stage.chain.network.head().number - 3

    def old(method: str, params: Any, result: Any) -> Any:
        if method != "eth_getBlockByNumber":
            return result
        if params[0] == "latest":
            return stage.chain.test_node.request("eth_getBlockByNumber", hex(newest), False)
        return result if int(params[0], 16) <= newest else None

    with lying(stage.chain, old) as network:
        behind = index(stage.chain, "payer", store, network)
        before = behind.block
        assert behind.follow()
        assert behind.block == before
    assert {each.claim: each for each in behind.claims()} == expected


def test_what_a_reader_knew_before_the_index_counts_once(stage: Stage, tmp_path: Path) -> None:
    """A history that is read goes further than the index, which comes later; and the other way round."""
    life, store, limit = stage.ordered, LocalStore(tmp_path), Limit()
    practice = index(stage.chain, "practice", store)
    assert practice.follow()
    with limited(stage.chain.url, stage.chain.network.manifest, limit) as network:
        network.memos = StoredMemos(lambda: LocalStore(tmp_path))
        own = index(stage.chain, "practice", store, network)

        def read() -> int:
            limit.clear()
            steps = read_history(network, life.claim, block=network.head().number).steps
            memo = Known.from_json(store.get(Kind.MEMO, life.claim) or {})
            assert len(memo.events) == len(steps)
            return len(limit.asked)

        life.deliver()
        assert read() > 0
        assert own.follow()
        assert read() == 0
        life.invoice()
        assert own.follow()
        assert read() == 0


def test_a_supplier_that_a_later_order_names_finds_the_claim_from_its_opening_on(stage: Stage) -> None:
    life, store = stage.ordered, LocalStore(None)
    assert followed(stage.chain, "other_supplier", store).keys().isdisjoint({life.claim})
    before = life.supplied_by("other_supplier")
    life.remake()
    listed = followed(stage.chain, "other_supplier", store)[life.claim]
    assert (listed.order_number, listed.supplier) == (2, stage.chain.party("other_supplier"))
    assert followed(stage.chain, "supplier")[life.claim].supplier == stage.chain.party("other_supplier")
    life.supplier = before


def test_an_erased_claim_does_not_come_back(stage: Stage) -> None:
    life, store = stage.swapped, LocalStore(None)
    assert life.claim in followed(stage.chain, "practice", store)
    remove(store, at=stage.chain.now, claims=[life.claim])
    life.invoice()
    assert life.claim not in followed(stage.chain, "practice", store)


def test_consents_are_as_the_contract_holds_them(stage: Stage, homes: Callable[[], Home]) -> None:
    chain, round_ = stage.chain, stage.round
    consent = round_.signed.consent
    _, unused = round_.consent()
    indexes = {name: index(chain, name, homes().open()) for name in ("practice", "payer", "other_payer")}

    def check(*known: str) -> None:
        block = chain.network.head()
        for name, each in indexes.items():
            assert each.follow()
            for asked in (consent, unused.consent):
                # A payer knows those of its claims; a practice all that it recorded.
                wanted = name == "practice" or (name == "payer" and asked == consent)
                found = each.consent(asked)
                assert (found is not None) == wanted
                if found is not None:
                    assert replace(found.block, base_fee=None) == replace(block, base_fee=None)
                    assert replace(found, block=block) == read_state(chain.network, asked, block)
        assert known

    check(consent)
    round_.revoke()
    check(consent)
    round_.practice.withdraw_consent(unused.consent).wait(30)
    check(consent, unused.consent)
    found = indexes["payer"].consent(consent)
    assert found is not None
    assert found.status is Status.REVOKED


def test_claims_are_listed_by_state_and_from_one_on(stage: Stage) -> None:
    payer = stage.opened.payer
    _ = stage.round.claim
    payer.follow()
    everything = payer.claims()
    assert len(everything) == 6
    listed: list[Listed] = []
    while page := payer.claims(after=listed[-1].claim if listed else None, limit=2):
        assert len(page) <= 2
        listed += page
    assert listed == everything
    ordered = payer.claims(state=State.ORDERED)
    assert [each for each in everything if each.state is State.ORDERED] == ordered
    assert len(ordered) == 3


class TestConsentForWhatRestsOnIt:
    """``FollowingParty.consent``."""

    def test_a_node_that_hides_a_revocation_that_was_heard_is_not_believed(self, stage: Stage) -> None:
        round_ = stage.round
        before = stage.chain.network.head().number
        round_.revoke()
        round_.payer.follow()

        def hide(method: str, params: Any, result: Any) -> Any:
            if method == "eth_call":
                return stage.chain.test_node.request("eth_call", params[0], hex(before))
            return result

        with lying(stage.chain, hide) as network:
            assert read_state(network, round_.signed.consent).status is Status.VALID
            round_.payer._network = network
            assert round_.payer.consent(round_.signed.consent).status is Status.REVOKED

    def test_without_a_node_the_index_answers_while_its_block_is_fresh(self, stage: Stage) -> None:
        round_, payer, store = stage.round, stage.round.payer, stage.round.payer.store
        consent = round_.signed.consent
        payer.follow()
        position, stored = payer.followed, store.get(Kind.MEMO, "followed")
        assert position is not None
        assert stored is not None
        payer._network = gone = Network(Node("http://127.0.0.1:9"), stage.chain.network.manifest)
        gone.block_period = 1
        store.put(Kind.MEMO, "followed", {**stored, "timestamp": int(time.time())})
        state = payer.consent(consent)
        assert (state.status, state.block.number) == (Status.VALID, position.number)
        store.put(Kind.MEMO, "followed", {**stored, "timestamp": int(time.time()) - 10_000})
        with pytest.raises(NodeUnreachable):
            payer.consent(consent)

    def test_that_it_ended_counts_however_old(self, stage: Stage) -> None:
        round_, payer = stage.round, stage.round.payer
        round_.revoke()
        payer.follow()
        payer._network = gone = Network(Node("http://127.0.0.1:9"), stage.chain.network.manifest)
        gone.block_period = 1
        stored = payer.store.get(Kind.MEMO, "followed")
        assert stored is not None
        payer.store.put(Kind.MEMO, "followed", {**stored, "timestamp": 1})
        assert payer.consent(round_.signed.consent).status is Status.REVOKED

    def test_many_are_asked_about_at_once_and_no_node(self, stage: Stage) -> None:
        round_, payer = stage.round, stage.round.payer
        round_.revoke()
        payer.follow()
        payer._network = Network(Node("http://127.0.0.1:9"), stage.chain.network.manifest)
        ended, unknown = payer.consents([round_.signed.consent.upper().replace("0X", "0x"), "0x" + "ab" * 32])
        assert ended is not None
        assert ended.status is Status.REVOKED
        assert unknown is None
        with pytest.raises(IdentifierInvalid):
            payer.consents(["0x12"])

    def test_a_party_without_a_key_may_look(self, stage: Stage) -> None:
        """Whoever checks a consent need not be able to write."""
        round_, store = stage.round, LocalStore(None)
        reader = Payer(stage.chain.network, store=store)
        assert reader.consent(round_.signed.consent).status is Status.VALID
        followed(stage.chain, "payer", store)
        round_.revoke()
        followed(stage.chain, "payer", store)
        reader._network = Network(Node("http://127.0.0.1:9"), stage.chain.network.manifest)
        assert reader.consent(round_.signed.consent).status is Status.REVOKED

    def test_a_consent_that_nobody_followed_needs_a_node(self, stage: Stage) -> None:
        payer = stage.opened.payer
        assert payer.consent("0x" + "ab" * 32).status is Status.UNKNOWN
        payer._network = Network(Node("http://127.0.0.1:9"), stage.chain.network.manifest)
        with pytest.raises(NodeUnreachable):
            payer.consent("0x" + "ab" * 32)


def test_a_life_that_is_followed_step_by_step_ends_as_one_that_is_followed_at_once(stage: Stage) -> None:
    life: Life = stage.opened
    stores = {name: LocalStore(None) for name in ("practice", "supplier", "payer")}

    def step() -> None:
        for name, store in stores.items():
            followed(stage.chain, name, store)

    for act in (life.authorise, life.order, life.deliver, life.invoice, life.settle):
        act()
        step()
    for name, store in stores.items():
        at_once = followed(stage.chain, name)
        assert followed(stage.chain, name, store) == at_once
        assert at_once[life.claim].state is State.SETTLED
