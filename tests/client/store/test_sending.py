# SPDX-License-Identifier: Apache-2.0
"""What was wanted stands on the chain once, whatever happens on the way."""

from __future__ import annotations

from collections import Counter

from sceau.chain.network import Network
from sceau.store import LocalStore
from sceau.store.entry import EntryState
from tests.client.store.conftest import Home
from tests.support.deployed import Deployed
from tests.support.kills import lives
from tests.support.opened_claims import claim_of, opened, outbox_of, sender_of, want

WAIT = 30
#: So many processes are killed here; ``python -m tests.kill_outbox`` kills more.
POINTS = 300


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
    points = POINTS if home.on_sqlite else POINTS // 3
    wanted = kill(chain, home, points=points, seed=7)
    assert len(wanted) > points // 3


def kill(chain: Deployed, home: Home, *, points: int, seed: int) -> list[str]:
    """Kills processes that want and send, lets a last one end its work, and looks at the chain."""
    home.open().close()

    def work(number: int, tell: object) -> None:
        assert callable(tell)
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
    sender_of(outbox, network, chain).drain(WAIT)
    assert outbox.condition().unfinished == 0
    found = Counter(opened(chain))
    assert set(found.values()) == {1}
    assert {claim_of(chain, name) for name in wanted} <= set(found)
    store.close()
    return wanted
