# SPDX-License-Identifier: Apache-2.0
"""Claims on a chain that has grown for hours: one with steps far apart, one that was over soon after it was opened."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sceau import Network
from tests.support.deployed import Deployed, deploy
from tests.support.life import Life
from tests.support.limited_node import Limit, limited
from tools.ganache import anvil

#: Blocks, one a second, that pass between the steps of the slow claim and after the last of them.
PASS = 4_000


@dataclass(frozen=True)
class OldChain:
    """``slow`` is opened, authorised and ordered, and delivered, :data:`PASS` blocks apart; ``quiet`` opened, refused.

    Both are opened soon after the deployment; so many blocks come after the delivery, too.
    """

    chain: Deployed
    slow: Life
    quiet: Life

    @classmethod
    @contextmanager
    def grown(cls, blocks: int = PASS) -> Iterator[OldChain]:
        """Such a chain, on an Anvil of its own, with so many blocks for each :data:`PASS`."""
        with anvil(block_seconds=None, began=int(time.time()) - 4 * blocks) as node:
            chain = deploy(node)
            slow = Life(chain)
            quiet = Life(chain, slow.published)
            quiet.refuse()

            def passes() -> None:
                node.request("anvil_mine", hex(blocks), hex(1))

            passes()
            slow.authorise()
            slow.order()
            passes()
            slow.deliver()
            passes()
            yield cls(chain, slow, quiet)

    @contextmanager
    def behind(self, limit: Limit, logs_range: int | None = None) -> Iterator[Network]:
        """The deployment through a node with a limit, which the manifest names or not; nothing was learnt of it."""
        manifest = replace(self.chain.network.manifest, logs_range=logs_range)
        with limited(self.chain.url, manifest, limit) as network:
            yield network
