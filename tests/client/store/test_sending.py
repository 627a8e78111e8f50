# SPDX-License-Identifier: Apache-2.0
"""What was wanted stands on the chain once, whatever happens on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sceau.chain.contract_errors import ClaimStepIllegal
from sceau.chain.errors import WrongChain
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.transaction import send_data
from sceau.store import LocalStore, sending
from sceau.store.entry import EntryState, SignedCall
from sceau.store.outbox import Outbox
from sceau.store.sending import call_of
from tests.client.store.conftest import Home
from tests.support.deployed import Deployed
from tests.support.kills import live, lives
from tests.support.opened_claims import claim_of, opened, outbox_of, sender_of, want

WAIT = 30
#: Of so many processes four of five are killed here; ``python -m tests.kill_outbox`` kills more.
POINTS = 190


def test_what_is_wanted_is_written_in_order_and_once(chain: Deployed) -> None:
    outbox = outbox_of(LocalStore(None), chain.network)
    names = [f"claim {n}" for n in range(12)]
    for name in (*names, *names):
        want(outbox, chain.network, chain, name)
    sender = sender_of(outbox, chain.network, chain)
    done = sender.drain(WAIT)
    assert [each.key for each, _ in done.mined] == names
    assert opened(chain) == [claim_of(chain, name) for name in names]
    assert outbox.condition().entries == {EntryState.MINED: 12}
    assert not sender.round().moved


def test_a_process_that_is_killed_loses_doubles_and_blocks_nothing(chain: Deployed, home: Home) -> None:
    points = POINTS if home.on_sqlite else POINTS // 4
    wanted = kill(chain, home, points=points, seed=7)
    assert len(wanted) > points // 3


def test_two_machines_with_one_key_lose_and_double_nothing(chain: Deployed) -> None:
    """Each has a store of its own, and knows nothing of the other's numbers."""
    outboxes = [outbox_of(LocalStore(None), chain.network) for _ in range(2)]
    names = [[f"{machine} {n}" for n in range(8)] for machine in range(2)]
    senders = []
    for outbox, wanted in zip(outboxes, names, strict=True):
        network = Network.connect(chain.url, chain.network.manifest)
        for name in wanted:
            want(outbox, network, chain, name)
        senders.append(sender_of(outbox, network, chain))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda sender: sender.drain(WAIT), senders))
    for sender in senders:
        sender.drain(WAIT)
    assert Counter(opened(chain)) == Counter(claim_of(chain, name) for each in names for name in each)
    assert all(outbox.condition().entries == {EntryState.MINED: 8} for outbox in outboxes)


def test_two_processes_with_one_store_lose_and_double_nothing(chain: Deployed, home: Home) -> None:
    store = home.open()
    outbox = outbox_of(store, chain.network)
    names = [f"claim {n}" for n in range(12)]
    for name in names:
        want(outbox, chain.network, chain, name)
    store.close()

    def work(_: int, __: Callable[[str], None]) -> None:
        network = Network.connect(chain.url, chain.network.manifest)
        sender_of(outbox_of(home.open(), network), network, chain).drain(WAIT)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: live(work), range(2)))
    assert sorted(opened(chain)) == sorted(claim_of(chain, name) for name in names)
    assert outbox_of(home.open(), chain.network).condition().entries == {EntryState.MINED: 12}


def test_another_transaction_under_its_number_is_told_and_the_entry_written_under_the_next(
    chain: Deployed,
) -> None:
    outbox = outbox_of(LocalStore(None), chain.network)
    want(outbox, chain.network, chain, "claim")
    practice = chain.signers["practice"]
    ready = outbox.ready(practice.address, 1)
    head = chain.network.node.head()
    sender = sender_of(outbox, chain.network, chain)
    fields = {"type": 2, "gas": 500_000, "maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}
    (entry,) = outbox.number(
        ready,
        chain.network.node.count(practice.address, "latest"),
        lambda entry, number: sender._sign(entry, number, fields, head),
    )
    chain.fund(practice.address, 1)
    send_data(
        chain.network.node, practice, to=chain.admin.address, value=1, chain_id=chain.network.chain_id
    ).wait(WAIT)
    done = sender.drain(WAIT)
    assert [each.id for each in done.replaced] == [entry.id]
    found = outbox.find("claim")
    assert found is not None
    assert (found.state, found.number) == (EntryState.MINED, (entry.number or 0) + 1)
    assert opened(chain) == [claim_of(chain, "claim")]


def test_a_chain_that_stands_still_takes_everything_once_when_it_goes_on(chain: Deployed) -> None:
    outbox = outbox_of(LocalStore(None), chain.network)
    names = [f"claim {n}" for n in range(7)]
    for name in names:
        want(outbox, chain.network, chain, name)
    with chain.without_blocks():
        sender_of(outbox, chain.network, chain).drain(1)
        # Another program begins anew, and knows what the database says.
        sender_of(outbox, chain.network, chain).drain(1)
        assert outbox.condition().entries == {EntryState.WANTED: 2, EntryState.ACCEPTED: 5}
    assert sender_of(outbox, chain.network, chain).drain(WAIT).problem is None
    assert opened(chain) == [claim_of(chain, name) for name in names]


def test_a_chain_that_was_begun_anew_is_noticed_before_anything_is_sent(chain: Deployed) -> None:
    other = replace(chain.network.manifest, genesis_hash="0x" + "12" * 32)
    network = Network(Node(chain.url), other)
    outbox = outbox_of(LocalStore(None), network)
    want(outbox, network, chain, "claim")
    sent = chain.sent_by(chain.signers["practice"].address)
    assert isinstance(sender_of(outbox, network, chain).round().problem, WrongChain)
    assert outbox.condition().entries == {EntryState.WANTED: 1}
    assert chain.sent_by(chain.signers["practice"].address) == sent


def test_what_waits_for_another_chain_is_not_sent_on_this_one(chain: Deployed) -> None:
    store = LocalStore(None)
    elsewhere = Outbox(store.vault, "0x" + "12" * 32)
    want(elsewhere, chain.network, chain, "claim")
    outbox = outbox_of(store, chain.network)
    assert not sender_of(outbox, chain.network, chain).round().moved
    assert outbox.condition().elsewhere == 1


def test_an_entry_that_is_illegal_stops_its_lane_and_no_other(chain: Deployed) -> None:
    outbox = outbox_of(LocalStore(None), chain.network)
    practice = chain.signers["practice"].address
    illegal = call_of(chain.network, "ClaimRegistry", "cancel", b"\x01" * 32, b"\x02" * 32)
    stopped = outbox.want("cancel", illegal, lane="lane", signer=practice)
    want(outbox, chain.network, chain, "behind", lane="lane")
    want(outbox, chain.network, chain, "after", lane="other", after="lane")
    want(outbox, chain.network, chain, "beside", lane="third")
    sender = sender_of(outbox, chain.network, chain)
    done = sender.drain(WAIT)
    assert [(each.key, type(why)) for each, why in done.stopped] == [("cancel", ClaimStepIllegal)]
    assert [each.key for each, _ in done.mined] == ["beside"]
    assert [each.key for each in outbox.unfinished()] == ["cancel", "behind", "after"]
    found = outbox.find("cancel")
    assert found is not None
    assert found.reason is not None
    assert found.reason["code"] == "claim-step-illegal"
    assert outbox.retry(found)
    again = sender.drain(WAIT)
    assert ([each.key for each, _ in again.stopped], again.problem) == (["cancel"], None)
    assert outbox.drop(stopped)
    assert [each.key for each, _ in sender.drain(WAIT).mined] == ["behind", "after"]


def test_what_is_urgent_overtakes_all_that_has_no_number(chain: Deployed) -> None:
    outbox = outbox_of(LocalStore(None), chain.network)
    for n in range(3):
        want(outbox, chain.network, chain, f"claim {n}", lane="one")
    want(outbox, chain.network, chain, "urgent", lane="one", urgent=True)
    done = sender_of(outbox, chain.network, chain, window=1).drain(WAIT)
    assert [each.key for each, _ in done.mined] == ["urgent", "claim 0", "claim 1", "claim 2"]


def test_what_is_urgent_waits_for_what_has_a_number_in_its_lane(chain: Deployed) -> None:
    """A withdrawal would be refused, and stop, while the consent itself is on its way."""
    outbox = outbox_of(LocalStore(None), chain.network)
    practice = chain.signers["practice"].address
    for name, urgent in (("first", False), ("second", False), ("urgent", True)):
        want(outbox, chain.network, chain, name, lane="one", urgent=urgent)
    assert [each.key for each in outbox.ready(practice, 5)] == ["urgent", "first"]
    with chain.without_blocks():
        first = [each for each in outbox.ready(practice, 5) if each.key == "first"]
        outbox.number(first, 0, lambda *_: SignedCall("0x" + "11" * 32, "0x", 0))
        assert outbox.ready(practice, 5) == []


def test_what_one_process_saw_does_not_undo_what_another_has_signed(chain: Deployed) -> None:
    """A stopped entry may be dropped, and its step with it: one that may be mined must not be."""
    outbox = outbox_of(LocalStore(None), chain.network)
    seen = want(outbox, chain.network, chain, "claim")
    (signed,) = outbox.number([seen], 0, lambda *_: SignedCall("0x" + "11" * 32, "0x", 0))
    assert not outbox.stop(seen, {"code": "claim-step-illegal", "en": "", "fr": ""})
    outbox.note([replace(seen, said="an old word")])
    assert outbox.find("claim") == signed
    assert not outbox.drop(seen)
    assert outbox.stop(signed, {"code": "claim-step-illegal", "en": "", "fr": ""})
    outbox.note([replace(signed, state=EntryState.ACCEPTED)])
    found = outbox.find("claim")
    assert found is not None
    assert found.state is EntryState.STOPPED


def test_a_store_of_yesterday_writes_nothing_twice(chain: Deployed, local: Home) -> None:
    """What was sent since it was saved stands on the chain under numbers that it never gave."""
    store = local.open()
    outbox = outbox_of(store, chain.network)
    names = [f"claim {n}" for n in range(4)]
    for name in names:
        want(outbox, chain.network, chain, name)
    sender_of(outbox, chain.network, chain, window=1).round()
    store.close()
    yesterday = local.file.read_bytes()
    store = local.open()
    sender_of(outbox_of(store, chain.network), chain.network, chain).drain(WAIT)
    store.close()
    for each in local.file.parent.iterdir():
        each.unlink()
    local.file.write_bytes(yesterday)
    outbox = outbox_of(local.open(), chain.network)
    want(outbox, chain.network, chain, "new")
    done = sender_of(outbox, chain.network, chain).drain(WAIT)
    assert not done.stopped
    assert opened(chain) == [claim_of(chain, name) for name in (*names, "new")]
    assert outbox.condition().entries == {EntryState.MINED: 5}


def test_a_number_that_no_node_takes_is_filled(ganache_chain: Deployed) -> None:
    """Bytes that every node refuses would hold up all behind them for ever."""
    outbox = outbox_of(LocalStore(None), ganache_chain.network)
    practice = ganache_chain.signers["practice"]
    illegal = call_of(ganache_chain.network, "ClaimRegistry", "cancel", b"\x01" * 32, b"\x02" * 32)
    outbox.want("cancel", illegal, lane="lane", signer=practice.address)
    sender = sender_of(outbox, ganache_chain.network, ganache_chain)
    fields = {"type": 2, "gas": 21_000, "maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}
    outbox.number(
        outbox.ready(practice.address, 1),
        ganache_chain.network.node.count(practice.address, "latest"),
        lambda entry, number: sender._sign(entry, number, fields, ganache_chain.network.node.head()),
    )
    want(outbox, ganache_chain.network, ganache_chain, "claim")
    sending._PATIENCE_SECONDS, before = 0.1, sending._PATIENCE_SECONDS
    try:
        done = sender.drain(WAIT)
    finally:
        sending._PATIENCE_SECONDS = before
    assert [each.key for each, _ in done.stopped] == ["cancel"]
    assert [each.key for each, _ in done.mined] == ["claim"]
    found = outbox.find("cancel")
    assert found is not None
    assert found.reason is not None
    assert found.reason["code"] == "claim-step-illegal"


def kill(chain: Deployed, home: Home, *, points: int, seed: int) -> list[str]:
    """Kills processes that want and send, lets a last one end its work, and looks at the chain."""
    home.open().close()

    def work(number: int, tell: Callable[[str], None]) -> None:
        network = Network.connect(chain.url, chain.network.manifest)
        outbox = outbox_of(home.open(), network)
        for name in (f"{number} a", f"{number} b"):
            want(outbox, network, chain, name)
            tell(name)
        done = sender_of(outbox, network, chain).drain(WAIT)
        assert not done.stopped
        assert not done.replaced
        assert done.problem is None, done.problem

    wanted = [name for told in lives(work, points, seed) for name in told]
    network, store = Network.connect(chain.url, chain.network.manifest), home.open()
    outbox = outbox_of(store, network)
    while sender_of(outbox, network, chain).drain(WAIT).moved:
        pass
    assert [(each, each.said, each.reason) for each in outbox.unfinished()] == []
    found = Counter(opened(chain))
    assert set(found.values()) == {1}
    assert {claim_of(chain, name) for name in wanted} <= set(found)
    store.close()
    return wanted
