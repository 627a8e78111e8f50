# SPDX-License-Identifier: Apache-2.0
"""`make demo`: plays the main job on a Ganache of its own, or on a node that is already running."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sceau.chain.fees import is_free
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.errors import SceauError
from scripts.demo import life, main_job
from scripts.demo.cast import ROOT, Purse, admit_all, deploy, emptied
from scripts.demo.telling import chapter, table, tell
from tools.ganache import ganache


def main() -> None:
    """Entry of `python -m scripts.demo`."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--network", help="address of a running node; it is left running")
    parser.add_argument("--funder", help="keystore that pays fees, on a chain that charges them")
    options = parser.parse_args()
    try:
        with _node(options.network) as (url, key), emptied(ROOT / "reports" / "demo") as folder:
            play(url, _funder(url, key, options.funder), folder)
    except SceauError as error:
        raise SystemExit(f"demo: {error}") from None


def play(url: str, funder: Signer | None, folder: Path) -> None:
    """Plays everything on the node at ``url``; files are left in ``folder``."""
    started = time.monotonic()
    node = Node(url, timeout=30)
    purse = Purse(node, node.chain_id(), funder)
    chapter("A consortium's chain")
    free = "nothing costs a fee" if funder is None else "fees are paid by a funded key"
    tell(f"Node {node.url}, chain {purse.chain_id}, {node.client_version()}; {free}.")
    admin, network = deploy(url, folder, purse)
    cast = admit_all(network, admin, purse, folder)
    table(
        "Deployed and admitted:",
        ("contract or party", "address or number"),
        [
            *((name, entry.address) for name, entry in network.manifest.contracts.items()),
            *((player.name, f"party {player.party}") for player in cast.players.values()),
        ],
    )
    main_job.play(cast)
    life.play(cast)
    _costs(purse)
    chapter("Done")
    tell(f"In {time.monotonic() - started:.0f} seconds. The files are in {folder.relative_to(ROOT)}.")


def _costs(purse: Purse) -> None:
    chapter("What it cost")
    anchors = json.loads((ROOT / "benchmarks" / "gas.json").read_text())
    table(
        "Gas (free on a consortium's chain; it measures the work of every node):",
        ("operation", "gas"),
        [(what, f"{gas:,}") for what, gas in purse.costs],
    )
    tell(
        "The Ethereum Attestation Service, for the same kind of work: "
        f"attestByDelegation {anchors['eas_attest_by_delegation']:,}, attest {anchors['eas_attest']:,}, "
        f"revokeByDelegation {anchors['eas_revoke_by_delegation']:,}."
    )


@contextmanager
def _node(url: str | None) -> Iterator[tuple[str, Signer | None]]:
    """A node's address, and the funded key of a Ganache that is ours."""
    if url is not None:
        yield url, None
        return
    with ganache() as own:
        yield own.url, Signer.from_key(bytes.fromhex(own.keys[0].removeprefix("0x")))


def _funder(url: str, own: Signer | None, keystore: str | None) -> Signer | None:
    """Who pays the fees: nobody on a free chain; our Ganache's key, or the keystore named."""
    if own is not None:
        return own
    if is_free(Node(url)):
        return None
    if keystore is None:
        raise SystemExit("demo: this chain charges fees; name who pays them with FUNDER=keystore")
    file = os.environ.get("FUNDER_PASSWORD_FILE")
    password = Path(file).read_text().strip() if file else getpass.getpass(f"Password of {keystore}: ")
    return Signer.from_keystore(keystore, password)


if __name__ == "__main__":
    main()
