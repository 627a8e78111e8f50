# SPDX-License-Identifier: Apache-2.0
"""Who plays: an admin, a shop, a lens maker, an insurer, each with keys made for this run."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.terms import Role
from sceau.chain.transaction import Receipt, Transaction, send_data
from sceau.envelope.keys import MessageKeys
from sceau.envelope.post import Post
from sceau.envelope.seen import SeenEnvelopes
from sceau.files import save, save_json
from sceau.party.directory import Directory, DirectoryEntry
from sceau.party.management import admit
from sceau.party.possession import prove_possession
from sceau.party.registry import party_number
from scripts.demo.telling import tell

ROOT = Path(__file__).resolve().parents[2]

#: Enough for everything a party does here, in wei, on a chain that charges fees.
_ALLOWANCE = 10**18

_ORGANISATIONS = (
    ("shop", Role.PRACTICE, "Optique du Canal SARL", "12345678900011"),
    ("maker", Role.SUPPLIER, "Verres de l'Ouest SA", "23456789000022"),
    ("insurer", Role.PAYER, "Mutuelle du Rivage", "34567890000033"),
)


@dataclass
class Purse:
    """Who pays fees for the players, on a chain that charges them, and what everything cost."""

    node: Node
    chain_id: int
    funder: Signer | None
    costs: list[tuple[str, int]] = field(default_factory=list)

    def fund(self, *addresses: str) -> None:
        """Gives each address its allowance; nothing on a free chain."""
        if self.funder is None:
            return
        for address in addresses:
            send_data(self.node, self.funder, to=address, value=_ALLOWANCE, chain_id=self.chain_id).wait()

    def mined(self, what: str, transaction: Transaction) -> Receipt:
        """Waits for a transaction and notes its gas."""
        receipt = transaction.wait()
        self.costs.append((what, receipt.gas_used))
        return receipt


@dataclass(frozen=True)
class Player:
    """An organisation with its number, signing key, and post for messages."""

    name: str
    party: int
    signer: Signer
    post: Post


@dataclass(frozen=True)
class Cast:
    """Everybody, on one deployment; ``folder`` holds the files they keep and exchange."""

    network: Network
    purse: Purse
    folder: Path
    players: Mapping[str, Player]

    def __getitem__(self, role: str) -> Player:
        return self.players[role]

    def names(self) -> dict[int, str]:
        """The organisations' names by party number, as a checked directory gives them."""
        return {player.party: player.name for player in self.players.values()}


def deploy(url: str, folder: Path, purse: Purse) -> tuple[Signer, Network]:
    """The consortium's admin deploys with Brownie, as on any network, and the client checks what it got."""
    admin = Signer.generate()
    purse.fund(admin.address)
    password = secrets.token_urlsafe(12)
    save_json(folder / "admin.json", admin.to_keystore(password, iterations=2**14))
    save(folder / "admin.password", password.encode())
    manifest = folder / "deployment.json"
    settings = {
        "SCEAU_NODE_URL": url,
        "SCEAU_MANIFEST": str(manifest),
        "SCEAU_KEYSTORE": str(folder / "admin.json"),
        "SCEAU_PASSWORD_FILE": str(folder / "admin.password"),
        "BLOCK_PERIOD": str(_block_period(purse.node)),
    }
    tell("tools/brownie run deploy --network sceau")
    run([str(ROOT / "tools" / "brownie"), "run", "deploy", "--network", "sceau"], settings)
    return admin, Network.connect(url, manifest)


def admit_all(network: Network, admin: Signer, purse: Purse, folder: Path) -> Cast:
    """Each organisation proves that it holds its key and publishes its message keys; the admin admits it."""
    keys = {role: MessageKeys.generate() for role, *_ in _ORGANISATIONS}
    entries = {
        role: DirectoryEntry(name, "FR", siret, keys[role].public.jwks)
        for role, _, name, siret in _ORGANISATIONS
    }
    directory = Directory.of(*entries.values())
    players = {}
    for role, roles, name, _ in _ORGANISATIONS:
        signer, controller = Signer.generate(), Signer.generate()
        purse.fund(signer.address)
        proof = prove_possession(
            signer,
            controller=controller.address,
            chain_id=network.chain_id,
            contract=network.address("PartyRegistry"),
        )
        admit(
            network,
            admin,
            controller=controller.address,
            roles=roles,
            directory=entries[role].hash,
            keys=[proof],
        ).wait()
        party = party_number(network, signer.address)
        post = Post(network, party, keys[role], directory, SeenEnvelopes(None))
        players[role] = Player(name, party, signer, post)
    return Cast(network, purse, folder, players)


def run(command: list[str], settings: Mapping[str, str]) -> str:
    """Runs a program with settings in its environment; its output is shown only if it fails."""
    ended = subprocess.run(
        command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.stderr.write(ended.stdout + ended.stderr)
        raise SystemExit(f"{' '.join(command[:3])} failed with exit code {ended.returncode}")
    return ended.stdout


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """A folder for one run, readable by its owner only; what an earlier run left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for old in folder.iterdir():
        old.unlink()
    yield folder


def _block_period(node: Node) -> int:
    """Seconds between the last two blocks, if the chain has been making them by itself; else 0."""
    head = node.head()
    if head.number < 10:
        return 0
    before = node.block(head.number - 5)
    return max(0, round((head.timestamp - before.timestamp) / 5))
