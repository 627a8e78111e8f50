# SPDX-License-Identifier: Apache-2.0
"""Nodes start on ports of their own and never outlive whoever started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import ganache as nodes
from tools.ganache import Node, NodeNotStarted, anvil, anvil_program, ganache


def answers(node: Node) -> bool:
    try:
        return node.request("eth_chainId") == hex(node.chain_id)
    except OSError:
        return False


def wait_until_silent(node: Node) -> None:
    for _ in range(50):
        if not answers(node):
            return
        time.sleep(0.1)
    pytest.fail(f"{node.url} still answers")


def test_two_nodes_run_side_by_side_and_both_end() -> None:
    with ganache() as first, ganache(chain_id=4242) as second:
        assert first.port != second.port
        assert answers(first)
        assert answers(second)
    wait_until_silent(first)
    wait_until_silent(second)


def test_a_node_ends_with_the_exception_of_its_user() -> None:
    started: list[Node] = []

    def fail() -> None:
        with ganache() as node:
            started.append(node)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    wait_until_silent(started[0])


def test_a_node_and_its_directory_go_when_its_user_is_killed(tmp_path: Path) -> None:
    program = (
        "import time\nfrom tools.ganache import ganache\n"
        "with ganache() as node:\n    print(node.url, flush=True)\n    time.sleep(60)\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    user = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert user.stdout is not None
    node = Node(user.stdout.readline().strip(), 1337)
    assert answers(node)
    assert list(tmp_path.iterdir()) != []
    os.kill(user.pid, signal.SIGKILL)
    user.communicate()
    wait_until_silent(node)
    for _ in range(50):
        if not list(tmp_path.iterdir()):
            return
        time.sleep(0.1)
    pytest.fail("the node's directory is still there")


def test_a_time_that_is_set_moves_by_one_second_for_each_block() -> None:
    with ganache(at="2027-01-01T00:00:00Z") as node:
        times = []
        for number in range(3):
            node.request("evm_mine")
            block = node.request("eth_getBlockByNumber", hex(number), False)
            assert isinstance(block, dict)
            times.append(int(block["timestamp"], 16))
    assert times == [1798761600, 1798761601, 1798761602]


@pytest.mark.skipif(anvil_program() is None, reason="Anvil is not installed")
def test_nothing_costs_a_fee_on_the_consortiums_node() -> None:
    with anvil() as node:
        block = node.request("eth_getBlockByNumber", "latest", False)
        assert isinstance(block, dict)
        assert block["baseFeePerGas"] == "0x0"


def test_a_node_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(nodes, "ROOT", tmp_path)
    with pytest.raises(NodeNotStarted, match="make setup"), ganache():
        pass


def test_a_node_that_ends_at_once_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "node_modules" / ".bin" / "ganache"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\necho no room left; exit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(nodes, "ROOT", tmp_path)
    with pytest.raises(NodeNotStarted, match="no room left"), ganache():
        pass
