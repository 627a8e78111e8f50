# SPDX-License-Identifier: Apache-2.0
"""``--fault MODE``: each node that these tests start is used through a faulty one of ``tests/support``.

Tests that are marked ``any_node`` are left out then: they ask no node that a test starts, or bring their own fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from sceau.chain import following, node
from tests.support.faulty_node import SURVIVABLE, Fault, faulty
from tools import ganache


@dataclass(frozen=True)
class BehindAFault(ganache.Node):
    """A node whose address is that of a faulty one; :meth:`request` asks the node itself."""

    true: ganache.Node | None = None

    def request(self, method: str, *params: object) -> object:
        assert self.true is not None
        return self.true.request(method, *params)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fault", choices=sorted(SURVIVABLE), help="put a node with this fault before every node"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "any_node: a node's fault cannot change the result")
    mode = config.getoption("--fault")
    if mode is not None:
        # The tests take both from this module when they are collected.
        ganache.ganache = _behind(ganache.ganache, SURVIVABLE[mode])
        ganache.anvil = _behind(ganache.anvil, SURVIVABLE[mode])
        # A moment's pause is shorter here: the faults count questions, not seconds.
        node._PAUSE_SECONDS = following._POLL_SECONDS = 0.01


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--fault") is None:
        return
    left_out = [item for item in items if item.get_closest_marker("any_node")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _behind(start: Callable[..., AbstractContextManager[ganache.Node]], fault: Fault) -> Any:
    @contextmanager
    def started(*arguments: Any, **options: Any) -> Iterator[ganache.Node]:
        with start(*arguments, **options) as true, faulty(true.url, fault) as url:
            yield BehindAFault(url, true.chain_id, true.keys, true.mining, true)

    return started
