# SPDX-License-Identifier: Apache-2.0
"""How fast the outbox drains, beside what the same node takes of transactions that were signed before.

`python -m benchmarks.outbox [WRITES]`: Anvil with one-second blocks; the window is what the manifest says, or 5.
"""

from __future__ import annotations

import sys
import time

from sceau.chain.batch import ask_all
from sceau.chain.network import Network
from sceau.documents.identifiers import hex_of
from sceau.store import LocalStore
from tests.support.deployed import Deployed, deploy
from tests.support.opened_claims import outbox_of, sender_of, want
from tools.ganache import anvil

_WINDOWS = (5, 50, 200)


def presigned(chain: Deployed, writes: int, window: int) -> float:
    """Writes a second of one-slot writes that were signed before, ``window`` of them waiting at once."""
    network, signer, node = chain.network, chain.signers["other_practice"], chain.network.node
    first = node.count(signer.address, "latest")
    raw = []
    outbox = outbox_of(LocalStore(None), network)
    for number in range(writes):
        entry = want(outbox, network, chain, f"presigned {window} {number}", signer=signer)
        fields = {"to": entry.call.to, "data": entry.call.data, "value": 0, "gas": 300_000, "type": 2}
        fees = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0, "chainId": network.chain_id}
        raw.append(hex_of(signer.sign_transaction({**fields, **fees, "nonce": first + number})[1]))
    began = time.monotonic()
    sent = 0
    while (mined := node.count(signer.address, "latest") - first) < writes:
        due = raw[sent : mined + window]
        if due:
            ask_all(node, [("eth_sendRawTransaction", (each,)) for each in due])
            sent += len(due)
        else:
            time.sleep(0.05)
    return writes / (time.monotonic() - began)


def drained(chain: Deployed, writes: int, window: int) -> float:
    """Writes a second of an outbox."""
    network = Network.connect(chain.url, chain.network.manifest)
    outbox = outbox_of(LocalStore(None), network)
    for number in range(writes):
        want(outbox, network, chain, f"outbox {window} {number}")
    sender = sender_of(outbox, network, chain, window=window)
    began = time.monotonic()
    done = sender.drain(600)
    if len(done.mined) != writes:
        raise SystemExit(f"{len(done.mined)} of {writes} were written: {done.problem}")
    return writes / (time.monotonic() - began)


def main() -> None:
    """Prints both, and their ratio, for each window."""
    with anvil() as node:
        chain = deploy(node, block_period=1)
        print(f"{'window':>8} {'pre-signed/s':>14} {'outbox/s':>10} {'ratio':>7}")
        for window in _WINDOWS:
            writes = int(sys.argv[1]) if len(sys.argv) > 1 else 8 * window
            before, now = presigned(chain, writes, window), drained(chain, writes, window)
            print(f"{window:>8} {before:>14.1f} {now:>10.1f} {now / before:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
