# SPDX-License-Identifier: Apache-2.0
"""Start a throw-away Ethereum node and stop it again, whatever happens.

`ganache()` is a node as developers use it: it mines at once and has funded accounts. `anvil()` is a node
as a consortium runs it: nothing costs a fee and a block comes once a second. `quick_node()` is one as developers
use it where any will do: it costs a tenth of a Ganache's time. All give a `Node`.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0

# The phrase every Ethereum developer tool uses; its keys are public. Never send them real money.
MNEMONIC = "test test test test test test test test test test test junk"
KEYS = (
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
    "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
    "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a",
    "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba",
    "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e",
    "0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356",
    "0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97",
    "0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6",
)

# The shell watches its standard input, a pipe held by this process. When this process ends, even by
# SIGKILL, the pipe closes, the node goes too, and with it its directory ($0).
_WATCH = (
    'exec 3<&0; "$@" </dev/null & node=$!; '
    '(cat <&3 >/dev/null; kill -9 $node 2>/dev/null; rm -rf "$0") & wait $node'
)


class NodeNotStarted(RuntimeError):
    """The node is not installed, ended at once, or did not answer in time."""


@dataclass(frozen=True)
class Mining:
    """The requests after which a node makes no more blocks, and those after which it makes them as before."""

    stop: Sequence[Sequence[Any]]
    start: Sequence[Sequence[Any]]


_GANACHES = Mining((("miner_stop",),), (("miner_start",),))
_EACH_SECOND = Mining((("evm_setIntervalMining", 0),), (("evm_setIntervalMining", 1),))
# What waited is not mined by being told to mine at once what comes.
_AT_ONCE = Mining((("evm_setAutomine", False),), (("evm_setAutomine", True), ("evm_mine",)))


@dataclass(frozen=True)
class Node:
    """A running node. `keys` are the private keys of its ten funded accounts ('0x' and 64 hex digits)."""

    url: str
    chain_id: int
    keys: tuple[str, ...] = KEYS
    mining: Mining = _GANACHES

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return int(self.url.rsplit(":", 1)[1])

    def request(self, method: str, *params: object) -> object:
        """Result of one JSON-RPC request; raises RuntimeError with the node's own words on an error."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json"}
        call = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310 - http, 127.0.0.1
        with urllib.request.urlopen(call, timeout=30) as reply:  # noqa: S310 - as above
            answer = json.load(reply)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def mine(self, blocks: int) -> None:
        """It makes so many blocks, whatever waits."""
        if self.mining is _GANACHES:
            self.request("evm_mine", {"blocks": blocks})
        else:
            self.request("anvil_mine", hex(blocks))

    def finish(self) -> None:
        """What waits is in a block; what no block takes within ten seconds is dropped.

        An Anvil that mines at once answers before it has mined.
        """
        if self.mining is _GANACHES:
            return
        until = time.monotonic() + 10
        while self.request("txpool_status")["pending"] != "0x0" and time.monotonic() < until:  # type: ignore[index]
            time.sleep(0.005)
        self.request("anvil_dropAllTransactions")

    def stop_blocks(self) -> None:
        """It takes transactions and makes no block, as a chain without enough validators does."""
        for each in self.mining.stop:
            self.request(*each)

    def start_blocks(self) -> None:
        """It makes blocks again, first of what waited."""
        for each in self.mining.start:
            self.request(*each)


@contextlib.contextmanager
def ganache(
    *,
    chain_id: int = 1337,
    at: str | None = None,
    for_brownie: bool = False,
    block_seconds: int | None = None,
    database: Path | None = None,
    port: int | None = None,
) -> Iterator[Node]:
    """A fresh Ganache on a free port, Shanghai rules, a block for each transaction or each `block_seconds`.

    `at` is the time of its first block (ISO 8601); each later block is then one second younger, whatever the
    clock says: for figures that must not move.
    `for_brownie` makes a reverted transaction an error of the node, which `brownie.reverts` reads and which
    no real node does.
    `database` is a folder that keeps its chain, so that it can be started again, then at the same `port`.
    Raises NodeNotStarted.
    """
    program = ROOT / "node_modules" / ".bin" / "ganache"
    if not program.exists():
        raise NodeNotStarted("Ganache is not installed here. Run `make setup`.")
    port = port or free_port()
    command = [
        *(str(program), "--logging.quiet", "--server.host", "127.0.0.1", "--server.port", str(port)),
        *("--chain.chainId", str(chain_id), "--chain.networkId", str(chain_id)),
        *("--chain.hardfork", "shanghai", "--wallet.mnemonic", MNEMONIC, "--wallet.defaultBalance", "10000"),
    ]
    if at:
        command += ["--chain.time", at, "--miner.timestampIncrement", "1"]
    if block_seconds:
        command += ["--miner.blockTime", str(block_seconds)]
    if database:
        command += ["--database.dbPath", str(database)]
    if for_brownie:
        command += ["--chain.vmErrorsOnRPCResponse", "true"]
    with _running(command, Node(f"http://127.0.0.1:{port}", chain_id)) as node:
        yield node


@contextlib.contextmanager
def anvil(
    *,
    chain_id: int = 31337,
    block_seconds: int | None = 1,
    began: int | None = None,
    at_once: bool = False,
) -> Iterator[Node]:
    """A fresh Anvil on a free port where every fee is zero, as on a consortium's chain.

    A block comes every `block_seconds`, or with each transaction; `at_once`, both: such a chain runs a little ahead of
    the clock, for each block is a second or more after the one before. `began` is the time of its first block, in
    seconds: such a chain keeps its newest state only, so that a million blocks are made in a minute (`anvil_mine`).
    Raises NodeNotStarted; see `anvil_program` for where it is looked for.
    """
    program = anvil_program()
    if program is None:
        raise NodeNotStarted("Anvil is not installed here. Its npm package exists for Linux on x86-64 only.")
    port = free_port()
    command = [
        *(program, "--silent", "--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)),
        *("--hardfork", "shanghai", "--mnemonic", MNEMONIC),
        *("--gas-price", "0", "--block-base-fee-per-gas", "0"),
    ]
    if block_seconds is not None:
        command += ["--block-time", str(block_seconds)]
    if at_once:
        command.append("--mixed-mining")
    if began is not None:
        command += ["--timestamp", str(began), "--prune-history"]
    with _running(command, Node(f"http://127.0.0.1:{port}", chain_id, mining=_EACH_SECOND)) as node:
        yield node


@contextlib.contextmanager
def quick_node(*, chain_id: int = 1337) -> Iterator[Node]:
    """A fresh node that mines at once and charges fees: an Anvil, or where there is none a Ganache.

    Raises NodeNotStarted.
    """
    program = anvil_program()
    if program is None:
        with ganache(chain_id=chain_id) as node:
            yield node
        return
    port = free_port()
    command = [
        *(program, "--silent", "--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)),
        *("--hardfork", "shanghai", "--mnemonic", MNEMONIC, "--order", "fifo"),
    ]
    with _running(command, Node(f"http://127.0.0.1:{port}", chain_id, mining=_AT_ONCE)) as node:
        yield node


def anvil_program() -> str | None:
    """Path of Anvil: the npm package's, else the one on PATH, else None."""
    packaged = ROOT / "node_modules" / "@foundry-rs" / "anvil-linux-amd64" / "bin" / "anvil"
    return str(packaged) if packaged.exists() else shutil.which("anvil")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(command: Sequence[str], node: Node) -> Iterator[Node]:
    # Both nodes write under HOME and TMPDIR; the directory goes with them.
    with tempfile.TemporaryDirectory(prefix="sceau-node-", ignore_cleanup_errors=True) as home:
        log = Path(home) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["/bin/sh", "-c", _WATCH, home, *command],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": home, "TMPDIR": home},
                start_new_session=True,
            )
        try:
            _wait_until_it_answers(process, node, log)
            yield node
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", node: Node, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NodeNotStarted(f"The node ended at once:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            answered = node.request("eth_chainId")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
            continue
        if answered != hex(node.chain_id):
            raise NodeNotStarted(f"Another node answers at {node.url}. Try again.")
        return
    raise NodeNotStarted(f"The node at {node.url} did not answer within {START_SECONDS:.0f} s.")
