# SPDX-License-Identifier: Apache-2.0
"""`make demo`: plays the main job on a Ganache of its own, or on a node that is already running."""

from __future__ import annotations

import argparse
import getpass
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sceau.chain.fees import is_free
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.times import utc_text
from sceau.errors import SceauError
from scripts.demo import closing, comparison, consent, quote
from scripts.demo.demonstration import Demonstration
from scripts.demo.page import page
from scripts.demo.parties import ORGANISATIONS, ROOT, Funds, admit, deploy, emptied
from scripts.demo.story import Story
from scripts.demo.terminal import Terminal
from tools.ganache import ganache

TITLE = "Sceau: a pair of glasses, from the quote to the payment"

#: The story as a page, in the folder of the run.
PAGE = "story.html"


def main() -> None:
    """Entry of `python -m scripts.demo`."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--network", help="address of a running node; it is left running")
    parser.add_argument("--funder", help="keystore that pays fees, on a chain that charges them")
    options = parser.parse_args()
    try:
        with _node(options.network) as (url, key):
            funder = _funder(url, key, options.funder)
            with emptied(ROOT / "reports" / "demo") as folder:
                play(url, funder, folder, on_demand=key is not None)
    except SceauError as error:
        raise SystemExit(f"demo: {error}") from None


def play(url: str, funder: Signer | None, folder: Path, *, on_demand: bool) -> None:
    """Plays everything on the node at ``url``; files are left in ``folder``. ``on_demand`` says that the node makes a
    block only when there is something to write."""
    started = time.monotonic()
    terminal = Terminal()
    node = Node(url, timeout=30)
    terminal.plain(f"Chain {node.chain_id()} at {node.url}. Compiling and deploying the contracts…")
    funds = Funds(node, funder)
    network, admin = deploy(url, folder, funds, on_demand=on_demand)
    terminal.plain("Admitting an optician's shop, a lens maker and an insurer…")
    parties = admit(network, admin, funds, folder)
    story = Story(TITLE, terminal.show)
    demo = Demonstration(network, parties, story, folder, fees=funder is not None)
    terminal.title(TITLE)
    _tell(demo)
    made = f"Played on chain {network.chain_id}, {utc_text(node.head().timestamp)}"
    written = folder / PAGE
    written.write_text(page(story, made), encoding="utf-8")
    terminal.title(f"Done in {time.monotonic() - started:.0f} seconds.")
    terminal.plain(f"The same story as a page to print: {written.relative_to(ROOT)}")


def _tell(demo: Demonstration) -> None:
    story = demo.story
    story.lead(
        "Insurers pay opticians directly, and collect prescriptions to check the claims; in 2024 the records of 33 "
        "million people were stolen from two operators. Here claims are checked and paid without collecting "
        "prescriptions. All of it is done for real on a chain; people and numbers are invented."
    )
    story.table(
        "Who takes part:",
        ("organisation", "in the story", "what it does"),
        [(each.name, each.called, each.does) for each in ORGANISATIONS],
    )
    authorised = quote.play(demo)
    consent.play(demo)
    comparison.play(demo, authorised)
    closing.play(demo)


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
